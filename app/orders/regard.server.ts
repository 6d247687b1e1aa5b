import { db } from '../platform/db.server.ts';
import { wake } from '../platform/queue.server.ts';
import { guardsOf } from '../settings/guards.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { record } from './events.server.ts';
import { guardReasons, type Guards, type Hold } from './guards.ts';
import { holdOf } from './release.server.ts';
import { currentTime } from '../platform/time.ts';
import { transact } from '../platform/transaction.server.ts';

/**
 * A member of staff (`by`) changed what stops an eSIM: looks again at what is held. A guard of the order is asked at
 * once; whether price, loss and reserve still stop it, the buying job finds out, for which they are due now. Answers how many
 * were let go at once. What is on its way to be bought is not called back.
 */
export async function regardHeld(shop: Shop, by: string): Promise<number> {
  const guards = await guardsOf(shop);
  const held = await db.unit.findMany({
    where: { shopId: shop.id, state: 'held', approvedAt: null, reason: { in: [...guardReasons] } },
    include: {
      order: { include: { _count: { select: { units: { where: { state: { not: 'cancelled' } } } } } } },
    },
  });
  let released = 0;
  for (const unit of held) if ((await regard(unit, guards, by)) === 'released') released++;
  await db.unit.updateMany({
    where: { shopId: shop.id, state: 'held', reason: { in: ['price', 'loss', 'reserve'] } },
    data: { holdUntil: currentTime() },
  });
  const accounts = await db.supplierAccount.findMany({
    where: { shopId: shop.id, sells: true },
    select: { id: true },
  });
  for (const { id } of accounts) await wake('purchases.buy', id);
  return released;
}

interface HeldUnit {
  id: string;
  shopId: string;
  orderId: string;
  reason: string | null;
  holdUntil: Date | null;
  order: Parameters<typeof holdOf>[0];
}

async function regard(unit: HeldUnit, guards: Guards, by: string): Promise<'released' | 'held'> {
  const { id, shopId, orderId, reason, order } = unit;
  const hold = holdOf(order, guards);
  if (isSame(hold, unit)) return 'held';
  const isReleased = await transact(async (tx) => {
    const { count } = await tx.unit.updateMany({
      where: { id, shopId, state: 'held', reason },
      data: hold
        ? { reason: hold.reason, holdUntil: hold.until, since: currentTime() }
        : { state: 'paid', reason: null, holdUntil: null, since: currentTime() },
    });
    if (count === 0) return false;
    const event = { shopId, orderId, unitId: id };
    await record(
      [
        hold
          ? { ...event, kind: 'unit.held', detail: { reason: hold.reason } }
          : { ...event, kind: 'unit.released', detail: { as: 'settings', by } },
      ],
      tx,
    );
    return hold === null;
  });
  return isReleased ? 'released' : 'held';
}

function isSame(hold: Hold | null, { reason, holdUntil }: HeldUnit): boolean {
  return hold !== null && hold.reason === reason && hold.until?.getTime() === holdUntil?.getTime();
}
