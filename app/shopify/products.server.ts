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

/** What may change of a variant; what is left out stays. Money as decimal texts in the shop's currency: "10.50". */
export interface VariantWrite {
  variantGid: string;
  price?: string;
  /** What one piece costs the merchant. */
  cost?: string;
  sku?: string;
  /** Counted by Shopify. Tracked, with none in stock and `DENY`, it is sold out. */
  tracked?: boolean;
  inventoryPolicy?: 'CONTINUE' | 'DENY';
}

/** A variant that was not written. `gone`: the merchant deleted it, or its product. */
export interface VariantRefused {
  variantGid: string;
  reason: 'gone' | 'refused';
  /** Shopify's sentence. */
  message: string;
}

const updateVariants = operation<{ productId: string; variants: Record<string, unknown>[] }>()(
  `mutation UpdateVariants($productId: ID!, $variants: [ProductVariantsBulkInput!]!) {
    productVariantsBulkUpdate(productId: $productId, variants: $variants, allowPartialUpdates: true) {
      userErrors { field message code }
    }
  }`,
  z.object({
    productVariantsBulkUpdate: z.object({
      userErrors: z.array(
        z.object({
          field: z.array(z.string()).nullable(),
          message: z.string(),
          code: z.string().nullable(),
        }),
      ),
    }),
  }),
  { readsUserErrors: true },
);

/** Shopify takes lists of so many. */
const MOST_IN_A_LIST = 250;

/**
 * Writes variants of one product, many in one call; the rest of the product stays as it is. Answers those that Shopify
 * did not write; all others are written. Throws `ShopifyError` when Shopify fails: writing again is then safe.
 */
export async function writeVariants(
  admin: Admin,
  productGid: string,
  writes: VariantWrite[],
): Promise<VariantRefused[]> {
  const refused: VariantRefused[] = [];
  for (let from = 0; from < writes.length; from += MOST_IN_A_LIST) {
    const part = writes.slice(from, from + MOST_IN_A_LIST);
    const { productVariantsBulkUpdate } = await admin.run(updateVariants, {
      productId: productGid,
      variants: part.map(variantInput),
    });
    refused.push(...refusedOf(part, productVariantsBulkUpdate.userErrors));
  }
  return refused;
}

function variantInput({ variantGid, cost, sku, tracked, ...rest }: VariantWrite): Record<string, unknown> {
  const inventoryItem = { cost, sku, tracked };
  const isStocked = Object.values(inventoryItem).some((value) => value !== undefined);
  return { id: variantGid, ...rest, ...(isStocked && { inventoryItem }) };
}

type UserError = { field: string[] | null; message: string; code: string | null };

// `field` is ["variants", "3", "price"]; an error about the product concerns them all.
function refusedOf(writes: VariantWrite[], errors: UserError[]): VariantRefused[] {
  const refused = new Map<string, VariantRefused>();
  for (const { field, message, code } of errors) {
    const reason = code?.endsWith('DOES_NOT_EXIST') ? 'gone' : 'refused';
    const at = field?.[0] === 'variants' ? writes[Number(field[1])] : undefined;
    for (const { variantGid } of at ? [at] : writes)
      if (!refused.has(variantGid)) refused.set(variantGid, { variantGid, reason, message });
  }
  return [...refused.values()];
}

export type ProductStatus = 'ACTIVE' | 'DRAFT';

const updateStatus = operation<{ product: { id: string; status: ProductStatus } }>()(
  `mutation SetProductStatus($product: ProductUpdateInput!) {
    productUpdate(product: $product) { userErrors { field message } }
  }`,
  z.object({ productUpdate: z.object({}) }),
);

/** Shows or hides a product in every sales channel. Throws `ShopifyError`, `user-errors` when it was deleted. */
export async function setProductStatus(
  admin: Admin,
  productGid: string,
  status: ProductStatus,
): Promise<void> {
  await admin.run(updateStatus, { product: { id: productGid, status } });
}
