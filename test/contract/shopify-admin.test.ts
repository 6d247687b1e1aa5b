import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { Admin } from '../../app/shopify/admin.server.ts';
import type { ListedOrder } from '../../app/shopify/orders.server.ts';
import type { Order } from '../sandbox/shopify/records.ts';
import { startShopify, type Shopify } from '../sandbox/shopify/start.ts';

// What the app asks of Shopify beside the stories, asked of the sandbox's Admin API over HTTP.

const shop = 'contract.myshopify.com';
const APP_URL = 'https://app.example';
let clock = Date.parse('2026-11-21T08:00:00.700Z');
let shopify: Shopify;
let admin: Admin;
let orders: typeof import('../../app/shopify/orders.server.ts');
let products: typeof import('../../app/shopify/products.server.ts');
let refunds: typeof import('../../app/shopify/refunds.server.ts');
let subscriptions: typeof import('../../app/shopify/subscriptions.server.ts');

beforeAll(async () => {
  const key = Buffer.alloc(32, 1).toString('base64');
  Object.assign(process.env, {
    ...{ SHOPIFY_API_KEY: 'key', SHOPIFY_API_SECRET: 'secret', SHOPIFY_APP_URL: APP_URL },
    ...{ RESEND_API_KEY: 're_1', MAIL_FROM: 'esim@shop.example' },
    ...{ ENCRYPTION_KEYS: `k1:${key}`, BLIND_INDEX_KEY: key },
  });
  // Settings are read at import.
  orders = await import('../../app/shopify/orders.server.ts');
  products = await import('../../app/shopify/products.server.ts');
  refunds = await import('../../app/shopify/refunds.server.ts');
  subscriptions = await import('../../app/shopify/subscriptions.server.ts');
  shopify = await startShopify({
    ...{ apiKey: 'key', apiSecret: 'secret', appUrl: APP_URL, webhooks: null },
    now: () => new Date(clock),
  });
  shopify.createShop(shop);
  shopify.installApp(shop);
  admin = await adminOf();
});
afterAll(() => shopify.close());

/** The Admin API without the app's tokens and patience, which the stories show. */
async function adminOf(): Promise<Admin> {
  const post = async (
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<unknown> => {
    const response = await fetch(shopify.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-sandbox-shop': shop, ...headers },
      body: JSON.stringify(body),
    });
    return response.json();
  };
  const { access_token: token } = z.object({ access_token: z.string() }).parse(
    await post('/admin/oauth/access_token', {
      ...{ client_id: 'key', client_secret: 'secret', expiring: '1' },
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: await shopify.idToken(shop),
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
      requested_token_type: 'urn:shopify:params:oauth:token-type:offline-access-token',
    }),
  );
  return {
    domain: shop,
    run: async (operation, variables) => {
      const body = { query: operation.document, variables };
      const headers = { 'x-shopify-access-token': token };
      const answer = await post('/admin/api/2026-10/graphql.json', body, headers);
      const { data } = z.object({ data: z.unknown(), errors: z.undefined().optional() }).parse(answer);
      return operation.result.parse(data);
    },
  };
}

function sell(draft: { paid?: boolean } = {}): Order {
  clock += 1000;
  return shopify.checkout(shop, { lines: [{ variantId: null, quantity: 2 }], ...draft });
}

async function list(window: { updatedSince: Date; updatedUntil?: Date }): Promise<ListedOrder[][]> {
  const pages: ListedOrder[][] = [];
  for await (const page of orders.listOrders(admin, window)) pages.push(page);
  return pages;
}

test('the orders changed in a window come in pages of fifty, each once, cheaply, with what tells paid from unpaid', async () => {
  const before = sell();
  const since = new Date(clock + 1000);
  const made = [
    sell({ paid: false }),
    ...Array.from({ length: 60 }, () => sell()),
    shopify.state.cancelOrder(shop, sell().id),
  ];
  const until = new Date(clock);
  const after = sell();
  const pages = await list({ updatedSince: since, updatedUntil: until });
  expect(pages.map(({ length }) => length)).toEqual([50, 12]);
  const listed = pages.flat();
  expect(listed.map(({ name }) => name)).toEqual(made.map(({ name }) => name));
  expect(listed.map(({ name }) => name)).not.toContain(before.name);
  expect(listed.map(({ isPaid }) => isPaid)).toEqual(made.map((_, index) => index > 0));
  expect(listed.at(-1)?.cancelledAt).toBeInstanceOf(Date);
  expect((await list({ updatedSince: since })).flat().at(-1)?.name).toBe(after.name);
  expect(await list({ updatedSince: new Date(clock + 60_000) })).toEqual([]);
  const costs = shopify.graphqlLog.filter(({ operationName }) => operationName === 'OrdersByUpdate');
  expect(Math.max(...costs.map(({ cost }) => cost))).toBeLessThanOrEqual(60);
});

