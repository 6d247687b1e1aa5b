import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProviderError, type ProviderPurchase, type SellingProvider } from '../contract.ts';
import { createReseller } from './provider.server.ts';

// Oddities the sandbox's reseller API does not have; the promises themselves are kept in test/contract.

/** An adapter whose supplier is a function from a request to its answer: JSON, or a whole response. */
function reseller(answer: (url: URL, init: RequestInit | undefined) => object | Response) {
  const sent: { url: URL; init: RequestInit | undefined }[] = [];
  const fetch = (input: string | URL | Request, init?: RequestInit) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.pathname.endsWith('/auth/login'))
      return Promise.resolve(Response.json({ access_token: 'token-1', token_expires_in: 3600 }));
    sent.push({ url, init });
    const given = answer(url, init);
    return Promise.resolve(given instanceof Response ? given : Response.json(given));
  };
  hosts += 1;
  const provider = createReseller({
    credentials: { email: 'shop@example.com', password: 'p' },
    // A session, and a budget of log-ins, for each: both belong to the host.
    baseUrl: `https://${String(hosts)}.example/api/v1/`,
    fetch,
  });
  return { provider, sent };
}
let hosts = 0;

const order = (at: number) => ({
  ...{ id: `ord-${String(at)}`, plan_id: 'plan-1', quantity: 1, status: 'active' },
  created_at: new Date(Date.UTC(2026, 0, 1, 0, at)).toISOString(),
});
const year = { since: new Date('2026-01-01T00:00:00Z'), until: new Date('2026-12-31T00:00:00Z') };

async function purchasesFrom(pages: (page: number) => object[]): Promise<ProviderPurchase[]> {
  const { provider } = reseller((url) => ({ orders: pages(Number(url.searchParams.get('page'))) }));
  const found: ProviderPurchase[] = [];
  for await (const purchase of provider.listPurchases(year)) found.push(purchase);
  return found;
}

test('an order is sent as the vendor documents it, with the token in a header and no buyer in it', async () => {
  const { provider, sent } = reseller(() => ({ order: { id: 'ord-1', status: 'pending' } }));
  expect(await provider.placeOrder({ bundle: 'plan-123', quantity: 1 })).toMatchObject({
    status: 'preparing',
  });
  const [request] = sent;
  expect(request?.url.pathname).toBe('/api/v1/orders');
  expect(new Headers(request?.init?.headers).get('authorization')).toBe('Bearer token-1');
  const body = request?.init?.body;
  expect(typeof body === 'string' ? JSON.parse(body) : null).toEqual({
    ...{ plan_id: 'plan-123', quantity: 1 },
    ...{ end_customer_email: 'shop@example.com', customer_name: 'eSIM order' },
  });
});

test('a listing in smaller pages than asked for is read to its end: a missed order is bought twice', async () => {
  const all = Array.from({ length: 35 }, (_, at) => order(at));
  const found = await purchasesFrom((page) => all.slice((page - 1) * 10, page * 10));
  expect(found.map(({ orderReference }) => orderReference)).toEqual(all.map(({ id }) => id).reverse());
});

test('a listing in no order is read to its end, though an old order stands first', async () => {
  const old = { ...order(0), id: 'old', created_at: '2020-01-01T00:00:00Z' };
  const found = await purchasesFrom((page) => [[order(5), order(9)], [old], [order(7)]][page - 1] ?? []);
  expect(found.map(({ orderReference }) => orderReference)).toEqual(['ord-9', 'ord-7', 'ord-5']);
});

test('a listing whose first page is old and shows no order is read on', async () => {
  const old = (id: string) => ({ ...order(0), id, created_at: '2020-01-01T00:00:00Z' });
  const found = await purchasesFrom((page) => [[old('a'), old('b')], [order(7)]][page - 1] ?? []);
  expect(found.map(({ orderReference }) => orderReference)).toEqual(['ord-7']);
});

test('a list of orders without dates proves nothing', async () => {
  await expect(purchasesFrom(() => [{ ...order(1), created_at: null }])).rejects.toMatchObject({
    kind: 'unreadable',
  });
});

test('a 403 to a purchase asks nobody for a new token, and a deposit that is missing is a matter of money', async () => {
  const { provider, sent } = reseller(() =>
    Response.json({ success: false, message: 'Initial deposit must be completed' }, { status: 403 }),
  );
  const outcome = await provider.placeOrder({ bundle: 'plan-1', quantity: 1 });
  expect(outcome).toMatchObject({ status: 'refused', reason: 'funds' });
  expect(sent).toHaveLength(1);
});

test.each([402, 404, 409, 422, 500, 302])('a purchase answered %d is in doubt', async (status) => {
  const { provider, sent } = reseller(() => new Response('{"message":"no"}', { status }));
  const bought = provider.placeOrder({ bundle: 'plan-1', quantity: 1 });
  await expect(bought).rejects.toMatchObject({ kind: 'unknown-outcome' });
  expect(sent).toHaveLength(1);
});

test('a 401 that does not end is the merchant’s to fix, after one more try', async () => {
  const { provider, sent } = reseller(() => new Response('{}', { status: 401 }));
  const bought = provider.placeOrder({ bundle: 'plan-1', quantity: 1 });
  await expect(bought).rejects.toMatchObject({ kind: 'credentials' });
  expect(sent).toHaveLength(2);
});

