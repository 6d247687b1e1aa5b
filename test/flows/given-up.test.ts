import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectBooksToBalance } from '../books.ts';
import { passTime } from '../clock.ts';
import type { Order } from '../sandbox/shopify/records.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';
const GERMANY = 'esim_1GB_7D_DE_V2';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.end());

const strike = (conduct: string, options = {}) => {
  world.esimGo.conducts.on(conduct, { times: 1, only: 'POST /orders', ...options });
};
const unitsAre = (merchant: Merchant, order: Order, ...states: string[]) =>
  world.until(`${order.name}: ${states.join(', ')}`, async () => {
    const page = await merchant.order(order);
    return page?.units.map(({ state }) => state).join() === states.join();
  });
const told = (merchant: Merchant, order: Order, text: RegExp) =>
  world.until(`${order.name} tells ${String(text)}`, async () => {
    const page = await merchant.order(order);
    return page?.events.some((event) => text.test(event.text)) ?? false;
  });
/** The app has heard that every piece has left the order. */
const allGone = (merchant: Merchant, order: Order) =>
  world.until(`every piece of ${order.name} is gone`, async () => {
    const page = await merchant.order(order);
    return page?.units.every(({ isGone }) => isGone) ?? false;
  });
const esimsOf = ({ apiKey }: Merchant) => world.esimGo.esims.filter((esim) => esim.apiKey === apiKey);

async function openSelling(): Promise<{ merchant: Merchant; variantId: number }> {
  const merchant = await openShop(world);
  return { merchant, variantId: await merchant.sell(FRANCE) };
}

test('an order cancelled while its purchase is in doubt is mailed to nobody, and its eSIM goes back to the supplier', async () => {
  const { merchant, variantId } = await openSelling();
  strike('loses-the-answer');
  strike('lists-late', { seconds: 90 });
  const order = merchant.checkout({ lines: [{ variantId, quantity: 2 }], email: 'doubted@example.com' });
  await told(merchant, order, /answer was lost/);
  world.shopify.state.cancelOrder(merchant.domain, order.id);
  await allGone(merchant, order);
  await passTime({ minutes: 2 });
  await unitsAre(merchant, order, 'cancelled', 'cancelled');
  await told(merchant, order, /taken back/);
  expect(esimsOf(merchant).map(({ returned }) => returned)).toEqual([true, true]);
  expect(world.mailsTo('doubted@example.com')).toEqual([]);
  await expectBooksToBalance(world, merchant);
});

test('a purchase that never happened, and whose order is cancelled meanwhile, is over without anybody', async () => {
  const { merchant, variantId } = await openSelling();
  strike('throttles');
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'refused@example.com' });
  await told(merchant, order, /Nothing was bought/);
  world.shopify.state.cancelOrder(merchant.domain, order.id);
  await unitsAre(merchant, order, 'cancelled');
  expect(merchant.purchases()).toEqual([]);
  await expectBooksToBalance(world, merchant);
});

test('an order refunded while the supplier prepares it: an eSIM that is on a phone already is left to the merchant', async () => {
  const { merchant, variantId } = await openSelling();
  strike('prepares-slowly', { seconds: 90 });
  const order = merchant.checkout({ lines: [{ variantId, quantity: 2 }], email: 'prepared@example.com' });
  await unitsAre(merchant, order, 'preparing', 'preparing');
  world.shopify.state.refundOrder(merchant.domain, order.id);
  world.esimGo.install(esimsOf(merchant)[0]?.iccid ?? '');
  await allGone(merchant, order);
  await passTime({ minutes: 2 });
  await world.until('one is given back and one is left to the merchant', async () => {
    const page = await merchant.order(order);
    return (
      page?.units
        .map(({ state, reason }) => `${state} ${String(reason)}`)
        .sort()
        .join() === 'cancelled null,parked gone'
    );
  });
  expect((await merchant.order(order))?.state).toBe('attention');
  expect(esimsOf(merchant).map(({ returned }) => returned)).toEqual([false, true]);
  expect(world.mailsTo('prepared@example.com')).toEqual([]);
  await expectBooksToBalance(world, merchant);
});