test('an order that changes while the list is read is not lost to it', async () => {
  const since = new Date(clock + 1000);
  const made = Array.from({ length: 51 }, () => sell());
  const names: string[] = [];
  for await (const page of orders.listOrders(admin, { updatedSince: since })) {
    names.push(...page.map(({ name }) => name));
    if (names.length !== 50) continue;
    clock += 1000;
    // The last of the first page, whose place the second page starts from.
    shopify.state.assessRisk(shop, made[49]?.id ?? 0, { level: 'LOW', recommendation: 'ACCEPT' });
  }
  expect(names).toEqual([...made.map(({ name }) => name), made[49]?.name]);
});

test("an order is read with Shopify's recommendation as a risk, and partly paid is not paid", async () => {
  const order = sell();
  const read = () => orders.readOrder(admin, `gid://shopify/Order/${String(order.id)}`);
  expect(await read()).toMatchObject({ risk: 'low', isPaid: true, lines: [{ quantity: 2 }] });
  shopify.state.assessRisk(shop, order.id, { level: 'MEDIUM', recommendation: 'INVESTIGATE' });
  expect(await read()).toMatchObject({ risk: 'medium' });
  clock += 5000;
  const [line] = order.lines;
  shopify.state.editOrder(shop, order.id, { lines: [{ lineItemId: line?.id ?? 0, quantity: 3 }] });
  expect(await read()).toMatchObject({
    isPaid: false,
    lines: [{ quantity: 3 }],
    updatedAt: new Date(Math.floor(clock / 1000) * 1000),
  });
  shopify.state.markPaid(shop, order.id);
  expect(await read()).toMatchObject({ isPaid: true });
});

test('a shop is subscribed to what it misses, once, and what others subscribed does not count', async () => {
  shopify.state.shop(shop).webhookSubscriptions.push({
    ...{ id: shopify.state.nextId(), topic: 'REFUNDS_CREATE', createdAt: new Date(clock).toISOString() },
    uri: 'https://elsewhere.example/webhooks',
  });
  const ensure = () =>
    subscriptions.ensureSubscription(admin, [
      'orders/paid',
      'orders/risk_assessment_changed',
      'refunds/create',
    ]);
  expect(await ensure()).toEqual(['orders/paid', 'orders/risk_assessment_changed', 'refunds/create']);
  expect(await ensure()).toEqual([]);
  const made = shopify.state.shop(shop).webhookSubscriptions.filter(({ uri }) => uri.startsWith(APP_URL));
  expect(made.map(({ topic, uri }) => [topic, uri])).toEqual([
    ['ORDERS_PAID', `${APP_URL}/webhooks/shopify`],
    ['ORDERS_RISK_ASSESSMENT_CHANGED', `${APP_URL}/webhooks/shopify`],
    ['REFUNDS_CREATE', `${APP_URL}/webhooks/shopify`],
  ]);
  shopify.dropSubscriptions(shop);
  expect(await ensure()).toHaveLength(3);
  shopify.dropSubscriptions(shop); // nobody listens at that address
});

test('an order whose fulfilment orders the app may no longer see is not taken for fulfilled', async () => {
  const { products } = shopify.state.shop(shop);
  const variantId = products[0]?.variants[0]?.id ?? 0;
  const order = shopify.checkout(shop, { lines: [{ variantId, quantity: 1 }] });
  const delivered = new Map([[`gid://shopify/LineItem/${String(order.lines[0]?.id)}`, 1]]);
  const fulfil = () => orders.fulfilLines(admin, `gid://shopify/Order/${String(order.id)}`, delivered);
  const granted = shopify.state.shop(shop).app?.scopes ?? [];
  shopify.installApp(
    shop,
    granted.filter((scope) => !scope.includes('fulfillment_orders')),
  );
  await expect(fulfil()).rejects.toMatchObject({ kind: 'permission' });
  shopify.installApp(shop, granted);
  expect(await fulfil()).toBe('done');
  expect(order.fulfillments).toHaveLength(1);
  expect(await fulfil()).toBe('done');
  expect(order.fulfillments).toHaveLength(1);
});

