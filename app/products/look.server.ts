import { db } from '../platform/db.server.ts';
import { after, currentTime, MINUTE } from '../platform/time.ts';
import { adminOf } from '../shopify/admin.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { findVariants } from '../shopify/variants.server.ts';
import { lookOf } from './save-mapping.server.ts';

const STALE_MS = 10 * MINUTE;

/** Whether what is known of a variant is old enough to look again. */
export function isStale(lookedAt: Date | null): boolean {
  return lookedAt === null || lookedAt < after(-STALE_MS);
}

/**
 * Looks at mapped variants in Shopify again and keeps what is seen: SKU, price, name, and whether they are still there.
 * Those that were looked at a moment ago are left alone. Throws `ShopifyError`.
 */
export async function lookAtMappings(shop: Shop, variantGids: string[]): Promise<void> {
  const rows = await db.variantMapping.findMany({
    where: { shopId: shop.id, variantGid: { in: variantGids } },
    select: { variantGid: true, lookedAt: true },
  });
  const stale = rows.filter(({ lookedAt }) => isStale(lookedAt)).map(({ variantGid }) => variantGid);
  if (stale.length === 0) return;
  const seen = new Map(
    (await findVariants(adminOf(shop.domain), stale)).map((variant) => [variant.variantGid, variant]),
  );
  const now = currentTime();
  for (const variantGid of stale) {
    const variant = seen.get(variantGid);
    await db.variantMapping.updateMany({
      where: { shopId: shop.id, variantGid },
      data: variant
        ? { ...lookOf(shop, variant), productTitle: variant.title }
        : { lookedAt: now, goneAt: now },
    });
  }
}
