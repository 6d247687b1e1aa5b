import { randomUUID } from 'node:crypto';
import { Decimal } from 'decimal.js';
import { record } from '../orders/events.server.ts';
import { db, isDuplicate } from '../platform/db.server.ts';
import { log } from '../platform/log.server.ts';
import { wake } from '../platform/queue.server.ts';
import { after, MINUTE, SECOND } from '../platform/time.ts';
import { ProviderError, type Preparing, type Ready, type Refused } from '../providers/contract.ts';
import { refreshBalance, supplierFor, type Supplier } from '../settings/suppliers.server.ts';
import { carryOut, type AttemptRow } from './carry-out.server.ts';
import { nextUnits, type DueUnit } from './due.server.ts';
import { holdLease, pace, releaseLease, takeLease, type Lease } from './lease.server.ts';
import { step, type AttemptEvent } from './ledger.ts';

/**
 * The job of an account: buys what is due, one order at the supplier after the other, while this process holds the
 * account's lease. Returns at once when another process does.
 */
export async function buyForAccount(accountId: string): Promise<void> {
  const lease = await takeLease(accountId);
  if (!lease) return;
  try {
    while (await buyNext(lease));
  } finally {
    await releaseLease(lease);
  }
}

/** One purchase. False when nothing (more) can be bought now. */
async function buyNext(lease: Lease): Promise<boolean> {
  const { accountId } = lease;
  const { shopId, state } = await db.supplierAccount.findUniqueOrThrow({ where: { id: accountId } });
  if (state !== 'active') {
    await holdAll({ shopId, accountId }, state === 'disconnected' ? 'no-supplier' : 'key-refused');
    return false;
  }
  const supplier = await supplierFor({ shopId, accountId });
  const waitMs = await pause(supplier);
  if (waitMs > 0) {
    // Waiting here would keep a worker from the other shops.
    await wake('purchases.buy', accountId, waitMs);
    return false;
  }
  const units = await nextUnits(accountId, supplier.limits.maxPerOrder);
  if (units.length === 0) return false;
  if (await isShortOfFunds(supplier, units)) return true;

  const attempt = await commitSending(lease, supplier, units);
  if (attempt === 'lost-lease') return false;
  if (attempt === 'units-moved') return true;
  await finishPurchase(attempt, await send(supplier, attempt));
  await refreshBalance(supplier);
  return true;
}

/** How long the supplier wants to be left alone: what it asked for, or the rest between two orders. In ms. */
async function pause({ accountId, limits }: Supplier): Promise<number> {
  const { lastPurchaseAt, waitUntil } = await pace(accountId);
  const rest = lastPurchaseAt ? lastPurchaseAt.getTime() + limits.minMsBetweenOrders : 0;
  return Math.max(0, (waitUntil?.getTime() ?? 0) - Date.now(), rest - Date.now());
}

/** Nothing can be bought with the account: its units say so, and are due again as soon as it works. */
async function holdAll(
  { shopId, accountId }: { shopId: string; accountId: string },
  reason: 'no-supplier' | 'key-refused',
) {
  const units = await db.unit.findMany({
    where: { shopId, accountId, state: 'paid' },
    select: { id: true, orderId: true },
  });
  for (const { id, orderId } of units) {
    await db.$transaction(async (tx) => {
      const { count } = await tx.unit.updateMany({
        where: { id, shopId, state: 'paid' },
        data: { state: 'held', reason, holdUntil: new Date() },
      });
      if (count === 1)
        await record([{ shopId, orderId, unitId: id, kind: 'unit.held', detail: { reason } }], tx);
    });
  }
}

/**
 * Units held for a short balance are tried again only when the balance, asked for again, covers them: a refusal
 * every five minutes would fill the supplier's log and ours. They wait together, in their order.
 */
async function isShortOfFunds(supplier: Supplier, units: DueUnit[]): Promise<boolean> {
  const { accountId, shopId } = supplier;
  const held = await db.unit.findFirst({
    where: { id: { in: units.map(({ id }) => id) }, shopId, state: 'held', reason: 'funds' },
  });
  if (!held) return false;
  const balance = await refreshBalance(supplier);
  if (!balance) return false; // the purchase itself will find out why, and say it
  const cost = units.reduce((sum, unit) => sum.plus(unit.cost), new Decimal(0));
  if (balance.amount.gte(cost)) return false;
  await db.unit.updateMany({
    where: { accountId, shopId, state: 'held', reason: 'funds' },
    data: { holdUntil: after(5 * MINUTE) },
  });
  return true;
}

