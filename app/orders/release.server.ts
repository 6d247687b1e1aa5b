import { db } from '../platform/db.server.ts';
import { wake } from '../platform/queue.server.ts';
import { bundlesForVariants } from '../products/mapping.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { record } from './events.server.ts';

/** A variant got its bundle: the units that waited for it may be bought. Returns how many. */
export async function releaseUnmappedUnits(shop: Shop, variantGid: string): Promise<number> {
  const bundle = (await bundlesForVariants(shop.id, [variantGid])).get(variantGid);
  if (!bundle) return 0;
  const waiting = await db.unit.findMany({
    where: { shopId: shop.id, variantGid, state: 'held', reason: 'no-bundle' },
    select: { id: true },
  });
  let released = 0;
  for (const { id } of waiting) if (await retryUnit(shop, id)) released++;
  return released;
}

/**
 * The merchant lets a held unit go on. Nothing was bought for it, so buying is not buying again. False when it is
 * not held any more (a second click, another member of staff), not the shop's, or still without a bundle.
 */
export async function retryUnit(shop: Shop, unitId: string): Promise<boolean> {
  const unit = await db.unit.findFirst({ where: { id: unitId, shopId: shop.id, state: 'held' } });
  if (unit?.variantGid == null) return false;
  const bundle = (await bundlesForVariants(shop.id, [unit.variantGid])).get(unit.variantGid);
  if (!bundle) return false;
  const moved = await db.$transaction(async (tx) => {
    const { count } = await tx.unit.updateMany({
      where: { id: unitId, shopId: shop.id, state: 'held' },
      data: { state: 'paid', reason: null, holdUntil: null, ...bundle },
    });
    if (count === 1)
      await record([{ shopId: shop.id, orderId: unit.orderId, unitId, kind: 'unit.released' }], tx);
    return count === 1;
  });
  if (moved) await wake('purchases.buy', bundle.accountId);
  return moved;
}