test('an order cancelled when half of it is bought: that half goes back, the other is never bought', async () => {
  const { merchant, variantId } = await openSelling();
  const germany = await merchant.sell(GERMANY);
  const order = merchant.checkout({
    lines: [
      { variantId, quantity: 1 },
      { variantId: germany, quantity: 1 },
    ],
    email: 'half@example.com',
  });
  // The supplier takes the second one three seconds later, and here not before the order is cancelled.
  await world.until('the first is bought', () => merchant.purchases().length === 1);
  world.esimGo.conducts.on('throttles', { only: 'POST /orders' });
  await told(merchant, order, /eSIM received/);
  world.shopify.state.cancelOrder(merchant.domain, order.id);
  await unitsAre(merchant, order, 'cancelled', 'cancelled');
  world.esimGo.conducts.off('throttles');
  await told(merchant, order, /taken back/);
  expect(merchant.purchases()).toHaveLength(1);
  expect(world.mailsTo('half@example.com')).toEqual([]);
  await expectBooksToBalance(world, merchant);
});

test('a refund of one of three takes the one that is missing, not one that was sent', async () => {
  const { merchant, variantId } = await openSelling();
  strike('allocates-fewer');
  const order = merchant.checkout({ lines: [{ variantId, quantity: 3 }], email: 'short@example.com' });
  await world.mailTo('short@example.com');
  world.shopify.state.refundOrder(merchant.domain, order.id, {
    lines: [{ lineItemId: order.lines[0]?.id ?? 0, quantity: 1 }],
  });
  await told(merchant, order, /cancelled or refunded after/);
  const { status, esims } = await merchant.thankYou(order);
  expect([status, esims.filter(({ code }) => code !== null).length]).toEqual(['ready', 2]);
  await expectBooksToBalance(world, merchant);
});

test('an order that was deleted in Shopify before it was bought is not bought, though nobody told of its cancellation', async () => {
  const merchant = await openShop(world, { balance: 0.01 });
  const variantId = await merchant.sell(FRANCE);
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'deleted@example.com' });
  await unitsAre(merchant, order, 'held');
  world.shopify.conducts.on('drops-webhooks');
  world.shopify.state.cancelOrder(merchant.domain, order.id);
  world.shopify.conducts.off('drops-webhooks');
  world.shopify.state.deleteOrder(merchant.domain, order.id);
  await unitsAre(merchant, order, 'cancelled');
  merchant.topUp(100);
  await passTime({ minutes: 6 });
  merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'after-deleted@example.com' });
  await world.mailTo('after-deleted@example.com');
  expect(merchant.purchases()).toHaveLength(1);
  await expectBooksToBalance(world, merchant);
});

test('a shop that removes the app between purchase and e-mail: its buyer still gets the eSIM, and no new one is bought', async () => {
  const { merchant, variantId } = await openSelling();
  strike('prepares-slowly', { seconds: 90 });
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'left@example.com' });
  await unitsAre(merchant, order, 'preparing');
  world.shopify.uninstall(merchant.domain);
  await world.until('the app knows that it was removed', () =>
    merchant.read('/app', 'app._index').then(
      () => false,
      () => true,
    ),
  );
  await passTime({ minutes: 2 });
  await world.mailTo('left@example.com');
  expect(order.fulfillments).toEqual([]);

  world.shopify.installApp(merchant.domain);
  await merchant.read('/app', 'app._index');
  await world.until(
    'Shopify is told',
    async () => (await merchant.order(order))?.fulfilment.state === 'done',
  );
  expect(order.fulfillments).toHaveLength(1);
  expect(merchant.purchases()).toHaveLength(1);
  await expectBooksToBalance(world, merchant);
});
