import type { Decimal } from 'decimal.js';
import { postPurchase } from '../balance/purchase.server.ts';
import { recordEsim } from '../esims/events.server.ts';
import { saveEsim } from '../esims/save.server.ts';
import { record, type OrderEventKind } from '../orders/events.server.ts';
import { db, isDuplicate, Prisma, type Transaction } from '../platform/db.server.ts';
import { failpoint } from '../platform/failpoint.server.ts';
import type { Cost } from '../platform/money.ts';
import { wake } from '../platform/queue.server.ts';
import { after, currentTime } from '../platform/time.ts';
import { transact } from '../platform/transaction.server.ts';
import type { ProviderEsim } from '../providers/contract.ts';
import { markKeyRefused } from '../settings/suppliers.server.ts';
import { askedRow } from './asked.server.ts';
import type { Candidate } from './evidence.ts';
import { readLog, withLook, type Found, type Looked } from './look-log.ts';
import type { Plan } from './pass-on.ts';
import { passOn, plansOf } from './pass-on.server.ts';
import { step, type Attempt, type AttemptEvent, type AttemptState, type Step } from './ledger.ts';
import { takeFromBalance } from './take-from-balance.server.ts';

export interface AttemptRow {
  id: string;
  shopId: string;
  accountId: string;
  bundleCode: string;
  how: string;
  state: string;
  quantity: number;
  looks: number;
  lookLog: unknown;
  sentAt: Date;
  emptySince: Date | null;
  balanceBefore: Decimal | null;
  orderReference: string | null;
  /** The eSIM a top-up is for. */
  esimId: string | null;
  /** The member of staff, of a top-up that no order paid. */
  askedBy: string | null;
}

/** What was learnt beside the event. */
export interface Findings {
  orderReference?: string;
  total?: Cost | null;
  runningBalance?: Cost | null;
  sourceIp?: string | null;
  esims?: ProviderEsim[];
  /** Which unit each eSIM is for, where the supplier's tags say so; by its id. */
  esimOfUnit?: ReadonlyMap<string, ProviderEsim>;
  /** Set when the supplier's orders were read: whether nothing that fits was among them. */
  looked?: 'nothing' | 'something';
  /** What a look found, whoever looked. */
  found?: Found;
  /** The supplier's orders that might be the one, for a person to compare. */
  evidence?: Candidate[];
  /** Of the key that was used (settings/suppliers). */
  keyMark?: string;
  /** Who acted, for the timeline. */
  by?: string;
  /** The bundle that a person gives instead to what is bought again. */
  instead?: { bundleId: string; accountId: string; code: string };
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
    const plans = next.effects.passesOn === undefined ? none : await plansOfAttempt(row);
    let written: Set<string> | null;
    try {
      written = await transact((tx) => write(tx, row, next, { findings, plans }));
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
    for (const accountId of written) if (accountId !== row.accountId) await wake('purchases.buy', accountId);
    return { state: next.state, isFirst: true };
  }
}

const none: ReadonlyMap<string, Plan> = new Map();

/** How its units may be bought otherwise. Read before the transaction that passes them on. */
async function plansOfAttempt({ id: attemptId, shopId }: AttemptRow): Promise<ReadonlyMap<string, Plan>> {
  return plansOf(shopId, await db.unit.findMany({ where: { attemptId, shopId } }));
}

export function attemptOf(row: AttemptRow, mayRebuy = false): Attempt {
  const { quantity, looks, orderReference } = row;
  // Written by this file only, from the ledger's own states.
  return { state: row.state as AttemptState, quantity, looks, orderReference, mayRebuy };
}

// Plain values only.
const asJson = (rows: Candidate[] | Looked[]) => rows as unknown as Prisma.InputJsonValue;

