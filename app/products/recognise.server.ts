import { db } from '../platform/db.server.ts';

/** By what an order line is recognised as an eSIM although its variant has no bundle. */
export async function recogniseEsims(
  shopId: string,
  { productGids, skus }: { productGids: string[]; skus: string[] },
): Promise<{ products: Set<string>; codes: Set<string> }> {
  const mappings = await db.variantMapping.findMany({
    where: { shopId, productGid: { in: productGids } },
    select: { productGid: true },
    distinct: ['productGid'],
  });
  const bundles = await db.bundle.findMany({
    where: { shopId, code: { in: skus } },
    select: { code: true },
    distinct: ['code'],
  });
  return {
    /** Products of which some variant sells a bundle. */
    products: new Set(mappings.map(({ productGid }) => productGid)),
    /** SKUs that are codes of the shop's bundles. */
    codes: new Set(bundles.map(({ code }) => code)),
  };
}
