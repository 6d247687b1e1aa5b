import { db } from '../platform/db.server.ts';
import { decimalFromMoney } from '../platform/money.ts';
import { wake } from '../platform/queue.server.ts';
import { bundlesForVariants, type Sale } from '../products/mapping.server.ts';
import { guardsOf } from '../settings/guards.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { record, type NewOrderEvent } from './events.server.ts';
import { guard, guardReasons, risks, type Guards, type Hold } from './guards.ts';
import { needsAnEsim, type HoldReason } from './line.ts';
import { lossesOf } from './loss.server.ts';
import { namedEsim } from './named-esims.server.ts';
import { startOf } from './units.ts';
import { currentTime } from '../platform/time.ts';
import { transact } from '../platform/transaction.server.ts';

/**
 * A variant got its bundle: the units that waited for it may be bought, or wait on where a guard of their order wants
 * that, or where they top up an eSIM that nobody named. Returns how many wait no more.
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
  const accounts = new Set<string>();
  let released = 0;
  for (const { id, orderId, order, topUpEsimId: esimId } of waiting) {
    const start = startOf(sale, await namedEsim(shop, { esimId, variantGid }));
    const { bundleId, accountId } = start.sale ?? sale;
    const hold: Hold | null = start.reason ? { reason: start.reason, until: null } : holdOf(order, guards);
    const next = hold
      ? { state: 'held', reason: hold.reason, holdUntil: hold.until }
      : { state: 'paid', reason: null, holdUntil: null };
    await transact(async (tx) => {
      const { count } = await tx.unit.updateMany({
        where: { id, shopId: shop.id, state: 'held', reason: 'no-bundle' },
        data: {
          ...{ ...next, bundleId, accountId, since: currentTime() },
          ...{ kind: start.kind, topUpEsimId: start.topUpEsimId },
        },
      });
      if (count === 0) return;
      if (!hold) released++;
      if (!hold) accounts.add(accountId);
      const event = { shopId: shop.id, orderId, unitId: id };
      await record(
        [
          ...substituted(event, start.sale ?? sale),
          hold
            ? { ...event, kind: 'unit.held', detail: { reason: hold.reason } }
            : { ...event, kind: 'unit.released' },
        ],
        tx,
      );
    });
  }
  for (const accountId of accounts) await wake('purchases.buy', accountId);
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
 * supplier is tried again; what would be bought at a loss is bought as just that bundle, for which the person has seen the loss.
 * Nothing was bought for it, so buying is not buying again. False when it is not held any more
 * (a second click, another member of staff), is held since another time than the person saw (`since`, ISO 8601), not
 * the shop's, or without a bundle; and for a top-up that waits for its eSIM (desk/choose-esim.server.ts), unless the
 * person means to buy a new one (`asNewEsim`).
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
  if (unit?.variantGid == null || needsAnEsim(unit.reason) !== asNewEsim) return false;
  const isAtALoss = unit.reason === ('loss' satisfies HoldReason) && !asNewEsim;
  const given = isAtALoss ? ownBundle(unit) : await givenBundle(unit);
  const sale = given ? null : await saleOf(shop, { ...unit, variantGid: unit.variantGid }, asNewEsim);
  const bundle = given ?? (sale && { bundleId: sale.bundleId, accountId: sale.accountId }) ?? topUpOf(unit);
  if (!bundle) return false;
  const loss = isAtALoss ? await lossToTell(shop, unitId) : null;
  const now = currentTime();
  const isChoice =
    asNewEsim || [...guardReasons, 'price', 'loss', 'reserve'].includes(unit.reason as HoldReason);
  const moved = await transact(async (tx) => {
    const { count } = await tx.unit.updateMany({
      where,
      data: {
        ...{ state: 'paid', reason: null, holdUntil: null, since: now, passedOver: [], ...bundle },
        ...(isChoice && { approvedAt: now }),
        ...(asNewEsim && { kind: 'esim', topUpEsimId: null }),
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
      const detail = {
        ...(by !== undefined && { by }),
        ...(asNewEsim && { as: 'new-esim' }),
        ...(isAtALoss && { as: AT_A_LOSS, ...loss }),
      };
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

/** What its variant sells now: of the eSIM's own supplier where one is topped up. */
async function saleOf(
  shop: Shop,
  { variantGid, kind, topUpEsimId: esimId }: { variantGid: string; kind: string; topUpEsimId: string | null },
  asNewEsim: boolean,
): Promise<Sale | undefined> {
  if (kind !== 'top-up' || asNewEsim)
    return (await bundlesForVariants(shop.id, [variantGid])).get(variantGid);
  return (await namedEsim(shop, { esimId, variantGid }))?.sale ?? undefined;
}

/** The bundle a person chose for the unit, whatever else its variant sells. */
export async function givenBundle(unit: HeldUnit) {
  return (await givenUnits(unit.shopId, [unit])).has(unit.id) ? ownBundle(unit) : null;
}

/** Which of the units a person chose the bundle of: gave it to them, or let it be bought at a loss. */
export async function givenUnits(
  shopId: string,
  units: readonly { id: string; orderId: string }[],
): Promise<Set<string>> {
  const given = await db.orderEvent.findMany({
    where: {
      ...{ shopId, orderId: { in: units.map(({ orderId }) => orderId) } },
      unitId: { in: units.map(({ id }) => id) },
      OR: [{ kind: 'unit.relinked' }, { kind: 'unit.released', detail: { path: ['as'], equals: AT_A_LOSS } }],
    },
    select: { unitId: true },
  });
  return new Set(given.flatMap(({ unitId }) => unitId ?? []));
}

const AT_A_LOSS = 'at-a-loss';

async function lossToTell(shop: Shop, unitId: string) {
  const loss = (await lossesOf(shop.id, [unitId])).get(unitId);
  return loss && { amount: decimalFromMoney(loss), currency: loss.currency };
}

/** Of a top-up whose eSIM is no more: that is found out, and told, when it is bought. */
function topUpOf(unit: HeldUnit & { kind: string }) {
  return unit.kind === 'top-up' ? ownBundle(unit) : null;
}

function ownBundle({ bundleId, accountId }: HeldUnit) {
  return bundleId !== null && accountId !== null ? { bundleId, accountId } : null;
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
