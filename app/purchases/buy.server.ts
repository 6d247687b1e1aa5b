import { randomUUID } from 'node:crypto';
import { isUsable } from '../esims/usable.ts';
import { record } from '../orders/events.server.ts';
import { readTime } from '../platform/clock.server.ts';
import { forgottenSince, isAnotherDatabase } from '../platform/database-mark.server.ts';
import { db } from '../platform/db.server.ts';
import { failpoint } from '../platform/failpoint.server.ts';
import { noteIntent } from '../platform/intent-journal.server.ts';
import { holdLease, withLease, type Lease } from '../platform/lease.server.ts';
import { log } from '../platform/log.server.ts';
import { wake } from '../platform/queue.server.ts';
import { after, currentTime, HOUR, msSince, SECOND } from '../platform/time.ts';
import { ProviderError } from '../providers/contract.ts';
import { readBalance, supplierFor, type Supplier } from '../settings/suppliers.server.ts';
import { conclude, type Findings } from './carry-out.server.ts';
import { buyingLease, nextUnits, type DueUnit } from './due.server.ts';
import { holdAll, isHeldByGuard, refreshIfStale } from './hold.server.ts';
import type { AttemptEvent } from './ledger.ts';

/**
 * The job of an account: buys what is due, one order at the supplier after the other, while this process holds the
 * account's lease. When another process does, it comes back in a moment: that one may have looked already.
 */
export async function buyForAccount(accountId: string): Promise<void> {
  const outcome = await withLease(buyingLease(accountId), async (lease) => {
    while ((await buyNext(lease, accountId)) === 'go-on');
  });
  if (outcome === 'taken') await wake('purchases.buy', accountId, 2 * SECOND);
}

/** One purchase. `rest`: nothing (more) can be bought now. */
async function buyNext(lease: Lease, accountId: string): Promise<'go-on' | 'rest'> {
  const { shopId, state } = await db.supplierAccount.findUniqueOrThrow({ where: { id: accountId } });
  if (state !== 'active') {
    await holdAll({ shopId, accountId }, state === 'disconnected' ? 'no-supplier' : 'key-refused');
    return 'rest';
  }
  const departure: { at: Date | null; wasStopped: boolean } = { at: null, wasStopped: false };
  const mayStillSend = () => {
    departure.wasStopped = !lease.isSurelyHeld();
    if (!departure.wasStopped) departure.at = currentTime();
    return !departure.wasStopped;
  };
  const supplier = await supplierFor({ shopId, accountId }, { mayStillSend });
  const waitMs = await pause(supplier);
  if (waitMs === 'stopped') return 'rest';
  if (waitMs > 0) {
    // Waiting here would keep a worker from the other shops.
    await wake('purchases.buy', accountId, waitMs);
    return 'rest';
  }
  const due = await nextUnits(accountId, supplier.limits.maxPerOrder);
  if (due.length === 0) {
    await refreshIfStale(supplier);
    return 'rest';
  }
  const way = await chooseHow(supplier, due);
  // What the account owns costs nothing any more.
  if (way.how === 'order' && (await isHeldByGuard(supplier, way.units))) return 'go-on';

  failpoint('buy.before-sending');
  const attempt = await commitSending(lease, supplier, way);
  if (attempt === 'lost-lease') return 'rest';
  if (attempt === 'units-moved') return 'go-on';
  failpoint('buy.sending-committed');
  try {
    noteIntent({ ...attempt, shopId });
  } catch (error) {
    // The disk takes nothing any more, and nothing has left: it may be bought when it does.
    await conclude(attempt.attemptId, { type: 'not-sent' });
    throw error;
  }
  const { event, findings } = await send(supplier, attempt);
  if (departure.wasStopped) {
    // Others may look for it already: that nothing left is known only here.
    await conclude(attempt.attemptId, { type: 'not-sent' });
    return 'rest';
  }
  failpoint('buy.answer-read');
  // The rest between two orders counts from when this one left, not from when it was written down.
  if (departure.at)
    await db.buyingPace.update({ where: { accountId }, data: { lastPurchaseAt: departure.at } });
  await conclude(attempt.attemptId, event, { ...findings, keyMark: supplier.keyMark });
  return 'go-on';
}

/** How long the supplier wants to be left alone, in ms: what it asked for, or the rest between two orders. */
async function pause({ accountId, limits }: Supplier): Promise<number | 'stopped'> {
  const { lastPurchaseAt, waitUntil, auditSince } =
    (await db.buyingPace.findUnique({ where: { accountId } })) ?? (await firstPace(accountId));
  // Asked under the lease: one taken in the database before it was exchanged is not held in this one.
  if (auditSince || (await isAnotherDatabase())) return 'stopped';
  let rest = lastPurchaseAt ? limits.minMsBetweenOrders - msSince(lastPurchaseAt) : 0;
  if (rest > limits.minMsBetweenOrders) {
    // The clock was set back: when the last one was is not known any more, and may be just now.
    await db.buyingPace.update({ where: { accountId }, data: { lastPurchaseAt: currentTime() } });
    rest = limits.minMsBetweenOrders;
  }
  return Math.max(0, waitUntil ? -msSince(waitUntil) : 0, rest);
}

