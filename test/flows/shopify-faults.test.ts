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

const delivered = (order: Parameters<Merchant['order']>[0]) =>
  world.until(
    `${order.name} is delivered`,
    async () => (await merchant.order(order))?.fulfilment.state === 'done',
  );

test('an order that Shopify cannot tell about at first, with a 502 and then for asking too much, is delivered', async () => {
  // The first look over all orders would take the 502 that is meant for this one.
  await world.until('the app has looked over the orders', () =>
    world.shopify.graphqlLog.some(({ operationName }) => operationName === 'OrdersByUpdate'),
  );
  world.shopify.conducts.on('answers-502', { times: 1, only: 'graphql' });
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'shopify-down@example.com' });
  await world.until('Shopify answered 502', () => !world.shopify.conducts.isOn('answers-502'));
  // The app asks again two seconds later, which a busy machine may take to show a page.
  world.shopify.conducts.on('answers-502', { only: 'graphql' });
  expect(await merchant.order(order)).toBeNull();
  world.shopify.conducts.off('answers-502');
  world.shopify.conducts.on('throttles', { times: 1, only: 'OrderById' });
  await passTime({ minutes: 1 });
  await world.mailTo('shopify-down@example.com');
  expect(world.shopify.graphqlLog.some(({ throttled }) => throttled)).toBe(true);
  await delivered(order);
});

test('an order the merchant has fulfilled already is delivered, and not fulfilled twice', async () => {
  world.shopify.conducts.on('closes-fulfilment-orders-first', { times: 1 });
  const order = merchant.checkout({ lines: [{ variantId, quantity: 2 }], email: 'by-hand@example.com' });
  expect(order.fulfillments).toHaveLength(1);
  await world.mailTo('by-hand@example.com');
  await delivered(order);
  expect(order.fulfillments).toHaveLength(1);
  expect(order.tags).toContain('eSIM');
});

test('without the permission to see addresses there is no e-mail, and the buyer finds the eSIM on the page', async () => {
  world.shopify.conducts.on('hides-email');
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'hidden@example.com' });
  await delivered(order);
  world.shopify.conducts.off('hides-email');
  expect(await merchant.order(order)).toMatchObject({ maskedEmail: null, mail: { state: 'no-address' } });
  expect(await merchant.thankYou(order)).toMatchObject({
    status: 'ready',
    esims: [{ code: { activationCode: expect.stringMatching(/^LPA:1\$/) as string } }],
  });
  expect(world.mailsTo('hidden@example.com')).toEqual([]);
});

test('when the app may not read orders any more the merchant is told what to press, and all that waits is taken up at once', async () => {
  const denied = await openShop(world);
  const deniedVariant = await denied.sell(FRANCE);
  const scopes = world.shopify.state.shop(denied.domain).app?.scopes ?? [];
  const toldAtHome = async () =>
    (
      await denied.read<{ attention: { text: string; nextStep: string }[] }>('/app?index', 'app._index')
    ).attention.find(({ text }) => text === 'Shopify does not let the app read your orders');
  world.shopify.state.installApp(
    denied.domain,
    scopes.filter((scope) => !scope.endsWith('_orders')),
  );
  for (const buyer of ['one', 'two'])
    denied.checkout({ lines: [{ variantId: deniedVariant, quantity: 1 }], email: `${buyer}@denied.example` });
  await world.until('the home page says so', async () => (await toldAtHome()) !== undefined);
  expect((await toldAtHome())?.nextStep).toContain('press “Run now”');
  const { name, email } = world.shopify.state.shop(denied.domain);
  await world.until('the merchant is told by e-mail, too', () =>
    world
      .mailsTo(email)
      .some(({ subject }) => subject === `${name}: Shopify does not let the app read your orders`),
  );
  expect(denied.purchases()).toEqual([]);

  world.shopify.state.installApp(denied.domain, scopes);
  for (const buyer of ['one', 'two']) await world.mailTo(`${buyer}@denied.example`);
  await world.until('the home page is quiet', async () => (await toldAtHome()) === undefined);
  await expectBooksToBalance(world, denied);
});

test('a fulfilment on hold does not keep the eSIM from the buyer, and is shown to the merchant', async () => {
  const order = merchant.checkout({
    lines: [{ variantId, quantity: 1 }],
    email: 'on-hold@example.com',
    paid: false,
  });
  const [part] = order.fulfillmentOrders;
  world.shopify.state.holdFulfillment(merchant.domain, part?.id ?? 0, {
    reason: 'OTHER',
    notes: null,
    handle: null,
  });
  world.shopify.state.markPaid(merchant.domain, order.id);
  await world.mailTo('on-hold@example.com');
  await world.until(
    'the hold is shown',
    async () => (await merchant.order(order))?.fulfilment.problem?.includes('holds the fulfilment') ?? false,
  );
  expect(order.fulfillments).toEqual([]);

  world.shopify.state.releaseFulfillment(merchant.domain, part?.id ?? 0);
  await passTime({ minutes: 1 });
  await delivered(order);
  await expectBooksToBalance(world, merchant);
});
