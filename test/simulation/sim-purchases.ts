import { Decimal } from 'decimal.js';
import { MINUTE, SECOND } from '../../app/platform/time.ts';
import type { ProviderPurchase } from '../../app/providers/contract.ts';
import { balanceProvesAbsence, CLOCK_PADDING_MS, weigh } from '../../app/purchases/evidence.ts';
import { afterProbe, afterPurchase, healthOf } from '../../app/purchases/breaker.ts';
import {
  QUIET_WINDOW_MS,
  step,
  type AttemptEvent,
  type Effects,
  type Step,
} from '../../app/purchases/ledger.ts';
import type { PassReason } from '../../app/purchases/pass-on.ts';
import {
  accountNamed,
  lacks,
  type AccountName,
  type AccountRow,
  type AttemptRow,
  type UnitRow,
} from './sim-books.ts';
import { wake } from './sim-jobs.ts';
import { endLease, holdsLease, isSurelyHeld, keepLease, takeLease, type Held } from './sim-lease.ts';
import { losesMoney, passOn } from './sim-plan.ts';
import { clock, commit, databaseClock, Fault, note, type Doing, type Machine, type Run } from './sim-run.ts';
import { listPurchases, priceAt, readBalance, readOrder, receiveOrder, type Answer } from './sim-supplier.ts';

const MOST_PER_ORDER = 10;
const BETWEEN_ORDERS_MS = 3200;

/** The job of the account: one order at the supplier after the other, while this process holds its lease. */
export function* buyForAccount(run: Run, machine: Machine, account: AccountRow): Doing {
  const held = yield* commit(run, () => takeLease(run, machine, account));
  if (!held) return;
  keepLease(held);
  try {
    while (yield* buyNext(run, machine, held));
  } finally {
    // A process that dies gives nothing back: its work ends without coming here.
    endLease(run, held);
  }
}

function* buyNext(run: Run, machine: Machine, held: Held): Doing<boolean> {
  const { account } = held;
  yield 2;
  if (account.state !== 'active') {
    yield* commit(run, () => holdForKey(run, machine, account));
    return false;
  }
  if (account.breaker.downSince) {
    yield* commit(run, () => passAllOn(run, machine, account, 'supplier-down'));
    return false;
  }
  const { lastPurchaseAt, waitUntil } = account.pace;
  const waitMs = Math.max(waitUntil, lastPurchaseAt + BETWEEN_ORDERS_MS) - clock(run, machine);
  if (waitMs > 0) {
    wake(run, { job: 'buy', id: account.name }, Math.min(waitMs, 10 * MINUTE));
    return false;
  }
  const units = nextUnits(run, account, clock(run, machine));
  yield 2;
  if (units.length === 0) return false;
  if (!lacks(run, 'loss-guard') && units.some((unit) => losesMoney(run, unit))) {
    yield* commit(run, () => passOnLosing(run, machine, units));
    return true;
  }
  const balance = yield* balanceOrNull(run, account);
  if (
    balance &&
    units.some(({ reason }) => reason === 'funds') &&
    balance.lessThan(costOf(run, account, units))
  ) {
    yield* commit(run, () => waitForFunds(run, machine, account));
    return true;
  }
  const attempt = newAttempt(run, units, held, balance);
  if (!lacks(run, 'sending-before-post')) {
    const committed = yield* commit(run, () => commitSending(run, machine, held, attempt, units));
    if (committed === 'lost-lease') return false;
    if (committed === 'units-moved') return true;
  }
  yield* send(run, machine, held, attempt);
  return true;
}

function* balanceOrNull(run: Run, { name }: AccountRow): Doing<Decimal | null> {
  try {
    return yield* readBalance(run, run.suppliers[name]);
  } catch (error) {
    if (error instanceof Fault) return null;
    throw error;
  }
}

