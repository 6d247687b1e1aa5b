import type { Decimal } from 'decimal.js';
import { postPurchase } from '../balance/purchase.server.ts';
import { saveEsim } from '../esims/save.server.ts';
import { record, type OrderEventKind } from '../orders/events.server.ts';
import { db, isDuplicate, Prisma, type Transaction } from '../platform/db.server.ts';
import { failpoint } from '../platform/failpoint.server.ts';
import type { Cost } from '../platform/money.ts';
import { wake } from '../platform/queue.server.ts';
import { after, currentTime } from '../platform/time.ts';
import type { ProviderEsim } from '../providers/contract.ts';
import { markKeyRefused } from '../settings/suppliers.server.ts';
import type { Candidate } from './evidence.ts';
import { step, type Attempt, type AttemptEvent, type AttemptState, type Step } from './ledger.ts';

export interface AttemptRow {
  id: string;
  shopId: string;
  accountId: string;
  bundleCode: string;
  how: string;
  state: string;
  quantity: number;
  looks: number;
  sentAt: Date;
  emptySince: Date | null;
  balanceBefore: Decimal | null;
  orderReference: string | null;
}

/** What was learnt beside the event. */
export interface Findings {
  orderReference?: string;
  total?: Cost | null;
  sourceIp?: string | null;
  esims?: ProviderEsim[];
  /** Which unit each eSIM is for, where the supplier's tags say so; by its id. */
  esimOfUnit?: ReadonlyMap<string, ProviderEsim>;
  /** Set when the supplier's orders were read: whether nothing that fits was among them. */
  looked?: 'nothing' | 'something';
  /** The supplier's orders that might be the one, for a person to compare. */
  evidence?: Candidate[];
  /** Of the key that was used (settings/suppliers). */
  keyMark?: string;
  /** Who acted, for the timeline. */
  by?: string;
}

/**
 * Applies an event to an attempt and writes what follows, in one transaction: attempt, units, eSIMs, account, timeline.
 * The attempt must still be as it was read; when somebody else decided meanwhile it is read again. Answers the state
 * it has now. A reference or an ICCID that is on record already parks the attempt instead of overwriting anything.
 */
export async function conclude(
  attemptId: string,
  event: AttemptEvent,
  findings: Findings = {},
  mayRebuy = false,
): Promise<AttemptState> {
  return (await concludeFirst(attemptId, event, findings, mayRebuy)).state;
}

/** As `conclude`, and tells whether this call is the one that moved the attempt: of two clicks, one is. */
export async function concludeFirst(
  attemptId: string,
  event: AttemptEvent,
  findings: Findings = {},
  mayRebuy = false,
): Promise<{ state: AttemptState; isFirst: boolean }> {
  for (;;) {
    const row = await db.purchaseAttempt.findUniqueOrThrow({ where: { id: attemptId } });
    const attempt = attemptOf(row, mayRebuy);
    const next = step(attempt, event);
    if (!next) return { state: attempt.state, isFirst: false };
    let written: boolean;
    try {
      written = await db.$transaction((tx) => write(tx, row, next, findings));
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      // Where only an eSIM is somebody else's, the merchant still sees which order it came with, and what it cost.
      const isKnown = event.type === 'duplicate';
      if (isKnown && findings.orderReference === undefined) throw error;
      const rest = isKnown ? {} : { ...findings, esims: [] };
      return { state: await conclude(attemptId, { type: 'duplicate' }, rest), isFirst: false };
    }
    if (!written) continue;
    failpoint('buy.bought-committed');
    await wakeAfter(row, next);
    return { state: next.state, isFirst: true };
  }
}

export function attemptOf(row: AttemptRow, mayRebuy = false): Attempt {
  const { quantity, looks, orderReference } = row;
  // Written by this file only, from the ledger's own states.
  return { state: row.state as AttemptState, quantity, looks, orderReference, mayRebuy };
}

