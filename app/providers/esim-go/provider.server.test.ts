import { expect, test } from 'vitest';
import type { ProviderBundle, ProviderPurchase } from '../contract.ts';
import { createEsimGo } from './provider.server.ts';

// Oddities the sandbox's eSIM Go does not have; the promises themselves are kept in test/contract.

/** An adapter whose supplier is a function from a request to the JSON text it answers. */
function esimGo(answer: (url: URL, init: RequestInit | undefined) => string) {
  const sent: { url: URL; init: RequestInit | undefined }[] = [];
  const fetch = (input: string | URL | Request, init?: RequestInit) => {
    const url = new URL(input instanceof Request ? input.url : input);
    sent.push({ url, init });
    return Promise.resolve(new Response(answer(url, init)));
  };
  const provider = createEsimGo({
    credentials: { apiKey: 'k', version: '2.4', brandingProfile: '' },
    baseUrl: 'https://esim-go.example/v2.4/',
    fetch,
  });
  return { provider, sent };
}

const organisation = JSON.stringify({ balance: 10, currency: 'usd' });

function order(at: number) {
  const createdDate = new Date(Date.UTC(2026, 0, 1, 0, at)).toISOString();
  return { orderReference: `ref-${String(at)}`, order: [{ item: 'b', quantity: 1 }], createdDate };
}

const year = { since: new Date('2026-01-01T00:00:00Z'), until: new Date('2026-12-31T00:00:00Z') };

async function purchasesFrom(pages: (page: number) => object[]): Promise<ProviderPurchase[]> {
  const { provider } = esimGo((url) => JSON.stringify(pages(Number(url.searchParams.get('page')))));
  const found: ProviderPurchase[] = [];
  for await (const purchase of provider.listPurchases(year)) found.push(purchase);
  return found;
}

test('a listing in smaller pages than asked for is read to its end: a missed order is bought twice', async () => {
  const all = Array.from({ length: 35 }, (_, at) => order(at));
  const found = await purchasesFrom((page) => all.slice((page - 1) * 10, page * 10));
  expect(found.map(({ orderReference }) => orderReference)).toEqual(
    all.map(({ orderReference }) => orderReference).reverse(),
  );
});

test('a listing that shifts while others buy names each order once', async () => {
  const found = await purchasesFrom(
    (page) =>
      [
        [order(2), order(1)],
        [order(1), order(0)],
      ][page - 1] ?? [],
  );
  expect(found).toHaveLength(3);
});

test('a listing that ignores page and window ends, and only the window is believed', async () => {
  const old = { ...order(0), orderReference: 'last-year', createdDate: '2025-06-01T00:00:00Z' };
  const found = await purchasesFrom(() => [order(1), old]);
  expect(found.map(({ orderReference }) => orderReference)).toEqual(['ref-1']);
});

test('a catalogue that ignores the page is listed once', async () => {
  const bundle = {
    name: 'esim_1GB_7D_FR_V2',
    countries: [{ iso: 'FR' }],
    dataAmount: 1000,
    duration: 7,
    price: 0.1,
  };
  const { provider, sent } = esimGo((url) =>
    url.pathname.endsWith('/organisation') ? organisation : JSON.stringify([bundle]),
  );
  const bundles: ProviderBundle[] = [];
  for await (const page of provider.listBundles()) bundles.push(...page.bundles);
  expect(bundles).toMatchObject([{ code: 'esim_1GB_7D_FR_V2', cost: { currency: 'USD' } }]);
  expect(sent.map(({ url }) => url.pathname)).toEqual([
    '/v2.4/organisation',
    '/v2.4/catalogue',
    '/v2.4/catalogue',
  ]);
});

test('an order is sent as the vendor documents it, with the key in a header only', async () => {
  const { provider, sent } = esimGo(() => '{"orderReference":"r"}');
  await provider.placeOrder({ bundle: 'esim_1GB_7D_FR_V2', quantity: 2 });
  const [request] = sent;
  expect(request?.url.href).toBe('https://esim-go.example/v2.4/orders');
  expect(new Headers(request?.init?.headers).get('x-api-key')).toBe('k');
  expect(request?.init?.body).toBe(
    '{"type":"transaction","assign":true,"order":[{"type":"bundle","quantity":2,"item":"esim_1GB_7D_FR_V2"}]}',
  );
});

test.each([0, 11, 1.5])('an order of %d is a bug of ours and is never sent', async (quantity) => {
  const { provider, sent } = esimGo(() => '{}');
  await expect(provider.placeOrder({ bundle: 'b', quantity })).rejects.toThrow(RangeError);
  expect(sent).toEqual([]);
});

test('an apply reference that the order list does not know is read from what is assigned to it', async () => {
  const esim = { iccid: '8943108165015003887', matchingId: 'A-1', smdpAddress: 'rsp.example.com' };
  const fetch = (input: string | URL | Request) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    if (pathname.endsWith('/organisation')) return Promise.resolve(new Response(organisation));
    return Promise.resolve(
      pathname.endsWith('/assignments')
        ? new Response(JSON.stringify([esim]))
        : new Response('{"message":"order not found"}', { status: 400 }),
    );
  };
  const provider = createEsimGo({
    credentials: { apiKey: 'k', version: '2.4', brandingProfile: '' },
    baseUrl: 'https://esim-go.example',
    fetch,
  });
  expect(await provider.getOrder('apply-1')).toMatchObject({
    status: 'ready',
    orderReference: 'apply-1',
    total: null,
    esims: [esim],
  });
});
