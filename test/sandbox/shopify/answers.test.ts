import type { GraphQLObjectType } from 'graphql';
import { buildSchema, getNamedType, isLeafType, isNonNullType, isObjectType } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Order } from './records.ts';
import { gid } from './records.ts';
import { schemaText } from './schema.ts';
import type { Shopify } from './start.ts';
import { startShopify } from './start.ts';

const shop = 'answers.myshopify.com';
const schema = buildSchema(schemaText);

let shopify: Shopify;
let accessToken: string;
let order: Order;

beforeAll(async () => {
  shopify = await startShopify({
    apiKey: 'key',
    apiSecret: 'secret',
    appUrl: 'http://127.0.0.1:9',
    webhooks: null,
  });
  shopify.createShop(shop);
  shopify.installApp(shop, [
    'read_customers',
    'write_customers',
    'write_inventory',
    'write_merchant_managed_fulfillment_orders',
    'write_orders',
    'write_products',
    'write_publications',
  ]);
  const { products, customers } = shopify.state.shop(shop);
  order = shopify.checkout(shop, {
    lines: [
      { variantId: products[0]?.variants[0]?.id ?? 0, quantity: 3 },
      { variantId: null, quantity: 1, giftCard: true },
      { variantId: null, quantity: 1, title: 'Phone call' },
    ],
    email: 'ada@buyer.example',
    customerId: customers[0]?.id ?? null,
  });
  shopify.state.holdFulfillment(shop, order.fulfillmentOrders[1]?.id ?? 0, {
    reason: 'OTHER',
    notes: null,
    handle: null,
  });
  shopify.state.fulfil(shop, order.id, [
    {
      fulfillmentOrderId: order.fulfillmentOrders[0]?.id ?? 0,
      lines: [{ id: order.fulfillmentOrders[0]?.lines[0]?.id ?? 0, quantity: 1 }],
    },
  ]);
  shopify.state.refundOrder(shop, order.id, {
    lines: [{ lineItemId: order.lines[0]?.id ?? 0, quantity: 1 }],
  });
  const body = {
    client_id: 'key',
    client_secret: 'secret',
    grant_type: 'client_credentials',
  };
  const response = await fetch(`${shopify.url}/admin/oauth/access_token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-sandbox-shop': shop },
    body: JSON.stringify(body),
  });
  // As @shopify/shopify-api reads it.
  accessToken = ((await response.json()) as { access_token: string }).access_token;
});

afterAll(() => shopify.close());

/** Every field of a type that can be asked for without arguments of its own, `depth` objects down. */
function everything(type: GraphQLObjectType, depth: number): string {
  const fields = Object.values(type.getFields()).flatMap((field) => {
    const target = getNamedType(field.type);
    const needs = field.args.filter((arg) => isNonNullType(arg.type) && arg.defaultValue === undefined);
    if (needs.length > 0) return [];
    const args = field.args.some(({ name }) => name === 'first') ? '(first: 2)' : '';
    if (isLeafType(target)) return [field.name];
    if (depth === 0) return [];
    if (isObjectType(target)) {
      const step = /(Connection|Edge)$/.test(target.name) || target.name === 'PageInfo' ? depth : depth - 1;
      const inside = everything(target, step);
      return inside === '' ? [] : [`${field.name}${args} { ${inside} }`];
    }
    return [`${field.name}${args} { __typename }`];
  });
  return fields.join(' ');
}

test.each([
  'Order',
  'LineItem',
  'FulfillmentOrder',
  'Fulfillment',
  'Product',
  'ProductVariant',
  'InventoryItem',
  'Customer',
  'Shop',
  'AppInstallation',
  'App',
  'Publication',
])('every field of %s that the schema has is answered in its type', async (name) => {
  const current = shopify.state.shop(shop);
  const [product] = current.products;
  const ids: Record<string, number | undefined> = {
    Order: order.id,
    LineItem: order.lines[0]?.id,
    FulfillmentOrder: order.fulfillmentOrders[0]?.id,
    Fulfillment: order.fulfillments[0]?.id,
    Product: product?.id,
    ProductVariant: product?.variants[0]?.id,
    InventoryItem: product?.variants[0]?.inventoryItem.id,
    Customer: current.customers[0]?.id,
    Shop: current.id,
    AppInstallation: current.app?.id,
    App: current.app?.id,
    Publication: current.publications[0]?.id,
  };
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`No object type ${name}.`);
  // A document may cost 1,000 points: two levels down is what fits.
  const response = await fetch(`${shopify.url}/admin/api/2026-10/graphql.json`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-sandbox-shop': shop,
      'x-shopify-access-token': accessToken,
    },
    body: JSON.stringify({
      query: `query ($id: ID!) { node(id: $id) { ... on ${name} { ${everything(type, 2)} } } }`,
      // The names above are those of global ids.
      variables: { id: gid(name as Parameters<typeof gid>[0], ids[name] ?? 0) },
    }),
  });
  const body = (await response.json()) as { data?: { node: unknown }; errors?: { message: string }[] };
  expect(body.errors ?? []).toEqual([]);
  expect(body.data?.node).toMatchObject({ id: gid(name as Parameters<typeof gid>[0], ids[name] ?? 0) });
});
