import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { until } from '../../until.ts';
import type { Shopify } from './start.ts';
import { startShopify } from './start.ts';

const shop = 'tests.myshopify.com';
const scopes = ['read_orders', 'read_products'];

let received: { headers: IncomingHttpHeaders; body: string }[];
let status: number;
let app: Server;
let shopify: Shopify;

beforeEach(async () => {
  received = [];
  status = 200;
  app = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => {
    app.listen(0, '127.0.0.1', resolve);
  });
  // Listening on TCP.
  const { port } = app.address() as AddressInfo;
  shopify = await startShopify({
    apiKey: 'key',
    apiSecret: 'secret',
    appUrl: `http://127.0.0.1:${String(port)}`,
    scopes,
    retryScaleMs: 0.1,
  });
  shopify.createShop(shop);
  shopify.installApp(shop);
});

afterEach(async () => {
  await shopify.close();
  app.close();
});

function buy(email: string | null = 'ada@buyer.example') {
  const { products, customers } = shopify.state.shop(shop);
  return shopify.checkout(shop, {
    lines: [
      { variantId: products[0]?.variants[0]?.id ?? 0, quantity: 2 },
      { variantId: null, quantity: 1, giftCard: true },
    ],
    email,
    customerId: customers[0]?.id ?? null,
  });
}

function schemaOf(topic: string) {
  const file = createRequire(import.meta.url).resolve('shopify-webhook-schemas/package.json');
  // Draft 2020-12, as the package states.
  const schema = JSON.parse(
    readFileSync(file.replace('package.json', `schemas/2026-07/${topic}.json`), 'utf8'),
  ) as z.core.JSONSchema.JSONSchema;
  return z.fromJSONSchema(schema);
}

test('orders/paid is signed, complete and shaped as the 2026-07 schema', async () => {
  const order = buy();
  await shopify.webhooksQuiet();
  const [paid] = received;
  expect(received).toHaveLength(1);
  expect(paid?.headers).toMatchObject({
    'x-shopify-topic': 'orders/paid',
    'x-shopify-shop-domain': shop,
    'x-shopify-api-version': '2026-07',
    'x-shopify-hmac-sha256': createHmac('sha256', 'secret')
      .update(paid?.body ?? '')
      .digest('base64'),
  });
  for (const name of ['webhook-id', 'event-id', 'triggered-at'])
    expect(paid?.headers[`x-shopify-${name}`]).toBeTruthy();
  const payload: unknown = JSON.parse(paid?.body ?? '');
  expect(schemaOf('orders/paid').safeParse(payload).error?.issues ?? []).toEqual([]);
  expect(payload).toMatchObject({
    id: order.id,
    checkout_token: order.checkoutToken,
    email: 'ada@buyer.example',
  });
  expect(shopify.deliveries).toMatchObject([
    { topic: 'orders/paid', state: 'delivered', attempts: [{ status: 200 }] },
  ]);
});

test('an order without e-mail says null, as the real ones do', async () => {
  buy(null);
  await shopify.webhooksQuiet();
  expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({ email: null, contact_email: null });
});

test('risk and uninstall payloads fit their schemas', async () => {
  const order = buy();
  shopify.state.assessRisk(shop, order.id, { level: 'HIGH', recommendation: 'CANCEL' });
  shopify.installApp(shop, ['read_orders']);
  await shopify.webhooksQuiet();
  for (const topic of ['app/scopes_update'] as const) {
    const sent = received.find(({ headers }) => headers['x-shopify-topic'] === topic);
    expect(schemaOf(topic).safeParse(JSON.parse(sent?.body ?? '')).error?.issues ?? []).toEqual([]);
  }
  const risk = received.find(
    ({ headers }) => headers['x-shopify-topic'] === 'orders/risk_assessment_changed',
  );
  expect(JSON.parse(risk?.body ?? '')).toMatchObject({ order_id: order.id, risk_level: 'high' });
});

test('a refused webhook is tried nine times with one id, then given up', async () => {
  status = 500;
  buy();
  await until('it is given up', () => shopify.deliveries[0]?.state === 'given-up');
  expect(received).toHaveLength(9);
  expect(new Set(received.map(({ headers }) => headers['x-shopify-webhook-id'])).size).toBe(1);
});

