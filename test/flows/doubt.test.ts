import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectBooksToBalance } from '../books.ts';
import { passTime } from '../clock.ts';
import type { Order } from '../sandbox/shopify/records.ts';
import { choose } from '../settings.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';
const GERMANY = 'esim_1GB_7D_DE_V2';
/** Where the sandbox sees the app come from. */
const OURS = '127.0.0.1';

let world: World;
/** Shops that let the app buy once more after a proof of absence. */
let bold: Merchant[];

beforeAll(async () => {
  world = await openWorld();
  bold = await Promise.all([openShop(world), openShop(world), openShop(world)]);
  for (const merchant of bold) await choose(merchant, { rebuy: 'on' });
});
afterAll(() => world.end());

const unitIs = (merchant: Merchant, order: Order, state: string, reason: string | null = null) =>
  world.until(`${order.name} is ${state} ${String(reason)}`, async () => {
    const page = await merchant.order(order);
    return page?.units.every((unit) => unit.state === state && unit.reason === reason) ?? false;
  });

/** An order whose purchase meets the conduct; answers once it did. */
async function buyUnder(conduct: string, merchant: Merchant, email: string, options = {}): Promise<Order> {
  const variantId = await merchant.sell(FRANCE);
  world.esimGo.conducts.on(conduct, { times: 1, only: 'POST /orders', ...options });
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email });
  await world.until(`${conduct} struck`, () => !world.esimGo.conducts.isOn(conduct));
  return order;
}

const listings = () =>
  world.esimGo.requests.filter(({ method, path }) => method === 'GET' && path === '/orders').length;
/** Each was told that the answer was lost, and the supplier was asked about each once at least. */
async function lookedUp(...merchants: Merchant[]) {
  const before = listings();
  await world.until('the app looked for each of them', () => listings() >= before + 2 * merchants.length);
}

test('what the supplier executes 90 seconds late is adopted, and 20 minutes late too: by the audit, not bought again', async () => {
  const [soon, late, never] = await Promise.all([openShop(world), openShop(world), openShop(world)]);
  await buyUnder('executes-late', soon, 'soon@example.com', { seconds: 90 });
  const lateOrder = await buyUnder('executes-late', late, 'late@example.com', { seconds: 20 * 60 });
  const neverOrder = await buyUnder('answers-503', never, 'never@example.com');
  expect([soon, late, never].map((merchant) => merchant.purchases().length)).toEqual([0, 0, 0]);
  await passTime({ minutes: 2 });
  await world.mailTo('soon@example.com');
  await passTime({ minutes: 14 });
  await unitIs(late, lateOrder, 'parked', 'no-such-order');
  await unitIs(never, neverOrder, 'parked', 'no-such-order');
  await passTime({ minutes: 10 });
  expect(late.purchases()).toHaveLength(1);
  expect(world.mailsTo('late@example.com')).toEqual([]);
  await passTime({ minutes: 60 });
  await world.mailTo('late@example.com');
  await unitIs(never, neverOrder, 'parked', 'no-such-order');
  expect([soon, late, never].map((merchant) => merchant.purchases().length)).toEqual([1, 1, 0]);
  for (const merchant of [soon, late, never]) await expectBooksToBalance(world, merchant);
});

test('with the merchant’s leave a purchase is made once more when it is proved absent, and only then', async () => {
  const [proved, paidIn] = bold;
  if (!proved || !paidIn) throw new Error('open more shops');
  await buyUnder('answers-503', proved, 'proved@example.com');
  const unproved = await buyUnder('answers-503', paidIn, 'unproved@example.com');
  // A payment into the account takes the proof away.
  paidIn.topUp(50);
  await lookedUp(proved, paidIn);
  expect([...proved.purchases(), ...paidIn.purchases()]).toEqual([]);
  await passTime({ minutes: 16 });
  await world.mailTo('proved@example.com');
  await unitIs(paidIn, unproved, 'parked', 'no-such-order');
  expect(proved.purchases()).toHaveLength(1);
  for (const merchant of [proved, paidIn]) await expectBooksToBalance(world, merchant);
});

