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
import { openMachines, type Machines } from './processes.ts';
import { takeSnapshot } from './snapshot.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';
const ANOTHER = 'esim_2GB_15D_FR_V2';

/** Longer than the supplier may take to list an order that nobody knows of. */
const REST_MINUTES = 20;

/**
 * Kills the app at every failpoint, one after the other, while an order of two eSIMs goes by; starts it again at once,
 * and lets it come to rest. Then the books of all orders are compared. A point nobody reaches fails.
 */
export function walkFailpoints({ postgresUrl }: { postgresUrl: string | null }): void {
  const roles = postgresUrl === null ? (['all'] as const) : (['web', 'worker'] as const);
  let machines: Machines;
  let merchants: Merchant[];
  let variants: Map<Merchant, number>;
  let turns = 0;

  const start = (settings: Record<string, string> = {}) =>
    Promise.all(roles.map((role) => machines.start(role, settings)));
  const restart = async (minutes: number) => {
    await machines.killAll();
    await machines.passTime(minutes);
    await start();
  };

  beforeAll(async () => {
    machines = await openMachines({ postgresUrl, countries: ['FR'], retryScaleMs: 1000 });
    // Shopify promises to take a spent refresh token again until its successor was used.
    machines.shopify.conducts.on('forgives-used-refresh-tokens');
    await start();
    // An account rests for three seconds between two orders.
    merchants = [await openShop(machines), await openShop(machines)];
    variants = new Map();
    for (const merchant of merchants) variants.set(merchant, await merchant.sell(FRANCE));
    await machines.killAll();
  });
  afterAll(() => machines.end());

  test.each(walks)(
    'killed at $name',
    async ({ name, before, act = sell, isDone = isSettled, downMinutes = 0 }) => {
      const merchant = merchants[turns++ % merchants.length] ?? expect.fail('there are two');
      const place: Place = { machines, merchant, variantId: variants.get(merchant) ?? 0 };
      await before?.(place);
      const processes = await start({ FAILPOINT: `${name}:kill` });
      const order = await act(place);
      await machines.until(`${name} is reached`, () =>
        processes.some(({ end }) => end()?.signal === 'SIGKILL'),
      );
      await restart(downMinutes);
      await comesToRest(() => isDone(place, order));
      await machines.killAll();
    },
  );

  test('killed before it has read that the supplier bought', async () => {
    const [merchant = expect.fail('there are two')] = merchants;
    const place: Place = { machines, merchant, variantId: variants.get(merchant) ?? 0 };
    machines.esimGo.conducts.on('holds-the-answer', { times: 1, only: 'POST /orders' });
    await start();
    const before = merchant.purchases().length;
    const order = sell(place);
    await machines.until('the supplier bought', () => merchant.purchases().length > before);
    await restart(0);
    await comesToRest(() => isSettled(place, order));
    expect(merchant.purchases()).toHaveLength(before + 1);
    await machines.killAll();
  });

  test.runIf(postgresUrl !== null)(
    'stalled before the first byte until another worker took over',
    async () => {
      const [merchant = expect.fail('there are two')] = merchants;
      const place: Place = { machines, merchant, variantId: variants.get(merchant) ?? 0 };
      await machines.start('web');
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
      await comesToRest(() => isSettled(place, order));
      // The woken one knows that it has not sent, so the order may be bought after all: by one of them.
      expect(merchant.purchases().length - bought).toBeLessThanOrEqual(1);
      await machines.killAll();
    },
  );

  test('and nothing is lost, and nothing bought twice', async () => {
    const snapshot = await takeSnapshot(machines, merchants);
    expect(violationsOf(snapshot)).toEqual([]);
    expect(tallyOf(snapshot)).toMatchObject({ boughtTwice: 0, lost: 0, silent: 0 });
    // Only what may have left without being executed is a person's to decide: killed or stalled just before.
    expect(tallyOf(snapshot).parked).toBeLessThanOrEqual(postgresUrl === null ? 2 : 4);
  });

  async function comesToRest(isDone: () => Promise<boolean>) {
    const waits = async (seconds: number) =>
      machines.until('it comes to rest', isDone, seconds).then(
        () => true,
        () => false,
      );
    if (await waits(8)) return;
    await restart(REST_MINUTES);
    if (await waits(20)) return;
    await restart(REST_MINUTES);
    await machines.until('it comes to rest within the hour', isDone);
  }
}

interface Place {
  machines: Machines;
  merchant: Merchant;
  variantId: number;
}

interface Walk {
  /** While no process runs. */
  before?: (place: Place) => void | Promise<void>;
  act?: (place: Place) => Promise<Order | null> | Order | null;
  isDone?: (place: Place, order: Order | null) => Promise<boolean>;
  /** What the app does next has its time, as a token that must grow old. */
  downMinutes?: number;
}

/** What leads to a point, where selling does not. */
const ways: Partial<Record<Failpoint, Walk>> = {
  'settle.looked': { before: loseTheAnswer },
  'settle.committed': { before: loseTheAnswer },
  'import.page-written': { before: raiseAPrice, act: importAgain, isDone: isImported },
  'product.published': { act: publish, isDone: isPublishedOnce },
  'prices.written': { act: dearer, isDone: isDearer },
  'token.refreshed': {
    before: ({ machines }) => machines.passTime(60),
    downMinutes: 1,
  },
};

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

function loseTheAnswer({ machines }: Place) {
  machines.esimGo.conducts.on('loses-the-answer', { times: 1, only: 'POST /orders' });
}

/** What is as before is not written. */
function raiseAPrice({ machines }: Place) {
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
