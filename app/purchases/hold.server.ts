import { Decimal } from 'decimal.js';
import { record } from '../orders/events.server.ts';
import { lossesOf } from '../orders/loss.server.ts';
import { givenUnits } from '../orders/release.server.ts';
import { isPriceOver } from '../products/price-guard.ts';
import type { HoldReason } from '../orders/line.ts';
import { db } from '../platform/db.server.ts';
import { wake } from '../platform/queue.server.ts';
import { after, currentTime, MINUTE, msSince } from '../platform/time.ts';
import { transact } from '../platform/transaction.server.ts';
import { guardsOf } from '../settings/guards.server.ts';
import { refreshBalance, type Seller } from '../settings/suppliers.server.ts';
import type { DueUnit } from './due.server.ts';
import type { PassReason } from './pass-on.ts';
import { passOn, plansOf } from './pass-on.server.ts';
import { knownMisfitOf } from './top-up-fit.server.ts';

const LOOK_AGAIN_MS = 5 * MINUTE;

/**
 * The last look before money moves: whether a top-up goes with its eSIM, the sale brings what it costs, price and balance.
 * True when units were held or passed on instead, each with its reason. What the merchant let go by hand passes the guards; only an empty account stops it, a
 * loss that nobody spoke of, and an eSIM that takes no such bundle.
 */
export async function isHeldByGuard(supplier: Seller, units: DueUnit[]): Promise<boolean> {
  if (await isHeldAsMisfit(supplier, units)) return true;
  const losing = await atALoss(supplier, units);
  if (losing.length > 0) {
    await passOnOrHold(supplier, losing, { reason: 'loss', until: null });
    return true;
  }
  const dear = await tooDear(supplier, units);
  if (dear.length > 0) {
    await hold(supplier, dear, { reason: 'price', until: null });
    return true;
  }
  const short = await shortOfFunds(supplier, units);
  if (short) await passOnOrHold(supplier, units, short);
  return short !== null;
}

/**
 * Nothing can be bought with the account: its units are bought elsewhere, or say so, and are due again as soon as it
 * works.
 */
export async function holdAll(
  { shopId, accountId }: { shopId: string; accountId: string },
  reason: 'no-supplier' | 'key-refused',
): Promise<void> {
  const units = await db.unit.findMany({
    where: { shopId, accountId, state: 'paid' },
    select: { id: true, orderId: true, state: true, reason: true },
  });
  await passOnOrHold({ shopId, accountId }, units, { reason, until: currentTime() });
}

/** Units of a variant that lists another bundle are bought of that; the others wait. */
async function passOnOrHold(
  { shopId, accountId }: { shopId: string; accountId: string },
  units: Waiting[],
  wait: { reason: HoldReason & PassReason; until: Date | null },
) {
  const rows = await db.unit.findMany({ where: { shopId, id: { in: units.map(({ id }) => id) } } });
  const plans = await plansOf(shopId, rows);
  const stay: Waiting[] = [];
  const accounts = new Set<string>();
  for (const unit of units) {
    const row = rows.find(({ id }) => id === unit.id);
    const plan = plans.get(unit.id);
    const moved =
      row && plan && row.state === unit.state && row.accountId === accountId
        ? await transact((tx) => passOn(tx, row, { plan, why: wait.reason }))
        : null;
    if (moved === null) stay.push(unit);
    else accounts.add(moved);
  }
  for (const moved of accounts) if (moved !== accountId) await wake('purchases.buy', moved);
  await hold({ shopId }, stay, wait);
}

/** Asks for the balance when what we know is old, and nothing is being bought meanwhile. */
export async function refreshIfStale(supplier: Seller): Promise<void> {
  const { balanceAt } = await accountOf(supplier);
  if (balanceAt === null || msSince(balanceAt) > MINUTE) await refreshBalance(supplier);
}

async function isHeldAsMisfit(supplier: Seller, units: DueUnit[]): Promise<boolean> {
  const [topUp] = units;
  if (topUp?.topUpEsimId == null) return false;
  const reason = await knownMisfitOf(supplier, { esimId: topUp.topUpEsimId, bundle: topUp.bundleCode });
  if (reason) await hold(supplier, units, { reason, until: null });
  return reason !== null;
}

/** Whoever supplies, no sale loses money unless a person said so of this very bundle. */
async function atALoss({ shopId }: Seller, units: DueUnit[]): Promise<DueUnit[]> {
  const losses = await lossesOf(
    shopId,
    units.map(({ id }) => id),
  );
  if (losses.size === 0) return [];
  const given = await givenUnits(shopId, units);
  return units.filter(({ id }) => losses.has(id) && !given.has(id));
}

async function tooDear({ shopId }: Seller, units: DueUnit[]): Promise<DueUnit[]> {
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
async function shortOfFunds(supplier: Seller, units: DueUnit[]): Promise<Shortage | null> {
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

async function accountOf({ accountId, shopId }: Seller) {
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
    await transact(async (tx) => {
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
