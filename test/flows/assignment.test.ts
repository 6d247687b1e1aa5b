import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectBooksToBalance } from '../books.ts';
import { passTime } from '../clock.ts';
import type { Order } from '../sandbox/shopify/records.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.end());

const unitsAre = (merchant: Merchant, order: Order, state: string, reason: string | null = null) =>
  world.until(`${order.name} is ${state} ${String(reason)}`, async () => {
    const page = await merchant.order(order);
    return page?.units.every((unit) => unit.state === state && unit.reason === reason) ?? false;
  });
const esimsOf = ({ apiKey }: Merchant) => world.esimGo.esims.filter((esim) => esim.apiKey === apiKey);

async function openSelling(): Promise<{ merchant: Merchant; variantId: number }> {
  const merchant = await openShop(world);
  return { merchant, variantId: await merchant.sell(FRANCE) };
}

test('twenty-five of one bundle are three orders at the supplier, also when the app restarts in between', async () => {
  const { merchant, variantId } = await openSelling();
  merchant.checkout({ lines: [{ variantId, quantity: 25 }], email: 'many@example.com' });
  await world.until('the first ten are bought', () => merchant.purchases().length === 1);
  await world.restart();
  await world.mailTo('many@example.com');
  expect(world.mailsTo('many@example.com')[0]?.attachments).toHaveLength(25);
  expect(merchant.purchases().map(({ items }) => items[0]?.quantity)).toEqual([10, 10, 5]);
  await expectBooksToBalance(world, merchant);
});

test("each eSIM's copy at the supplier names the piece it was bought for", async () => {
  const { merchant, variantId } = await openSelling();
  const order = merchant.checkout({ lines: [{ variantId, quantity: 2 }], email: 'tagged@example.com' });
  await world.mailTo('tagged@example.com');
  await world.until('both are tagged', () =>
    esimsOf(merchant).every(({ customerRef }) => customerRef !== ''),
  );
  const units = (await merchant.order(order))?.units ?? [];
  for (const { customerRef, iccid } of esimsOf(merchant))
    expect(units.find(({ id }) => id === customerRef)?.iccidLast4).toBe(iccid.slice(-4));
  expect(new Set(esimsOf(merchant).map(({ customerRef }) => customerRef)).size).toBe(2);
});

test('eSIMs that take nine minutes are waited for and not bought again; those that never come are shown after an hour', async () => {
  const [slow, never] = await Promise.all([openSelling(), openSelling()]);
  world.esimGo.conducts.on('prepares-slowly', { times: 1, only: 'POST /orders', seconds: 9 * 60 });
  const slowOrder = slow.merchant.checkout({
    lines: [{ variantId: slow.variantId, quantity: 2 }],
    email: 'slow@example.com',
  });
  await unitsAre(slow.merchant, slowOrder, 'preparing');
  world.esimGo.conducts.on('never-assigns', { times: 1, only: 'POST /orders' });
  const neverOrder = never.merchant.checkout({
    lines: [{ variantId: never.variantId, quantity: 1 }],
    email: 'never@example.com',
  });
  await unitsAre(never.merchant, neverOrder, 'preparing');
  await passTime({ minutes: 5 });
  await unitsAre(slow.merchant, slowOrder, 'preparing');
  await passTime({ minutes: 5 });
  await world.mailTo('slow@example.com');
  expect((await never.merchant.thankYou(neverOrder)).status).toBe('preparing');
  await passTime({ minutes: 55 });
  await unitsAre(never.merchant, neverOrder, 'parked', 'not-assigned');
  const [purchase] = never.merchant.purchases();
  expect((await never.merchant.order(neverOrder))?.units[0]?.reference).toBe(purchase?.orderReference);
  expect((await never.merchant.thankYou(neverOrder)).status).toBe('problem');
  for (const { merchant } of [slow, never]) {
    expect(merchant.purchases()).toHaveLength(1);
    if (merchant === slow.merchant) await expectBooksToBalance(world, merchant);
  }
});

test("an eSIM that is somebody else's reaches nobody a second time", async () => {
  const [first, second] = [await openSelling(), await openSelling()];
  first.merchant.checkout({
    lines: [{ variantId: first.variantId, quantity: 1 }],
    email: 'first-owner@example.com',
  });
  await world.mailTo('first-owner@example.com');
  world.esimGo.conducts.on('repeats-an-esim', { times: 1 });
  const order = second.merchant.checkout({
    lines: [{ variantId: second.variantId, quantity: 1 }],
    email: 'second-owner@example.com',
  });
  await unitsAre(second.merchant, order, 'parked', 'duplicate-iccid');
  const [purchase] = second.merchant.purchases();
  expect((await second.merchant.order(order))?.units[0]?.reference).toBe(purchase?.orderReference);
  expect((await second.merchant.thankYou(order)).esims.map(({ code }) => code)).toEqual([null]);
  second.merchant.checkout({
    lines: [{ variantId: second.variantId, quantity: 1 }],
    email: 'after-repeat@example.com',
  });
  await world.mailTo('after-repeat@example.com');
  expect(world.mailsTo('second-owner@example.com')).toEqual([]);
  for (const { merchant } of [first, second]) await expectBooksToBalance(world, merchant);
});

test('install codes that cannot be right are sent to nobody', async () => {
  const { merchant, variantId } = await openSelling();
  world.esimGo.conducts.on('misprints-iccids');
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'misprint@example.com' });
  await unitsAre(merchant, order, 'parked', 'bad-code');
  world.esimGo.conducts.off('misprints-iccids');
  const [purchase] = merchant.purchases();
  expect((await merchant.order(order))?.units[0]?.reference).toBe(purchase?.orderReference);
  expect(world.mailsTo('misprint@example.com')).toEqual([]);
  expect((await merchant.thankYou(order)).esims.map(({ code }) => code)).toEqual([null]);
});

test('a list of eSIMs that is cut off is read again, and no half code reaches the buyer', async () => {
  const { merchant, variantId } = await openSelling();
  world.esimGo.conducts.on('prepares-slowly', { times: 1, only: 'POST /orders', seconds: 1 });
  world.esimGo.conducts.on('answers-csv');
  // The first look comes two seconds after the order, and the list is there by then.
  world.esimGo.conducts.on('truncates-the-answer', { times: 2, only: 'GET /esims/assignments' });
  merchant.checkout({ lines: [{ variantId, quantity: 3 }], email: 'cut-off@example.com' });
  await world.mailTo('cut-off@example.com');
  expect(world.esimGo.conducts.isOn('truncates-the-answer')).toBe(false);
  world.esimGo.conducts.off('answers-csv');
  expect(world.mailsTo('cut-off@example.com')[0]?.attachments).toHaveLength(3);
  await expectBooksToBalance(world, merchant);
});
