import { z } from 'zod';
import type { Admin } from './admin.server.ts';
import { operation } from './operation.ts';

/** A product of one variant that needs no shipping and is not counted. */
export interface DigitalProduct {
  /** Known before the product is: writing the same handle twice makes one product. */
  handle: string;
  title: string;
  descriptionHtml: string;
  tags: string[];
  sku: string;
  /** Decimal texts in the shop's currency: "10.50". */
  price: string;
  cost: string;
}

export interface ProductRef {
  productGid: string;
  variantGid: string;
}

const setProduct = operation<{ identifier: { handle: string }; input: Record<string, unknown> }>()(
  `mutation SetProduct($identifier: ProductSetIdentifiers!, $input: ProductSetInput!) {
    productSet(identifier: $identifier, input: $input, synchronous: true) {
      product { id variants(first: 1) { nodes { id } } }
      userErrors { field message code }
    }
  }`,
  z.object({
    productSet: z.object({
      product: z.object({
        id: z.string(),
        variants: z.object({ nodes: z.tuple([z.object({ id: z.string() })]) }),
      }),
    }),
  }),
);

/** Makes the product, or finds the one a lost answer made and writes it again. Throws `ShopifyError`. */
export async function writeProduct(admin: Admin, product: DigitalProduct): Promise<ProductRef> {
  const { productSet } = await admin.run(setProduct, {
    identifier: { handle: product.handle },
    input: {
      handle: product.handle,
      title: product.title,
      descriptionHtml: product.descriptionHtml,
      tags: product.tags,
      productType: 'eSIM',
      status: 'ACTIVE',
      productOptions: [{ name: 'Title', values: [{ name: 'Default Title' }] }],
      variants: [
        {
          optionValues: [{ optionName: 'Title', name: 'Default Title' }],
          price: product.price,
          // Setting cost and shipping here needs write_products; inventoryItemUpdate would need write_inventory.
          inventoryItem: { sku: product.sku, cost: product.cost, requiresShipping: false, tracked: false },
        },
      ],
    },
  });
  return { productGid: productSet.product.id, variantGid: productSet.product.variants.nodes[0].id };
}

const publications = operation()(
  `query Publications { publications(first: 50) { nodes { id name } } }`,
  z.object({ publications: z.object({ nodes: z.array(z.object({ id: z.string(), name: z.string() })) }) }),
);

/** Where the shop's web shop publishes; null when it has none (a shop that sells at the till only). */
export async function findOnlineStore(admin: Admin): Promise<string | null> {
  const { publications: found } = await admin.run(publications, {});
  return found.nodes.find(({ name }) => name === 'Online Store')?.id ?? null;
}

const publish = operation<{ id: string; input: { publicationId: string }[] }>()(
  `mutation PublishProduct($id: ID!, $input: [PublicationInput!]!) {
    publishablePublish(id: $id, input: $input) { userErrors { field message } }
  }`,
  z.object({ publishablePublish: z.object({}) }),
);

/** Puts a product on a publication; doing it twice changes nothing. Throws `ShopifyError`. */
export async function publishProduct(
  admin: Admin,
  productGid: string,
  publicationGid: string,
): Promise<void> {
  await admin.run(publish, { id: productGid, input: [{ publicationId: publicationGid }] });
}

const product = operation<{ id: string }>()(
  `query Product($id: ID!) { product(id: $id) { id } }`,
  z.object({ product: z.object({ id: z.string() }).nullable() }),
);

export async function productExists(admin: Admin, productGid: string): Promise<boolean> {
  return (await admin.run(product, { id: productGid })).product !== null;
}

const updateVariants = operation<{
  productId: string;
  variants: { id: string; price?: string; inventoryItem?: { cost: string } }[];
}>()(
  `mutation UpdateVariants($productId: ID!, $variants: [ProductVariantsBulkInput!]!) {
    productVariantsBulkUpdate(productId: $productId, variants: $variants) { userErrors { field message code } }
  }`,
  z.object({ productVariantsBulkUpdate: z.object({}) }),
);

/** Writes price, cost or both of one variant, as decimal texts in the shop's currency. Throws `ShopifyError`. */
export async function writeVariant(
  admin: Admin,
  { productGid, variantGid }: ProductRef,
  { price, cost }: { price?: string; cost?: string },
): Promise<void> {
  const variant = {
    id: variantGid,
    ...(price !== undefined && { price }),
    ...(cost !== undefined && { inventoryItem: { cost } }),
  };
  await admin.run(updateVariants, { productId: productGid, variants: [variant] });
}

const variant = operation<{ id: string }>()(
  `query Variant($id: ID!) {
    productVariant(id: $id) { id title inventoryItem { requiresShipping } product { id title hasOnlyDefaultVariant isGiftCard } }
  }`,
  z.object({
    productVariant: z
      .object({
        id: z.string(),
        title: z.string(),
        inventoryItem: z.object({ requiresShipping: z.boolean() }),
        product: z.object({
          id: z.string(),
          title: z.string(),
          hasOnlyDefaultVariant: z.boolean(),
          isGiftCard: z.boolean(),
        }),
      })
      .nullable(),
  }),
);

export interface FoundVariant extends ProductRef {
  /** "Travel eSIM – Europe / 5 GB": product and, where there are several, variant. */
  title: string;
  requiresShipping: boolean;
  isGiftCard: boolean;
}

/** Reads a variant; null when the shop has none of this id. Throws `ShopifyError`. */
export async function findVariant(admin: Admin, variantGid: string): Promise<FoundVariant | null> {
  const { productVariant: found } = await admin.run(variant, { id: variantGid });
  if (!found) return null;
  const { product: of } = found;
  return {
    variantGid: found.id,
    productGid: of.id,
    title: of.hasOnlyDefaultVariant ? of.title : `${of.title} – ${found.title}`,
    requiresShipping: found.inventoryItem.requiresShipping,
    isGiftCard: of.isGiftCard,
  };
}
