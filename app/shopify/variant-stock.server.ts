import { z } from 'zod';
import type { Admin } from './admin.server.ts';
import { operation } from './operation.ts';

/** Whether Shopify lets a variant be sold, as far as its stock goes. */
export interface VariantStock {
  variantGid: string;
  /** Counted by Shopify. */
  tracked: boolean;
  inventoryPolicy: 'CONTINUE' | 'DENY';
  /** Pieces of all locations. */
  quantity: number;
}

export interface ProductStock {
  status: string;
  /** With those that are none of ours. */
  variantCount: number;
  variants: VariantStock[];
}

const productStock = operation<{ id: string; ids: string[] }>()(
  `query ProductStock($id: ID!, $ids: [ID!]!) {
    product(id: $id) { status variantsCount { count } }
    nodes(ids: $ids) { ... on ProductVariant { id inventoryPolicy inventoryQuantity inventoryItem { tracked } } }
  }`,
  z.object({
    product: z
      .object({ status: z.string(), variantsCount: z.object({ count: z.number() }).nullable() })
      .nullable(),
    nodes: z.array(
      z
        .object({
          id: z.string(),
          inventoryPolicy: z.enum(['CONTINUE', 'DENY']),
          inventoryQuantity: z.number().nullable(),
          inventoryItem: z.object({ tracked: z.boolean() }),
        })
        .nullable(),
    ),
  }),
);

/** Shopify takes lists of so many. */
const MOST_IN_A_LIST = 250;

/** A product's status, and the stock of some of its variants; null when the merchant deleted it. Throws `ShopifyError`. */
export async function readProductStock(
  admin: Admin,
  productGid: string,
  variantGids: string[],
): Promise<ProductStock | null> {
  const variants: VariantStock[] = [];
  let found: Omit<ProductStock, 'variants'> | null = null;
  for (let from = 0; from < variantGids.length; from += MOST_IN_A_LIST) {
    const ids = variantGids.slice(from, from + MOST_IN_A_LIST);
    const { product, nodes } = await admin.run(productStock, { id: productGid, ids });
    if (!product) return null;
    found = { status: product.status, variantCount: product.variantsCount?.count ?? 0 };
    for (const node of nodes) {
      if (!node) continue;
      const { id, inventoryPolicy, inventoryQuantity, inventoryItem } = node;
      const quantity = inventoryQuantity ?? 0;
      variants.push({ variantGid: id, inventoryPolicy, quantity, tracked: inventoryItem.tracked });
    }
  }
  return found && { ...found, variants };
}
