import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { currentTotalOf, owedOf, receivedOf, refundedOf } from './orders.ts';
import { openShopifyState } from './state.ts';

const shop = 'demo.myshopify.com';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-shopify-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('shops, orders and tokens survive a restart, and ids go on from where they were', () => {
  const stateFile = join(folder, 'shopify.json');
  const first = openShopifyState({ stateFile });
  first.createShop({ domain: shop });
  first.installApp(shop, ['read_orders']);
  const order = first.createOrder(shop, { lines: [{ variantId: null, quantity: 1 }], email: null });
  first.flush();

  const second = openShopifyState({ stateFile });
  expect(second.shop(shop).orders).toEqual([order]);
  expect(second.shop(shop).app?.scopes).toEqual(['read_orders']);
  expect(second.nextId()).toBeGreaterThan(order.id);
});

test('a cart of goods, eSIMs and a gift card makes one fulfilment order for goods and one for the rest', () => {
  const state = openShopifyState();
  const { products } = state.createShop({ domain: shop });
  const esim = state.createProduct(shop, {
    title: 'France eSIM',
    variants: [{ price: '9.90', requiresShipping: false }],
  });
  const order = state.createOrder(shop, {
    lines: [
      { variantId: products[0]?.variants[0]?.id ?? 0, quantity: 1 },
      { variantId: esim.variants[0]?.id ?? 0, quantity: 2 },
      { variantId: null, quantity: 1, giftCard: true },
    ],
  });
  expect(order.fulfillmentOrders.map(({ deliveryMethod, lines }) => [deliveryMethod, lines.length])).toEqual([
    ['SHIPPING', 1],
    ['NONE', 1],
  ]);
});

test('a partial refund lowers what is left, and refunding more than that is refused', () => {
  const state = openShopifyState();
  const { products } = state.createShop({ domain: shop });
  const order = state.createOrder(shop, {
    lines: [{ variantId: products[0]?.variants[0]?.id ?? 0, quantity: 3 }],
  });
  const lineItemId = order.lines[0]?.id ?? 0;
  state.refundOrder(shop, order.id, { lines: [{ lineItemId, quantity: 2 }] });
  expect(order).toMatchObject({
    financialStatus: 'PARTIALLY_REFUNDED',
    lines: [{ quantity: 3, currentQuantity: 1 }],
  });
  expect(() => state.refundOrder(shop, order.id, { lines: [{ lineItemId, quantity: 2 }] })).toThrow('only 1');
  state.cancelOrder(shop, order.id);
  expect(order).toMatchObject({ financialStatus: 'REFUNDED', cancelReason: 'CUSTOMER' });
});

test('an order in a currency without cents has none', () => {
  const state = openShopifyState();
  state.createShop({ domain: shop, currency: 'JPY', seeded: false });
  const product = state.createProduct(shop, { title: 'Japan eSIM', variants: [{ price: '1200' }] });
  expect(product.variants[0]?.price).toBe('1200');
});

function sell(quantity: number) {
  const state = openShopifyState();
  const { products } = state.createShop({ domain: shop });
  const variantId = products[0]?.variants[0]?.id ?? 0;
  const order = state.createOrder(shop, { lines: [{ variantId, quantity }] });
  const topics: string[] = [];
  state.listen(({ topic }) => topics.push(topic));
  return { state, order, topics, variantId, lineItemId: order.lines[0]?.id ?? 0 };
}

test('a piece added to a paid order is owed, and the order is partly paid until it is paid too', () => {
  const { state, order, topics, lineItemId } = sell(2);
  state.editOrder(shop, order.id, { lines: [{ lineItemId, quantity: 3 }] });
  expect(order).toMatchObject({
    financialStatus: 'PARTIALLY_PAID',
    lines: [{ quantity: 3, currentQuantity: 3 }],
    fulfillmentOrders: [{ lines: [{ totalQuantity: 3, remainingQuantity: 3 }] }],
  });
  expect(owedOf(order)).toBe('24.90');
  state.markPaid(shop, order.id);
  expect(order).toMatchObject({ financialStatus: 'PAID', transactions: [{}, { amount: '24.90' }] });
  expect(topics).toEqual(['orders/edited', 'orders/updated', 'orders/paid']);
});