type Committed = AttemptRow & { committedAt: number };

/** The attempt on disk, its units marked, the lease proved: all before the first byte leaves. */
async function commitSending(
  lease: Lease,
  supplier: Supplier,
  units: DueUnit[],
): Promise<Committed | 'lost-lease' | 'units-moved'> {
  const [first] = units;
  if (!first) return 'units-moved';
  const { accountId, shopId } = supplier;
  const attempt = {
    id: randomUUID(),
    shopId,
    accountId,
    bundleCode: first.bundleCode,
    quantity: units.length,
    state: 'sending',
    sentAt: new Date(),
  };
  const ids = units.map(({ id }) => id);
  class Moved extends Error {}
  try {
    return await db.$transaction(async (tx) => {
      if (!(await holdLease(lease, tx))) return 'lost-lease';
      await tx.purchaseAttempt.create({ data: { ...attempt, fence: lease.fence } });
      const { count } = await tx.unit.updateMany({
        where: { id: { in: ids }, shopId, state: { in: ['paid', 'held'] } },
        data: { state: 'buying', reason: null, holdUntil: null, attemptId: attempt.id },
      });
      // A cancellation took a unit meanwhile: what is bought must be counted again.
      if (count !== ids.length) throw new Moved();
      await record(
        units.map((unit) => ({
          shopId,
          orderId: unit.orderId,
          unitId: unit.id,
          kind: 'purchase.sent',
          detail: { bundle: unit.bundleCode, supplier: supplier.title },
        })),
        tx,
      );
      return { ...attempt, looks: 0, orderReference: null, total: null, committedAt: performance.now() };
    });
  } catch (error) {
    if (error instanceof Moved) return 'units-moved';
    throw error;
  }
}

type Outcome = { event: AttemptEvent; answer: Ready | Preparing | Refused | null };

async function send({ provider }: Supplier, attempt: Committed): Promise<Outcome> {
  // A process that was stopped here for long may have lost its lease, and others may have read `sending` as doubt.
  if (performance.now() - attempt.committedAt > 30 * SECOND)
    return { event: { type: 'not-sent' }, answer: null };
  try {
    const answer = await provider.placeOrder({ bundle: attempt.bundleCode, quantity: attempt.quantity });
    if (answer.status === 'refused') return { event: { type: 'refused', reason: answer.reason }, answer };
    const ready = answer.status === 'ready' && answer.esims.length === attempt.quantity;
    return { event: { type: 'answered', status: ready ? 'ready' : 'preparing' }, answer };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error; // stays in `sending`, and is looked up
    log.warn(
      'purchase.failed',
      { attemptId: attempt.id, accountId: attempt.accountId, reason: error.kind },
      error,
    );
    return { event: { type: 'failed', kind: error.kind, retryAfterMs: error.retryAfterMs }, answer: null };
  }
}

async function finishPurchase(attempt: Committed, { event, answer }: Outcome) {
  const decision = step({ state: 'sending', looks: 0, quantity: attempt.quantity }, event);
  const bought = answer && answer.status !== 'refused' ? answer : null;
  try {
    const row = { ...attempt, orderReference: bought?.orderReference ?? null };
    await carryOut(
      row,
      decision,
      bought
        ? {
            orderReference: bought.orderReference,
            total: bought.total,
            esims: bought.status === 'ready' ? bought.esims : [],
          }
        : {},
    );
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    await carryOut(attempt, { attempt: 'parked', units: { become: 'parked', reason: 'duplicate-iccid' } });
  }
  if (decision.lookAfterMs !== undefined) await wake('purchases.settle', attempt.id, decision.lookAfterMs);
  await wakeDelivery(attempt);
}

/** Asks for delivery of the orders an attempt bought for. */
export async function wakeDelivery(attempt: { id: string; shopId: string }): Promise<void> {
  const units = await db.unit.findMany({
    where: { attemptId: attempt.id, shopId: attempt.shopId, state: 'bought' },
    select: { orderId: true },
    distinct: ['orderId'],
  });
  for (const { orderId } of units) await wake('orders.deliver', orderId);
}
