import { HOUR, MINUTE, SECOND } from '../../app/platform/time.ts';
import { accountNamed, accountNames, openBooks, type AccountName } from './sim-books.ts';
import { receive } from './sim-intake.ts';
import { onJob } from './sim-jobs.ts';
import { lookIn } from './sim-merchant.ts';
import { eventQueue } from './sim-queue.ts';
import { randomFrom } from './sim-random.ts';
import { at, note, onStart, start, type Machine, type Protection, type Run } from './sim-run.ts';
import { change, onWebhook, tell, type ShopOrder } from './sim-shopify.ts';
import {
  bundles,
  buy,
  LONGEST_LAG_MS,
  LONGEST_LATE_MS,
  openSupplier,
  OUTAGE_MS,
  PORTAL_IP,
  topUp,
  usuallyDearer,
  type Supplier,
} from './sim-supplier.ts';
import { verdict, type Verdict } from './sim-verdict.ts';
import { doJob, watch } from './sim-watch.ts';

const BEGIN = Date.UTC(2026, 10, 21);
const TURBULENT_MS = 3 * HOUR;
const LONGEST_MS = 60 * HOUR;

onStart(watch);
onJob(doJob);
onWebhook(receive);

/** Plays one seed to its end: three hours of orders and faults, then peace until everything has come to rest. */
export function play(
  seed: number,
  options: { removed?: Protection | null; trace?: (line: string) => void } = {},
): Verdict {
  const run = openRun(seed, options);
  for (const machine of run.machines) start(run, machine);
  plan(run);
  let restsSince: number | null = null;
  const end = BEGIN + LONGEST_MS;
  let nextLook = BEGIN + TURBULENT_MS;
  for (let event = run.queue.take(); event && event.at < end; event = run.queue.take()) {
    run.now = event.at;
    if (run.now >= nextLook) {
      if (!run.calm) becomeCalm(run);
      nextLook = run.now + 20 * MINUTE;
      restsSince = isAtRest(run) ? (restsSince ?? run.now) : null;
      // Both comparisons have run once more since.
      if (restsSince !== null && run.now - restsSince > 2.5 * HOUR) break;
    }
    event.act();
  }
  return verdict(run);
}

function openRun(
  seed: number,
  { removed = null, trace }: { removed?: Protection | null; trace?: (line: string) => void },
): Run {
  const random = randomFrom(seed);
  const rebuyAfterProof = random.chance(0.5);
  const open = (name: AccountName) =>
    openSupplier({
      name,
      cents: random.chance(0.2) ? random.between(500, 12_000) : 10_000_000,
      listLagMs: rebuyAfterProof ? 10 * MINUTE : LONGEST_LAG_MS,
      lateMs: rebuyAfterProof ? 8 * MINUTE : LONGEST_LATE_MS,
    });
  return {
    seed,
    now: BEGIN,
    random,
    queue: eventQueue(),
    machines: Array.from({ length: random.between(2, 3) }, (_, index) =>
      machineNamed(`m${String(index + 1)}`),
    ),
    books: openBooks(rebuyAfterProof, BEGIN),
    // Where the app may buy again by itself, the supplier keeps within the quiet window: else it would buy twice (R4).
    suppliers: { A: open('A'), B: open('B') },
    shopify: { orders: [], webhooks: 0, untold: 0, privacyRequests: [] },
    mailbox: new Map(),
    removed,
    calm: false,
    databaseDownSince: 0,
    databaseDownUntil: 0,
    violations: [],
    trace: trace ?? null,
  };
}

function machineNamed(name: string): Machine {
  return { name, life: 0, isUp: false, stoppedAt: 0, stoppedUntil: 0, aheadMs: 0 };
}

/** What happens in the three hours, beside the faults that strike each single step. */
function plan(run: Run) {
  const { random } = run;
  const during = (act: () => void, most = TURBULENT_MS) => {
    at(run, BEGIN + random.between(0, most), act);
  };
  for (let orders = random.between(3, 7); orders > 0; orders--)
    during(() => placeOrder(run), TURBULENT_MS - HOUR);
  if (random.chance(0.2)) {
    const together = random.between(0, HOUR);
    for (let orders = 2; orders > 0; orders--) at(run, BEGIN + together, () => placeOrder(run));
  }
  for (let orders = random.between(0, 2); orders > 0; orders--) during(() => buyByHand(run));
  if (random.chance(0.3)) during(() => askForPrivacy(run));
  if (random.chance(0.15))
    during(() => {
      const supplier = anySupplier(run);
      supplier.downUntil = run.now + OUTAGE_MS;
      note(run, `supplier ${supplier.name} is down for an hour`);
    });
  if (random.chance(0.12)) during(() => replaceKey(run));
  if (random.chance(0.05)) during(() => withdrawBundle(run));
  if (random.chance(0.3)) during(() => raisePrices(run));
  for (let moves = random.between(0, 3); moves > 0; moves--)
    during(() => {
      anySupplier(run).ourIp = `203.0.113.${String(random.between(20, 99))}`;
    });
  if (random.chance(0.1)) during(() => databaseDown(run));
  if (random.chance(0.5))
    for (const machine of run.machines) machine.aheadMs = random.between(-5 * MINUTE, 5 * MINUTE);
  if (random.chance(0.2)) during(() => jumpClock(run));
  for (let pays = random.between(1, 2); pays > 0; pays--)
    during(() => topUp(run, anySupplier(run), random.pick([310, 275, 1990, 20_000])));
  at(run, BEGIN + TURBULENT_MS + HOUR, () => {
    for (const name of accountNames) if (random.chance(0.8)) topUp(run, run.suppliers[name], 1_000_000);
  });
  const decided = new Set<string>();
  for (let hour = 0.5; hour < 10; hour += 0.5) at(run, BEGIN + hour * HOUR, () => lookIn(run, decided));
}