function costOf(run: Run, { name }: AccountRow, units: readonly UnitRow[]): number {
  return units.reduce((sum, { bundle }) => sum + priceAt(run.suppliers[name], bundle), 0);
}

function holdForKey(run: Run, machine: Machine, account: AccountRow) {
  for (const unit of run.books.units) {
    if (unit.state !== 'paid' || unit.account !== account) continue;
    if (passOn(run, machine, unit, 'key-refused')) continue;
    unit.state = 'held';
    unit.reason = 'key-refused';
    unit.holdUntil = clock(run, machine);
  }
}

function waitForFunds(run: Run, machine: Machine, account: AccountRow) {
  for (const unit of run.books.units) {
    if (unit.account !== account || unit.state !== 'held' || unit.reason !== 'funds') continue;
    if (!passOn(run, machine, unit, 'funds')) unit.holdUntil = clock(run, machine) + 5 * MINUTE;
  }
}

function passOnLosing(run: Run, machine: Machine, units: readonly UnitRow[]) {
  for (const unit of units) {
    const isWaiting = unit.state === 'paid' || unit.state === 'held';
    if (!isWaiting || !losesMoney(run, unit) || passOn(run, machine, unit, 'loss')) continue;
    unit.state = 'held';
    unit.reason = 'loss';
    unit.holdUntil = null;
  }
}

function passAllOn(run: Run, machine: Machine, account: AccountRow, why: PassReason) {
  for (const unit of run.books.units)
    if (unit.account === account && unit.state === 'paid') passOn(run, machine, unit, why);
}

/** The job of an account that is down: asks for its balance, and buys with it again when that is answered. */
export function* probeAccount(run: Run, machine: Machine, account: AccountRow): Doing {
  const isMine = yield* commit(run, () => {
    const now = new Date(clock(run, machine));
    if (!account.breaker.probeAt || account.breaker.probeAt > now) return false;
    account.breaker = afterProbe(account.breaker, false, now);
    return true;
  });
  if (!isMine) return;
  const isAnswered = (yield* balanceOrNull(run, account)) !== null || !run.suppliers[account.name].keyWorks;
  yield* commit(run, () => {
    if (!isAnswered) passAllOn(run, machine, account, 'supplier-down');
    else if (account.breaker.downSince)
      account.breaker = afterProbe(account.breaker, true, new Date(clock(run, machine)));
  });
  if (isAnswered) wake(run, { job: 'buy', id: account.name });
}

/** The oldest due unit and its siblings of the same order and bundle. A bundle with an attempt in doubt waits. */
function nextUnits(run: Run, account: AccountRow, now: number): UnitRow[] {
  const { units, attempts } = run.books;
  const busy = new Set<string>();
  for (const { account: buyer, state, bundle } of attempts.values())
    if (buyer === account && (state === 'sending' || state === 'in-doubt')) busy.add(bundle);
  const isDue = ({ account: of, state, holdUntil, order, bundle }: UnitRow) =>
    of === account &&
    (state === 'paid' || (state === 'held' && holdUntil !== null && holdUntil <= now)) &&
    order.cancelledAt === null &&
    !busy.has(bundle);
  const first = units.find(isDue);
  if (!first) return [];
  return first.order.units
    .filter((unit) => unit.bundle === first.bundle && isDue(unit))
    .slice(0, MOST_PER_ORDER);
}

export function isBuyingDue(run: Run, account: AccountRow, now: number): boolean {
  return (
    account.pace.waitUntil <= now &&
    account.breaker.downSince === null &&
    run.books.units.some(
      ({ account: of, state, holdUntil }) =>
        of === account &&
        (state === 'paid' ||
          (account.state === 'active' && state === 'held' && holdUntil !== null && holdUntil <= now)),
    )
  );
}