test('variants are written in one call, a deleted one is named, and the rest of the product stays', async () => {
  const product = shopify.state.createProduct(shop, {
    title: 'France',
    tags: ['summer'],
    options: ['Data'],
    variants: [
      { values: ['1 GB'], price: '5', sku: 'ours' },
      { values: ['3 GB'], price: '9' },
      { values: ['5 GB'], price: '12' },
    ],
  });
  const [one = '', three = ''] = product.variants.map(({ id }) => `gid://shopify/ProductVariant/${id}`);
  const gone = 'gid://shopify/ProductVariant/1';
  const calls = shopify.graphqlLog.length;
  const refused = await products.writeVariants(admin, `gid://shopify/Product/${product.id}`, [
    { variantGid: one, price: '6.50', cost: '2.25' },
    { variantGid: gone, price: '1' },
    { variantGid: three, tracked: true, inventoryPolicy: 'DENY' },
  ]);
  expect(shopify.graphqlLog.length - calls).toBe(1);
  expect(refused).toEqual([{ variantGid: gone, reason: 'gone', message: 'Product variant does not exist' }]);
  expect(product.variants).toMatchObject([
    { price: '6.50', sku: 'ours', inventoryItem: { cost: '2.25', tracked: false } },
    { price: '9.00', inventoryPolicy: 'DENY', inventoryItem: { cost: null, tracked: true } },
    { price: '12.00' },
  ]);
  expect(product.tags).toEqual(['summer']);
});

test('a variant of a deleted product is gone', async () => {
  const writes = [{ variantGid: 'gid://shopify/ProductVariant/1', price: '1' }];
  const refused = await products.writeVariants(admin, 'gid://shopify/Product/1', writes);
  expect(refused).toMatchObject([{ variantGid: writes[0]?.variantGid, reason: 'gone' }]);
});

test('a product is hidden and shown again', async () => {
  const product = shopify.state.createProduct(shop, { title: 'Japan' });
  await products.setProductStatus(admin, `gid://shopify/Product/${product.id}`, 'DRAFT');
  expect(product.status).toBe('DRAFT');
  await products.setProductStatus(admin, `gid://shopify/Product/${product.id}`, 'ACTIVE');
  expect(product.status).toBe('ACTIVE');
});

test('pieces are refunded to where the money came from, once under a key however often it is asked', async () => {
  const order = sell();
  const orderGid = `gid://shopify/Order/${String(order.id)}`;
  const pieces = new Map([[`gid://shopify/LineItem/${String(order.lines[0]?.id)}`, 1]]);
  const request = await refunds.planRefund(admin, { orderGid, pieces, notify: false, note: 'Cancelled' });
  if (!request) throw new Error('Shopify has the order');
  expect(request.transactions).toMatchObject([{ amount: '10.00', gateway: 'bogus', kind: 'REFUND' }]);
  const key = randomUUID();
  expect(await refunds.refundPieces(admin, key, request)).toMatchObject({ amount: 1000 });
  expect(await refunds.refundPieces(admin, key, request)).toMatchObject({ amount: 1000 });
  expect(order).toMatchObject({ refunds: [{ amount: '10.00' }], financialStatus: 'PARTIALLY_REFUNDED' });
  await expect(refunds.refundPieces(admin, key, { ...request, note: 'Another' })).rejects.toThrow();
  expect(await refunds.listRefunds(admin, orderGid)).toMatchObject([{ amount: { amount: 1000 }, pieces }]);
  const { id } = shopify.state.refundOrder(shop, order.id, { lines: [], amount: '2.50' });
  expect(await refunds.listRefunds(admin, orderGid)).toMatchObject([
    { pieces },
    { refundGid: `gid://shopify/Refund/${String(id)}`, amount: { amount: 250 }, pieces: new Map() },
  ]);
});

test('a payment that the bank questions is read with the order, without a scope for disputes', async () => {
  const order = sell();
  shopify.state.dispute(shop, order.id, { initiatedAs: 'CHARGEBACK', status: 'NEEDS_RESPONSE' });
  expect(await orders.readOrder(admin, `gid://shopify/Order/${String(order.id)}`)).toMatchObject({
    disputes: [{ kind: 'chargeback', status: 'needs_response' }],
  });
});
