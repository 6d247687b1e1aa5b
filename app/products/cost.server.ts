import { db } from '../platform/db.server.ts';
import type { Admin } from '../shopify/admin.server.ts';
import { writeVariant } from '../shopify/products.server.ts';

/** Writes what one piece of a variant cost into Shopify's Cost field, decimal texts in the shop's currency. */
export async function writeCosts(admin: Admin, shopId: string, costs: Map<string, string>): Promise<void> {
  const mappings = await db.variantMapping.findMany({
    where: { shopId, variantGid: { in: [...costs.keys()] } },
  });
  for (const { variantGid, productGid } of mappings) {
    const cost = costs.get(variantGid);
    if (cost !== undefined) await writeVariant(admin, { productGid, variantGid }, { cost });
  }
}