test('a piece taken out of a paid order leaves money to give back, and the rest to deliver', () => {
  const { state, order, lineItemId } = sell(3);
  state.editOrder(shop, order.id, { lines: [{ lineItemId, quantity: 1 }] });
  expect(order).toMatchObject({
    financialStatus: 'PAID',
    lines: [{ quantity: 3, currentQuantity: 1 }],
    fulfillmentOrders: [{ lines: [{ remainingQuantity: 1 }] }],
  });
  expect([currentTotalOf(order), receivedOf(order), owedOf(order)]).toEqual(['24.90', '74.70', '0.00']);
  state.cancelOrder(shop, order.id);
  expect(order.financialStatus).toBe('REFUNDED');
  expect(refundedOf(order)).toBe('74.70');
});

test('a fulfilled line is not edited; more of it is a line of its own', () => {
  const { state, order, variantId, lineItemId } = sell(1);
  const [part] = order.fulfillmentOrders;
  state.fulfil(shop, order.id, [{ fulfillmentOrderId: part?.id ?? 0, lines: null }]);
  const edit = (quantity: number) => () =>
    state.editOrder(shop, order.id, { lines: [{ lineItemId, quantity }] });
  expect(edit(0)).toThrow('fulfilled');
  expect(edit(2)).toThrow('fulfilled');
  state.editOrder(shop, order.id, { add: [{ variantId, quantity: 1 }] });
  expect(order.lines).toHaveLength(2);
  expect(order.fulfillmentOrders.map(({ status }) => status)).toEqual(['CLOSED', 'OPEN']);
});

test('an authorised order waits for its capture, and is voided when it is cancelled before', () => {
  const { state, variantId, topics } = sell(1);
  const draft = { lines: [{ variantId, quantity: 1 }], authorised: true };
  const captured = state.createOrder(shop, draft);
  expect(captured).toMatchObject({ financialStatus: 'AUTHORIZED', transactions: [] });
  expect(state.markPaid(shop, captured.id).financialStatus).toBe('PAID');
  const voided = state.createOrder(shop, draft);
  expect(state.cancelOrder(shop, voided.id)).toMatchObject({ financialStatus: 'VOIDED', refunds: [] });
  expect(topics).toEqual(['orders/create', 'orders/paid', 'orders/create', 'orders/cancelled']);
});

test('only a cancelled order can be deleted, and its number is not given again while a later one has it', () => {
  const { state, order, topics } = sell(1);
  expect(() => {
    state.deleteOrder(shop, order.id);
  }).toThrow('not cancelled');
  const later = state.createOrder(shop, { lines: [{ variantId: null, quantity: 1 }] });
  state.cancelOrder(shop, order.id);
  state.deleteOrder(shop, order.id);
  expect(state.shop(shop).orders).toEqual([later]);
  expect(state.createOrder(shop, { lines: [{ variantId: null, quantity: 1 }] }).name).toBe('#1003');
  expect(topics).toContain('orders/delete');
});

test('every act moves the date of the order on', () => {
  let now = Date.parse('2026-11-21T08:00:00Z');
  const state = openShopifyState({ now: () => new Date((now += 1000)) });
  const { products } = state.createShop({ domain: shop });
  const variantId = products[0]?.variants[0]?.id ?? 0;
  const order = state.createOrder(shop, { lines: [{ variantId, quantity: 3 }], paid: false });
  const lineItemId = order.lines[0]?.id ?? 0;
  const acts = [
    () => state.markPaid(shop, order.id),
    () => state.assessRisk(shop, order.id, { level: 'MEDIUM', recommendation: 'INVESTIGATE' }),
    () => state.editOrder(shop, order.id, { lines: [{ lineItemId, quantity: 2 }] }),
    () => state.refundOrder(shop, order.id, { lines: [{ lineItemId, quantity: 1 }] }),
    () => state.cancelOrder(shop, order.id),
  ];
  const dates = acts.map((act) => {
    act();
    return order.updatedAt;
  });
  expect(dates).toEqual([...new Set(dates)].sort());
});