async function write(tx: Transaction, row: AttemptRow, { state, effects }: Step, findings: Findings) {
  const isOpen = state === 'in-doubt' || state === 'preparing';
  const { looked, total, evidence } = findings;
  const claims = row.orderReference === null && findings.orderReference !== undefined;
  const { count } = await tx.purchaseAttempt.updateMany({
    where: { id: row.id, shopId: row.shopId, state: row.state, looks: row.looks },
    data: {
      state,
      ...(looked && { looks: { increment: 1 } }),
      ...(looked === 'nothing' && row.emptySince === null && { emptySince: currentTime() }),
      ...(claims && { orderReference: findings.orderReference }),
      ...(findings.sourceIp != null && { sourceIp: findings.sourceIp }),
      ...(total && { total: total.amount.toString(), currency: total.currency }),
      ...(evidence && { evidence: evidence as unknown as Prisma.InputJsonValue }), // plain values only
      reason: 'reason' in effects.units ? effects.units.reason : null,
      nextLookAt: isOpen ? after(effects.lookAfterMs ?? 0) : null,
      settledAt: isOpen ? null : currentTime(),
    },
  });
  if (count === 0) return false;
  await moveUnits(
    tx,
    { ...row, orderReference: row.orderReference ?? findings.orderReference ?? null },
    state,
    {
      effects,
      findings,
    },
  );
  if (effects.refuseKey) {
    const { shopId, accountId } = row;
    await markKeyRefused({ shopId, accountId, keyMark: findings.keyMark }, tx);
  }
  if (effects.pauseMs !== undefined) {
    const waitUntil = after(effects.pauseMs);
    await tx.buyingPace.update({ where: { accountId: row.accountId }, data: { waitUntil } });
  }
  const reference = row.orderReference ?? findings.orderReference;
  if (total && reference !== undefined && row.how !== 'stock')
    await bookPurchase(tx, row, { reference, total, by: findings.by });
  // What the purchase took is known before the supplier is asked for the balance again.
  if (claims && total && row.how === 'order') {
    await tx.supplierAccount.updateMany({
      where: { id: row.accountId, shopId: row.shopId, currency: total.currency },
      data: { balance: { decrement: total.amount.toString() } },
    });
  }
  return true;
}

async function bookPurchase(
  tx: Transaction,
  { id: attemptId, shopId, accountId, bundleCode, sentAt }: AttemptRow,
  { reference, total, by }: { reference: string; total: Cost; by: string | undefined },
) {
  // All units of an attempt are of one order.
  const unit = await tx.unit.findFirst({ where: { attemptId, shopId }, select: { orderId: true } });
  await postPurchase(
    {
      ...{ shopId, accountId, attemptId, bundleCode, reference, total, by },
      ...{ orderId: unit?.orderId ?? null, at: sentAt },
    },
    tx,
  );
}

