import { db } from '../platform/db.server.ts';
import type { Admin } from '../shopify/admin.server.ts';
import { writeVariants, type VariantWrite } from '../shopify/products.server.ts';

/** Writes what one piece of a variant cost into Shopify's Cost field, decimal texts in the shop's currency. */
export async function writeCosts(admin: Admin, shopId: string, costs: Map<string, string>): Promise<void> {
  const mappings = await db.variantMapping.findMany({
    where: { shopId, variantGid: { in: [...costs.keys()] } },
  });
  const byProduct = new Map<string, VariantWrite[]>();
  for (const { variantGid, productGid } of mappings) {
    const cost = costs.get(variantGid);
    if (cost !== undefined)
      byProduct.set(productGid, [...(byProduct.get(productGid) ?? []), { variantGid, cost }]);
  }
  for (const [productGid, writes] of byProduct) await writeVariants(admin, productGid, writes);
}