function newAttempt(
  run: Run,
  units: UnitRow[],
  { account, fence }: Held,
  balanceBefore: Decimal | null,
): AttemptRow {
  const [first] = units;
  if (!first) throw new Error('nothing to buy');
  return {
    id: `a${String(fence)}.${run.random.between(0, 1e9).toString(36)}`,
    account,
    bundle: first.bundle,
    quantity: units.length,
    state: 'sending',
    fence,
    sentAt: new Date(run.now),
    looks: 0,
    orderReference: null,
    total: null,
    sourceIp: null,
    balanceBefore,
    emptySince: null,
    nextLookAt: Infinity,
    settledAt: Infinity,
    reason: null,
    sentFor: units,
    byPerson: false,
    tookForeign: false,
  };
}

/** The attempt on record, its units marked, the lease proved: all before the first byte leaves. */
function commitSending(
  run: Run,
  machine: Machine,
  held: Held,
  attempt: AttemptRow,
  units: readonly UnitRow[],
): 'committed' | 'lost-lease' | 'units-moved' {
  if (!holdsLease(run, held)) return 'lost-lease';
  if (units.some(({ account, state }) => account !== held.account || (state !== 'paid' && state !== 'held')))
    return 'units-moved';
  const { books } = run;
  attempt.sentAt = new Date(databaseClock(run, machine));
  books.attempts.set(attempt.id, attempt);
  held.account.pace.lastPurchaseAt = clock(run, machine);
  for (const unit of units) {
    unit.state = 'buying';
    unit.reason = null;
    unit.holdUntil = null;
    unit.attemptId = attempt.id;
    unit.since = run.now;
    if (unit.goneAt !== null || unit.order.cancelledAt !== null)
      run.violations.push({ kind: 'cancelled', text: `${unit.id} was bought after its piece had gone` });
    // What rose this very moment rose after the look.
    if (losesMoney(run, unit) && run.suppliers[held.account.name].dearerSince < run.now - MINUTE)
      run.violations.push({ kind: 'loss', text: `${unit.id} was bought for more than it was sold for` });
  }
  note(
    run,
    `${machine.name} ${attempt.id} sends ${String(attempt.quantity)} ${attempt.bundle} to ${attempt.account.name}`,
  );
  return 'committed';
}

function* send(run: Run, machine: Machine, held: Held, attempt: AttemptRow): Doing {
  // Whoever was stopped for long may have lost the lease. Between this line and the first byte nothing can happen.
  if (!isSurelyHeld(run, held)) {
    yield* conclude(run, machine, attempt.id, { type: 'not-sent' });
    return;
  }
  let answer = yield* post(run, machine, attempt);
  while (lacks(run, 'look-before-retry') && answer.type === 'failed' && answer.kind === 'unknown-outcome') {
    yield 2 * SECOND;
    answer = yield* post(run, machine, attempt);
  }
  if (lacks(run, 'sending-before-post')) {
    yield* commit(run, () => commitSending(run, machine, held, attempt, attempt.sentFor));
  }
  const event = eventOf(answer, attempt.quantity);
  const health = healthOf(event);
  const { account } = held;
  if (health) account.breaker = afterPurchase(account.breaker, health, new Date(clock(run, machine)));
  yield* conclude(run, machine, attempt.id, event, findingsOf(answer));
}

function* post(run: Run, machine: Machine, attempt: AttemptRow): Doing<Answer> {
  if (run.books.attempts.get(attempt.id)?.state !== 'sending')
    run.violations.push({ kind: 'unsent', text: `${attempt.id} left without being on record as sending` });
  const supplier = run.suppliers[attempt.account.name];
  const { open } = supplier;
  const isWell = (each: Machine) => each.isUp && each.stoppedUntil < run.now - MINUTE;
  const other = open.find(({ machine: sender, life }) => sender.life === life && isWell(sender));
  if (other && isWell(machine) && run.databaseDownUntil < run.now - MINUTE)
    run.violations.push({
      kind: 'crowded',
      text: `${attempt.id} left while ${other.attemptId} was unanswered`,
    });
  const request = { attemptId: attempt.id, machine, life: machine.life, since: run.now };
  open.push(request);
  const { afterMs, read } = receiveOrder(run, supplier, {
    attemptId: attempt.id,
    bundle: attempt.bundle,
    quantity: attempt.quantity,
  });
  yield afterMs;
  open.splice(open.indexOf(request), 1);
  return read();
}

