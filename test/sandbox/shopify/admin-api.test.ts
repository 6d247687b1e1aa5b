import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../../until.ts';
import type { Order } from './records.ts';
import type { Shopify } from './start.ts';
import { startShopify } from './start.ts';

const shop = 'tests.myshopify.com';
const scopes = [
  'read_merchant_managed_fulfillment_orders',
  'read_orders',
  'read_products',
  'read_publications',
  'write_merchant_managed_fulfillment_orders',
  'write_orders',
  'write_products',
  'write_publications',
];

let clock = Date.now();
let shopify: Shopify;

beforeEach(async () => {
  clock = Date.now();
  shopify = await startShopify({
    apiKey: 'key',
    apiSecret: 'secret',
    appUrl: 'http://127.0.0.1:9',
    webhooks: null,
    scopes,
    now: () => new Date(clock),
  });
  shopify.createShop(shop);
  shopify.installApp(shop);
});

afterEach(() => shopify.close());

type Body = Record<string, unknown>;
type TokenAnswer = {
  status: number;
  body: Body & { access_token?: string; refresh_token?: string; error?: string };
};

async function post(path: string, body: Body, headers: Record<string, string> = {}) {
  const response = await fetch(shopify.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-sandbox-shop': shop, ...headers },
    body: JSON.stringify(body),
  });
  // The tests read only what they expect to be there.
  return { status: response.status, body: (await response.json()) as Body };
}

function token(body: Body): Promise<TokenAnswer> {
  return post('/admin/oauth/access_token', { client_id: 'key', client_secret: 'secret', ...body });
}

async function exchange(subject?: string): Promise<TokenAnswer> {
  return token({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: subject ?? (await shopify.idToken(shop)),
    subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
    requested_token_type: 'urn:shopify:params:oauth:token-type:offline-access-token',
    expiring: '1',
  });
}

async function graphql(query: string, variables: Body = {}, accessToken?: string) {
  const known = accessToken ?? (await exchange()).body.access_token ?? '';
  const { status, body } = await post(
    '/admin/api/2026-10/graphql.json',
    { query, variables },
    { 'x-shopify-access-token': known },
  );
  return {
    status,
    body: body as {
      data?: Record<string, Body | null> | null;
      errors?: { message: string; extensions?: Body }[] | string;
      extensions?: { cost: Body };
    },
  };
}

describe('tokens', () => {
  test('an id token becomes an access token for an hour and a refresh token for 90 days', async () => {
    const { status, body } = await exchange();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      expires_in: 3600,
      refresh_token_expires_in: 7_776_000,
      scope: scopes.join(','),
    });
  });

  test('a forged, stale or foreign id token is refused', async () => {
    expect((await exchange(`${(await shopify.idToken(shop)).slice(0, -4)}AAAA`)).body.error).toBe(
      'invalid_subject_token',
    );
    expect((await exchange(await shopify.idToken('other.myshopify.com'))).body.error).toBe(
      'invalid_subject_token',
    );
    const stale = await shopify.idToken(shop);
    clock += 61_000;
    expect((await exchange(stale)).status).toBe(400);
  });

  test('a refresh token works once and brings its successor', async () => {
    const first = await exchange();
    const second = await token({ grant_type: 'refresh_token', refresh_token: first.body.refresh_token });
    expect(second.status).toBe(200);
    expect(second.body.refresh_token).not.toBe(first.body.refresh_token);
    const again = await token({ grant_type: 'refresh_token', refresh_token: first.body.refresh_token });
    expect(again).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    const third = await token({ grant_type: 'refresh_token', refresh_token: second.body.refresh_token });
    expect(third.status).toBe(200);
  });

  test('a lost refresh answer can be asked for again until its successor is used', async () => {
    shopify.conducts.on('forgives-used-refresh-tokens');
    const first = await exchange();
    await token({ grant_type: 'refresh_token', refresh_token: first.body.refresh_token });
    const retried = await token({ grant_type: 'refresh_token', refresh_token: first.body.refresh_token });
    expect(retried.status).toBe(200);
    await token({ grant_type: 'refresh_token', refresh_token: retried.body.refresh_token });
    const late = await token({ grant_type: 'refresh_token', refresh_token: first.body.refresh_token });
    expect(late.status).toBe(400);
  });

  test('an access token ends after an hour, and at once when the app is uninstalled', async () => {
    const accessToken = (await exchange()).body.access_token ?? '';
    expect((await graphql('{ shop { name } }', {}, accessToken)).status).toBe(200);
    clock += 3_600_000;
    expect((await graphql('{ shop { name } }', {}, accessToken)).status).toBe(401);
    const fresh = (await exchange()).body.access_token ?? '';
    shopify.uninstall(shop);
    expect((await graphql('{ shop { name } }', {}, fresh)).status).toBe(401);
    expect((await exchange()).status).toBe(400);
  });
});

