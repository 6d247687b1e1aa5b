import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { failpoints, type Failpoint } from '../../app/platform/failpoint.ts';
import type { Order } from '../sandbox/shopify/records.ts';
import {
  beginPublishing,
  bundleId,
  isPublishing,
  openShop,
  publish as publishAndWait,
  type Merchant,
} from '../shop.ts';
import { tallyOf, violationsOf } from './invariants.ts';
import { openMachines, type Machines, type Role } from './processes.ts';
import { takeSnapshot } from './snapshot.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';
const ANOTHER = 'esim_2GB_15D_FR_V2';

/** Longer than the supplier may take to list an order that nobody knows of. */
const REST_MINUTES = 20;

/**
 * Kills the app at every failpoint, one after the other, while an order of two eSIMs goes by. What takes up its work is
 * the one that dies at the next point: on the way, or with the next order. In the end it lives, and all has to come to
 * rest. Then the books of all orders are compared. A point nobody reaches fails.
 */
export function walkFailpoints({ postgresUrl }: { postgresUrl: string | null }): void {
  const roles = postgresUrl === null ? (['all'] as const) : (['web', 'worker'] as const);
  let machines: Machines;
  let places: Place[];
  let turns = 0;
  const left: Left[] = [];

  beforeAll(async () => {
    machines = await openMachines({ postgresUrl, countries: ['FR'], retryScaleMs: 1000 });
    // Shopify promises to take a spent refresh token again until its successor was used.
    machines.shopify.conducts.on('forgives-used-refresh-tokens');
    await startMissing();
    places = [];
    for (let shops = 0; shops < 3; shops++) {
      const merchant = await openShop(machines);
      places.push({ machines, merchant, variantId: await merchant.sell(FRANCE) });
    }
  });
  afterAll(() => machines.end());

  test('killed before it has read that the supplier bought', async () => {
    const place = nextPlace();
    machines.esimGo.conducts.on('holds-the-answer', { times: 1, only: 'POST /orders' });
    const order = sell(place);
    await machines.until('the supplier bought', () => place.merchant.purchases().length > 0);
    await kill(reaches('buy.answer-read'));
    left.push({ name: 'the answer that was not read', isDone: () => isSettled(place, order) });
  });

  test.each(walks)('killed at $name', async ({ name, before, act = sell, isDone = isSettled, restsLate }) => {
    const role = reaches(name);
    if (restsLate ?? cutsIntoBuying.includes(name)) {
      await startMissing();
      await areAtRest(soon, never);
    }
    await kill(role);
    await before?.({ machines });
    const arm = () => startMissing({ [role]: { FAILPOINT: `${name}:kill` } });
    let armed = await arm();
    const isDead = () => armed.some((one) => one.role === role && one.end()?.signal === 'SIGKILL');
    // Two orders under way would both be hit: one of them, it may be, the moment it is being bought.
    if (!(await areAtRest(soon, isDead)) && !isDead()) {
      await passTime(machines, REST_MINUTES);
      armed = await arm();
      await areAtRest(soon, isDead);
    }
    if (isDead()) return;
    const place = nextPlace(restsLate);
    const reached = () => machines.until(`${name} is reached`, isDead);
    const order = await Promise.resolve(act(place)).catch(async (error: unknown) => {
      // What a page begins may kill the process before it has answered.
      await reached().catch(() => {
        throw error;
      });
      return null;
    });
    left.push({ name, isDone: () => isDone(place, order), isLate: restsLate ?? false });
    await reached();
  });

  test('and each comes to rest', async () => {
    // Who died with a token in its hand keeps the others from refreshing it for some seconds.
    await passTime(machines, 1);
    await startMissing();
    await comeToRest();
  });

  test.runIf(postgresUrl !== null)(
    'stalled before the first byte until another worker took over',
    async () => {
      const place = nextPlace();
      const { merchant } = place;
      await kill('worker');
      const stalled = await machines.start('worker', { FAILPOINT: 'buy.sending-committed:stop' });
      const order = sell(place);
      await machines.until('the worker stalls', () => stalled.isStopped());
      await machines.start('worker');
      await machines.until('the other one doubts', async () => {
        const page = await merchant.order(order);
        return page?.events.some(({ text }) => /answer/.test(text)) ?? false;
      });
      const bought = merchant.purchases().length;
      stalled.signal('SIGCONT');
      left.push({ name: 'the stalled one', isDone: () => isSettled(place, order) });
      await comeToRest();
      // The woken one knows that it has not sent, so the order may be bought after all: by one of them.
      expect(merchant.purchases().length - bought).toBeLessThanOrEqual(1);
    },
  );

  test('and nothing is lost, and nothing bought twice', async () => {
    await machines.killAll();
    const snapshot = await takeSnapshot(
      machines,
      places.map(({ merchant }) => merchant),
    );
    expect(violationsOf(snapshot)).toEqual([]);
    expect(tallyOf(snapshot)).toMatchObject({ boughtTwice: 0, lost: 0, silent: 0 });
    // Only what may have left without being executed is a person's to decide: killed or stalled just before.
    expect(tallyOf(snapshot).parked).toBeLessThanOrEqual(postgresUrl === null ? 2 : 4);
  });

  const soon = () => left.filter(({ isLate }) => !isLate);
  const never = () => false;

  /** The last one is for what leaves its account waiting for a while. */
  const nextPlace = (restsLate = false) =>
    places[restsLate ? 2 : turns++ % 2] ?? expect.fail('there are three');

  /** Who does what leads to the point. */
  const reaches = (name: Failpoint): Role =>
    postgresUrl === null ? 'all' : name.startsWith('intake.') ? 'web' : 'worker';

  async function kill(role: Role) {
    for (const one of machines.running().filter((each) => each.role === role)) {
      one.signal('SIGKILL');
      await one.ended;
    }
  }

  /** Starts whom nobody runs as; the others live on. */
  async function startMissing(settings: Partial<Record<Role, Record<string, string>>> = {}) {
    const running = machines.running().map(({ role }) => role);
    const missing = roles.filter((role) => !running.includes(role));
    return Promise.all(missing.map((role) => machines.start(role, settings[role])));
  }

  /** Waits until what is left is at rest, and does not wait for ever; what is at rest is left no more. */
  async function areAtRest(which: () => Left[], isOver: () => boolean, seconds = 30): Promise<boolean> {
    const startedAt = performance.now();
    while (performance.now() - startedAt < seconds * 1000) {
      if (isOver()) return false;
      for (const one of which()) {
        // Who is asked may be the one that dies.
        if (!(await one.isDone().catch(() => false))) break;
        left.splice(left.indexOf(one), 1);
      }
      if (which().length === 0) return true;
      await sleep(250);
    }
    return false;
  }

  async function comeToRest() {
    for (const seconds of [10, 15]) {
      if (await areAtRest(() => left, never, seconds)) return;
      await passTime(machines, REST_MINUTES);
      await startMissing();
    }
    for (const { name, isDone } of left)
      await machines.until(`${name} comes to rest within the hour`, isDone);
    left.length = 0;
  }
}

