import { randomUUID } from 'node:crypto';
import { openEsim } from '../esims/save.server.ts';
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
import { transact } from '../platform/transaction.server.ts';
import { ProviderError } from '../providers/contract.ts';
import { readBalance, sellerFor, type Seller } from '../settings/suppliers.server.ts';
import { nextAsked, type AskedTopUp } from './asked.server.ts';
import { healthOf } from './breaker.ts';
import { isDown, noteHealth } from './breaker.server.ts';
import { conclude, type Findings } from './carry-out.server.ts';
import { maySend, whatCameOf, type Departure } from './departure.ts';
import { buyingLease, isAnyRecovering, nextUnits, type DueUnit } from './due.server.ts';
import type { How } from './evidence.ts';
import { holdAll, isHeldByGuard, refreshIfStale } from './hold.server.ts';
import type { AttemptEvent } from './ledger.ts';
import { passAllOn } from './pass-on.server.ts';
import { moveToStock, prefersStock, stockIn } from './stock-first.server.ts';

/** Where a supplier wants no rest between two orders: after so many, whoever waits to buy has their turn first. */
const MOST_IN_A_TURN = 10;

/**
 * The job of an account: buys what is due, one order at the supplier after the other, while this process holds the
 * account's lease. When another process does, it comes back in a moment: that one may have looked already.
 */
export async function buyForAccount(accountId: string): Promise<void> {
  const outcome = await withLease(buyingLease(accountId), async (lease) => {
    for (let bought = 0; bought < MOST_IN_A_TURN; bought++)
      if ((await buyNext(lease, accountId)) === 'rest') return 'rest';
    return 'go-on';
  });
  if (outcome === 'go-on') await wake('purchases.buy', accountId);
  if (outcome === 'taken') await wake('purchases.buy', accountId, 2 * SECOND);
}

/** One purchase. `rest`: nothing (more) can be bought now. */
async function buyNext(lease: Lease, accountId: string): Promise<'go-on' | 'rest'> {
  const { shopId, state, sells } = await db.supplierAccount.findUniqueOrThrow({ where: { id: accountId } });
  if (!sells) return 'rest';
  if (state !== 'active') {
    await holdAll({ shopId, accountId }, state === 'disconnected' ? 'no-supplier' : 'key-refused');
    return 'rest';
  }
  if (await isDown(accountId)) {
    await passAllOn({ shopId, accountId }, 'supplier-down');
    return 'rest';
  }
  const departure: Departure = { at: null, wasStopped: false };
  const mayStillSend = () => maySend(departure, lease.isSurelyHeld(), currentTime());
  const supplier = await sellerFor({ shopId, accountId }, { mayStillSend });
  const waitMs = await pause(supplier);
  if (waitMs === 'stopped') return 'rest';
  if (waitMs > 0) {
    // Waiting here would keep a worker from the other shops.
    await wake('purchases.buy', accountId, waitMs);
    return 'rest';
  }
  const asked = await nextAsked(accountId);
  const due = asked ? [] : await nextUnits(accountId, supplier.limits.maxPerOrder);
  if (due.length > 0 && (await moveToStock(supplier, due))) return 'go-on';
  const way = asked ? askedWay(asked) : await chooseHow(supplier, due);
  if (!way) {
    await refreshIfStale(supplier);
    return 'rest';
  }
  // What the account owns costs nothing any more, and who asked for a top-up saw what it costs.
  if (way.how !== 'stock' && !way.asked && (await isHeldByGuard(supplier, way.units))) return 'go-on';

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
  const outcome = whatCameOf(departure, event);
  if (outcome.type === 'not-sent' && departure.wasStopped) {
    // Others may look for it already: that nothing left is known only here.
    await conclude(attempt.attemptId, outcome);
    return 'rest';
  }
  failpoint('buy.answer-read');
  // The rest between two orders counts from when this one left, not from when it was written down.
  if (departure.at)
    await db.buyingPace.update({ where: { accountId }, data: { lastPurchaseAt: departure.at } });
  await conclude(attempt.attemptId, outcome, { ...findings, keyMark: supplier.keyMark });
  const health = healthOf(outcome);
  if (health) await noteHealth(supplier, health);
  return departure.wasStopped ? 'rest' : 'go-on';
}

/** How long the supplier wants to be left alone, in ms: what it asked for, or the rest between two orders. */
async function pause({ shopId, accountId, limits }: Seller): Promise<number | 'stopped'> {
  const { lastPurchaseAt, waitUntil, auditSince } =
    (await db.buyingPace.findUnique({ where: { accountId } })) ?? (await firstPace(accountId));
  // Asked under the lease: one taken in the database before it was exchanged is not held in this one.
  if (auditSince || (await isAnotherDatabase())) return 'stopped';
  // What is due here may have been passed on to another account, and bought there, by what this database has forgotten.
  if (await isAnyRecovering(shopId)) return 'stopped';
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
  how: How;
  bundleCode: string;
  units: DueUnit[];
  /** Of a top-up. */
  esimId: string | null;
  /** The attempt that was written down when a person asked for it. */
  asked: string | null;
}

interface Committed {
  attemptId: string;
  accountId: string;
  how: How;
  bundleCode: string;
  quantity: number;
  unitIds: string[];
  esimId: string | null;
  /** ISO 8601. */
  sentAt: string;
}

