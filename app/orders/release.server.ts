import { db } from '../platform/db.server.ts';
import { wake } from '../platform/queue.server.ts';
import { bundlesForVariants, type Sale } from '../products/mapping.server.ts';
import { guardsOf } from '../settings/guards.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { record, type NewOrderEvent } from './events.server.ts';
import { guard, guardReasons, risks, type Guards, type Hold } from './guards.ts';
import type { HoldReason } from './line.ts';
import { currentTime } from '../platform/time.ts';

/**
 * A variant got its bundle: the units that waited for it may be bought, or wait on where a guard of their order wants
 * that, or where they top up an eSIM. Returns how many wait no more.
 */
export async function releaseUnmappedUnits(shop: Shop, variantGid: string): Promise<number> {
  const sale = (await bundlesForVariants(shop.id, [variantGid])).get(variantGid);
  if (!sale) return 0;
  const waiting = await db.unit.findMany({
    where: { shopId: shop.id, variantGid, state: 'held', reason: 'no-bundle' },
    include: {
      order: { include: { _count: { select: { units: { where: { state: { not: 'cancelled' } } } } } } },
    },
  });
  const guards = await guardsOf(shop);
  let released = 0;
  for (const { id, orderId, order } of waiting) {
    const hold: Hold | null =
      sale.kind === 'top-up' ? { reason: 'top-up', until: null } : holdOf(order, guards);
    const next = hold
      ? { state: 'held', reason: hold.reason, holdUntil: hold.until }
      : { state: 'paid', reason: null, holdUntil: null };
    await db.$transaction(async (tx) => {
      const { count } = await tx.unit.updateMany({
        where: { id, shopId: shop.id, state: 'held', reason: 'no-bundle' },
        data: { ...next, bundleId: sale.bundleId, accountId: sale.accountId, since: currentTime() },
      });
      if (count === 0) return;
      if (!hold) released++;
      const event = { shopId: shop.id, orderId, unitId: id };
      await record(
        [
          ...substituted(event, sale),
          hold
            ? { ...event, kind: 'unit.held', detail: { reason: hold.reason } }
            : { ...event, kind: 'unit.released' },
        ],
        tx,
      );
    });
  }
  if (released > 0) await wake('purchases.buy', sale.accountId);
  return released;
}

/** The same for many variants at once, most of which nobody waits for. */
export async function releaseMapped(shop: Shop, variantGids: string[]): Promise<number> {
  const waiting = await db.unit.findMany({
    where: { shopId: shop.id, state: 'held', reason: 'no-bundle', variantGid: { in: variantGids } },
    select: { variantGid: true },
    distinct: ['variantGid'],
  });
  let released = 0;
  for (const { variantGid } of waiting)
    if (variantGid !== null) released += await releaseUnmappedUnits(shop, variantGid);
  return released;
}

function substituted(event: Omit<NewOrderEvent, 'kind'>, { substitute }: Sale): NewOrderEvent[] {
  return substitute ? [{ ...event, kind: 'unit.substituted', detail: substitute }] : [];
}

/**
 * The merchant lets a held unit go on. What a guard stopped, no guard stops again; what waits for money, a key or the
 * supplier is tried again. Nothing was bought for it, so buying is not buying again. False when it is not held any more
 * (a second click, another member of staff), is held since another time than the person saw (`since`, ISO 8601), not
 * the shop's, or without a bundle; and for a top-up, unless the person means to buy a new eSIM (`asNewEsim`).
 */
export async function retryUnit(
  shop: Shop,
  unitId: string,
  { since, by, asNewEsim = false }: { since?: string; by?: string; asNewEsim?: boolean } = {},
): Promise<boolean> {
  const where = {
    ...{ id: unitId, shopId: shop.id, state: 'held' },
    ...(since !== undefined && { since: new Date(since) }),
  };
  const unit = await db.unit.findFirst({ where });
  if (unit?.variantGid == null || (unit.reason === 'top-up') !== asNewEsim) return false;
  const given = await givenBundle(unit);
  const sale = given ? null : (await bundlesForVariants(shop.id, [unit.variantGid])).get(unit.variantGid);
  const bundle = given ?? (sale && { bundleId: sale.bundleId, accountId: sale.accountId });
  if (!bundle) return false;
  const now = currentTime();
  const isChoice = [...guardReasons, 'price', 'reserve', 'top-up'].includes(unit.reason as HoldReason);
  const moved = await db.$transaction(async (tx) => {
    const { count } = await tx.unit.updateMany({
      where,
      data: {
        ...{ state: 'paid', reason: null, holdUntil: null, since: now, ...bundle },
        ...(isChoice && { approvedAt: now }),
      },
    });
    // Those that wait for money wait in their order: all of them are looked at again.
    if (count === 1 && (unit.reason === 'funds' || unit.reason === 'reserve')) {
      await tx.unit.updateMany({
        where: {
          ...{ accountId: bundle.accountId, shopId: shop.id, state: 'held' },
          reason: { in: ['funds', 'reserve'] },
        },
        data: { holdUntil: now },
      });
    }
    if (count === 1) {
      const event = { shopId: shop.id, orderId: unit.orderId, unitId };
      const detail = { ...(by !== undefined && { by }), ...(asNewEsim && { as: 'new-esim' }) };
      // A list that chose the same substitute before has said so.
      const isNews = sale && sale.bundleId !== unit.bundleId;
      await record(
        [...(isNews ? substituted(event, sale) : []), { ...event, kind: 'unit.released', detail }],
        tx,
      );
    }
    return count === 1;
  });
  if (moved) await wake('purchases.buy', bundle.accountId);
  return moved;
}

/** The bundle a person gave to the unit instead of what its variant sells. */
async function givenBundle({ id, shopId, orderId, bundleId, accountId }: HeldUnit) {
  if (bundleId === null || accountId === null) return null;
  const where = { shopId, orderId, unitId: id, kind: 'unit.relinked' };
  return (await db.orderEvent.count({ where })) > 0 ? { bundleId, accountId } : null;
}

interface HeldUnit {
  id: string;
  shopId: string;
  orderId: string;
  bundleId: string | null;
  accountId: string | null;
}

interface OrderRow {
  test: boolean;
  risk: string;
  paidAt: Date | null;
  createdAt: Date;
  _count: { units: number };
}

/** What the guards say of an order as it is on record. `_count.units` are those that were not cancelled. */
export function holdOf({ test, risk, paidAt, createdAt, _count }: OrderRow, guards: Guards): Hold | null {
  const known = risks.find((each) => each === risk) ?? 'none';
  const facts = { test, risk: known, paidAt: paidAt ?? createdAt, esims: _count.units };
  return guard(facts, guards, currentTime());
}
