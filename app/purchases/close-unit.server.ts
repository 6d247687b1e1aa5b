import { record } from '../orders/events.server.ts';
import { db } from '../platform/db.server.ts';
import { wake } from '../platform/queue.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import type { Decided, NotGiven } from './decide.server.ts';
import { currentTime } from '../platform/time.ts';
import { transact } from '../platform/transaction.server.ts';

/**
 * Ends a unit that waits: a held one, or one whose eSIM came for a piece that had left the order. `since` is when the
 * wait began that the person saw, in ISO 8601: a wait that began later is another one, and is not touched.
 */
export async function closeUnit(
  shop: Shop,
  { unitId, since, note, by }: { unitId: string; since: string; note: string; by: string },
): Promise<Decided> {
  const where = { id: unitId, shopId: shop.id, since: new Date(since) };
  const unit = await db.unit.findFirst({
    where: { ...where, OR: [{ state: 'held' }, { state: 'parked', reason: 'gone' }] },
  });
  if (!unit) return { status: 'stale' };
  const closed = await transact(async (tx) => {
    const { count } = await tx.unit.updateMany({
      where: { ...where, state: unit.state },
      data: { state: 'cancelled', reason: null, holdUntil: null, note },
    });
    if (count === 1)
      await record(
        [{ shopId: shop.id, orderId: unit.orderId, unitId, kind: 'unit.closed', detail: { by } }],
        tx,
      );
    return count === 1;
  });
  return { status: closed ? 'done' : 'stale' };
}

/** The merchant has seen to an eSIM whose piece was refunded after it was sent: it leaves the queue. */
export async function acknowledgeRefund(
  shop: Shop,
  { unitId, note, by }: { unitId: string; note: string; by: string },
): Promise<Decided> {
  const where = {
    ...{ id: unitId, shopId: shop.id, state: 'delivered' },
    ...{ goneAt: { not: null }, holdUntil: null, note: null },
  };
  const unit = await db.unit.findFirst({ where });
  if (!unit) return { status: 'stale' };
  const left = await transact(async (tx) => {
    const { count } = await tx.unit.updateMany({
      where,
      data: { note: note === '' ? by : `${note} (${by})` },
    });
    if (count === 1)
      await record(
        [{ shopId: shop.id, orderId: unit.orderId, unitId, kind: 'unit.left', detail: { by } }],
        tx,
      );
    return count === 1;
  });
  return { status: left ? 'done' : 'stale' };
}

/**
 * Sells another bundle to a unit that waits, and lets it be bought. Nothing was bought for it yet. A top-up takes one of its
 * eSIM's own supplier only, and one that names no eSIM takes none.
 */
export async function giveAnotherBundle(
  shop: Shop,
  { unitId, since, bundleId, by }: { unitId: string; since: string; bundleId: string; by: string },
): Promise<Decided | NotGiven> {
  const bundle = await db.bundle.findFirst({ where: { id: bundleId, shopId: shop.id, withdrawnAt: null } });
  if (!bundle) return { status: 'unknown-bundle' };
  const where = { id: unitId, shopId: shop.id, state: 'held', since: new Date(since) };
  const unit = await db.unit.findFirst({ where });
  if (!unit || unit.reason === 'top-up') return { status: 'stale' };
  const isTopUp = unit.kind === 'top-up';
  if (isTopUp && unit.accountId !== bundle.accountId) return { status: 'other-supplier' };
  const moved = await transact(async (tx) => {
    const { count } = await tx.unit.updateMany({
      where,
      data: {
        ...{ state: 'paid', reason: null, holdUntil: null, since: currentTime(), approvedAt: currentTime() },
        ...{ bundleId, accountId: bundle.accountId },
        ...(!isTopUp && { topUpEsimId: null }),
      },
    });
    if (count === 1) {
      const detail = { bundle: bundle.code, by };
      await record([{ shopId: shop.id, orderId: unit.orderId, unitId, kind: 'unit.relinked', detail }], tx);
    }
    return count === 1;
  });
  if (moved) await wake('purchases.buy', bundle.accountId);
  return { status: moved ? 'done' : 'stale' };
}
