import { Decimal } from 'decimal.js';
import { MINUTE } from '../../app/platform/time.ts';
import { accountNames, type UnitRow } from './sim-books.ts';
import type { Run, Violation } from './sim-run.ts';
import { PORTAL_IP } from './sim-supplier.ts';

export interface Verdict {
  seed: number;
  lines: number;
  parkedLines: number;
  purchases: number;
  violations: Violation[];
}

/** Compares what the two other sides know with what the app's books say, after everything has come to rest. */
export function verdict(run: Run): Verdict {
  const violations = [
    ...run.violations,
    ...boughtTwice(run),
    ...lost(run),
    ...silent(run),
    ...money(run),
    ...delivery(run),
    ...privacy(run),
  ];
  const lines = run.shopify.orders.flatMap((order) => order.lines);
  const parked = new Set(run.books.units.filter(({ wasParked }) => wasParked).map(({ lineGid }) => lineGid));
  return {
    seed: run.seed,
    lines: lines.length,
    parkedLines: parked.size,
    purchases: ordersOf(run).filter(({ attemptId }) => attemptId !== null).length,
    violations,
  };
}

function ordersOf({ suppliers }: Run) {
  return accountNames.flatMap((name) => suppliers[name].orders);
}

/** I2: each order of ours at the supplier is claimed once, or shown; and nothing was bought for it once more. */
function* boughtTwice(run: Run): Iterable<Violation> {
  const { books } = run;
  const executed = new Map<string, number>();
  const boughtFor = new Map<UnitRow, string>();
  for (const { reference, attemptId } of ordersOf(run)) {
    if (attemptId === null) continue;
    executed.set(attemptId, (executed.get(attemptId) ?? 0) + 1);
    const attempt = books.attempts.get(attemptId);
    for (const unit of attempt?.byPerson === false ? attempt.sentFor : []) {
      const before = boughtFor.get(unit);
      if (before !== undefined)
        yield { kind: 'bought_twice', text: `${unit.id} was bought as ${before} and as ${reference}` };
      boughtFor.set(unit, reference);
    }
    if (books.claims.has(reference)) continue;
    if (!attempt) yield { kind: 'bought_twice', text: `${reference} was bought by no attempt on record` };
    // What a person bought again, having seen that the supplier lists nothing, was theirs to decide.
    else if (attempt.state === 'refused' && !attempt.byPerson)
      yield { kind: 'bought_twice', text: `${reference} was bought, and bought again for ${attempt.id}` };
  }
  for (const [attemptId, times] of executed)
    if (times > 1) yield { kind: 'bought_twice', text: `${attemptId} bought ${String(times)} times` };
  const pieces = new Set<string>();
  for (const unit of books.units) {
    if (unit.state === 'cancelled' && unit.iccid === null) continue;
    const piece = `${unit.lineGid} ${String(unit.unitIndex)}`;
    if (pieces.has(piece)) yield { kind: 'bought_twice', text: `two units for piece ${piece}` };
    pieces.add(piece);
  }
}

/** I1: each piece that is paid for has a unit that is delivered, or waits for somebody with a reason. */
function* lost({ shopify, books }: Run): Iterable<Violation> {
  const perLine = new Map<string, UnitRow[]>();
  for (const unit of books.units) perLine.set(unit.lineGid, [...(perLine.get(unit.lineGid) ?? []), unit]);
  for (const { lines } of shopify.orders) {
    for (const { gid, quantity } of lines) {
      const units = perLine.get(gid) ?? [];
      const live = units.filter(({ goneAt }) => goneAt === null).length;
      if (live < quantity)
        yield { kind: 'lost', text: `${gid}: ${String(live)} of ${String(quantity)} pieces known` };
      if (live > quantity)
        yield { kind: 'cancelled', text: `${gid}: ${String(live)} pieces, ${String(quantity)} paid` };
    }
  }
}

/** I1: nothing is under way for longer than it may be, held without a reason, or bought and shown to nobody. */
function* silent(run: Run): Iterable<Violation> {
  const { books, now } = run;
  for (const unit of books.units) {
    const { id, state, reason, holdUntil } = unit;
    if (state === 'paid' || state === 'buying' || state === 'preparing' || state === 'bought')
      yield { kind: 'silent', text: `${id} is ${state} since ${String((now - unit.since) / MINUTE)} min` };
    if ((state === 'held' || state === 'parked') && reason === null)
      yield { kind: 'silent', text: `${id} is ${state} without a reason` };
    if (state === 'held' && holdUntil !== null && holdUntil < now - 3 * 60 * MINUTE)
      yield { kind: 'silent', text: `${id} should have been looked at` };
    if ((state === 'delivered') !== (unit.iccid !== null) && unit.reason !== 'gone')
      yield { kind: 'silent', text: `${id} is ${state} ${unit.iccid === null ? 'without' : 'with'} an eSIM` };
  }
  for (const { id, state } of books.attempts.values())
    if (state === 'sending' || state === 'in-doubt' || state === 'preparing')
      yield { kind: 'silent', text: `${id} is ${state}` };
  for (const { reference } of ordersOf(run))
    if (!books.claims.has(reference) && !books.unclaimed.has(reference))
      yield { kind: 'silent', text: `${reference} was paid for and is shown to nobody` };
}

/** I3: what the balance moved by is what the ledger claims and what is shown as unclaimed. */
function* money({ suppliers, books }: Run): Iterable<Violation> {
  for (const name of accountNames) {
    const { startCents, toppedUpCents, cents } = suppliers[name];
    const spent = startCents + toppedUpCents - cents;
    let known = new Decimal(0);
    for (const { account, total } of books.attempts.values())
      if (total && account.name === name) known = known.plus(total);
    for (const { account, state, purchase } of books.unclaimed.values())
      if (state === 'open' && account === name) known = known.plus(purchase.total?.amount ?? 0);
    if (!known.equals(spent))
      yield { kind: 'money', text: `spent ${String(spent)} at ${name}, on record ${known.toString()}` };
  }
  for (const { claims } of [books])
    for (const attempt of claims.values())
      if (attempt.tookForeign)
        yield { kind: 'money', text: `${attempt.id} took an order bought at ${PORTAL_IP}` };
}

/** I4, I5: Shopify was told of what was delivered, and each delivered unit is in one e-mail that arrived once. */
function* delivery({ books, shopify, mailbox }: Run): Iterable<Violation> {
  for (const order of shopify.orders) {
    const row = books.orders.get(order.gid);
    for (const { gid, fulfilled } of order.lines) {
      const delivered = (row?.units ?? []).filter(
        ({ lineGid, state }) => lineGid === gid && state === 'delivered',
      );
      if (delivered.length !== fulfilled)
        yield {
          kind: 'delivery',
          text: `${gid}: ${String(delivered.length)} delivered, ${String(fulfilled)} fulfilled`,
        };
      for (const unit of delivered) {
        const mails = (row?.deliveries ?? []).filter(({ units }) => units.includes(unit));
        const arrived = mails.reduce((sum, { key }) => sum + (mailbox.get(key) ?? 0), 0);
        if (arrived !== 1) yield { kind: 'delivery', text: `${unit.id}: ${String(arrived)} e-mails arrived` };
      }
    }
  }
}

/** What Shopify asked about personal data is on the merchant's list once. */
function* privacy({ books, shopify }: Run): Iterable<Violation> {
  for (const request of shopify.privacyRequests) {
    const times = books.privacyRequests.filter((each) => each === request).length;
    if (times !== 1) yield { kind: 'privacy', text: `${request} is on the list ${String(times)} times` };
  }
}
