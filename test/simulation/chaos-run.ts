import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { OwnPostgres } from '../postgres.ts';
import { openShop, type Merchant } from '../shop.ts';
import { drawFault, endFaults } from './chaos-faults.ts';
import { openFleet, type Fleet } from './chaos-fleet.ts';
import { tallyOf, violationsOf, type Tally, type Violation } from './invariants.ts';
import { openMachines, type AppProcess, type Machines } from './processes.ts';
import { randomFrom, type Random } from './sim-random.ts';
import { takeSnapshot } from './snapshot.ts';

export interface ChaosOptions {
  postgres: OwnPostgres;
  kills: number;
  /** The database is lost once for so many kills. */
  killsPerCrash: number;
  workers: number;
  orders: number;
  /** Faults, orders and whom a kill meets follow from it; when exactly, the machine decides. */
  seed: number;
  tell: (line: string) => void;
}

export interface ChaosResult {
  tally: Tally;
  violations: Violation[];
  kills: number;
  crashes: number;
  seconds: number;
}

const BUNDLES = ['esim_1GB_7D_FR_V2', 'esim_2GB_15D_FR_V2'];
// An account takes an order in three seconds, so many orders need many shops.
const ORDERS_PER_SHOP = 5;
const MOST_SHOPS = 20;
/** Longer than the supplier may take to list an order that nobody knows of. */
const REST_MINUTES = 20;
const MOST_RESTS = 6;

/**
 * Sells orders while processes and the database die and every side misbehaves; then lets everything come to rest and
 * compares the supplier's own log, the mails and Shopify's fulfilments with the app's books.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { postgres, workers, seed, tell } = options;
  const startedAt = performance.now();
  const random = randomFrom(seed);
  const machines = await openMachines({
    postgresUrl: postgres.url,
    countries: ['FR'],
    retryScaleMs: 1000,
  });
  const fleet = openFleet(machines, ['web', ...Array<'worker'>(workers).fill('worker')]);
  try {
    // The first one makes the tables.
    await machines.start('web');
    await machines.killAll();
    await fleet.start();
    const shops = await openShops(machines, options.orders);
    tell(`${shops.length} shops sell; ${workers} workers and a web process run`);
    const crashes = await storm(machines, shops, random, options);
    endFaults(machines);
    await rest(machines, fleet, tell);
    const snapshot = await takeSnapshot(
      machines,
      shops.map(({ merchant }) => merchant),
    );
    const violations = violationsOf(snapshot);
    for (const line of await timelines(machines, violations)) tell(line);
    for (const fall of new Set(fleet.falls.map((text) => text.slice(0, 200)))) tell(`fell: ${fall}`);
    return {
      tally: tallyOf(snapshot),
      violations,
      kills: options.kills,
      crashes,
      seconds: (performance.now() - startedAt) / 1000,
    };
  } finally {
    await fleet.halt();
    await machines.end();
  }
}

interface OpenShop {
  merchant: Merchant;
  variants: number[];
}

async function openShops(machines: Machines, orders: number): Promise<OpenShop[]> {
  const count = Math.min(MOST_SHOPS, Math.max(2, Math.ceil(orders / ORDERS_PER_SHOP)));
  return Promise.all(
    Array.from({ length: count }, async () => {
      const merchant = await openShop(machines, { balance: 5000 });
      const variants: number[] = [];
      for (const bundle of BUNDLES) variants.push(await merchant.sell(bundle));
      return { merchant, variants };
    }),
  );
}

/** Orders, faults, kills and losses of the database, spread over the same time. Returns how often the database went. */
async function storm(
  machines: Machines,
  shops: OpenShop[],
  random: Random,
  { postgres, kills, killsPerCrash, orders, tell }: ChaosOptions,
): Promise<number> {
  let sold = 0;
  let crashes = 0;
  for (let kill = 1; kill <= kills; kill++) {
    const goal = Math.round((orders * kill) / kills);
    while (sold < goal) {
      sell(shops, random, ++sold);
      if (random.chance(0.5)) drawFault(machines, random);
      await sleep(random.between(0, 400));
    }
    await sleep(random.between(100, 1500));
    if (random.chance(0.2)) void stall(anyOf(machines, random), random.between(1, 12));
    anyOf(machines, random)?.signal('SIGKILL');
    if (kill % killsPerCrash === 0) {
      await postgres.crash();
      await sleep(random.between(0, 1000));
      await postgres.start();
      crashes++;
    }
    if (kill % 10 === 0) tell(`${kill} kills, ${sold} orders, ${machines.esimGo.orders.length} purchases`);
  }
  return crashes;
}