function eventOf(answer: Answer, quantity: number): AttemptEvent {
  switch (answer.type) {
    case 'bought':
      return {
        type: 'answered',
        status: answer.iccids.length === quantity ? 'ready' : 'preparing',
        orderReference: answer.order.reference,
      };
    case 'refused':
      return { type: 'refused', reason: answer.reason };
    case 'failed':
      return { type: 'failed', kind: answer.kind, retryAfterMs: answer.retryAfterMs };
    default:
      return answer satisfies never;
  }
}

interface Findings {
  purchase?: ProviderPurchase;
  iccids?: string[];
  looked?: 'nothing' | 'something';
  /** The bundle that a person gives instead to what is bought again. */
  instead?: { bundle: string; account: AccountName };
}

function findingsOf(answer: Answer): Findings {
  return answer.type === 'bought' ? { purchase: answer.order.purchase, iccids: answer.iccids } : {};
}

/** Applies an event and writes what follows in one transaction, if the attempt is still as it was read. */
export function* conclude(
  run: Run,
  machine: Machine,
  attemptId: string,
  event: AttemptEvent,
  findings: Findings = {},
  mayRebuy = false,
): Doing {
  for (;;) {
    yield run.random.between(1, 4);
    const row = run.books.attempts.get(attemptId);
    if (!row) return;
    const { state, looks, quantity, orderReference } = row;
    const next = step({ state, looks, quantity, orderReference, mayRebuy }, event);
    if (!next) return;
    const written = yield* commit(run, () =>
      row.state === state && row.looks === looks ? write(run, machine, row, next, findings) : 'moved',
    );
    if (written === 'duplicate') {
      if (event.type === 'duplicate') throw new Error(`${attemptId} is a duplicate twice`);
      yield* conclude(run, machine, attemptId, { type: 'duplicate' });
      return;
    }
    if (written === 'moved') continue;
    wakeAfter(run, row, next);
    return;
  }
}

function write(
  run: Run,
  machine: Machine,
  row: AttemptRow,
  { state, effects }: Step,
  { purchase, iccids = [], looked, instead }: Findings,
): 'written' | 'duplicate' {
  const { books } = run;
  const claims = row.orderReference === null && purchase ? purchase.orderReference : null;
  if (claims !== null && books.claims.has(claims)) {
    run.violations.push({
      kind: 'taken',
      text: `${claims} was the answer to ${row.id}, and another attempt had it`,
    });
    return 'duplicate';
  }
  const takes = state === 'bought' || state === 'parked' ? iccids : [];
  if (takes.some((iccid) => books.iccids.has(iccid))) return 'duplicate';

  const now = clock(run, machine);
  if (row.state !== state)
    note(run, `${row.id} ${row.state} → ${state} ${'reason' in effects.units ? effects.units.reason : ''}`);
  if (looked) row.looks += 1;
  if (looked === 'nothing') row.emptySince ??= databaseClock(run, machine);
  if (claims !== null && purchase) {
    row.orderReference = claims;
    row.total = purchase.total?.amount ?? null;
    books.claims.set(claims, row);
    const shown = books.unclaimed.get(claims);
    if (shown) shown.state = 'adopted';
  }
  if (purchase?.sourceIp != null) row.sourceIp = purchase.sourceIp;
  row.state = state;
  row.reason = 'reason' in effects.units ? effects.units.reason : null;
  const isOpen = state === 'in-doubt' || state === 'preparing';
  row.nextLookAt = isOpen ? now + (effects.lookAfterMs ?? 0) : Infinity;
  row.settledAt = isOpen ? Infinity : run.now;
  const freed = moveUnits(run, machine, row, { effects, iccids: takes });
  if (instead) give(run, freed, instead);
  if (effects.refuseKey) row.account.state = 'key-refused';
  if (effects.pauseMs !== undefined) row.account.pace.waitUntil = now + effects.pauseMs;
  return 'written';
}

