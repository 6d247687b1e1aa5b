import { Decimal } from 'decimal.js';
import { record } from '../orders/events.server.ts';
import { isPriceOver } from '../products/price-guard.ts';
import type { HoldReason } from '../orders/line.ts';
import { db } from '../platform/db.server.ts';
import { after, currentTime, MINUTE, msSince } from '../platform/time.ts';
import { guardsOf } from '../settings/guards.server.ts';
import { refreshBalance, type Supplier } from '../settings/suppliers.server.ts';
import type { DueUnit } from './due.server.ts';

const LOOK_AGAIN_MS = 5 * MINUTE;

/**
 * The last look before money moves: price and balance. True when the units were held instead, each with its reason.
 * What the merchant let go by hand passes both guards; only an empty account stops it.
 */
export async function isHeldByGuard(supplier: Supplier, units: DueUnit[]): Promise<boolean> {
  const dear = await tooDear(supplier, units);
  if (dear.length > 0) {
    await hold(supplier, dear, { reason: 'price', until: null });
    return true;
  }
  const short = await shortOfFunds(supplier, units);
  if (short) await hold(supplier, units, short);
  return short !== null;
}

/** Nothing can be bought with the account: its units say so, and are due again as soon as it works. */
export async function holdAll(
  { shopId, accountId }: { shopId: string; accountId: string },
  reason: 'no-supplier' | 'key-refused',
): Promise<void> {
  const units = await db.unit.findMany({
    where: { shopId, accountId, state: 'paid' },
    select: { id: true, orderId: true, state: true, reason: true },
  });
  await hold({ shopId }, units, { reason, until: currentTime() });
}

/** Asks for the balance when what we know is old, and nothing is being bought meanwhile. */
export async function refreshIfStale(supplier: Supplier): Promise<void> {
  const { balanceAt } = await accountOf(supplier);
  if (balanceAt === null || msSince(balanceAt) > MINUTE) await refreshBalance(supplier);
}

async function tooDear({ shopId }: Supplier, units: DueUnit[]): Promise<DueUnit[]> {
  const { priceGuardPercent: percent } = await guardsOf({ id: shopId });
  if (percent === null) return [];
  const mappings = await db.variantMapping.findMany({
    where: { shopId, variantGid: { in: units.flatMap(({ variantGid }) => variantGid ?? []) } },
    select: {
      ...{ variantGid: true, bundleId: true, mappedCost: true },
      substitutes: { select: { bundleId: true, mappedCost: true } },
    },
  });
  return units.filter(({ variantGid, bundleId, cost, approvedAt }) => {
    // A substitute is compared with its own cost of when it was put on the list.
    const mapping = mappings.find((each) => each.variantGid === variantGid);
    const listed = mapping && [mapping, ...mapping.substitutes].find((each) => each.bundleId === bundleId);
    const mappedCost = listed?.mappedCost ? Number(listed.mappedCost) : null;
    return approvedAt === null && isPriceOver({ cost: Number(cost), mappedCost, percent });
  });
}

type Shortage = { reason: 'funds' | 'reserve'; until: Date };

/**
 * What would be bought with money that is not there, or that the merchant wants to keep. Units wait in their order:
 * one that comes after others that wait joins them. The balance is asked for again before anything is held, and every
 * few minutes after, so that a payment into the account lets them go by itself.
 */
async function shortOfFunds(supplier: Supplier, units: DueUnit[]): Promise<Shortage | null> {
  const { accountId, shopId } = supplier;
  const isApproved = units.every(({ approvedAt }) => approvedAt !== null);
  const queue = await db.unit.findFirst({
    where: {
      accountId,
      shopId,
      state: 'held',
      reason: { in: ['funds', 'reserve'] },
      holdUntil: { gt: currentTime() },
    },
    orderBy: { createdAt: 'asc' },
  });
  if (queue?.holdUntil && !isApproved)
    return { reason: queue.reason === 'reserve' ? 'reserve' : 'funds', until: queue.holdUntil };
  const wasHeld = units.some(({ reason }) => reason === 'funds' || reason === 'reserve');
  const cost = units.reduce((sum, unit) => sum.plus(unit.cost), new Decimal(0));
  const { balance, reserve } = await accountOf(supplier);
  const keep = isApproved ? new Decimal(0) : reserve;
  if (balance === null || (!wasHeld && balance.minus(keep).gte(cost))) return null;
  const now = (await refreshBalance(supplier))?.amount;
  // The balance is not told: the purchase itself will find out, and say it.
  if (now === undefined || now.minus(keep).gte(cost)) return null;
  return { reason: now.lt(cost) ? 'funds' : 'reserve', until: after(LOOK_AGAIN_MS) };
}

async function accountOf({ accountId, shopId }: Supplier) {
  const { balance, balanceAt, reserve } = await db.supplierAccount.findFirstOrThrow({
    where: { id: accountId, shopId },
    select: { balance: true, balanceAt: true, reserve: true },
  });
  return {
    balance: balance && new Decimal(balance.toString()),
    balanceAt,
    reserve: new Decimal(reserve.toString()),
  };
}

type Waiting = Pick<DueUnit, 'id' | 'orderId' | 'state' | 'reason'>;

async function hold(
  { shopId }: { shopId: string },
  units: Waiting[],
  { reason, until }: { reason: HoldReason; until: Date | null },
) {
  for (const unit of units) {
    await db.$transaction(async (tx) => {
      const isNew = unit.reason !== reason;
      const { count } = await tx.unit.updateMany({
        where: { id: unit.id, shopId, state: unit.state, reason: unit.reason },
        data: { state: 'held', reason, holdUntil: until, ...(isNew && { since: currentTime() }) },
      });
      if (count === 0 || !isNew) return;
      const { orderId, id: unitId } = unit;
      await record([{ shopId, orderId, unitId, kind: 'unit.held', detail: { reason } }], tx);
    });
  }
}
