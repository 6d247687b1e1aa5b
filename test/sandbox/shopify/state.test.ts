import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
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