/** An order, or another work, that was cut off. */
interface Left {
  name: string;
  isDone: () => Promise<boolean>;
  isLate?: boolean;
}

async function passTime(machines: Machines, minutes: number) {
  await machines.killAll();
  await machines.passTime(minutes);
}

interface Place {
  machines: Machines;
  merchant: Merchant;
  variantId: number;
}

interface Walk {
  /** While nobody runs who could reach the point. */
  before?: (place: Pick<Place, 'machines'>) => void | Promise<void>;
  act?: (place: Place) => Promise<Order | null> | Order | null;
  isDone?: (place: Place, order: Order | null) => Promise<boolean>;
  /** Nobody can know for a quarter of an hour what became of it: an account of its own waits, and comes fresh to it. */
  restsLate?: true;
}

/** What leads to a point, where selling does not. */
const ways: Partial<Record<Failpoint, Walk>> = {
  'buy.sending-committed': { restsLate: true },
  'settle.looked': { before: loseTheAnswer },
  'settle.committed': { before: loseTheAnswer },
  'import.page-written': { before: raiseAPrice, act: importAgain, isDone: isImported },
  'product.published': { act: publish, isDone: isPublishedOnce },
  'prices.written': { act: dearer, isDone: isDearer },
  'token.refreshed': { before: ({ machines }) => passTime(machines, 60) },
};