async function moveUnits(
  tx: Transaction,
  row: AttemptRow,
  state: AttemptState,
  { effects, findings }: { effects: Step['effects']; findings: Findings },
) {
  const { shopId } = row;
  const units = await tx.unit.findMany({
    where: { attemptId: row.id, shopId, state: { in: ['buying', 'preparing', 'parked'] }, esim: null },
    include: { order: { select: { currency: true, test: true } } },
    orderBy: [
      { goneAt: { sort: 'asc', nulls: 'first' } },
      { createdAt: 'asc' },
      { unitIndex: 'asc' },
      { id: 'asc' },
    ],
  });
  const now = currentTime();
  const bundle = await tx.bundle.findFirst({
    where: { shopId, accountId: row.accountId, code: row.bundleCode },
    select: { destination: true },
  });
  for (const [position, unit] of units.entries()) {
    // Fewer eSIMs than ordered: those that exist are delivered, and only the rest is parked.
    const given = findings.esimOfUnit?.get(unit.id) ?? findings.esims?.[position];
    const esim = state === 'bought' || state === 'parked' ? given : undefined;
    if (esim) await saveEsim(tx, { unit, attempt: row, esim });
    const fate = fateOf(unit, esim !== undefined, effects.units);
    await tx.unit.update({
      where: { id: unit.id, shopId },
      data: {
        ...fate,
        since: now,
        ...(effects.rebuys && { rebuys: { increment: 1 } }),
        ...(effects.approves && { approvedAt: now }),
        ...(isReleased(fate.state, state) && { attemptId: null }),
        // A sale, at the instant at which the ledger books what it cost.
        ...(fate.state === 'bought' &&
          !unit.order.test && {
            ...{ soldAt: unit.soldAt ?? row.sentAt, soldCurrency: unit.order.currency },
            soldDestination: bundle?.destination ?? '',
          }),
      },
    });
    const kind = esim ? 'unit.bought' : eventOf(row.state, state, fate.state);
    if (kind) {
      const detail = {
        bundle: row.bundleCode,
        ...(fate.reason !== null && { reason: fate.reason }),
        ...(findings.by !== undefined && { by: findings.by }),
      };
      await record([{ shopId, orderId: unit.orderId, unitId: unit.id, kind, detail }], tx);
    }
  }
}

/** What the attempt's outcome makes of one unit. A piece that left the order meanwhile is neither bought nor sent. */
function fateOf(
  { goneAt }: { goneAt: Date | null },
  hasEsim: boolean,
  fate: Step['effects']['units'],
): { state: string; reason: string | null; holdUntil: Date | null } {
  if (hasEsim) {
    return goneAt
      ? { state: 'parked', reason: 'gone', holdUntil: currentTime() }
      : { state: 'bought', reason: null, holdUntil: null };
  }
  const nothingBought = fate.become === 'paid' || fate.become === 'held';
  if (goneAt && nothingBought) return { state: 'cancelled', reason: null, holdUntil: null };
  const reason = 'reason' in fate ? fate.reason : null;
  const until = fate.become === 'held' && fate.forMs !== null ? after(fate.forMs) : null;
  return { state: fate.become, reason, holdUntil: until };
}

/** A unit that may be bought again leaves the attempt; one that a person closed stays with its evidence. */
function isReleased(unit: string, attempt: AttemptState): boolean {
  return unit === 'paid' || unit === 'held' || (unit === 'cancelled' && attempt !== 'closed');
}

/** What the timeline says of a unit that got no eSIM in this step; null when nothing changed for a reader. */
function eventOf(before: string, now: AttemptState, unit: string): OrderEventKind | null {
  if (now === before) return null;
  switch (now) {
    case 'in-doubt':
      return 'purchase.doubted';
    case 'preparing':
      return before === 'in-doubt' ? 'purchase.adopted' : before === 'parked' ? 'purchase.found' : null;
    case 'refused':
      return before === 'parked' || before === 'in-doubt' ? 'purchase.rebought' : 'purchase.refused';
    case 'parked':
      return 'purchase.parked';
    case 'closed':
      return unit === 'paid' ? 'purchase.rebought' : 'unit.closed';
    case 'sending':
    case 'bought':
      return null;
    default:
      return now satisfies never;
  }
}

/** The queue is told after the commit; what is lost here the sweeper finds. */
async function wakeAfter({ id, shopId, accountId }: AttemptRow, { state, effects }: Step) {
  if (effects.lookAfterMs !== undefined) await wake('purchases.settle', id, effects.lookAfterMs);
  const units = await db.unit.findMany({
    where: { attemptId: id, shopId, state: 'bought' },
    select: { orderId: true },
    distinct: ['orderId'],
  });
  for (const { orderId } of units) await wake('orders.deliver', orderId);
  // A bundle waits while one of its attempts is in doubt, and what was refused may be due again.
  if (state !== 'in-doubt') await wake('purchases.buy', accountId);
  failpoint('buy.woken');
}