/** Null when somebody else moved the attempt meanwhile; else the accounts that buy units of it now. */
async function write(
  tx: Transaction,
  row: AttemptRow,
  { state, effects }: Step,
  { findings, plans }: { findings: Findings; plans: ReadonlyMap<string, Plan> },
): Promise<Set<string> | null> {
  const isOpen = state === 'in-doubt' || state === 'preparing';
  const { looked, found, total, evidence } = findings;
  const claims = row.orderReference === null && findings.orderReference !== undefined;
  const { count } = await tx.purchaseAttempt.updateMany({
    where: { id: row.id, shopId: row.shopId, state: row.state, looks: row.looks },
    data: {
      state,
      ...(looked && { looks: { increment: 1 } }),
      ...(found && { lookLog: asJson(withLook(readLog(row.lookLog), found, currentTime())) }),
      ...(looked === 'nothing' && row.emptySince === null && { emptySince: currentTime() }),
      ...(claims && { orderReference: findings.orderReference }),
      ...(findings.sourceIp != null && { sourceIp: findings.sourceIp }),
      ...(total && { total: total.amount.toString(), currency: total.currency }),
      ...(evidence && { evidence: asJson(evidence) }),
      reason: 'reason' in effects.units ? effects.units.reason : null,
      nextLookAt: isOpen ? after(effects.lookAfterMs ?? 0) : null,
      settledAt: isOpen ? null : currentTime(),
    },
  });
  if (count === 0) return null;
  const passedTo = await moveUnits(
    tx,
    { ...row, orderReference: row.orderReference ?? findings.orderReference ?? null },
    state,
    { effects, findings, plans },
  );
  if (state === 'bought' && row.esimId !== null) await markToppedUp(tx, row, row.esimId);
  if (row.askedBy !== null && row.esimId !== null && row.state !== state)
    await tellOfAsked(tx, row, { state, effects }, findings.by ?? row.askedBy);
  if (row.askedBy !== null && effects.approves) await askAgain(tx, row, findings.by ?? row.askedBy);
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
  if (claims && total && row.how !== 'stock')
    await takeFromBalance(row, { total, told: findings.runningBalance ?? null }, tx);
  return passedTo;
}

async function bookPurchase(
  tx: Transaction,
  { id: attemptId, shopId, accountId, bundleCode, sentAt, esimId, askedBy }: AttemptRow,
  { reference, total, by }: { reference: string; total: Cost; by: string | undefined },
) {
  // All units of an attempt are of one order.
  const unit = await tx.unit.findFirst({ where: { attemptId, shopId }, select: { orderId: true } });
  // What staff gave a traveller is a cost of the order they bought with.
  const esim = esimId === null ? null : await tx.esim.findUnique({ where: { id: esimId, shopId } });
  await postPurchase(
    {
      ...{ shopId, accountId, attemptId, bundleCode, reference, total, esimId, at: sentAt },
      ...{ orderId: unit?.orderId ?? esim?.orderId ?? null, by: by ?? askedBy ?? undefined },
    },
    tx,
  );
}

/** The eSIM has a bundle more, which its next reading shows. */
async function markToppedUp(tx: Transaction, { shopId, bundleCode, askedBy }: AttemptRow, esimId: string) {
  await tx.esim.update({ where: { id: esimId, shopId }, data: { nextLookAt: currentTime() } });
  const event = { shopId, esimId, by: askedBy, detail: { bundle: bundleCode } };
  await recordEsim([{ ...event, kind: 'esim.topped-up' }], tx);
  const { orderId, unitId } = await tx.esim.findUniqueOrThrow({ where: { id: esimId, shopId } });
  if (askedBy === null || orderId === null) return; // a paid one stands on the timeline of its own order
  const detail = { bundle: bundleCode, by: askedBy };
  await record([{ shopId, orderId, unitId, kind: 'unit.topped-up', detail }], tx);
}