function placeOrder(run: Run) {
  const { random, shopify } = run;
  const gid = `o${String(shopify.orders.length + 1)}`;
  const isLarge = random.chance(0.04);
  const lines = Array.from({ length: random.between(1, 3) }, (_, index) => ({
    gid: `${gid}.${String(index + 1)}`,
    // Most buy the same: it is among like orders that a lost one is hard to tell.
    bundle: random.chance(0.4) ? 'france' : random.pick(bundles),
    quantity: isLarge && index === 0 ? 25 : random.chance(0.7) ? 1 : random.between(2, 4),
    fulfilled: 0,
  }));
  const order: ShopOrder = { gid, lines, isPaid: true, cancelledAt: null, updatedAt: run.now };
  shopify.orders.push(order);
  change(
    run,
    order,
    `paid: ${lines.map(({ bundle, quantity }) => `${String(quantity)} ${bundle}`).join(', ')}`,
  );
  if (random.chance(0.25)) at(run, run.now + soonOrLater(run), () => lessen(run, order));
}

/** From the moment of the purchase to an hour later, so that it falls on every step of it. */
function soonOrLater(run: Run): number {
  return run.random.chance(0.6) ? run.random.between(0, 8 * SECOND) : run.random.between(0, HOUR);
}

/** Cancelled, or one piece refunded. */
function lessen(run: Run, order: ShopOrder) {
  if (run.random.chance(0.5)) {
    order.cancelledAt = run.now;
    for (const line of order.lines) line.quantity = 0;
    change(run, order, 'cancelled');
    return;
  }
  const line = run.random.pick([order.lines[0], ...order.lines]);
  if (!line || line.quantity === 0) return;
  line.quantity -= 1;
  change(run, order, `one piece of ${line.gid} refunded`);
}

function buyByHand(run: Run) {
  const { random } = run;
  const sourceIp = random.chance(0.9) ? PORTAL_IP : null;
  const asking = { attemptId: null, bundle: random.pick(bundles), quantity: random.chance(0.8) ? 1 : 2 };
  buy(run, anySupplier(run), asking, sourceIp);
}

function askForPrivacy(run: Run) {
  const request = `p${String(run.shopify.privacyRequests.length + 1)}`;
  run.shopify.privacyRequests.push(request);
  tell(run, { privacy: request });
}

/** The key is revoked, and the merchant enters the new one later. */
function replaceKey(run: Run) {
  const supplier = anySupplier(run);
  supplier.keyWorks = false;
  note(run, `the key of ${supplier.name} is revoked`);
  at(run, run.now + run.random.between(5 * MINUTE, HOUR), () => {
    supplier.keyWorks = true;
    accountNamed(run.books, supplier.name).state = 'active';
    note(run, 'the merchant enters the new key');
  });
}

function withdrawBundle(run: Run) {
  const bundle = run.random.pick(bundles);
  const supplier = anySupplier(run);
  supplier.gone.add(bundle);
  at(run, run.now + HOUR, () => {
    supplier.gone.delete(bundle);
  });
}

/** Above what the shop asks; for good, or for an hour. */
function raisePrices(run: Run) {
  const supplier = anySupplier(run);
  supplier.dearer = 1.3;
  supplier.dearerSince = run.now;
  note(run, `${supplier.name} asks more than the shop does`);
  if (run.random.chance(0.5))
    at(run, run.now + HOUR, () => {
      supplier.dearer = usuallyDearer[supplier.name];
    });
}

/** Most of what happens, happens where most is bought. */
function anySupplier({ random, suppliers }: Run): Supplier {
  return suppliers[random.chance(0.7) ? 'A' : 'B'];
}

function databaseDown(run: Run) {
  run.databaseDownSince = run.now;
  run.databaseDownUntil = run.now + run.random.between(5, 600) * SECOND;
  note(run, `the database is down for ${String((run.databaseDownUntil - run.now) / SECOND)} s`);
}

function jumpClock(run: Run) {
  const machine = run.random.pick([run.machines[0], ...run.machines]);
  if (!machine) return;
  machine.aheadMs += run.random.chance(0.5) ? 2 * HOUR : -2 * HOUR;
  note(run, `the clock of ${machine.name} jumps`);
}

function becomeCalm(run: Run) {
  run.calm = true;
  note(run, 'no more faults');
  for (const machine of run.machines) {
    machine.stoppedUntil = Math.min(machine.stoppedUntil, run.now);
    machine.aheadMs = 0;
    start(run, machine);
  }
}

function isAtRest({ books, shopify }: Run): boolean {
  return (
    books.notifications.every(({ processed }) => processed) &&
    [...books.attempts.values()].every(
      ({ nextLookAt, state }) => nextLookAt === Infinity && state !== 'sending',
    ) &&
    books.units.every(
      ({ state }) => state === 'held' || state === 'parked' || state === 'delivered' || state === 'cancelled',
    ) &&
    [...books.orders.values()].every(
      ({ deliveries, fulfilState }) =>
        fulfilState !== 'waiting' && deliveries.every(({ state }) => state === 'sent'),
    ) &&
    shopify.untold === 0
  );
}