test('the app that recovers gets its webhook', async () => {
  status = 503;
  app.on('request', () => {
    if (received.length === 2) status = 200;
  });
  buy();
  await until('it is delivered', () => shopify.deliveries[0]?.state === 'delivered');
  expect(shopify.deliveries[0]?.attempts.map((attempt) => attempt.status)).toEqual([503, 503, 200]);
});

test('cancelling tells of the refund and of the cancellation', async () => {
  const order = buy();
  shopify.state.cancelOrder(shop, order.id);
  await shopify.webhooksQuiet();
  const topics = received.map(({ headers }) => headers['x-shopify-topic']).sort();
  expect(topics).toEqual(['orders/cancelled', 'orders/paid', 'refunds/create']);
});

test('uninstalling takes the tokens and says goodbye; nothing follows but the farewell topics', async () => {
  shopify.uninstall(shop);
  buy();
  shopify.state.redactShop(shop);
  await shopify.webhooksQuiet();
  expect(received.map(({ headers }) => headers['x-shopify-topic']).sort()).toEqual([
    'app/uninstalled',
    'shop/redact',
  ]);
});

test('webhooks can be dropped and doubled', async () => {
  shopify.conducts.on('drops-webhooks');
  buy();
  await shopify.webhooksQuiet();
  expect(received).toHaveLength(0);
  shopify.conducts.off('drops-webhooks');
  shopify.conducts.on('sends-webhooks-twice');
  buy();
  await shopify.webhooksQuiet();
  expect(received).toHaveLength(2);
  expect(received[0]?.headers['x-shopify-webhook-id']).toBe(received[1]?.headers['x-shopify-webhook-id']);
});

const topicsReceived = () => received.map(({ headers }) => headers['x-shopify-topic']);

test('an edit tells which pieces came and went, in the shape of its schema; a deleted order its id', async () => {
  const order = buy();
  const lineItemId = order.lines[0]?.id ?? 0;
  shopify.state.editOrder(shop, order.id, {
    lines: [{ lineItemId, quantity: 1 }],
    add: [{ variantId: null, quantity: 2 }],
  });
  shopify.state.cancelOrder(shop, order.id);
  shopify.state.deleteOrder(shop, order.id);
  await shopify.webhooksQuiet();
  const bodyOf = (topic: string): unknown =>
    JSON.parse(received.find(({ headers }) => headers['x-shopify-topic'] === topic)?.body ?? 'null');
  const edited = bodyOf('orders/edited');
  expect(schemaOf('orders/edited').safeParse(edited).error?.issues ?? []).toEqual([]);
  expect(edited).toMatchObject({
    order_edit: {
      order_id: order.id,
      line_items: {
        additions: [{ id: order.lines[2]?.id, delta: 2 }],
        removals: [{ id: lineItemId, delta: 1 }],
      },
    },
  });
  expect(bodyOf('orders/delete')).toEqual({ id: order.id });
});

function subscribe(topic: string) {
  const subscription = {
    id: shopify.state.nextId(),
    topic,
    uri: shopify.appUrl,
    createdAt: new Date().toISOString(),
  };
  shopify.state.shop(shop).webhookSubscriptions.push(subscription);
}

test("a shop's own subscription works beside the app's and without it, under another webhook id", async () => {
  subscribe('ORDERS_PAID');
  buy();
  await shopify.webhooksQuiet();
  const ids = (name: string) => new Set(received.map(({ headers }) => headers[`x-shopify-${name}`]));
  expect(topicsReceived()).toEqual(['orders/paid', 'orders/paid']);
  expect([ids('webhook-id').size, ids('event-id').size]).toEqual([2, 1]);

  shopify.conducts.on('forgets-app-subscriptions');
  received = [];
  buy();
  await shopify.webhooksQuiet();
  expect(topicsReceived()).toEqual(['orders/paid']);

  shopify.dropSubscriptions(shop);
  received = [];
  buy();
  await shopify.webhooksQuiet();
  expect(received).toEqual([]);
});

test("a shop's own subscription is deleted once a delivery was given up; the app's stays", async () => {
  subscribe('ORDERS_PAID');
  status = 500;
  buy();
  await until('both are given up', () => shopify.deliveries.every(({ state }) => state === 'given-up'));
  expect(shopify.deliveries).toHaveLength(2);
  expect(shopify.state.shop(shop).webhookSubscriptions).toEqual([]);
  status = 200;
  received = [];
  buy();
  await shopify.webhooksQuiet();
  expect(topicsReceived()).toEqual(['orders/paid']);
});
