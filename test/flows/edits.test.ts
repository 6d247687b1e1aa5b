import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectBooksToBalance } from '../books.ts';
import { passTime } from '../clock.ts';
import { openShop } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';
const GERMANY = 'esim_1GB_7D_DE_V2';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.end());

test('an order that is edited before it is bought buys what is paid in the end: more, fewer, and more again', async () => {
  const merchant = await openShop(world, { balance: 0.01 });
  const variantId = await merchant.sell(FRANCE);
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'edited@example.com' });
  const lineItemId = order.lines[0]?.id ?? 0;
  const edit = (quantity: number) =>
    world.shopify.state.editOrder(merchant.domain, order.id, { lines: [{ lineItemId, quantity }] });
  const states = async () => (await merchant.order(order))?.units.map(({ state }) => state) ?? [];
  const become = (sentence: string, ...wanted: string[]) =>
    world.until(sentence, async () => (await states()).sort().join() === wanted.sort().join());

  await become('one is held', 'held');
  edit(3);
  const reads = world.shopify.graphqlLog.length;
  await world.until('the app reads the order again', () => world.shopify.graphqlLog.length > reads);
  expect(await states()).toEqual(['held']);
  world.shopify.state.markPaid(merchant.domain, order.id);
  await become('three are held', 'held', 'held', 'held');
  edit(1);
  await become('two are cancelled', 'held', 'cancelled', 'cancelled');
  // Paid for already: nothing was refunded when they were taken away.
  edit(3);
  await become('two came again', 'held', 'held', 'held', 'cancelled', 'cancelled');

  merchant.topUp(100);
  await passTime({ minutes: 6 });
  await world.mailTo('edited@example.com');
  expect(world.mailsTo('edited@example.com')[0]?.attachments).toHaveLength(3);
  expect(merchant.purchases().map(({ items }) => items[0]?.quantity)).toEqual([3]);
  await expectBooksToBalance(world, merchant);
});

test('a line added after delivery is bought once it is paid, and comes with an e-mail of its own', async () => {
  const merchant = await openShop(world);
  const [france, germany] = [await merchant.sell(FRANCE), await merchant.sell(GERMANY)];
  const order = merchant.checkout({
    lines: [{ variantId: france, quantity: 1 }],
    email: 'added@example.com',
  });
  await world.mailTo('added@example.com');
  world.shopify.state.editOrder(merchant.domain, order.id, { add: [{ variantId: germany, quantity: 2 }] });
  world.shopify.state.markPaid(merchant.domain, order.id);
  await world.until('the second e-mail arrives', () => world.mailsTo('added@example.com').length === 2);
  expect(merchant.purchases().map(({ items }) => [items[0]?.bundle, items[0]?.quantity])).toEqual([
    [FRANCE, 1],
    [GERMANY, 2],
  ]);
  await expectBooksToBalance(world, merchant, { resent: ['added@example.com'] });
});

test('a piece taken out of an order after it was sent is kept on record, and one added then is a new one', async () => {
  const merchant = await openShop(world);
  const variantId = await merchant.sell(FRANCE);
  // Shopify lets a line be edited while it is not fulfilled.
  const order = merchant.checkout({
    lines: [{ variantId, quantity: 2 }],
    email: 'taken-out@example.com',
    paid: false,
  });
  const part = order.fulfillmentOrders[0]?.id ?? 0;
  world.shopify.state.holdFulfillment(merchant.domain, part, { reason: 'OTHER', notes: null, handle: null });
  world.shopify.state.markPaid(merchant.domain, order.id);
  await world.mailTo('taken-out@example.com');

  const lineItemId = order.lines[0]?.id ?? 0;
  world.shopify.state.editOrder(merchant.domain, order.id, { lines: [{ lineItemId, quantity: 1 }] });
  await world.until(
    'the merchant sees it',
    async () =>
      (await merchant.order(order))?.events.some(({ text }) => /after its eSIM was sent$/.test(text)) ??
      false,
  );
  expect((await merchant.order(order))?.units).toMatchObject([
    { state: 'delivered' },
    { state: 'delivered' },
  ]);
  await world.until('the merchant is asked', async () => {
    const { units } = (await merchant.order(order)) ?? expect.fail('the order is gone');
    return units.some(({ reason }) => reason === 'refund-edited');
  });
  expect(world.esimGo.esims.filter(({ returned }) => returned)).toEqual([]);

  world.shopify.state.editOrder(merchant.domain, order.id, { lines: [{ lineItemId, quantity: 2 }] });
  await world.until('the new piece is sent', () => world.mailsTo('taken-out@example.com').length === 2);
  expect(merchant.purchases().map(({ items }) => items[0]?.quantity)).toEqual([2, 1]);
  world.shopify.state.releaseFulfillment(merchant.domain, part);
  await passTime({ minutes: 2 });
  await expectBooksToBalance(world, merchant, { resent: ['taken-out@example.com'] });
});
