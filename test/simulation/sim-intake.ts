import { followQuantity } from '../../app/orders/units.ts';
import { backOff, HOUR, MINUTE, SECOND } from '../../app/platform/time.ts';
import { firstToBuy } from '../../app/products/first-to-buy.ts';
import { accountNamed, lacks, type NotificationRow, type OrderRow, type UnitRow } from './sim-books.ts';
import { wake } from './sim-jobs.ts';
import { planOf } from './sim-plan.ts';
import { clock, commit, note, type Doing, type Machine, type Run } from './sim-run.ts';
import { readOrder, type ReadOrder, type Webhook } from './sim-shopify.ts';

/** A webhook: receipt and request of privacy in one commit, then the answer. The same id again is an answer only. */
export function* receive(run: Run, webhook: Webhook): Doing {
  const { books } = run;
  const row = yield* commit(run, () => {
    if (books.receipts.has(webhook.id) && !lacks(run, 'receipts')) return null;
    books.receipts.add(webhook.id);
    if (webhook.privacy !== null) books.privacyRequests.push(webhook.privacy);
    const added: NotificationRow = {
      id: books.notifications.length,
      gid: webhook.gid,
      processed: webhook.gid === null,
      tries: 0,
      nextTryAt: run.now,
    };
    books.notifications.push(added);
    return added;
  });
  if (row && !row.processed) wake(run, { job: 'process', id: String(row.id) });
}

/** The job of a receipt: reads the order again. Its next try is set before the work. */
export function* processNotification(run: Run, machine: Machine, id: number): Doing {
  const row = run.books.notifications[id];
  if (!row?.gid || row.processed) return;
  yield* commit(run, () => {
    row.tries += 1;
    row.nextTryAt = clock(run, machine) + backOff(row.tries, 2 * SECOND, HOUR);
  });
  yield* takeInOrder(run, row.gid);
  yield* commit(run, () => {
    row.processed = true;
  });
}

/**
 * Brings the order's rows to what Shopify says now. When another pass wrote meanwhile, or this one was held up, what
 * it read may be older than what is on record, and is read again.
 */
export function* takeInOrder(run: Run, gid: string): Doing {
  const { books } = run;
  for (;;) {
    const revision = books.orders.get(gid)?.revision ?? 0;
    const readAt = run.now;
    const reading = yield* readOrder(run, gid);
    yield 2;
    if (!books.orders.has(gid) && (!reading.isPaid || reading.cancelledAt !== null)) return;
    const before = [...(books.orders.get(gid)?.units ?? [])];
    const written = yield* commit(run, () => {
      const order = books.orders.get(gid) ?? newOrder(gid);
      if (lacks(run, 'unit-uniqueness')) return follow(run, order, reading, before);
      if (order.revision !== revision || run.now - readAt > MINUTE) return 'read-again';
      return order.shopifyUpdatedAt > reading.updatedAt ? 'stale' : follow(run, order, reading, order.units);
    });
    if (written === 'read-again') continue;
    if (written === 'followed') wakeAll(run, gid);
    return;
  }
}

function wakeAll(run: Run, gid: string) {
  const accounts = new Set(run.books.orders.get(gid)?.units.map(({ account }) => account.name));
  for (const id of accounts) wake(run, { job: 'buy', id });
}

function follow(run: Run, order: OrderRow, reading: ReadOrder, before: readonly UnitRow[]): 'followed' {
  run.books.orders.set(reading.gid, order);
  order.revision += 1;
  order.shopifyUpdatedAt = reading.updatedAt;
  order.cancelledAt = reading.cancelledAt;
  for (const line of reading.lines) {
    const ofLine = before.filter(({ lineGid }) => lineGid === line.gid);
    const { add, gone } = followQuantity(ofLine, reading.cancelledAt === null ? line.quantity : 0);
    for (const unitIndex of add) addUnit(run, order, line, unitIndex);
    for (const unit of ofLine) if (gone.includes(unit.unitIndex)) letGo(run, unit);
  }
  return 'followed';
}

function addUnit(run: Run, order: OrderRow, line: { gid: string; bundle: string }, unitIndex: number) {
  const { books } = run;
  const key = `${line.gid} ${String(unitIndex)}`;
  if (books.unitKeys.has(key) && !lacks(run, 'unit-uniqueness')) return;
  books.unitKeys.add(key);
  const { choosing, list } = planOf(run, line.bundle);
  const chosen = firstToBuy(list, choosing)?.chosen;
  const unit: UnitRow = {
    id: `u${String(books.units.length)}`,
    order,
    lineGid: line.gid,
    unitIndex,
    bundle: line.bundle,
    account: accountNamed(books, chosen?.accountId ?? ''),
    passedOver: [],
    takesLoss: false,
    state: 'paid',
    reason: null,
    holdUntil: null,
    attemptId: null,
    since: run.now,
    goneAt: null,
    rebuys: 0,
    iccid: null,
    createdAt: run.now,
    wasParked: false,
  };
  order.units.push(unit);
  books.units.push(unit);
}

function letGo(run: Run, unit: UnitRow) {
  note(run, `the piece of ${unit.id} (${unit.state}) is gone`);
  unit.goneAt = new Date(run.now);
  if (unit.state === 'paid' || unit.state === 'held') {
    unit.state = 'cancelled';
    unit.reason = null;
  } else if (unit.state === 'bought') {
    unit.state = 'parked';
    unit.reason = 'gone';
    unit.wasParked = true;
    unit.since = run.now;
  }
}

function newOrder(gid: string): OrderRow {
  return {
    gid,
    revision: 0,
    cancelledAt: null,
    shopifyUpdatedAt: 0,
    units: [],
    deliveries: [],
    fulfilState: 'none',
    deliverTries: 0,
    deliverAfter: 0,
  };
}