function moveUnits(
  run: Run,
  machine: Machine,
  row: AttemptRow,
  { effects, iccids }: { effects: Effects; iccids: string[] },
): UnitRow[] {
  const units = run.books.units
    .filter(
      ({ attemptId, state, iccid }) =>
        attemptId === row.id &&
        iccid === null &&
        (state === 'buying' || state === 'preparing' || state === 'parked'),
    )
    .sort((a, b) => Number(a.goneAt !== null) - Number(b.goneAt !== null));
  const isHasty = row.state === 'in-doubt' && lacks(run, 'doubt-stays');
  const why = isHasty ? 'rejected' : effects.passesOn;
  for (const [position, unit] of units.entries()) {
    if (why !== undefined && unit.goneAt === null && passOn(run, machine, unit, why)) continue;
    const iccid = iccids[position];
    unit.since = run.now;
    if (iccid !== undefined) {
      run.books.iccids.add(iccid);
      unit.iccid = iccid;
      unit.state = unit.goneAt === null ? 'bought' : 'parked';
      unit.reason = unit.goneAt === null ? null : 'gone';
    } else applyFate(run, machine, row, { unit, effects });
    if (unit.state === 'parked') unit.wasParked = true;
  }
  return units.filter(({ state }) => state === 'paid');
}

function give(run: Run, units: UnitRow[], { bundle, account }: { bundle: string; account: AccountName }) {
  for (const unit of units) {
    Object.assign(unit, {
      bundle,
      account: accountNamed(run.books, account),
      passedOver: [],
      takesLoss: true,
    });
    wake(run, { job: 'buy', id: account });
  }
}

function applyFate(
  run: Run,
  machine: Machine,
  row: AttemptRow,
  { unit, effects }: { unit: UnitRow; effects: Effects },
) {
  const fate = effects.units;
  const nothingBought = fate.become === 'paid' || fate.become === 'held';
  if (effects.rebuys) unit.rebuys += 1;
  if (unit.goneAt !== null && nothingBought) {
    unit.state = 'cancelled';
    unit.reason = null;
  } else {
    unit.state = fate.become;
    unit.reason = 'reason' in fate ? fate.reason : null;
    unit.holdUntil = fate.become === 'held' && fate.forMs !== null ? clock(run, machine) + fate.forMs : null;
  }
  if (
    unit.state === 'paid' ||
    unit.state === 'held' ||
    (unit.state === 'cancelled' && row.state !== 'closed')
  )
    unit.attemptId = null;
}

function wakeAfter(run: Run, row: AttemptRow, { state, effects }: Step) {
  if (effects.lookAfterMs !== undefined) wake(run, { job: 'settle', id: row.id }, effects.lookAfterMs);
  for (const { attemptId, state: unit, order } of run.books.units)
    if (attemptId === row.id && unit === 'bought') wake(run, { job: 'deliver', id: order.gid });
  if (state !== 'in-doubt') wake(run, { job: 'buy', id: row.account.name });
}

/** The job of an attempt that is not settled: asks the supplier what it did. It buys nothing. */
export function* settleAttempt(run: Run, machine: Machine, attemptId: string): Doing {
  yield 3;
  const row = run.books.attempts.get(attemptId);
  if (!row) return;
  if (row.state === 'sending') {
    if (!isAbandoned(run, row)) return;
    yield* conclude(run, machine, attemptId, { type: 'interrupted' });
  }
  const { state } = row;
  if (state !== 'in-doubt' && state !== 'preparing') return;
  try {
    if (state === 'preparing' && row.orderReference !== null)
      yield* listEsims(run, machine, row, row.orderReference);
    else yield* lookForOrder(run, machine, row);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    yield* commit(run, () => {
      if (row.state === state) row.nextLookAt = clock(run, machine) + MINUTE;
    });
  }
}

