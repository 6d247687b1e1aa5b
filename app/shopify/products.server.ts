import { z } from 'zod';
import type { Admin } from './admin.server.ts';
import { operation } from './operation.ts';

export interface ProductRef {
  productGid: string;
  variantGid: string;
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
