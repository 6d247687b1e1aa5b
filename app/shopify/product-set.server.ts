import { z } from 'zod';
import type { Admin } from './admin.server.ts';
import { operation } from './operation.ts';
import {
  PRODUCT_TEXTS,
  fieldsFrom,
  fieldsInput,
  fieldsSeen,
  readProduct,
  type ProductFields,
} from './product-state.server.ts';

/** A product of digital variants: nothing is shipped, nothing is counted. */
export interface NewProduct extends ProductFields {
  handle: string;
  status: 'ACTIVE' | 'DRAFT';
  /** With their values in order; none for a product of one variant. */
  options: OptionValues[];
  variants: NewVariant[];
  metafields: { namespace: string; key: string; type: string; value: string }[];
  picture: { url: string; alt: string } | null;
}

/** An option and its values, in order. */
export interface OptionValues {
  name: string;
  values: string[];
}

export interface NewVariant {
  /** One for each option. */
  values: string[];
  /** Decimal texts in the shop's currency: "10.50". */
  price: string;
  cost: string;
  sku: string;
}

export interface MadeProduct {
  productGid: string;
  /** As Shopify keeps them: it tidies what it is given. */
  fields: ProductFields;
  pictureGid: string | null;
  variants: { variantGid: string; title: string }[];
}

const setProduct = operation<{
  identifier: { handle: string };
  input: Record<string, unknown>;
  count: number;
}>()(
  `mutation SetProduct($identifier: ProductSetIdentifiers!, $input: ProductSetInput!, $count: Int!) {
    productSet(identifier: $identifier, input: $input, synchronous: true) {
      product { ${PRODUCT_TEXTS} media(first: 1) { nodes { id } } variants(first: $count) { nodes { id title } } }
      userErrors { field message code }
    }
  }`,
  z.object({
    productSet: z.object({
      product: fieldsSeen.extend({
        media: z.object({ nodes: z.array(z.object({ id: z.string() })) }),
        variants: z.object({ nodes: z.array(z.object({ id: z.string(), title: z.string() })) }),
      }),
    }),
  }),
);

/** Shopify lists no more at once. */
const MOST_AT_ONCE = 250;

/**
 * Makes a product, all of it in one call. Written twice it is one product, because the handle is the same; so the handle
 * must be nobody else's (`findByHandle`): what has it already would become this product. In no sales channel yet.
 * Throws `ShopifyError`, of kind `user-errors` when Shopify refuses it.
 */
export async function createProduct(admin: Admin, wanted: NewProduct): Promise<MadeProduct> {
  const { productSet } = await admin.run(setProduct, {
    identifier: { handle: wanted.handle },
    input: productInput(wanted),
    count: Math.min(wanted.variants.length, MOST_AT_ONCE),
  });
  const { media, variants, ...seen } = productSet.product;
  const rest = wanted.variants.length > MOST_AT_ONCE ? await readProduct(admin, seen.id) : null;
  return {
    productGid: seen.id,
    fields: fieldsFrom(seen),
    pictureGid: media.nodes[0]?.id ?? null,
    variants: rest?.variants ?? variants.nodes.map(({ id, title }) => ({ variantGid: id, title })),
  };
}

function productInput({ options, variants, picture, ...rest }: NewProduct) {
  // A product without options has this one in Shopify.
  const all = options.length > 0 ? options : [{ name: 'Title', values: ['Default Title'] }];
  const valuesOf = (variant: NewVariant) => (options.length > 0 ? variant.values : ['Default Title']);
  const names = all.map(({ name }) => name);
  return {
    ...fieldsInput(rest),
    productOptions: all.map(optionInput),
    variants: variants.map((variant) => variantInput(names, { ...variant, values: valuesOf(variant) })),
    ...(picture && {
      files: [{ originalSource: picture.url, alt: picture.alt, contentType: 'IMAGE' }],
    }),
  };
}

function optionInput({ name, values }: OptionValues) {
  return { name, values: values.map((value) => ({ name: value })) };
}

/** Setting cost and shipping with the variant needs write_products; inventoryItemUpdate would need write_inventory. */
function variantInput(options: string[], { values, price, cost, sku }: NewVariant) {
  return {
    optionValues: options.map((optionName, index) => ({ optionName, name: values[index] ?? '' })),
    price,
    inventoryItem: { sku, cost, requiresShipping: false, tracked: false },
  };
}

