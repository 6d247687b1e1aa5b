import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectBooksToBalance } from '../books.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';
const GERMANY = 'esim_1GB_7D_DE_V2';

let world: World;
let shops: Merchant[];

beforeAll(async () => {
  world = await openWorld();
  shops = await Promise.all([openShop(world), openShop(world), openShop(world), openShop(world)]);
});
afterAll(() => world.end());

// A supplier takes one order every three seconds of an account: stories of different shops do not wait for each other.
const take = () => {
  const merchant = shops.pop();
  if (!merchant) throw new Error('open more shops');
  return merchant;
};
const quantities = (merchant: Merchant) =>
  merchant.purchases().map(({ items }) => items.map(({ bundle, quantity }) => [bundle, quantity]));

test.concurrent(
  'three of one bundle, and the same variant on two lines, are so many different eSIMs',
  async () => {
    const merchant = take();
    const variantId = await merchant.sell(FRANCE);
    const three = merchant.checkout({ lines: [{ variantId, quantity: 3 }], email: 'three@example.com' });
    await world.mailTo('three@example.com');
    expect(world.mailsTo('three@example.com')[0]?.attachments).toHaveLength(3);

    const gift = { variantId, quantity: 1, properties: [{ name: 'For', value: 'Ada' }] };
    const lines = merchant.checkout({
      lines: [{ variantId, quantity: 1 }, gift],
      email: 'lines@example.com',
    });
    await world.mailTo('lines@example.com');
    expect(world.mailsTo('lines@example.com')[0]?.attachments).toHaveLength(2);

    expect(quantities(merchant)).toEqual([[[FRANCE, 3]], [[FRANCE, 2]]]);
    for (const [order, count] of [
      [three, 3],
      [lines, 2],
    ] as const) {
      const { status, esims } = await merchant.thankYou(order);
      expect(status).toBe('ready');
      expect(new Set(esims.map(({ code }) => code?.activationCode)).size).toBe(count);
    }
    await expectBooksToBalance(world, merchant);
  },
);

test.concurrent(
  'a cart with a pillow, a gift card, a service and two eSIMs: only the eSIMs are bought and fulfilled',
  async () => {
    const merchant = take();
    const [france, germany] = [await merchant.sell(FRANCE), await merchant.sell(GERMANY)];
    const pillow =
      world.shopify.state.shop(merchant.domain).products.find(({ title }) => title === 'Travel pillow')
        ?.variants[0]?.id ?? 0;
    const order = merchant.checkout({
      lines: [
        { variantId: pillow, quantity: 1 },
        { variantId: france, quantity: 1 },
        { variantId: null, quantity: 1, giftCard: true, price: '25.00' },
        { variantId: null, quantity: 1, title: 'Gift wrapping', price: '3.00' },
        { variantId: germany, quantity: 1 },
      ],
      email: 'mixed@example.com',
    });
    await world.mailTo('mixed@example.com');
    expect(world.mailsTo('mixed@example.com')[0]?.attachments).toHaveLength(2);
    expect(quantities(merchant).flat().sort()).toEqual([
      [GERMANY, 1],
      [FRANCE, 1],
    ]);
    await expectBooksToBalance(world, merchant);

    const lineOf = (variantId: number) => order.lines.find((line) => line.variantId === variantId)?.id;
    const fulfilled = order.fulfillments.flatMap(({ lines }) =>
      lines.map(({ lineItemId, quantity }) => [lineItemId, quantity]),
    );
    expect(fulfilled).toEqual([
      [lineOf(france), 1],
      [lineOf(germany), 1],
    ]);
    // It is the next thing that Shopify is told.
    await world.until('it is tagged', () => order.tags.includes('eSIM'));
    expect((await merchant.order(order))?.units).toHaveLength(2);
  },
);

test.concurrent('a piece more than the supplier takes in one order is bought in a second one', async () => {
  const merchant = take();
  const variantId = await merchant.sell(FRANCE);
  merchant.checkout({ lines: [{ variantId, quantity: 12 }], email: 'twelve@example.com' });
  await world.mailTo('twelve@example.com');
  expect(world.mailsTo('twelve@example.com')[0]?.attachments).toHaveLength(12);
  expect(quantities(merchant)).toEqual([[[FRANCE, 10]], [[FRANCE, 2]]]);
  await expectBooksToBalance(world, merchant);
});

test.concurrent(
  'an order without an e-mail address is delivered on the pages, and can be mailed later',
  async () => {
    const merchant = take();
    const order = merchant.checkout({
      lines: [{ variantId: await merchant.sell(FRANCE), quantity: 2 }],
      email: null,
    });
    await world.until('it is delivered', async () => (await merchant.order(order))?.state === 'delivered');
    expect(await merchant.order(order)).toMatchObject({
      maskedEmail: null,
      mail: { state: 'no-address' },
      hasEsims: true,
    });
    const { status, esims } = await merchant.thankYou(order);
    expect(status).toBe('ready');
    const issued = world.esimGo.esims
      .filter(({ apiKey }) => apiKey === merchant.apiKey)
      .map(({ activationCode }) => activationCode);
    expect(esims.map(({ code }) => code?.activationCode).sort()).toEqual(issued.sort());

    expect((await merchant.press(order, { intent: 'resend', pressId: randomUUID(), email: '' })).status).toBe(
      422,
    );
    expect(
      (await merchant.press(order, { intent: 'resend', pressId: randomUUID(), email: 'later@example.com' }))
        .status,
    ).toBe(200);
    await world.mailTo('later@example.com');
    expect(world.mailsTo('later@example.com')[0]?.attachments).toHaveLength(2);
    // Until that is written down the order's page knows of no mail.
    await world.until(
      'it counts as mailed',
      async () => (await merchant.order(order))?.mail.state === 'sent',
    );
    await expectBooksToBalance(world, merchant);
  },
);