test('an extension learns who the buyer is only when the app may read customers', async () => {
  const sub = async () =>
    decodeJwt(await shopify.extensionToken(shop, { customerGid: 'gid://shopify/Customer/1' })).sub;
  expect(await sub()).toBeUndefined();
  shopify.installApp(shop, ['read_customers']);
  expect(await sub()).toBe('gid://shopify/Customer/1');
});

describe('products', () => {
  const set = `mutation Publish($input: ProductSetInput!, $identifier: ProductSetIdentifiers) {
    productSet(input: $input, identifier: $identifier, synchronous: true) {
      product {
        id handle status hasOnlyDefaultVariant options { name values }
        variants(first: 10) {
          nodes { id title price sku inventoryItem { requiresShipping tracked unitCost { amount } } }
        }
      }
      userErrors { field message code }
    }
  }`;
  const variant = (days: string, price: string) => ({
    optionValues: [{ optionName: 'Days', name: days }],
    price,
    sku: `FR-${days}`,
    inventoryItem: { requiresShipping: false, tracked: false, cost: '1.5' },
  });
  const input = (...variants: Body[]) => ({
    title: 'France eSIM',
    productOptions: [{ name: 'Days', values: [{ name: '7' }, { name: '30' }] }],
    variants,
  });

  type Product = {
    id: string;
    handle: string;
    variants: { nodes: { id: string; title: string; price: string }[] };
  };
  const productOf = (answer: Awaited<ReturnType<typeof graphql>>): Product =>
    // Selected by the document above.
    answer.body.data?.['productSet']?.['product'] as Product;

  test('productSet creates, then replaces the list of variants', async () => {
    const made = productOf(await graphql(set, { input: input(variant('7', '9.9'), variant('30', '24')) }));
    expect(made).toMatchObject({
      handle: 'france-esim',
      status: 'ACTIVE',
      options: [{ name: 'Days', values: ['7', '30'] }],
      variants: {
        nodes: [
          {
            title: '7',
            price: '9.90',
            inventoryItem: { requiresShipping: false, tracked: false, unitCost: { amount: '1.50' } },
          },
          { title: '30', price: '24.00' },
        ],
      },
    });
    const changed = productOf(
      await graphql(set, { identifier: { id: made.id }, input: input(variant('30', '22')) }),
    );
    expect(changed.id).toBe(made.id);
    expect(changed.variants.nodes).toMatchObject([
      { id: made.variants.nodes[1]?.id, title: '30', price: '22.00' },
    ]);
  });

  test('what productSet does not name of a list is gone, and its price is Shopify’s published one', async () => {
    const metafield = (key: string) => ({
      namespace: '$app',
      key,
      type: 'list.single_line_text_field',
      value: '["France"]',
    });
    const made = productOf(
      await graphql(set, {
        input: {
          ...input(variant('7', '9'), variant('30', '24')),
          metafields: [metafield('countries'), metafield('data')],
        },
      }),
    );
    const answer = await graphql(set, {
      identifier: { id: made.id },
      input: {
        title: 'France',
        metafields: [metafield('data')],
        files: [{ originalSource: `${shopify.url}/none.png` }],
      },
    });
    const left = shopify.state.shop(shop).metafields.filter(({ ownerGid }) => ownerGid === made.id);
    expect(left.map(({ key }) => key)).toEqual(['data']);
    // 10, a metafield 0.4, a file 1.9; then the objects asked for.
    const plain = await graphql(set, { identifier: { id: made.id }, input: { title: 'France' } });
    const costOf = ({ body }: typeof answer) => Number(body.extensions?.cost['requestedQueryCost']);
    expect(costOf(answer) - costOf(plain)).toBe(3);
    const { media } = shopify.state.shop(shop).products.at(-1) ?? {};
    await until('the picture is looked for', () => media?.[0]?.status === 'FAILED');
  });

  test('a metafield must be of its declared type, and a list holds 128 values', async () => {
    const wrong = async (metafield: Body) => {
      const { body } = await graphql(set, {
        input: { title: 'X', metafields: [{ namespace: '$app', ...metafield }] },
      });
      return body.data?.['productSet']?.['userErrors'];
    };
    const refused = [{ code: 'INVALID_METAFIELD' }];
    expect(await wrong({ key: 'kind', type: 'number_integer', value: '1' })).toMatchObject(refused);
    const many = JSON.stringify(Array.from({ length: 129 }, String));
    expect(await wrong({ key: 'data', type: 'list.single_line_text_field', value: many })).toMatchObject(
      refused,
    );
  });

  test('a negative price and an unknown product are user errors and change nothing', async () => {
    const before = shopify.state.shop(shop).products.length;
    const negative = await graphql(set, { input: input(variant('7', '-1')) });
    expect(negative.body.data?.['productSet']).toMatchObject({
      product: null,
      userErrors: [{ field: ['input', 'variants', '0', 'price'] }],
    });
    const unknown = await graphql(set, {
      identifier: { id: 'gid://shopify/Product/1' },
      input: input(variant('7', '1')),
    });
    expect(unknown.body.data?.['productSet']).toMatchObject({
      userErrors: [{ code: 'PRODUCT_DOES_NOT_EXIST' }],
    });
    expect(shopify.state.shop(shop).products).toHaveLength(before);
  });

  test('a product is for sale once it is published to the Online Store', async () => {
    const { id } = productOf(await graphql(set, { input: input(variant('7', '9')) }));
    const list = await graphql('{ publications(first: 5) { nodes { id name } } }');
    const [store] = list.body.data?.['publications']?.['nodes'] as { id: string; name: string }[];
    expect(store?.name).toBe('Online Store');
    const answer = await graphql(
      `mutation ($id: ID!, $input: [PublicationInput!]!) {
        publishablePublish(id: $id, input: $input) {
          publishable { ... on Product { id publishedOnPublication(publicationId: "${store?.id ?? ''}") } }
          userErrors { field message }
        }
      }`,
      { id, input: [{ publicationId: store?.id }] },
    );
    expect(answer.body.data?.['publishablePublish']).toEqual({
      publishable: { id, publishedOnPublication: true },
      userErrors: [],
    });
  });
});