/** An account that is connected after a restore may have bought before it, under an id that nobody remembers. */
async function firstPace(accountId: string) {
  const auditSince = await forgottenSince();
  const pace = { accountId, auditSince, auditUntil: auditSince && currentTime() };
  return db.buyingPace.upsert({ where: { accountId }, create: pace, update: {} });
}

interface Way {
  how: 'order' | 'stock';
  units: DueUnit[];
}

interface Committed {
  attemptId: string;
  accountId: string;
  how: 'order' | 'stock';
  bundleCode: string;
  quantity: number;
  unitIds: string[];
  /** ISO 8601. */
  sentAt: string;
}

/** The attempt on disk, its units marked, the lease proved: all before the first byte leaves. */
async function commitSending(
  lease: Lease,
  supplier: Supplier,
  { how, units }: Way,
): Promise<Committed | 'lost-lease' | 'units-moved'> {
  const { accountId, shopId } = supplier;
  const [first] = units;
  if (!first) return 'units-moved';
  const attempt = { accountId, how, bundleCode: first.bundleCode, quantity: units.length };
  const attemptId = randomUUID();
  const unitIds = units.map(({ id }) => id);
  const balanceBefore = supplier.rebuyAfterProof ? await readBalance(supplier.provider) : null;
  class Moved extends Error {}
  try {
    return await db.$transaction(async (tx) => {
      if (!(await holdLease(lease, tx))) return 'lost-lease';
      const sentAt = await readTime(tx);
      await tx.buyingPace.update({ where: { accountId }, data: { lastPurchaseAt: sentAt } });
      await tx.purchaseAttempt.create({
        data: {
          ...{ id: attemptId, ...attempt },
          ...{ shopId, state: 'sending', sentAt, fence: lease.fence },
          balanceBefore: balanceBefore?.amount.toString() ?? null,
        },
      });
      const { count } = await tx.unit.updateMany({
        where: {
          id: { in: unitIds },
          shopId,
          state: { in: ['paid', 'held'] },
          goneAt: null,
        },
        data: { state: 'buying', reason: null, holdUntil: null, since: sentAt, attemptId },
      });
      // A cancellation took a unit meanwhile: what is bought must be counted again.
      if (count !== units.length) throw new Moved();
      await record(
        units.map((unit) => ({
          shopId,
          orderId: unit.orderId,
          unitId: unit.id,
          kind: 'purchase.sent',
          detail: { bundle: unit.bundleCode, supplier: supplier.title, how },
        })),
        tx,
      );
      return { attemptId, ...attempt, unitIds, sentAt: sentAt.toISOString() };
    });
  } catch (error) {
    if (error instanceof Moved) return 'units-moved';
    throw error;
  }
}

/** From the stock the account owns, where the merchant wants that and there is some; else a new order. */
async function chooseHow(
  { provider, shopId, accountId, stockFirst }: Supplier,
  units: DueUnit[],
): Promise<Way> {
  const [first] = units;
  if (!stockFirst || !first || !provider.listStock || !provider.applyFromStock)
    return { how: 'order', units };
  // What the supplier lists and does not give is no stock: the order of the buyer does not wait for it.
  const refused = await db.purchaseAttempt.count({
    where: {
      ...{ shopId, accountId, bundleCode: first.bundleCode, how: 'stock', state: 'refused' },
      settledAt: { gt: after(-HOUR) },
    },
  });
  if (refused > 0) return { how: 'order', units };
  const stock = await provider.listStock();
  const owned = stock.find(({ bundle }) => bundle === first.bundleCode)?.remaining ?? 0;
  return owned > 0 ? { how: 'stock', units: units.slice(0, owned) } : { how: 'order', units };
}

async function send(
  { provider }: Supplier,
  { attemptId, accountId, how, bundleCode, quantity }: Committed,
): Promise<{ event: AttemptEvent; findings: Findings }> {
  try {
    const request = { bundle: bundleCode, quantity };
    const answer =
      how === 'stock' && provider.applyFromStock
        ? await provider.applyFromStock(request)
        : await provider.placeOrder(request);
    if (answer.status === 'refused') {
      // Nothing was taken from stock: it is bought anew.
      const event: AttemptEvent =
        how === 'stock' ? { type: 'not-sent' } : { type: 'refused', reason: answer.reason };
      return { event, findings: {} };
    }
    const { orderReference, total, sourceIp } = answer;
    const esims = answer.status === 'ready' ? answer.esims.filter(isUsable) : [];
    // Fewer than ordered, or one whose code cannot be right: the order is read again before anything is concluded.
    const status = answer.status === 'ready' && esims.length === quantity ? 'ready' : 'preparing';
    return {
      event: { type: 'answered', status, orderReference },
      findings: { orderReference, total, sourceIp, esims: status === 'ready' ? esims : [] },
    };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error; // stays in `sending`, and is looked up
    log.warn('purchase.failed', { attemptId, accountId, reason: error.kind }, error);
    return {
      event: { type: 'failed', kind: error.kind, retryAfterMs: error.retryAfterMs },
      findings: {},
    };
  }
}