/** No order's timeline tells of a top-up that a person asked for: that of its eSIM does. */
async function tellOfAsked(
  tx: Transaction,
  { shopId, esimId, bundleCode }: AttemptRow,
  { state, effects }: Step,
  by: string,
) {
  if (esimId === null || effects.approves) return;
  const kinds = { refused: 'top-up.refused', closed: 'top-up.closed' } as const;
  const kind = state === 'refused' || state === 'closed' ? kinds[state] : null;
  const reason = 'reason' in effects.units ? effects.units.reason : null;
  if (kind) await recordEsim([{ shopId, esimId, kind, by, detail: { bundle: bundleCode, reason } }], tx);
}

/** A top-up that no order paid has no piece that would be due again: the person's decision asks anew. */
async function askAgain(tx: Transaction, { shopId, accountId, bundleCode, esimId }: AttemptRow, by: string) {
  if (esimId === null) throw new Error('only a top-up is asked for by a person');
  await tx.purchaseAttempt.create({ data: askedRow({ shopId, accountId, bundleCode, esimId, askedBy: by }) });
}

async function moveUnits(
  tx: Transaction,
  row: AttemptRow,
  state: AttemptState,
  {
    effects,
    findings,
    plans,
  }: { effects: Step['effects']; findings: Findings; plans: ReadonlyMap<string, Plan> },
): Promise<Set<string>> {
  const { shopId } = row;
  const passedTo = new Set<string>();
  // A piece may be leaving its order just now (orders/intake.server.ts): whether it has is read when that is over.
  await tx.$queryRaw`
    SELECT id FROM "Unit" WHERE "shopId" = ${shopId} AND "attemptId" = ${row.id} ORDER BY id FOR NO KEY UPDATE`;
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
    // A top-up is whole without an eSIM of its own.
    const isServed = esim !== undefined || (unit.kind === 'top-up' && state === 'bought');
    if (effects.passesOn !== undefined && unit.goneAt === null) {
      const account = await passOn(tx, unit, { plan: plans.get(unit.id), why: effects.passesOn });
      if (account !== null) {
        passedTo.add(account);
        continue;
      }
    }
    const fate = fateOf(unit, isServed, effects.units);
    const instead = fate.state === 'paid' ? findings.instead : undefined;
    if (instead) passedTo.add(instead.accountId);
    await tx.unit.update({
      where: { id: unit.id, shopId },
      data: {
        ...fate,
        since: now,
        ...(effects.rebuys && { rebuys: { increment: 1 } }),
        ...(effects.approves && { approvedAt: now }),
        ...(instead && {
          ...{ bundleId: instead.bundleId, accountId: instead.accountId, passedOver: [] },
          ...(unit.kind !== 'top-up' && { topUpEsimId: null }),
        }),
        ...(isReleased(fate.state, state) && { attemptId: null }),
        // A sale, at the instant at which the ledger books what it cost.
        ...(fate.state === 'bought' &&
          !unit.order.test && {
            ...{ soldAt: unit.soldAt ?? row.sentAt, soldCurrency: unit.order.currency },
            soldDestination: bundle?.destination ?? '',
          }),
      },
    });
    const kind = esim
      ? 'unit.bought'
      : isServed
        ? 'unit.topped-up'
        : instead
          ? 'unit.relinked'
          : eventOf(row.state, state, fate.state);
    if (kind) {
      const detail = {
        bundle: instead?.code ?? row.bundleCode,
        ...(fate.reason !== null && { reason: fate.reason }),
        ...(findings.by !== undefined && { by: findings.by }),
      };
      await record([{ shopId, orderId: unit.orderId, unitId: unit.id, kind, detail }], tx);
    }
  }
  return passedTo;
}

/** What the attempt's outcome makes of one unit. A piece that left the order meanwhile is neither bought nor sent. */
function fateOf(
  { goneAt, kind }: { goneAt: Date | null; kind: string },
  isServed: boolean,
  fate: Step['effects']['units'],
): { state: string; reason: string | null; holdUntil: Date | null } {
  if (isServed) {
    // What tops up an eSIM in somebody's hands is not taken from it by itself.
    return goneAt
      ? { state: 'parked', reason: 'gone', holdUntil: kind === 'top-up' ? null : currentTime() }
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
    case 'asked':
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