const createVariants = operation<{ productId: string; variants: Record<string, unknown>[] }>()(
  `mutation CreateVariants($productId: ID!, $variants: [ProductVariantsBulkInput!]!) {
    productVariantsBulkCreate(productId: $productId, variants: $variants, strategy: PRESERVE_STANDALONE_VARIANT) {
      productVariants { id title }
      product { options { name optionValues { name } } }
      userErrors { field message code }
    }
  }`,
  z.object({
    productVariantsBulkCreate: z.object({
      productVariants: z.array(z.object({ id: z.string(), title: z.string() })),
      product: z.object({
        options: z.array(
          z.object({ name: z.string(), optionValues: z.array(z.object({ name: z.string() })) }),
        ),
      }),
    }),
  }),
);

/**
 * Adds variants to a product, in their order and after those it has; answers them, and the options as they are now.
 * Throws `ShopifyError`; `user-errors`: none was added.
 */
export async function addVariants(
  admin: Admin,
  productGid: string,
  { options, variants }: { options: string[]; variants: NewVariant[] },
): Promise<{ made: { variantGid: string; title: string }[]; options: OptionValues[] }> {
  const made: { variantGid: string; title: string }[] = [];
  let now: OptionValues[] = [];
  for (let from = 0; from < variants.length; from += MOST_AT_ONCE) {
    const { productVariantsBulkCreate } = await admin.run(createVariants, {
      productId: productGid,
      variants: variants.slice(from, from + MOST_AT_ONCE).map((variant) => variantInput(options, variant)),
    });
    made.push(
      ...productVariantsBulkCreate.productVariants.map(({ id, title }) => ({ variantGid: id, title })),
    );
    now = productVariantsBulkCreate.product.options.map(({ name, optionValues }) => ({
      ...{ name, values: optionValues.map((value) => value.name) },
    }));
  }
  return { made, options: now };
}

const reorder = operation<{
  productId: string;
  options: { name: string; values: { name: string }[] }[];
}>()(
  `mutation ReorderOptions($productId: ID!, $options: [OptionReorderInput!]!) {
    productOptionsReorder(productId: $productId, options: $options) { userErrors { field message code } }
  }`,
  z.object({ productOptionsReorder: z.object({}) }),
);

/** Puts options, their values, and the variants with them, in an order; all that there are must be named. Throws `ShopifyError`. */
export async function reorderOptions(
  admin: Admin,
  productGid: string,
  options: OptionValues[],
): Promise<void> {
  await admin.run(reorder, { productId: productGid, options: options.map(optionInput) });
}

const byHandle = operation<{ handle: string }>()(
  `query ProductByHandle($handle: String!) {
    productByIdentifier(identifier: { handle: $handle }) {
      id
      metafield(namespace: "$app", key: "made_for") { value }
    }
  }`,
  z.object({
    productByIdentifier: z
      .object({ id: z.string(), metafield: z.object({ value: z.string() }).nullable() })
      .nullable(),
  }),
);

/** The product that has a handle, and what this app made it for: null for one that somebody else made. Throws `ShopifyError`. */
export async function findByHandle(
  admin: Admin,
  handle: string,
): Promise<{ productGid: string; madeFor: string | null } | null> {
  const { productByIdentifier: found } = await admin.run(byHandle, { handle });
  return found && { productGid: found.id, madeFor: found.metafield?.value ?? null };
}

const publications = operation()(
  `query Publications { publications(first: 50) { nodes { id name } } }`,
  z.object({ publications: z.object({ nodes: z.array(z.object({ id: z.string(), name: z.string() })) }) }),
);

export interface SalesChannel {
  id: string;
  name: string;
}

/** Where the shop can sell. Its web shop is called "Online Store"; a shop that sells at the till only has none. */
export async function listSalesChannels(admin: Admin): Promise<SalesChannel[]> {
  return (await admin.run(publications, {})).publications.nodes;
}

const publish = operation<{ id: string; input: { publicationId: string }[] }>()(
  `mutation PublishProduct($id: ID!, $input: [PublicationInput!]!) {
    publishablePublish(id: $id, input: $input) { userErrors { field message } }
  }`,
  z.object({ publishablePublish: z.object({}) }),
);

/** Puts a product in sales channels; doing it twice changes nothing. Throws `ShopifyError`. */
export async function publishOn(admin: Admin, productGid: string, channelIds: string[]): Promise<void> {
  await admin.run(publish, {
    id: productGid,
    input: channelIds.map((publicationId) => ({ publicationId })),
  });
}
