import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectBooksToBalance } from '../books.ts';
import type { Order } from '../sandbox/shopify/records.ts';
import { openShop, type Merchant, type OrderPage } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.end());

const attention = async (merchant: Merchant) =>
  (await merchant.read<{ attention: { text: string; nextStep: string }[] }>('/app', 'app._index')).attention;

/** Waits until every unit of the order is held for the reason; returns the order's page. */
async function held(merchant: Merchant, order: Order, reason: string): Promise<OrderPage> {
  const pages: OrderPage[] = [];
  await world.until(`${order.name} is held: ${reason}`, async () => {
    const page = await merchant.order(order);
    if (page?.units.every((unit) => unit.state === 'held' && unit.reason === reason)) pages.push(page);
    return pages.length > 0;
  });
  return pages[0] ?? expect.fail('no page');
}

test.concurrent(
  'an eSIM whose variant is linked to no bundle waits for the merchant, who links it',
  async () => {
    const merchant = await openShop(world);
    const variantId = await merchant.sell(FRANCE);
    await merchant.link(variantId, FRANCE, 'unmap');
    const order = merchant.checkout({ lines: [{ variantId, quantity: 2 }], email: 'unlinked@example.com' });
    expect(await held(merchant, order, 'no-bundle')).toMatchObject({ state: 'attention' });
    expect(await attention(merchant)).toMatchObject([
      {
        text: '2 eSIMs: not linked to a bundle',
        nextStep: expect.stringContaining('Link its variant') as string,
      },
    ]);
    expect((await merchant.thankYou(order)).status).toBe('problem');
    const unitId = (await merchant.order(order))?.units[0]?.id ?? '';
    expect((await merchant.press(order, { intent: 'retry', unitId })).status).toBe(422);
    expect(merchant.purchases()).toEqual([]);

    await merchant.link(variantId, FRANCE, 'map');
    await world.mailTo('unlinked@example.com');
    expect(world.mailsTo('unlinked@example.com')[0]?.attachments).toHaveLength(2);
    await world.until('nothing waits any more', async () => (await attention(merchant)).length === 0);
    await expectBooksToBalance(world, merchant);
  },
);

test.concurrent('a test order spends nothing until the merchant says so', async () => {
  const merchant = await openShop(world);
  const order = merchant.checkout({
    lines: [{ variantId: await merchant.sell(FRANCE), quantity: 1 }],
    email: 'test@example.com',
    test: true,
  });
  const { isTest, units } = await held(merchant, order, 'test-order');
  expect(isTest).toBe(true);
  expect(await attention(merchant)).toEqual([]);
  expect(merchant.purchases()).toEqual([]);

  expect((await merchant.press(order, { intent: 'retry', unitId: units[0]?.id ?? '' })).status).toBe(200);
  await world.mailTo('test@example.com');
  // Pressed twice, or in a tab that is out of date.
  expect((await merchant.press(order, { intent: 'retry', unitId: units[0]?.id ?? '' })).status).toBe(422);
  await expectBooksToBalance(world, merchant);
});

test.concurrent(
  'an eSIM the balance cannot pay waits with its reason, and is bought after a top-up',
  async () => {
    const merchant = await openShop(world, { balance: 0.01 });
    const variantId = await merchant.sell(FRANCE);
    const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'funds@example.com' });
    const { units } = await held(merchant, order, 'funds');
    expect(units[0]?.nextLook).not.toBeNull();
    expect(await attention(merchant)).toMatchObject([
      { text: '1 eSIM: balance too low', nextStep: expect.stringContaining('Top up') as string },
    ]);

    const again = { intent: 'retry', unitId: units[0]?.id ?? '' };
    await merchant.press(order, again);
    await held(merchant, order, 'funds');
    expect(merchant.purchases()).toEqual([]);

    merchant.topUp(100);
    await merchant.press(order, again);
    await world.mailTo('funds@example.com');
    await expectBooksToBalance(world, merchant);
  },
);

test.concurrent('an order cancelled or refunded while it is held is not bought after all', async () => {
  const merchant = await openShop(world, { balance: 0.01 });
  const variantId = await merchant.sell(FRANCE);
  const cancelled = merchant.checkout({
    lines: [{ variantId, quantity: 1 }],
    email: 'cancelled@example.com',
  });
  await held(merchant, cancelled, 'funds');
  world.shopify.state.cancelOrder(merchant.domain, cancelled.id);
  await world.until('it is cancelled', async () => (await merchant.order(cancelled))?.state === 'cancelled');
  const unitId = (await merchant.order(cancelled))?.units[0]?.id ?? '';
  expect((await merchant.press(cancelled, { intent: 'retry', unitId })).status).toBe(422);

  merchant.topUp(100);
  const next = merchant.checkout({
    lines: [{ variantId, quantity: 1 }],
    email: 'after-cancelled@example.com',
  });
  await world.mailTo('after-cancelled@example.com');
  expect(merchant.purchases()).toHaveLength(1);
  expect((await merchant.order(next))?.state).toBe('delivered');
  expect(world.mailsTo('cancelled@example.com')).toEqual([]);
  await expectBooksToBalance(world, merchant);
});