describe('orders', () => {
  const read = `query Order($id: ID!) {
    order(id: $id) {
      id name email customerLocale displayFinancialStatus cancelledAt test confirmationNumber statusPageUrl tags
      risk { recommendation assessments { riskLevel } }
      lineItems(first: 50) {
        nodes { id title quantity currentQuantity unfulfilledQuantity requiresShipping isGiftCard variant { id }
          discountedUnitPriceAfterAllDiscountsSet { shopMoney { amount currencyCode } } }
      }
      fulfillmentOrders(first: 10) { nodes { id status lineItems(first: 50) { nodes { id remainingQuantity lineItem { id } } } } }
      totalPriceSet { shopMoney { amount } }
    }
  }`;
  const fulfil = `mutation ($fulfillment: FulfillmentInput!) {
    fulfillmentCreate(fulfillment: $fulfillment) { fulfillment { id status } userErrors { field message } }
  }`;

  function buy(quantity = 1) {
    const [first] = shopify.state.shop(shop).products;
    return shopify.checkout(shop, {
      lines: [
        { variantId: first?.variants[0]?.id ?? 0, quantity },
        { variantId: null, quantity: 1, giftCard: true },
      ],
      email: 'ada@buyer.example',
      locale: 'fr',
    });
  }

  test('a paid order reads as the buyer made it', async () => {
    const order = buy(2);
    const answer = await graphql(read, { id: `gid://shopify/Order/${String(order.id)}` });
    expect(answer.body.errors).toBeUndefined();
    expect(answer.body.data?.['order']).toMatchObject({
      email: 'ada@buyer.example',
      customerLocale: 'fr',
      displayFinancialStatus: 'PAID',
      cancelledAt: null,
      risk: { recommendation: 'ACCEPT', assessments: [{ riskLevel: 'LOW' }] },
      lineItems: {
        nodes: [
          { quantity: 2, unfulfilledQuantity: 2, isGiftCard: false },
          { isGiftCard: true, variant: null },
        ],
      },
      totalPriceSet: { shopMoney: { amount: '59.80' } },
    });
    shopify.conducts.on('hides-email');
    const hidden = await graphql('query ($id: ID!) { order(id: $id) { name email } }', {
      id: `gid://shopify/Order/${String(order.id)}`,
    });
    expect(hidden.body.data?.['order']).toEqual({ name: '#1001', email: null });
    expect(hidden.body.errors).toMatchObject([
      { path: ['order', 'email'], extensions: { code: 'ACCESS_DENIED' } },
    ]);
  });

  test('a fulfilment order is fulfilled once; the second time says it is closed', async () => {
    const order = buy();
    const fulfillment = {
      lineItemsByFulfillmentOrder: [
        { fulfillmentOrderId: `gid://shopify/FulfillmentOrder/${String(order.fulfillmentOrders[0]?.id)}` },
      ],
    };
    const first = await graphql(fulfil, { fulfillment });
    expect(first.body.data?.['fulfillmentCreate']).toMatchObject({
      fulfillment: { status: 'SUCCESS' },
      userErrors: [],
    });
    const second = await graphql(fulfil, { fulfillment });
    expect(JSON.stringify(second.body.data)).toContain('unfulfillable status= closed');
  });

  test('a merchant who fulfils automatically is first', () => {
    shopify.conducts.on('closes-fulfilment-orders-first');
    expect(buy().fulfillmentOrders.map(({ status }) => status)).toEqual(['CLOSED']);
  });

  test('pages of orders neither repeat nor skip, and filters hold', async () => {
    for (let count = 0; count < 5; count += 1) {
      buy();
      clock += 1000;
    }
    const query = `query ($after: String) {
      orders(first: 2, after: $after, sortKey: UPDATED_AT, query: "financial_status:paid updated_at:>'2020-01-01'") {
        nodes { name } pageInfo { hasNextPage endCursor }
      }
    }`;
    const names: string[] = [];
    let after: string | null = null;
    do {
      const answer = await graphql(query, { after });
      const page = answer.body.data?.['orders'] as {
        nodes: { name: string }[];
        pageInfo: { hasNextPage: boolean; endCursor: string };
      };
      names.push(...page.nodes.map(({ name }) => name));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    expect(names).toEqual(['#1001', '#1002', '#1003', '#1004', '#1005']);
    const none = await graphql('{ orders(first: 5, query: "financial_status:refunded") { nodes { name } } }');
    expect(none.body.data?.['orders']).toEqual({ nodes: [] });
    const tooMany = await graphql('{ orders(first: 251) { nodes { name } } }');
    expect(tooMany.body.errors?.[0]).toMatchObject({ extensions: { code: 'MAX_INPUT_SIZE_EXCEEDED' } });
  });

  test('orders are searched and paged by their last change, and a page holds its place when one of them changes', async () => {
    const made = Array.from({ length: 4 }, () => {
      clock += 10_000;
      return buy();
    });
    const iso = (order: Order | undefined) => (order?.updatedAt ?? '').replace(/\.\d+Z$/, 'Z');
    const list = async (search: string, after: string | null = null) => {
      const answer = await graphql(
        `
          query ($search: String!, $after: String) {
            orders(first: 2, query: $search, sortKey: UPDATED_AT, after: $after) {
              nodes {
                name
                updatedAt
              }
              pageInfo {
                endCursor
                hasNextPage
              }
            }
          }
        `,
        { search, after },
      );
      return answer.body.data?.['orders'] as {
        nodes: { name: string; updatedAt: string }[];
        pageInfo: { endCursor: string | null; hasNextPage: boolean };
      };
    };
    const since = `updated_at:>='${iso(made[1])}'`;
    const first = await list(since);
    expect(first.nodes).toEqual(
      made.slice(1, 3).map((order) => ({ name: order.name, updatedAt: iso(order) })),
    );
    expect((await list(`${since} updated_at:<='${iso(made[1])}'`)).nodes).toHaveLength(1);

    clock += 10_000;
    // The last order of the first page moves to the end of the list.
    shopify.state.assessRisk(shop, made[2]?.id ?? 0, { level: 'LOW', recommendation: 'ACCEPT' });
    const second = await list(since, first.pageInfo.endCursor);
    expect(second.nodes.map(({ name }) => name)).toEqual([made[3]?.name, made[2]?.name]);
    expect(second.pageInfo.hasNextPage).toBe(false);
    const wrong = await graphql('{ orders(first: 1, query: "updated_at:>yesterday") { nodes { id } } }');
    expect(wrong.body.errors?.[0]).toMatchObject({
      message: expect.stringContaining('compares nothing with "yesterday"') as unknown,
    });
  });

  test('tags are added to what is there', async () => {
    const order = buy();
    order.tags = ['vip'];
    const answer = await graphql(
      'mutation ($id: ID!) { tagsAdd(id: $id, tags: ["eSIM sent", "vip"]) { node { ... on Order { tags } } userErrors { message } } }',
      { id: `gid://shopify/Order/${String(order.id)}` },
    );
    expect(answer.body.data?.['tagsAdd']).toEqual({ node: { tags: ['eSIM sent', 'vip'] }, userErrors: [] });
  });

  test('a refund needs an idempotency key', async () => {
    const order = buy();
    const refund = (directive: string) =>
      graphql(
        `mutation ($input: RefundInput!) { refundCreate(input: $input) ${directive} { refund { id } userErrors { message } } }`,
        {
          input: {
            orderId: `gid://shopify/Order/${String(order.id)}`,
            refundLineItems: [
              { lineItemId: `gid://shopify/LineItem/${String(order.lines[0]?.id)}`, quantity: 1 },
            ],
          },
        },
      );
    expect((await refund('')).body.errors?.[0]).toMatchObject({
      message: expect.stringContaining('@idempotent') as unknown,
    });
    expect((await refund('@idempotent(key: "1")')).body.data?.['refundCreate']).toMatchObject({
      userErrors: [],
    });
    expect(order.financialStatus).toBe('PARTIALLY_REFUNDED');
  });
});

describe('limits', () => {
  test('a field without its scope is refused, the others are answered', async () => {
    shopify.installApp(shop, ['read_products']);
    const answer = await graphql('{ shop { name } orders(first: 1) { nodes { id } } }');
    expect(answer.status).toBe(200);
    expect(answer.body.errors?.[0]).toMatchObject({
      message: expect.stringContaining(
        'Access denied for orders field. Required access: `read_orders` access scope',
      ) as unknown,
      extensions: { code: 'ACCESS_DENIED' },
    });
    const mutation = await graphql(
      'mutation { productDelete(input: { id: "gid://shopify/Product/1" }) { deletedProductId } }',
    );
    expect(mutation.body.errors?.[0]).toMatchObject({ extensions: { code: 'ACCESS_DENIED' } });
    expect(mutation.body.data).toEqual({ productDelete: null });
  });

  test('without the fulfilment scope the list of fulfilment orders is empty', async () => {
    const [first] = shopify.state.shop(shop).products;
    const order = shopify.checkout(shop, {
      lines: [{ variantId: first?.variants[0]?.id ?? 0, quantity: 1 }],
    });
    shopify.installApp(shop, ['read_orders']);
    const answer = await graphql(
      'query ($id: ID!) { order(id: $id) { fulfillmentOrders(first: 5) { nodes { id } } } }',
      {
        id: `gid://shopify/Order/${String(order.id)}`,
      },
    );
    expect(answer.body).toMatchObject({ data: { order: { fulfillmentOrders: { nodes: [] } } } });
  });

  test('the bucket of 2,000 points empties, refuses and fills again at 100 a second', async () => {
    const accessToken = (await exchange()).body.access_token ?? '';
    const dear = `mutation ($p: ProductInput!) { ${Array.from({ length: 60 }, (_, index) => `m${String(index)}: productUpdate(input: $p) { userErrors { message } }`).join(' ')} }`;
    const variables = { p: { id: 'gid://shopify/Product/1' } };
    const first = await graphql(dear, variables, accessToken);
    expect(first.body.extensions?.cost).toMatchObject({
      requestedQueryCost: 600,
      throttleStatus: { maximumAvailable: 2000, restoreRate: 100 },
    });
    shopify.conducts.on('throttles');
    const refused = await graphql(dear, variables, accessToken);
    expect(refused.status).toBe(200);
    expect(refused.body.errors?.[0]).toMatchObject({
      message: 'Throttled',
      extensions: { code: 'THROTTLED' },
    });
    expect(refused.body.extensions?.cost).toMatchObject({
      actualQueryCost: null,
      throttleStatus: { currentlyAvailable: 0 },
    });
    shopify.conducts.off('throttles');
    clock += 5900;
    expect((await graphql(dear, variables, accessToken)).body.errors?.[0]).toMatchObject({
      message: 'Throttled',
    });
    clock += 200;
    expect((await graphql(dear, variables, accessToken)).body.errors).toBeUndefined();
    expect(shopify.graphqlLog.filter(({ throttled }) => throttled)).toHaveLength(2);
  });

  test('502 with a page of HTML', async () => {
    shopify.conducts.on('answers-502');
    const response = await fetch(`${shopify.url}/admin/api/2026-10/graphql.json`, { method: 'POST' });
    expect(response.status).toBe(502);
    expect(await response.text()).toContain('<h1>');
  });
});