function anyOf(machines: Machines, random: Random): AppProcess | undefined {
  const running = machines.running();
  return running[random.between(0, running.length - 1)];
}

/** As a machine that swaps: longer than a lease, at times. */
async function stall(one: AppProcess | undefined, seconds: number) {
  one?.signal('SIGSTOP');
  await sleep(seconds * 1000);
  one?.signal('SIGCONT');
}

/** One to three eSIMs, in one line or two. */
function sell(shops: OpenShop[], random: Random, number: number) {
  const { merchant, variants } = shops[random.between(0, shops.length - 1)] ?? fail('there are shops');
  const [first = 0, second = 0] = random.chance(0.5) ? variants : [...variants].reverse();
  const quantity = random.between(1, 3);
  const lines =
    quantity > 1 && random.chance(0.3)
      ? [
          { variantId: first, quantity: quantity - 1 },
          { variantId: second, quantity: 1 },
        ]
      : [{ variantId: first, quantity }];
  merchant.checkout({ lines, email: `buyer-${number}@chaos.example` });
}

/** Waits until nothing moves; what waits for a time to pass gets it, as after a weekend off. */
async function rest(machines: Machines, fleet: Fleet, tell: ChaosOptions['tell']) {
  for (let rests = 0; rests < MOST_RESTS; rests++) {
    if (await isSettledInTime(machines)) return;
    tell(`${(await unsettled(machines)).join(' · ')}: everything rests for ${REST_MINUTES} minutes`);
    await fleet.halt();
    await machines.passTime(REST_MINUTES);
    await fleet.start();
  }
}

/** False when nothing has moved for a while, though not everything is settled. */
async function isSettledInTime(machines: Machines): Promise<boolean> {
  let before = '';
  let movedAt = performance.now();
  for (;;) {
    const open = await unsettled(machines);
    if (open.length === 0) return true;
    if (open.join() !== before) movedAt = performance.now();
    else if (performance.now() - movedAt > 10_000) return false;
    before = open.join();
    await sleep(500);
  }
}

/** What is still under way, in words that change when it moves. */
async function unsettled(machines: Machines): Promise<string[]> {
  const sold = machines.shopify.state
    .shops()
    .flatMap(({ orders }) => orders.flatMap(({ lines }) => lines))
    .filter(({ sku }) => sku?.startsWith('esim_'))
    .reduce((sum, { currentQuantity }) => sum + currentQuantity, 0);
  const rows = await query<{ what: string | null; count: number }>(
    machines,
    `SELECT CASE
      WHEN u.state IN ('cancelled', 'parked') OR (u.state = 'held' AND u."holdUntil" IS NULL) THEN NULL
      WHEN u.state <> 'delivered' THEN u.state
      WHEN o."mailState" <> 'sent' THEN 'mail ' || o."mailState"
      WHEN o."fulfilState" <> 'done' THEN 'fulfilment ' || o."fulfilState"
    END AS what, count(*)::int AS count
    FROM "Unit" u JOIN "Order" o ON o.id = u."orderId" GROUP BY 1 ORDER BY 1`,
  );
  const known = rows.reduce((sum, { count }) => sum + count, 0);
  return [
    ...(known < sold ? [`${sold - known} unknown`] : []),
    ...rows.flatMap(({ what, count }) => (what === null ? [] : [`${count} ${what}`])),
  ];
}

/** What happened to the orders that violations name, as the app's own timeline tells it. */
async function timelines(machines: Machines, violations: Violation[]): Promise<string[]> {
  const orders = new Set(violations.flatMap(({ sentence }) => sentence.match(/gid:\S+\/Order\/\d+/g) ?? []));
  const lines: string[] = [];
  for (const order of orders) {
    const events = await query<{ at: Date; what: string }>(
      machines,
      `SELECT e.at, concat_ws(' ', e.kind, left(e."unitId", 8), nullif(e.detail::text, '{}')) AS what
       FROM "OrderEvent" e JOIN "Order" o ON o.id = e."orderId" WHERE o."shopifyGid" = $1 ORDER BY e.at, e.id`,
      [order],
    );
    lines.push(order, ...events.map(({ at, what }) => `  ${at.toISOString().slice(11, 23)} ${what}`));
  }
  return lines;
}

async function query<Row extends object>(
  { database }: Machines,
  sql: string,
  values: string[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: 'url' in database ? database.url : '' });
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

function fail(message: string): never {
  throw new Error(message);
}