/**
 * What takes an order up here may come to the point by the message that is told again, the very moment it buys; then
 * nobody can know whether it bought. So what is left comes to rest before.
 */
const cutsIntoBuying: Failpoint[] = ['intake.woken', 'order.woken'];

const walks: (Walk & { name: Failpoint })[] = failpoints.map((name) => ({ name, ...ways[name] }));

function sell({ merchant, variantId }: Place): Order {
  const email = `buyer-${merchant.purchases().length}-${variantId}@example.com`;
  return merchant.checkout({ lines: [{ variantId, quantity: 2 }], email });
}

async function isSettled({ merchant }: Place, order: Order | null): Promise<boolean> {
  const page = order && (await merchant.order(order));
  if (!page || page.units.length !== 2) return false;
  return page.units.every(
    ({ state }) =>
      state === 'parked' ||
      (state === 'delivered' && page.mail.state === 'sent' && page.fulfilment.state === 'done'),
  );
}

function loseTheAnswer({ machines }: Pick<Place, 'machines'>) {
  machines.esimGo.conducts.on('loses-the-answer', { times: 1, only: 'POST /orders' });
}

/** What is as before is not written. */
function raiseAPrice({ machines }: Pick<Place, 'machines'>) {
  machines.esimGo.setPrice('esim_20GB_30D_FR_V2', 99);
}

async function importAgain({ merchant }: Place) {
  await merchant.send('/app/catalogue?index', 'app.catalogue._index', { intent: 'import' });
  return null;
}

async function isImported({ merchant }: Place): Promise<boolean> {
  const { progress } = await merchant.read<{ progress: { state: string } | null }>(
    '/app/catalogue',
    'app.catalogue._index',
  );
  return progress?.state === 'done';
}

/** A product of its own, beside the one of the same country. */
async function anotherProduct(merchant: Merchant): Promise<string> {
  return `shape=bundle&bundles=${await bundleId(merchant, ANOTHER)}`;
}

async function publish({ merchant }: Place) {
  await beginPublishing(merchant, await anotherProduct(merchant));
  return null;
}

/** What was begun goes on by itself, and a merchant who asks again gets no second product. */
async function isPublishedOnce({ machines, merchant }: Place): Promise<boolean> {
  if (await isPublishing(merchant)) return false;
  await publishAndWait(machines, merchant, await anotherProduct(merchant));
  const { products } = machines.shopify.state.shop(merchant.domain);
  const made = products.filter(({ variants }) => variants.some(({ sku }) => sku === ANOTHER));
  expect(made).toHaveLength(1);
  return true;
}

const PRICING = ['/app/pricing?index', 'app.pricing._index'] as const;
const PREVIEW = ['/app/pricing/preview', 'app.pricing.preview'] as const;

/** A rule of its own, and its prices applied. */
async function dearer({ merchant }: Place) {
  const rule = { scope: 'everything', scopeValue: '', priority: '0', method: 'percent', percent: '90' };
  await merchant.send('/app/pricing/rules/new', 'app.pricing.rules.$ruleId', rule);
  const { version } = await merchant.read<{ version: string }>(...PREVIEW);
  expect(await merchant.send(...PREVIEW, { intent: 'apply', version })).toMatchObject({ status: 200 });
  return null;
}

/** What an earlier process wrote is known as ours again, and not taken for the merchant's. */
async function isDearer({ merchant }: Place): Promise<boolean> {
  const { history } = await merchant.read<{ history: { state: string; refused: unknown[] }[] }>(...PRICING);
  if (history[0]?.state !== 'done') return false;
  expect(history).toMatchObject([{ refused: [] }]);
  expect((await merchant.read<{ totals: object }>(...PREVIEW)).totals).toMatchObject({
    changed: 0,
    theirs: 0,
  });
  return true;
}