test('a top-up that is done and names no order is in doubt', async () => {
  const { provider } = reseller((url) =>
    url.pathname.endsWith('/topup-plans')
      ? { plans: [{ package_code: 'PKG_5GB_30D' }] }
      : { success: true, message: 'Profile topped up successfully', topup_details: {} },
  );
  const topUp = provider.topUp?.({ iccid: '8944538532008160222', bundle: 'PKG_5GB_30D' });
  await expect(topUp).rejects.toMatchObject({ kind: 'unknown-outcome' });
});

test.each(['<svg/>', 'GIF89a', '<html>wait</html>', ''])(
  'a picture that is %j is not ready',
  async (picture) => {
    const { provider } = reseller((url) =>
      url.pathname.endsWith('.png')
        ? new Response(picture)
        : { order: { ...order(1), iccid: '8944538532008160222', qr_code_url: '/qr/order-1.png' } },
    );
    expect(await provider.getOrder('ord-1')).toMatchObject({ status: 'preparing' });
  },
);

test('a picture on another host is asked nothing, and the order waits', async () => {
  const { provider, sent } = reseller(() => ({
    order: { ...order(1), iccid: '8944538532008160222', qr_code_url: 'https://169.254.169.254/qr.png' },
  }));
  expect(await provider.getOrder('ord-1')).toMatchObject({ status: 'preparing' });
  expect(sent).toHaveLength(1);
});

/** An answer with the right names and anything in them. */
const oddAnswer = fc.dictionary(
  fc.constantFrom(
    ...[
      'plan',
      'plans',
      'order',
      'orders',
      'profile',
      'usage',
      'data',
      'pagination',
      'topup_details',
      'transactions',
    ],
    ...['success', 'message', 'balance', 'currency', 'billing_mode', 'services', 'status'],
  ),
  fc.oneof(fc.anything({ maxDepth: 1 }), fc.array(oddRow(), { maxLength: 3 }), oddRow()),
);

function oddRow() {
  const odd = fc.oneof(
    fc.constantFrom(
      '',
      '0',
      '-1',
      '1e99',
      '999999999999999999999999999999',
      '1.2GB',
      '9999999999999TB',
      'NaN',
    ),
    fc.constantFrom(
      '8944538532008160222',
      'active',
      'cancelled',
      'USD',
      'LPA:1$a$b',
      '2026-01-01',
      '0001-01-01T00:00:00Z',
    ),
    fc.anything({ maxDepth: 1 }),
  );
  const names = [
    ...[
      'id',
      'plan_id',
      'quantity',
      'total_amount',
      'currency',
      'status',
      'iccid',
      'qr_code_url',
      'created_at',
      'price',
    ],
    ...[
      'activation_code',
      'validity_days',
      'data_volume_mb',
      'data_limit',
      'data_used',
      'data_remaining',
      'order_id',
    ],
    ...['package_code', 'countries', 'region_code', 'amount', 'type', 'total', 'balance', 'available_credit'],
  ];
  return fc.dictionary(fc.constantFrom(...names), odd);
}

const asked: [string, (provider: SellingProvider) => Promise<unknown> | undefined][] = [
  ['getBalance', (provider) => provider.getBalance()],
  ['getBundle', (provider) => provider.getBundle?.('plan-1')],
  ['findBundles', (provider) => provider.findBundles?.({ country: 'FR' })],
  ['validateOrder', (provider) => provider.validateOrder({ bundle: 'plan-1', quantity: 1 })],
  ['placeOrder', (provider) => provider.placeOrder({ bundle: 'plan-1', quantity: 1 })],
  ['getOrder', (provider) => provider.getOrder('ord-1')],
  ['getEsim', (provider) => provider.getEsim('8944538532008160222')],
  ['listAssignments', (provider) => provider.listAssignments('8944538532008160222', { fresh: true })],
  ['listTopUps', (provider) => provider.listTopUps?.('8944538532008160222')],
  ['topUp', (provider) => provider.topUp?.({ iccid: '8944538532008160222', bundle: 'plan-1' })],
  ['checkHealth', (provider) => provider.checkHealth?.()],
];

test.each(asked)(
  'whatever JSON comes back, %s ends in a value without nonsense or in a kind',
  async (name, ask) => {
    await fc.assert(
      fc.asyncProperty(oddAnswer, async (answer) => {
        const text = JSON.stringify(answer, (_key, value: unknown) =>
          typeof value === 'bigint' ? '7' : value,
        );
        const { provider } = reseller(() => new Response(text));
        const value = await Promise.resolve(ask(provider)).catch((error: unknown) => {
          if (!(error instanceof ProviderError)) throw error;
          if (name === 'placeOrder') expect(['unknown-outcome', 'credentials']).toContain(error.kind);
          return null;
        });
        for (const part of partsOf(value)) {
          expect(part instanceof Date && Number.isNaN(part.getTime())).toBe(false);
          expect(part).not.toBeNaN();
        }
      }),
      { numRuns: 300 },
    );
  },
);

function partsOf(value: unknown): unknown[] {
  const isWhole = typeof value !== 'object' || value === null || value instanceof Date;
  return isWhole ? [value] : [value, ...Object.values(value).flatMap(partsOf)];
}