test('what was bought again and is lost again is left to a person: there is no third time', async () => {
  const merchant = bold[2] ?? expect.fail('open more shops');
  const sent = () =>
    world.esimGo.requests.filter(({ method, path }) => method === 'POST' && path === '/orders').length;
  const before = sent();
  const order = await buyUnder('answers-503', merchant, 'twice@example.com');
  await lookedUp(merchant);
  world.esimGo.conducts.on('answers-503', { times: 1, only: 'POST /orders' });
  await passTime({ minutes: 16 });
  await world.until('it is bought again', () => !world.esimGo.conducts.isOn('answers-503'));
  const looks = listings();
  await world.until('the app looks for that one too', () => listings() > looks);
  await passTime({ minutes: 16 });
  await unitIs(merchant, order, 'parked', 'no-such-order');
  await passTime({ minutes: 61 });
  const variantId = await merchant.sell(GERMANY);
  merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'other-bundle@example.com' });
  await world.mailTo('other-bundle@example.com');
  expect(sent()).toBe(before + 3);
  expect(merchant.purchases()).toHaveLength(1);
  await expectBooksToBalance(world, merchant);
});

test('what the merchant buys by hand meanwhile is not taken for the lost purchase', async () => {
  const merchant = await openShop(world);
  const variantId = await merchant.sell(FRANCE);
  merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'known@example.com' });
  await world.mailTo('known@example.com');
  const order = await buyUnder('answers-503', merchant, 'meanwhile@example.com');
  const byHand = world.esimGo.buyByHand(merchant.apiKey, FRANCE, 1);
  await lookedUp(merchant);
  await passTime({ minutes: 16 });
  await unitIs(merchant, order, 'parked', 'no-such-order');
  await passTime({ minutes: 61 });
  merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'next@example.com' });
  await world.mailTo('next@example.com');
  await unitIs(merchant, order, 'parked', 'no-such-order');
  await expectBooksToBalance(world, merchant, { byHand: [byHand] });
});

test('two orders that might both be the lost one are left to a person, and neither eSIM is given to anybody', async () => {
  const merchant = await openShop(world);
  const order = await buyUnder('loses-the-answer', merchant, 'ambiguous@example.com');
  world.esimGo.buyByHand(merchant.apiKey, FRANCE, 1, OURS);
  await unitIs(merchant, order, 'parked', 'ambiguous');
  await passTime({ minutes: 61 });
  const variantId = await merchant.sell(GERMANY);
  merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'another@example.com' });
  await world.mailTo('another@example.com');
  await unitIs(merchant, order, 'parked', 'ambiguous');
  const unclaimed = merchant.purchases().slice(0, 2);
  await expectBooksToBalance(world, merchant, {
    unclaimed: unclaimed.map(({ orderReference }) => orderReference),
  });
});

test('a lost purchase among hundreds of others, on pages that shift and are cut off, is found', async () => {
  const merchant = await openShop(world);
  await buyUnder('loses-the-answer', merchant, 'hundreds@example.com');
  const byHand = Array.from({ length: 199 }, () => world.esimGo.buyByHand(merchant.apiKey, GERMANY, 1));
  world.esimGo.conducts.on('shifts-pages');
  await world.mailTo('hundreds@example.com');
  world.esimGo.conducts.off('shifts-pages');
  expect(merchant.purchases()).toHaveLength(200);
  await expectBooksToBalance(world, merchant, { byHand });
});

test('two lines of the same bundle, one of them in doubt, get an eSIM each and no more', async () => {
  const merchant = await openShop(world);
  const variantId = await merchant.sell(FRANCE);
  world.esimGo.conducts.on('loses-the-answer', { times: 1, only: 'POST /orders' });
  world.esimGo.conducts.on('lists-late', { times: 1, only: 'POST /orders', seconds: 5 });
  for (const name of ['one', 'other'])
    merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: `${name}@example.com` });
  await world.mailTo('one@example.com');
  await world.mailTo('other@example.com');
  expect(merchant.purchases()).toHaveLength(2);
  await expectBooksToBalance(world, merchant);
});