/** Nobody is behind an attempt in `sending` any more: its lease ended, or is another's. */
export function isAbandoned(run: Run, { account, fence, sentAt }: AttemptRow): boolean {
  if (lacks(run, 'lease')) return run.now - sentAt.getTime() > 3 * MINUTE;
  return !holdsLease(run, { account, fence });
}

function* listEsims(run: Run, machine: Machine, row: AttemptRow, reference: string): Doing {
  const { complete, iccids } = yield* readOrder(run, run.suppliers[row.account.name], reference);
  const msSinceSent = databaseClock(run, machine) - row.sentAt.getTime();
  yield* conclude(
    run,
    machine,
    row.id,
    { type: 'listed', esims: iccids.length, bad: 0, complete, msSinceSent },
    { iccids, looked: 'something' },
  );
}

function* lookForOrder(run: Run, machine: Machine, row: AttemptRow): Doing {
  const { purchases, fits, foreign } = yield* gatherEvidence(run, machine, row);
  const { units } = run.books;
  const mayRebuy =
    row.account.rebuyAfterProof && !units.some(({ attemptId, rebuys }) => attemptId === row.id && rebuys > 0);
  const now = databaseClock(run, machine);
  const msSinceSent = now - row.sentAt.getTime();
  const emptyForMs = row.emptySince === null ? 0 : now - row.emptySince;
  let isProvedAbsent = false;
  const nothingAlike = fits.length === 0 && (foreign.length === 0 || lacks(run, 'nothing-alike'));
  if (mayRebuy && nothingAlike && msSinceSent >= QUIET_WINDOW_MS) {
    const amount = yield* readBalance(run, run.suppliers[row.account.name]);
    isProvedAbsent = balanceProvesAbsence({
      before: row.balanceBefore,
      now: { amount, currency: 'USD' },
      since: row.sentAt,
      purchases,
    });
  }
  const event: AttemptEvent = { type: 'looked', fits: fits.length, msSinceSent, emptyForMs, isProvedAbsent };
  const [only, ...others] = fits;
  const found = only && others.length === 0 ? { purchase: only } : {};
  yield* conclude(
    run,
    machine,
    row.id,
    event,
    { ...found, looked: fits.length === 0 ? 'nothing' : 'something' },
    mayRebuy,
  );
}

/** The supplier's orders since an attempt was sent, and which of them may be it. */
export function* gatherEvidence(
  run: Run,
  machine: Machine,
  row: AttemptRow,
): Doing<{ purchases: ProviderPurchase[]; fits: ProviderPurchase[]; foreign: ProviderPurchase[] }> {
  const since = row.sentAt.getTime() - CLOCK_PADDING_MS;
  const purchases = yield* listPurchases(run, run.suppliers[row.account.name], {
    since,
    until: databaseClock(run, machine) + CLOCK_PADDING_MS,
  });
  const asked = {
    how: 'order' as const,
    bundleCode: row.bundle,
    quantity: row.quantity,
    sentAt: row.sentAt,
  };
  return { purchases, ...weigh(purchases, asked, knownOrders(run, row.account)) };
}

/** Which references are claimed, and where our orders are known to come from. */
export function knownOrders(run: Run, account: AccountRow) {
  const { claims, attempts } = run.books;
  const sources = new Set<string>();
  for (const { account: buyer, sourceIp } of attempts.values())
    if (buyer === account && sourceIp !== null) sources.add(sourceIp);
  // It tops nothing up, so no order is for an eSIM that was there before.
  return { claimed: new Set(claims.keys()), sources, esims: new Map<string, never>() };
}
