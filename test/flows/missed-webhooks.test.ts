import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectBooksToBalance } from '../books.ts';
import { passTime } from '../clock.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';

let world: World;
let merchant: Merchant;
let variantId: number;

beforeAll(async () => {
  world = await openWorld();
  merchant = await openShop(world);
  variantId = await merchant.sell(FRANCE);
});
afterAll(() => world.end());

const buy = (email: string) => merchant.checkout({ lines: [{ variantId, quantity: 1 }], email });
const paidBody = (id: number) =>
  world.shopify.deliveries.find(
    ({ topic, body }) => topic === 'orders/paid' && (JSON.parse(body) as { id: number }).id === id,
  );

test('orders of an hour without webhooks are found by looking, and the shop is subscribed by itself', async () => {
  // Shopify forgot the subscriptions of the app's settings; the one the app makes for the shop works.
  world.shopify.conducts.on('forgets-app-subscriptions');
  const orders = [buy('first@example.com'), buy('second@example.com')];
  await passTime({ minutes: 30 });
  const third = buy('third@example.com');
  world.shopify.state.cancelOrder(merchant.domain, third.id);
  await passTime({ minutes: 30 });
  await world.mailTo('first@example.com');
  await world.mailTo('second@example.com');
  expect(await merchant.order(third)).toBeNull();
  await world.until(
    'the shop has a subscription of its own',
    () => world.shopify.state.shop(merchant.domain).webhookSubscriptions.length > 0,
  );

  const told = world.shopify.deliveries.length;
  const next = buy('told-again@example.com');
  await world.mailTo('told-again@example.com');
  expect(world.shopify.deliveries.slice(told)).toMatchObject([{ topic: 'orders/paid', state: 'delivered' }]);
  expect((await merchant.order(next))?.state).toBe('delivered');
  world.shopify.conducts.off('forgets-app-subscriptions');
  expect(merchant.purchases()).toHaveLength(orders.length + 1);
  await expectBooksToBalance(world, merchant);
});

test('changes nobody told of are found too: a refund and a cancellation before the purchase', async () => {
  const poor = await openShop(world, { balance: 0.01 });
  const poorVariantId = await poor.sell(FRANCE);
  const [refunded, cancelled] = ['refunded', 'cancelled'].map((name) =>
    poor.checkout({ lines: [{ variantId: poorVariantId, quantity: 2 }], email: `${name}@example.com` }),
  );
  if (!refunded || !cancelled) throw new Error('no orders');
  for (const order of [refunded, cancelled])
    await world.until(`${order.name} waits for the balance`, async () => {
      const page = await poor.order(order);
      return page?.units.every(({ reason }) => reason === 'funds') ?? false;
    });
  world.shopify.conducts.on('drops-webhooks');
  await passTime({ minutes: 1 });
  world.shopify.state.refundOrder(poor.domain, refunded.id, {
    lines: [{ lineItemId: refunded.lines[0]?.id ?? 0, quantity: 1 }],
  });
  world.shopify.state.cancelOrder(poor.domain, cancelled.id);
  await passTime({ minutes: 11 });
  await world.until(
    'both are as Shopify has them',
    async () =>
      (await poor.order(cancelled))?.state === 'cancelled' &&
      (await poor.order(refunded))?.units.some(({ state }) => state === 'cancelled') === true,
  );
  world.shopify.conducts.off('drops-webhooks');
  // What the look for money writes later than the next jump of the clock would wait from there.
  await world.until('the rest waits again', async () => {
    const page = await poor.order(refunded);
    return page?.units.some(({ state, nextLook }) => state === 'held' && nextLook !== null) ?? false;
  });
  poor.topUp(100);
  await passTime({ minutes: 6 });
  await world.mailTo('refunded@example.com');
  expect(world.mailsTo('refunded@example.com')[0]?.attachments).toHaveLength(1);
  expect(poor.purchases()).toHaveLength(1);
  await expectBooksToBalance(world, poor);
});

test('webhooks that come 26 hours late, with what was true then, buy what is still paid and nothing else', async () => {
  const before = merchant.purchases().length;
  const delivered = buy('delivered@example.com');
  await world.mailTo('delivered@example.com');
  await world.stop();
  world.shopify.conducts.on('drops-webhooks');
  const [paid, refunded] = [buy('late@example.com'), buy('given-up@example.com')];
  world.shopify.conducts.off('drops-webhooks');
  await passTime({ minutes: 26 * 60 });
  world.shopify.conducts.on('drops-webhooks', { times: 1 });
  world.shopify.state.refundOrder(merchant.domain, refunded.id);
  await world.start();
  for (const order of [delivered, paid, refunded])
    await world.shopify.resendWebhook(paidBody(order.id)?.id ?? '');
  await world.mailTo('late@example.com');
  merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'after-all@example.com' });
  await world.mailTo('after-all@example.com');
  expect(merchant.purchases()).toHaveLength(before + 3);
  expect(await merchant.order(refunded)).toBeNull();
  await expectBooksToBalance(world, merchant);
});
