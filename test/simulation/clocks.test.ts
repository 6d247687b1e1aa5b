import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openPostgres } from '../postgres.ts';
import type { Order } from '../sandbox/shopify/records.ts';
import { openShop, type Merchant } from '../shop.ts';
import { violationsOf } from './invariants.ts';
import { openMachines, type Machines } from './processes.ts';
import { takeSnapshot } from './snapshot.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';

const postgres = await openPostgres();

// A process and the embedded database in it have one clock.
describe.skipIf('missing' in postgres)('processes whose clocks differ', () => {
  let machines: Machines;
  let merchants: Merchant[];
  let variants: number[];

  beforeAll(async () => {
    machines = await openMachines({
      postgresUrl: 'url' in postgres ? postgres.url : '',
      countries: ['FR'],
      retryScaleMs: 1000,
    });
    await machines.start('all');
    merchants = [await openShop(machines), await openShop(machines)];
    variants = await Promise.all(merchants.map((merchant) => merchant.sell(FRANCE)));
    await machines.killAll();
  });
  afterAll(async () => {
    await machines.end();
    if ('close' in postgres) postgres.close();
  });

  afterEach(() => machines.killAll());

  const stateOf = async (merchant: Merchant, order: Order) =>
    (await merchant.order(order))?.units.map(({ state }) => state).join() ?? '';
  const isDelivered = (merchant: Merchant, order: Order) =>
    machines.until(`${order.name} is delivered`, async () => {
      const page = await merchant.order(order);
      const isSent = page?.units[0]?.state === 'delivered' && page.mail.state === 'sent';
      return isSent && page.fulfilment.state === 'done';
    });
  const looks = () =>
    machines.esimGo.requests.filter(({ method, path }) => method === 'GET' && path === '/orders').length;
  const sell = (shop: number, email: string) => {
    const merchant = merchants[shop] ?? expect.fail('there are two');
    const order = merchant.checkout({ lines: [{ variantId: variants[shop] ?? 0, quantity: 1 }], email });
    return { merchant, order };
  };

  test('a worker that is ten minutes ahead adopts a purchase whose answer was lost', async () => {
    machines.esimGo.conducts.on('loses-the-answer', { times: 1, only: 'POST /orders' });
    await machines.start('web');
    await machines.start('worker', { CLOCK_AHEAD_MINUTES: '10' });
    const { merchant, order } = sell(0, 'ahead@example.com');
    await isDelivered(merchant, order);
    expect(merchant.purchases()).toHaveLength(1);
  });

  test('what a worker ten minutes behind has sent is not given up ten minutes too soon by another', async () => {
    machines.esimGo.conducts.on('executes-late', { times: 1, only: 'POST /orders', seconds: 8 * 60 });
    await machines.start('web');
    await machines.start('worker', { CLOCK_AHEAD_MINUTES: '-10' });
    const { merchant, order } = sell(1, 'behind@example.com');
    await machines.until('it was sent', () => !machines.esimGo.conducts.isOn('executes-late'));
    await machines.killAll();
    await machines.passTime(6);
    const before = looks();
    await Promise.all([machines.start('web'), machines.start('worker')]);
    await machines.until('the other one has looked twice', () => looks() >= before + 2);
    expect(await stateOf(merchant, order)).toBe('buying');
    await machines.killAll();
    await machines.passTime(3);
    await Promise.all([machines.start('web'), machines.start('worker')]);
    await isDelivered(merchant, order);
    expect(merchant.purchases()).toHaveLength(1);
  });

  test('and nothing is lost, and nothing bought twice', async () => {
    expect(violationsOf(await takeSnapshot(machines, merchants))).toEqual([]);
  });
});
