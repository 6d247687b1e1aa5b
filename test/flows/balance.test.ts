import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectBooksToBalance } from '../books.ts';
import { passTime } from '../clock.ts';
import type { Order } from '../sandbox/shopify/records.ts';
import { choose } from '../settings.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';
const PRICE = 2;

let world: World;
let thrifty: Merchant;

beforeAll(async () => {
  world = await openWorld();
  world.esimGo.setPrice(FRANCE, PRICE);
  thrifty = await openShop(world, { balance: 3 * PRICE });
  await choose(thrifty, { reserve: String(2 * PRICE) });
});
afterAll(() => world.end());

const purchaseRequests = () =>
  world.esimGo.requests.filter(({ method, path }) => method === 'POST' && path === '/orders').length;
const held = (merchant: Merchant, order: Order, reason: string) =>
  world.until(
    `${order.name} is held: ${reason}`,
    async () => (await merchant.order(order))?.units.every((unit) => unit.reason === reason) ?? false,
  );

/** The look for money is written down: what is written later than a jump of the clock would wait from there. */
const waitsAgain = (merchant: Merchant, order: Order) =>
  world.until(
    `${order.name} waits again`,
    async () => (await merchant.order(order))?.units.every((unit) => unit.nextLook !== null) ?? false,
  );

test('two orders want the last of the balance: the first gets it, and what waits is bought in its turn after a top-up', async () => {
  const merchant = await openShop(world, { balance: 1.5 * PRICE });
  const variantId = await merchant.sell(FRANCE);
  // Who comes first is decided where the order is taken in.
  const buy = async (name: string, quantity: number) => {
    const order = merchant.checkout({ lines: [{ variantId, quantity }], email: `${name}@example.com` });
    await world.until(`${name} is taken in`, async () => (await merchant.order(order)) !== null);
    return order;
  };
  await buy('first', 1);
  const second = await buy('second', 3);
  const third = await buy('third', 1);
  await world.mailTo('first@example.com');
  await held(merchant, second, 'funds');
  await held(merchant, third, 'funds');
  const { attention } = await merchant.read<{ attention: { text: string }[] }>('/app', 'app._index');
  expect(attention.map(({ text }) => text)).toEqual(['4 eSIMs: balance too low']);

  // Enough for the third, not for the second: the third does not overtake.
  merchant.topUp(PRICE);
  const before = { requests: purchaseRequests(), reads: balanceReads() };
  await passTime({ minutes: 6 });
  await world.until('the balance is asked for', () => balanceReads() > before.reads);
  for (const order of [second, third]) {
    await waitsAgain(merchant, order);
    await held(merchant, order, 'funds');
  }
  expect(purchaseRequests()).toBe(before.requests);

  merchant.topUp(10 * PRICE);
  await passTime({ minutes: 6 });
  await world.mailTo('second@example.com');
  await world.mailTo('third@example.com');
  expect(merchant.purchases().map(({ items }) => items[0]?.quantity)).toEqual([1, 3, 1]);
  await expectBooksToBalance(world, merchant);
});

test('the reserve stays in the account: what would touch it waits, unless the merchant wants it bought', async () => {
  const variantId = await thrifty.sell(FRANCE);
  const buy = (name: string) =>
    thrifty.checkout({ lines: [{ variantId, quantity: 1 }], email: `${name}@example.com` });
  buy('above');
  await world.mailTo('above@example.com');
  const order = buy('below');
  await held(thrifty, order, 'reserve');
  expect(thrifty.purchases()).toHaveLength(1);
  const wanted = buy('wanted');
  await held(thrifty, wanted, 'reserve');
  const unitId = (await thrifty.order(wanted))?.units[0]?.id ?? '';
  expect((await thrifty.press(wanted, { intent: 'retry', unitId })).status).toBe(200);
  await world.mailTo('wanted@example.com');
  await held(thrifty, order, 'reserve');

  thrifty.topUp(2 * PRICE);
  await passTime({ minutes: 6 });
  await world.mailTo('below@example.com');
  await expectBooksToBalance(world, thrifty);
});

test('the supplier finds the balance too low though it looked enough: nothing is bought, and tried again', async () => {
  const merchant = await openShop(world);
  const variantId = await merchant.sell(FRANCE);
  world.esimGo.conducts.on('sells-out', { times: 1, only: 'POST /orders' });
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'refused@example.com' });
  await held(merchant, order, 'funds');
  expect(merchant.purchases()).toEqual([]);
  await passTime({ minutes: 6 });
  await world.mailTo('refused@example.com');
  await expectBooksToBalance(world, merchant);
});

function balanceReads() {
  return world.esimGo.requests.filter(({ path }) => path === '/organisation').length;
}