/** The attempt on disk, its units marked, the lease proved: all before the first byte leaves. */
async function commitSending(
  lease: Lease,
  supplier: Seller,
  { how, bundleCode, units, esimId, asked }: Way,
): Promise<Committed | 'lost-lease' | 'units-moved'> {
  const { accountId, shopId } = supplier;
  const attempt = { accountId, how, bundleCode, quantity: asked ? 1 : units.length, esimId };
  const attemptId = asked ?? randomUUID();
  const unitIds = units.map(({ id }) => id);
  const balanceBefore = supplier.rebuyAfterProof ? await readBalance(supplier.provider) : null;
  class Moved extends Error {}
  try {
    return await transact(async (tx) => {
      if (!(await holdLease(lease, tx))) return 'lost-lease';
      const sentAt = await readTime(tx);
      await tx.buyingPace.update({ where: { accountId }, data: { lastPurchaseAt: sentAt } });
      const sending = {
        ...{ state: 'sending', sentAt, fence: lease.fence },
        balanceBefore: balanceBefore?.amount.toString() ?? null,
      };
      if (asked) {
        const { count } = await tx.purchaseAttempt.updateMany({
          where: { id: asked, shopId, state: 'asked' },
          data: { ...sending, nextLookAt: null },
        });
        // Whoever asked has waited too long meanwhile, and was told so.
        if (count === 0) throw new Moved();
      } else await tx.purchaseAttempt.create({ data: { id: attemptId, ...attempt, shopId, ...sending } });
      const { count } = await tx.unit.updateMany({
        where: {
          id: { in: unitIds },
          shopId,
          // Since it was counted it may have been passed on to another account, or given another bundle or eSIM by a person.
          ...{ accountId, bundleId: { in: units.map(({ bundleId }) => bundleId) } },
          ...(how === 'top-up' && { topUpEsimId: esimId }),
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
          detail: { bundle: unit.bundleCode, supplier: supplier.label, how, attempt: attemptId },
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

/** What a person asked for; nobody's units. */
function askedWay({ id, bundleCode, esimId }: AskedTopUp): Way {
  return { how: 'top-up', bundleCode, esimId, asked: id, units: [] };
}

/** From the stock the account owns, where the merchant wants that and there is some; else a new order. A top-up names its eSIM. Null: nothing. */
async function chooseHow(supplier: Seller, units: DueUnit[]): Promise<Way | null> {
  const { provider, shopId, accountId, stockFirst } = supplier;
  const [first] = units;
  if (!first) return null;
  const { bundleCode } = first;
  if (first.kind === 'top-up')
    return { how: 'top-up', bundleCode, units, esimId: first.topUpEsimId, asked: null };
  const order: Way = { how: 'order', bundleCode, units, esimId: null, asked: null };
  if (!provider.listStock || !provider.applyFromStock) return order;
  if (!stockFirst && !(await prefersStock(shopId, first))) return order;
  // What the supplier lists and does not give is no stock: the order of the buyer does not wait for it.
  const refused = await db.purchaseAttempt.count({
    where: {
      ...{ shopId, accountId, bundleCode, how: 'stock', state: 'refused' },
      settledAt: { gt: after(-HOUR) },
    },
  });
  if (refused > 0) return order;
  const owned = await stockIn(supplier, bundleCode);
  return owned > 0 ? { ...order, how: 'stock', units: units.slice(0, owned) } : order;
}

async function send(
  supplier: Seller,
  { attemptId, accountId, how, bundleCode, quantity, esimId }: Committed,
): Promise<{ event: AttemptEvent; findings: Findings }> {
  const iccid = esimId === null ? null : await iccidOf(supplier, esimId);
  try {
    const answer = await ask(supplier, { how, bundle: bundleCode, quantity, iccid });
    if (answer.status === 'refused') {
      // Nothing was taken from stock: it is bought anew.
      const event: AttemptEvent =
        how === 'stock' ? { type: 'not-sent' } : { type: 'refused', reason: answer.reason };
      return { event, findings: {} };
    }
    const { orderReference, total, sourceIp, runningBalance = null } = answer;
    const listed = answer.status === 'ready' ? answer.esims : [];
    const esims = listed.filter((esim) => (iccid === null ? isUsable(esim) : esim.iccid === iccid));
    // Fewer than ordered, or one whose code cannot be right: the order is read again before anything is concluded.
    const status = answer.status === 'ready' && esims.length === quantity ? 'ready' : 'preparing';
    return {
      event: { type: 'answered', status, orderReference },
      // The eSIM of a top-up is here already.
      findings: {
        ...{ orderReference, total, sourceIp, runningBalance },
        esims: status === 'ready' && iccid === null ? esims : [],
      },
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

interface Wanted {
  how: How;
  bundle: string;
  quantity: number;
  iccid: string | null;
}

function ask({ provider, title }: Seller, { how, bundle, quantity, iccid }: Wanted) {
  switch (how) {
    case 'order':
      return provider.placeOrder({ bundle, quantity });
    case 'stock':
      // What was decided to cost nothing is never bought instead.
      if (provider.applyFromStock) return provider.applyFromStock({ bundle, quantity });
      throw new ProviderError('rejected', `${title} gives nothing from stock`);
    case 'top-up':
      if (iccid !== null && provider.topUp) return provider.topUp({ iccid, bundle });
      throw new ProviderError('rejected', `${title} tops up no eSIM`);
    default:
      return how satisfies never;
  }
}

async function iccidOf({ shopId }: Seller, esimId: string): Promise<string> {
  return openEsim(await db.esim.findFirstOrThrow({ where: { id: esimId, shopId } })).iccid;
}
