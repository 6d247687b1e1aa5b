import { createHash, createHmac } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { until } from '../../until.ts';
import type { CallbackKind } from './callbacks.ts';
import { luhnDigit } from './esim-identity.ts';
import { startEsimGo, type EsimGo } from './server.ts';

const KEY = 'sandbox-esim-go-key';
const BUNDLE = 'esim_1GB_7D_GB_V2';

let now = Date.UTC(2026, 10, 21, 12);
let vendor: EsimGo;

beforeEach(async () => {
  now = Date.UTC(2026, 10, 21, 12);
  vendor = await startEsimGo({ requestsPerSecond: 1000, now: () => now });
});
afterEach(() => vendor.close());

type Init = Omit<RequestInit, 'headers'> & { key?: string; headers?: Record<string, string> };

function call(path: string, init: Init = {}): Promise<Response> {
  const headers = {
    'X-API-Key': init.key ?? KEY,
    Accept: 'application/json',
    'Content-Type': 'application/json',
    ...init.headers,
  };
  return fetch(vendor.apiUrl + path, { signal: AbortSignal.timeout(60_000), ...init, headers });
}

async function read(path: string, init?: Init): Promise<unknown> {
  return (await call(path, init)).json();
}

function order(quantity: number, extra: object = {}, item: object = {}) {
  return {
    type: 'transaction',
    assign: true,
    order: [{ type: 'bundle', item: BUNDLE, quantity, ...item }],
    ...extra,
  };
}

function post(body: object): Init {
  return { method: 'POST', body: JSON.stringify(body) };
}

function buy(quantity: number, extra?: object, item?: object): Promise<Response> {
  return call('/orders', post(order(quantity, extra, item)));
}

function balance(): number {
  return vendor.organisations[0]?.balance ?? NaN;
}

const price = 1.0413;

test('an order charges the balance once and issues an eSIM for each piece', async () => {
  const answer: unknown = await (await buy(2)).json();

  const [first, second] = vendor.esims;
  expect(answer).toEqual({
    order: [
      {
        esims: [first, second].map((esim) => ({
          iccid: esim?.iccid,
          matchingId: esim?.matchingId,
          smdpAddress: 'rsp.esim-sandbox.example',
        })),
        iccids: [first?.iccid, second?.iccid],
        type: 'bundle',
        item: BUNDLE,
        quantity: 2,
        subTotal: 2 * price,
        pricePerUnit: price,
        AllowReassign: false,
      },
    ],
    total: 2 * price,
    currency: 'USD',
    status: 'completed',
    statusMessage: 'Order completed: 2 eSIMs assigned',
    orderReference: vendor.orders[0]?.orderReference,
    createdDate: '2026-11-21T12:00:00.000000019Z',
    assigned: true,
    sourceIP: '127.0.0.1',
  });
  expect(balance()).toBe(250 - 2 * price);
  expect(vendor.orders).toMatchObject([
    {
      apiKey: KEY,
      total: 2 * price,
      createdAt: new Date(now),
      requestArrivedAt: new Date(now),
      items: [{ bundle: BUNDLE, quantity: 2, pricePerUnit: price }],
    },
  ]);
  expect(vendor.requests.at(-1)).toMatchObject({
    method: 'POST',
    path: '/orders',
    status: 200,
    bodyHash: createHash('sha256')
      .update(JSON.stringify(order(2)))
      .digest('hex'),
  });
});

test('ICCIDs have 19 digits, a true check digit and no twin', async () => {
  await buy(10);
  const iccids = vendor.esims.map(({ iccid }) => iccid);

  expect(new Set(iccids).size).toBe(10);
  for (const iccid of iccids) {
    expect(iccid).toMatch(/^89\d{17}$/);
    expect(luhnDigit(iccid.slice(0, -1))).toBe(iccid.at(-1));
  }
});

test('the same order sent twice is bought twice', async () => {
  await buy(1);
  await buy(1);
  expect(vendor.orders).toHaveLength(2);
  expect(balance()).toBe(250 - 2 * price);
});

test('validating prices an order and buys nothing', async () => {
  expect(await (await buy(2, { type: 'validate' })).json()).toEqual({
    order: [
      {
        type: 'bundle',
        item: BUNDLE,
        quantity: 2,
        subTotal: 2 * price,
        pricePerUnit: price,
        AllowReassign: false,
      },
    ],
    total: 2 * price,
    valid: true,
    currency: 'USD',
    createdDate: '2026-11-21T12:00:00.000000019Z',
    assigned: true,
  });
  vendor.createOrganisation({ apiKey: KEY, balance: 1 });
  expect(await (await buy(2, { type: 'validate' })).json()).toMatchObject({ valid: false });
  expect(vendor.orders).toHaveLength(0);
});

test('orders are refused in plain text', async () => {
  vendor.createOrganisation({ apiKey: KEY, balance: 1 });
  const short = await buy(1);
  expect([short.status, short.headers.get('content-type'), await short.text()]).toEqual([
    400,
    'text/plain; charset=utf-8',
    'insufficient balance to complete this order',
  ]);
  expect((await buy(1, {}, { item: BUNDLE.toLowerCase() })).status).toBe(400);
  expect((await buy(11)).status).toBe(400);
  expect((await buy(1, {}, { iccids: ['8944500000000000000'] })).status).toBe(403);
  const stranger = await call('/orders', { ...post(order(1)), key: 'nobody' });
  expect([stranger.status, stranger.headers.get('content-type')]).toEqual([401, 'text/plain; charset=utf-8']);
  expect([balance(), vendor.orders.length]).toEqual([1, 0]);
});

test('one organisation never sees what another bought', async () => {
  vendor.createOrganisation({ apiKey: 'other', balance: 10 });
  await buy(1);
  const [esim] = vendor.esims;
  const [bought] = vendor.orders;

  expect((await call(`/esims/${String(esim?.iccid)}`, { key: 'other' })).status).toBe(403);
  expect(
    (await call(`/esims/assignments?reference=${String(bought?.orderReference)}`, { key: 'other' })).status,
  ).toBe(403);
  expect((await call(`/orders/${String(bought?.orderReference)}`, { key: 'other' })).status).toBe(400);
  expect(await read('/orders', { key: 'other' })).toEqual([]);
});

test('the catalogue covers the world in pages of at most 100', async () => {
  const first = await read('/catalogue?perPage=100&page=1');
  expect(first).toMatchObject({ pageSize: 100, bundles: expect.any(Array) as unknown[] });
  const { rows, pageCount } = first as { rows: number; pageCount: number };
  expect(rows).toBeGreaterThan(1900);
  expect(pageCount).toBe(Math.ceil(rows / 100));

  expect(await read(`/catalogue/bundle/${BUNDLE}`)).toEqual({
    name: BUNDLE,
    description: 'eSIM, 1GB, 7 Days, United Kingdom, V2',
    groups: ['Standard Fixed'],
    countries: [{ name: 'United Kingdom', region: 'Europe', iso: 'GB' }],
    dataAmount: 1000,
    duration: 7,
    speed: ['2G', '3G', '4G', '5G'],
    autostart: true,
    unlimited: false,
    price,
    billingType: 'FixedCost',
    allowances: [
      { type: 'DATA', service: 'ROAMING', description: 'Data', amount: 1000, unit: 'MB', unlimited: false },
    ],
  });
  expect(await read('/catalogue/bundle/esim_1GB_7D_REUP_V2')).toMatchObject({
    countries: [{ name: 'Europe+', region: 'Europe', iso: 'Europe+' }],
    roamingEnabled: expect.arrayContaining([{ name: 'France', region: 'Europe', iso: 'FR' }]) as unknown[],
  });
  expect(
    await read('/catalogue?group=Standard%20Unlimited%20Lite&countries=FR&orderBy=price&direction=desc'),
  ).toMatchObject({
    rows: 3,
    bundles: [{ name: 'esim_UL_30D_FR_V2', unlimited: true }, { duration: 15 }, { duration: 7 }],
  });
});

test('install details are CSV unless JSON or a zip is asked for', async () => {
  await buy(1);
  const [esim] = vendor.esims;
  const path = `/esims/assignments?reference=${String(vendor.orders[0]?.orderReference)}`;

  const csv = await call(path, { headers: { Accept: '*/*' } });
  expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(await csv.text()).toBe(
    `ICCID,Matching ID,SMDP Address\n${String(esim?.iccid)},${String(esim?.matchingId)},rsp.esim-sandbox.example\n`,
  );
  vendor.install(String(esim?.iccid));
  expect(await read(`${path}&additionalFields=appleInstallUrl`)).toMatchObject([
    {
      iccid: esim?.iccid,
      profileStatus: 'Installed',
      firstInstalledDateTime: '2026-11-21T12:00:00.000Z',
      appleInstallUrl: `https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=${encodeURIComponent(String(esim?.activationCode))}`,
    },
  ]);
  expect(await read(`/esims/${String(esim?.iccid)}`)).toMatchObject({
    firstInstalledDateTime: now,
    matchingId: esim?.matchingId,
  });
  const zip = await call(path, { headers: { Accept: 'application/zip' } });
  expect(
    Buffer.from(await zip.arrayBuffer())
      .subarray(0, 2)
      .toString(),
  ).toBe('PK');
});

test('a large order is prepared after it was answered', async () => {
  const answer: unknown = await (await buy(6)).json();
  expect(answer).toMatchObject({ status: 'processing', order: [{ quantity: 6 }] });
  expect(JSON.stringify(answer)).not.toContain('iccid');
  const path = `/esims/assignments?reference=${String(vendor.orders[0]?.orderReference)}`;
  const early = await call(path);
  expect([early.status, early.headers.get('retry-after')]).toEqual([503, '1']);

  now += 3000;
  expect(await read(path)).toHaveLength(6);
});

test('orders are found again by the time they were made', async () => {
  await buy(1);
  now += 60_000;
  await buy(2);
  const since = new Date(now - 1000).toISOString();
  const until = new Date(now).toISOString();

  expect(await read('/orders')).toMatchObject([{ total: 2 * price }, { total: price }]);
  expect(
    await read(`/orders?createdAt=gte:${since}&createdAt=lte:${until}&includeIccids=true`),
  ).toMatchObject([
    {
      orderReference: vendor.orders[1]?.orderReference,
      order: [{ iccids: vendor.orders[1]?.items[0]?.iccids }],
    },
  ]);
  expect(await read('/orders?page=2&limit=1')).toMatchObject([{ total: price }]);
});

test('bundles bought into the inventory are applied, and appear among the orders', async () => {
  await buy(2, { assign: false });
  expect(vendor.esims).toHaveLength(0);
  expect(await read('/inventory')).toMatchObject({
    bundles: [{ name: BUNDLE, available: [{ total: 2, remaining: 2 }] }],
  });

  const applied = await read('/esims/apply', post({ name: BUNDLE }));
  expect(applied).toMatchObject({ esims: [{ iccid: vendor.esims[0]?.iccid, bundle: BUNDLE }] });
  await read('/esims/apply', post({ iccid: vendor.esims[0]?.iccid, name: BUNDLE }));
  expect((await call('/esims/apply', post({ name: BUNDLE }))).status).toBe(403);

  expect(vendor.esims).toMatchObject([{ bundles: [BUNDLE, BUNDLE] }]);
  expect(vendor.orders).toHaveLength(1);
  expect(await read('/orders')).toMatchObject([
    { order: [{ type: 'bundleAssignment' }], total: 0 },
    { order: [{ type: 'bundleAssignment' }] },
    { order: [{ type: 'bundle' }] },
  ]);
});

test('using data starts the bundle and empties it', async () => {
  await buy(1);
  const iccid = String(vendor.esims[0]?.iccid);
  expect(await read(`/esims/${iccid}/bundles`)).toMatchObject({
    bundles: [
      {
        name: BUNDLE,
        assignments: [{ bundleState: 'queued', initialQuantity: 1e9, remainingQuantity: 1e9 }],
      },
    ],
  });

  await vendor.useData(iccid, { bytes: 4e8, iso: 'FR' });
  expect(await read(`/esims/${iccid}/bundles/${BUNDLE}`)).toMatchObject({
    assignments: [
      { bundleState: 'active', remainingQuantity: 6e8, startTime: '2026-11-21T12:00:00.000000019Z' },
    ],
  });
  expect(await read(`/esims/${iccid}/location`)).toMatchObject({ country: 'FR' });

  await vendor.useData(iccid, { bytes: 9e8 });
  expect(await read(`/esims/${iccid}/bundles`)).toEqual({ bundles: [] });
  expect(await read(`/esims/${iccid}/bundles?includeUsed=true`)).toMatchObject({
    bundles: [{ assignments: [{ bundleState: 'depleted' }] }],
  });
});

test('revoking the last bundle of an unused eSIM gives the money and takes the eSIM', async () => {
  await buy(1);
  const iccid = String(vendor.esims[0]?.iccid);
  const path = `/esims/${iccid}/bundles/${BUNDLE}`;

  const options = await read(`${path}?type=validate`, { method: 'DELETE' });
  expect(options).toMatchObject({ offers: [{ refundToBalance: true }] });
  expect(balance()).toBe(250 - price);
  expect(await read(`${path}?type=transaction&refundToBalance=true`, { method: 'DELETE' })).toEqual({
    status: 'Successfully Revoked Bundle, bundle has been refunded to balance',
  });

  expect(balance()).toBe(250);
  expect((await call(`/esims/${iccid}`)).status).toBe(403);
});

test('eSIMs are tagged, listed and filtered', async () => {
  await buy(2);
  const iccid = vendor.esims[0]?.iccid;
  await read('/esims', { method: 'PUT', body: JSON.stringify({ iccid, customerRef: 'order 7' }) });

  expect(await read('/esims?filterBy=customerRef&filter=order%207')).toMatchObject({
    esims: [{ iccid, customerRef: 'order 7', lastAction: 'eSIM Updated', physical: false }],
  });
  expect((await call('/esims?perPage=7')).status).toBe(400);
});

test('an organisation can be read, and topped up within the limits', async () => {
  expect(await read('/organisation')).toMatchObject({
    organisations: [{ apiKey: KEY, balance: 250, currency: 'USD' }],
  });
  expect(await read('/organisation/groups')).toMatchObject({
    groups: expect.arrayContaining([{ name: 'Standard Fixed' }]) as unknown,
  });
  expect((await call('/organisation/balance?amount=10', { method: 'POST' })).status).toBe(400);
  expect(await read('/organisation/balance?amount=1000', { method: 'POST' })).toMatchObject({
    amount: 1000,
    balance: 1250,
  });
});

test('a card is charged no more than the vendor takes in a day, and only a saved one', async () => {
  const charge = (amount: number) =>
    call(`/organisation/balance?amount=${String(amount)}`, { method: 'POST' });
  expect((await charge(4000)).status).toBe(200);
  const over = await charge(1001);
  expect(over.status).toBe(400);
  expect(await over.json()).toEqual({ message: 'the maximum daily top-up is 5000' });
  expect((await charge(1000)).status).toBe(200);
  now += 24 * 3600 * 1000;
  expect((await charge(5000)).status).toBe(200);
  vendor.createOrganisation({ apiKey: KEY, balance: 0, hasCard: false });
  expect((await charge(1000)).status).toBe(400);
});

test('a bundle with calls gives an eSIM a number, and texts reach it', async () => {
  await buy(1);
  const iccid = String(vendor.esims[0]?.iccid);
  const text = (from = 'eSIM') =>
    call(`/esims/${iccid}/sms`, { method: 'POST', body: JSON.stringify({ message: 'Welcome', from }) });
  expect((await text()).status).toBe(400);

  const order = { type: 'bundle', item: 'esim_ULP_7D_FR_V2', quantity: 1, iccids: [iccid] };
  const body = JSON.stringify({ type: 'transaction', assign: true, order: [order] });
  expect((await call('/orders', { method: 'POST', body })).status).toBe(200);
  expect((await text('Shop')).status).toBe(400);
  expect((await text()).status).toBe(200);
  expect(vendor.esims[0]?.messages).toEqual([{ from: 'eSIM', text: 'Welcome' }]);
});

test('shouts-its-states: the words are the same, in capitals', async () => {
  await buy(1);
  const iccid = String(vendor.esims[0]?.iccid);
  vendor.conducts.on('shouts-its-states');
  expect(await read(`/esims/${iccid}`)).toMatchObject({ profileStatus: 'RELEASED' });
  expect(await read(`/esims/${iccid}/bundles/${BUNDLE}`)).toMatchObject({
    assignments: [{ bundleState: 'QUEUED' }],
  });
});

test('every documented read answers', async () => {
  await buy(1);
  const iccid = String(vendor.esims[0]?.iccid);
  const reference = String(vendor.orders[0]?.orderReference);
  for (const path of [
    '/',
    `/esims/${iccid}/history`,
    `/esims/${iccid}/location`,
    `/esims/${iccid}/refresh`,
    `/esims/${iccid}/compatible/${BUNDLE}`,
    `/orders/${reference}`,
    '/networks?isos=GB,FR',
    `/esims/qr/${reference}`,
    `/esims/csv/${reference}`,
  ]) {
    expect([path, (await call(path)).status]).toEqual([path, 200]);
  }
  expect(await read(`/esims/${iccid}/sms`, post({ message: 'Hello' }))).toEqual({
    message: 'the eSIM has no MSISDN',
  });
  expect((await call('/nothing')).status).toBe(404);
});

test('2.5 brands new eSIMs, tells the balance with an order, and deletes; 2.4 knows none of it', async () => {
  vendor.createOrganisation({
    apiKey: KEY,
    balance: 100,
    brandingProfiles: ['p-1'],
    paysByConsumption: true,
  });
  const later = (path: string, init?: Init) => call(`/../v2.5${path}`, init);
  expect((await later('/orders', post(order(1, { profileID: 'p-2' })))).status).toBe(400);
  expect((await later('/orders', post(order(1, { profileID: 'p-1', assign: false })))).status).toBe(400);
  const bought = (await (await later('/orders', post(order(1, { profileID: 'p-1' })))).json()) as object;
  expect(bought).toMatchObject({ runningBalance: String(balance()) });
  expect(await (await buy(1, { profileID: 'p-2' })).json()).not.toHaveProperty('runningBalance');
  expect(vendor.esims.map(({ brandingId }) => brandingId)).toEqual(['p-1', null]);
  const path = `/esims/${String(vendor.esims[0]?.iccid)}`;
  expect(await (await later(path)).json()).toMatchObject({ state: 'active', brandingId: 'p-1' });
  expect((await call(path, { method: 'DELETE' })).status).toBe(404);
  expect((await later(path, { method: 'DELETE' })).status).toBe(200);
  expect((await later(path)).status).toBe(403);
  expect((await call('/catalogue/prices')).status).toBe(404);
  expect(await (await later('/catalogue/prices')).json()).toMatchObject({
    hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    prices: expect.arrayContaining([
      expect.objectContaining({ country: { iso: 'FR', name: 'France' } }),
    ]) as unknown,
  });
  vendor.createOrganisation({ apiKey: KEY, balance: 100 });
  expect((await later('/catalogue/prices')).status).toBe(403);
});

test('more than ten requests in a second are turned away', async () => {
  const strict = await startEsimGo();
  // It counts by the wall clock, which stands still: on a slow machine the second would turn while the requests run.
  vi.useFakeTimers({ toFake: ['Date'] });
  const answers = await Promise.all(
    Array.from({ length: 25 }, () =>
      fetch(`${strict.apiUrl}/organisation`, { headers: { 'X-API-Key': KEY } }),
    ),
  );
  vi.useRealTimers();
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(15);
  expect(refused[0]?.headers.get('retry-after')).toBe('1');
  expect(answers[0]?.headers.get('x-ratelimit-limit')).toBe('10');
  await strict.close();
});

test('orders, balance and eSIMs survive a restart', async () => {
  const stateFile = join(mkdtempSync(join(tmpdir(), 'esim-go-')), 'state.json');
  const before = await startEsimGo({ stateFile });
  const headers = { 'X-API-Key': KEY };
  await fetch(`${before.apiUrl}/orders`, { method: 'POST', headers, body: JSON.stringify(order(1)) });
  await before.close();

  const after = await startEsimGo({ stateFile });
  expect([after.orders, after.esims, after.organisations]).toEqual([
    before.orders,
    before.esims,
    before.organisations,
  ]);
  expect(after.orders).toHaveLength(1);
  await after.close();
});

test.each([
  ['sells-out', 400, 0],
  ['answers-503', 503, 0],
  ['throttles', 429, 0],
  ['revokes-the-key', 401, 0],
  ['withdraws-the-bundle', 400, 0],
  ['charges-then-500', 500, 1],
  ['answers-503-and-executes', 503, 1],
])('%s: an order is answered %i and charged %i times', async (conduct, status, bought) => {
  vendor.conducts.on(conduct, { times: 1 });
  expect((await buy(1)).status).toBe(status);
  expect(vendor.orders).toHaveLength(bought);
  expect(balance()).toBe(250 - bought * price);
});

test.each([
  ['loses-the-answer', 1],
  ['holds-the-answer', 1],
  ['resets-after-body', 1],
  ['never-executes-and-times-out', 0],
])('%s: no answer comes, and the order is charged %i times', async (conduct, bought) => {
  vendor.conducts.on(conduct, { times: 1 });
  const patience = new AbortController();
  const whole = async () => (await call('/orders', { ...post(order(1)), signal: patience.signal })).text();
  const outcome = expect(whole()).rejects.toThrow();
  await until('the order is dealt with', () => vendor.requests.at(-1)?.executed === (bought === 1));
  if (conduct !== 'loses-the-answer' && conduct !== 'resets-after-body') patience.abort();
  await outcome;
  expect(vendor.orders).toHaveLength(bought);
  expect(vendor.requests.at(-1)).toMatchObject({
    status: null,
    executed: bought === 1,
    orderReference: vendor.orders[0]?.orderReference ?? null,
  });
  expect((await call('/orders')).status).toBe(200);
});

test.each(['answers-html', 'truncates-the-answer'])(
  '%s: the order is charged and the 200 cannot be read',
  async (conduct) => {
    vendor.conducts.on(conduct, { only: 'POST /orders' });
    const answer = await buy(1);
    expect(answer.status).toBe(200);
    await expect(answer.json()).rejects.toThrow();
    expect(vendor.orders).toHaveLength(1);
    expect(await read('/orders')).toHaveLength(1);
  },
);

test('executes-late: the line is cut at once, and the order comes when nobody waits for it', async () => {
  vendor.conducts.on('executes-late', { times: 1, seconds: 90 });
  await expect(buy(1)).rejects.toThrow();
  const [request] = vendor.requests;
  now += 89_000;
  expect([await read('/orders'), balance(), request?.executed]).toEqual([[], 250, false]);

  now += 60_000;
  expect(vendor.orders).toMatchObject([
    { requestArrivedAt: new Date(now - 149_000), createdAt: new Date(now - 59_000) },
  ]);
  expect(balance()).toBe(250 - price);
  expect(await read('/orders')).toHaveLength(1);
  expect(request).toMatchObject({ executed: true, orderReference: vendor.orders[0]?.orderReference });
  expect(vendor.orders).toHaveLength(1);
});

test('never-assigns: charged, and never an eSIM', async () => {
  vendor.conducts.on('never-assigns', { times: 1 });
  expect(await (await buy(1)).json()).toMatchObject({ status: 'processing', total: price });
  now += 365 * 86_400_000;
  const reference = String(vendor.orders[0]?.orderReference);
  expect(await read(`/esims/assignments?reference=${reference}`)).toEqual([]);
  expect(await read(`/orders/${reference}`)).toMatchObject({ status: 'processing' });
});

test('repeats-an-esim: two orders are charged and one eSIM is handed out', async () => {
  await buy(1);
  vendor.conducts.on('repeats-an-esim', { times: 1 });
  const again: unknown = await (await buy(1)).json();
  expect(again).toMatchObject({ order: [{ iccids: [vendor.esims[0]?.iccid] }] });
  expect([vendor.orders.length, vendor.esims.length, balance()]).toEqual([2, 1, 250 - 2 * price]);
});

test('misprints-iccids: the check digit is wrong', async () => {
  vendor.conducts.on('misprints-iccids', { times: 1 });
  await buy(2);
  const rights = vendor.esims.map(({ iccid }) => luhnDigit(iccid.slice(0, -1)) === iccid.at(-1));
  expect(rights).toEqual([false, true]);
});

test('shifts-pages: the last order of a page opens the next one too, and none is skipped', async () => {
  for (let bought = 0; bought < 3; bought++) await buy(1);
  vendor.conducts.on('shifts-pages');
  const pages = [await read('/orders?limit=2'), await read('/orders?limit=2&page=2')] as {
    orderReference: string;
  }[][];
  const [newest, middle, oldest] = vendor.orders.map(({ orderReference }) => orderReference).reverse();
  expect(pages.map((rows) => rows.map(({ orderReference }) => orderReference))).toEqual([
    [newest, middle],
    [middle, oldest],
  ]);
});

test('what is bought by hand comes from another address, and no conduct touches it', async () => {
  vendor.conducts.on('lists-late');
  vendor.conducts.on('sells-out');
  const reference = vendor.buyByHand(KEY, BUNDLE, 2);
  vendor.conducts.off('sells-out');
  await buy(1);
  expect(await read('/orders')).toMatchObject([{ orderReference: reference, sourceIP: '203.0.113.77' }]);
  expect(vendor.orders.map(({ sourceIp }) => sourceIp)).toEqual(['203.0.113.77', '127.0.0.1']);
  expect([vendor.esims.length, balance()]).toEqual([3, 250 - 3 * price]);
  expect(vendor.buyByHand(KEY, BUNDLE, 1, '198.51.100.4')).not.toBe(reference);
  expect(vendor.orders.at(-1)?.sourceIp).toBe('198.51.100.4');
  expect(() => vendor.buyByHand(KEY, 'no-such-bundle', 1)).toThrow(/not available/);
});

test('every request is on record with what it said and what it made', async () => {
  await buy(1, { type: 'validate' });
  vendor.addStock(KEY, BUNDLE, 1);
  await buy(1);
  await read('/esims/apply', post({ bundles: [{ name: BUNDLE, repeat: 1 }] }));
  const references = ((await read('/orders')) as { orderReference: string }[])
    .map(({ orderReference }) => orderReference)
    .reverse();
  expect(vendor.requests.slice(0, 3)).toMatchObject([
    { executed: false, orderReference: null, body: JSON.stringify(order(1, { type: 'validate' })) },
    { executed: true, orderReference: references[0], at: new Date(now), body: JSON.stringify(order(1)) },
    { executed: true, orderReference: references[1], path: '/esims/apply' },
  ]);
});

test('stock put there is there to be applied, free of charge, until it expires', async () => {
  vendor.addStock(KEY, BUNDLE, 2);
  expect([vendor.orders, balance()]).toEqual([[], 250]);
  expect(await read('/esims/apply', post({ name: BUNDLE }))).toMatchObject({ esims: [{}] });
  now += 366 * 86_400_000;
  expect((await call('/esims/apply', post({ name: BUNDLE }))).status).toBe(403);
  expect(() => {
    vendor.addStock(KEY, 'no-such-bundle', 1);
  }).toThrow(/no-such-bundle/);
});

test('without refunds a revoke takes the bundle and gives nothing back', async () => {
  vendor.createOrganisation({ apiKey: KEY, balance: 250, refundsEnabled: false });
  await buy(1);
  const path = `/esims/${String(vendor.esims[0]?.iccid)}/bundles/${BUNDLE}`;
  expect(await read(`${path}?type=validate`, { method: 'DELETE' })).toMatchObject({ offers: [] });
  expect(await read(path, { method: 'DELETE' })).toEqual({ status: 'Successfully Revoked Bundle' });
  expect([balance(), await read('/inventory')]).toEqual([250 - price, { bundles: [] }]);
});

test('prepares-slowly: charged at once, eSIMs after some seconds', async () => {
  vendor.conducts.on('prepares-slowly', { seconds: 30 });
  const answer: unknown = await (await buy(1)).json();
  expect(answer).toMatchObject({ status: 'processing' });
  const path = `/esims/assignments?reference=${String(vendor.orders[0]?.orderReference)}`;
  expect(await read(path)).toEqual([]);
  now += 30_000;
  expect(await read(path)).toMatchObject([{ iccid: vendor.esims[0]?.iccid }]);
});

test('allocates-fewer: charged for three, two issued', async () => {
  vendor.conducts.on('allocates-fewer', { times: 1 });
  expect(await (await buy(3)).json()).toMatchObject({ total: 3 * price, order: [{ quantity: 3 }] });
  expect(vendor.esims).toHaveLength(2);
});

test('lists-late: the order is not among the orders at first', async () => {
  vendor.conducts.on('lists-late', { seconds: 20 });
  await buy(1);
  expect(await read('/orders')).toEqual([]);
  now += 20_000;
  expect(await read('/orders')).toHaveLength(1);
});

test('answers-csv: install details are CSV although JSON was asked for', async () => {
  await buy(1);
  vendor.conducts.on('answers-csv');
  const answer = await call(`/esims/assignments?reference=${String(vendor.orders[0]?.orderReference)}`);
  expect(answer.headers.get('content-type')).toContain('text/csv');
});

test('answers-as-documented: the published shapes instead of the live ones', async () => {
  await buy(1);
  vendor.conducts.on('answers-as-documented');
  expect(await read('/catalogue?perPage=2')).toHaveLength(2);
  expect(await read('/organisation')).toMatchObject({ apiKey: KEY, balance: 250 - price });
  expect(await read('/organisation/groups')).toContainEqual({ name: 'Standard Fixed' });
  expect(await read('/orders')).toMatchObject([{ createDate: '2026-11-21T12:00:00.000000019Z' }]);
  const iccid = String(vendor.esims[0]?.iccid);
  expect(await read(`/esims/${iccid}/history`)).toMatchObject({ name: 'Bundle Applied', bundleName: BUNDLE });
  expect(await read(`/esims/${iccid}/location`)).toMatchObject({ lastSeen: '0001-01-01T00:00:00Z' });
  expect(
    await read(`/esims/assignments?reference=${String(vendor.orders[0]?.orderReference)}`),
  ).toMatchObject({
    iccid: vendor.esims[0]?.iccid,
    smdpAddress: 'http://rsp.esim-sandbox.example',
  });
});

test('callbacks are signed in V3, carry a bare number in V2, and come twice when they should not', async () => {
  const received: { body: string; signature: string | undefined }[] = [];
  const listener = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk: Buffer) => (body += chunk.toString()));
    req.on('end', () => {
      received.push({ body, signature: req.headers['x-signature-sha256'] as string | undefined });
      res.end();
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const callbackUrl = `http://127.0.0.1:${String((listener.address() as AddressInfo).port)}/`;
  await buy(1);
  const iccid = String(vendor.esims[0]?.iccid);

  vendor.createOrganisation({ apiKey: KEY, balance: 250, callbackUrl });
  await vendor.useData(iccid, { bytes: 5e8 });
  expect(received.map(({ body }) => (JSON.parse(body) as { alertType: string }).alertType)).toEqual([
    'FirstAttachment',
    'FirstUse',
    'Utilisation',
  ]);
  const last = received[2];
  expect(last?.signature).toBe(createHmac('sha256', KEY).update(String(last?.body)).digest('base64'));
  expect(JSON.parse(String(last?.body))).toMatchObject({
    iccid,
    bundle: { name: BUNDLE, remainingQuantity: 5e8 },
  });

  const bodyOf = async (kind: CallbackKind) =>
    JSON.parse((await vendor.fireCallback(kind, iccid))[0]?.body ?? 'null') as unknown;
  expect(await bodyOf('LowBalance')).toEqual({
    alertType: 'LowBalance',
    balanceInfo: { balance: 250, threshold: 100, thresholdPercentRemaining: 250 },
  });
  expect(await bodyOf('esim.deletion_scheduled')).toMatchObject({
    ...{ event: 'esim.deletion_scheduled', iccid },
    date: '2026-11-21T12:00:00.000000019Z',
  });
  expect(await bodyOf('ProfileStatusChange')).toMatchObject({ iccid, profileStatus: 'Installed' });
  received.length = 3;

  vendor.createOrganisation({ apiKey: KEY, balance: 250, callbackUrl, callbackVersion: 2 });
  vendor.conducts.on('calls-back-twice');
  const sent = await vendor.fireCallback('Utilisation', iccid);
  expect(sent.map(({ status }) => status)).toEqual([200, 200]);
  expect(received.slice(3)).toHaveLength(2);
  expect(received[3]?.body).toContain(`"iccid":${iccid},`);
  expect(received[3]?.signature).toBeUndefined();
  listener.close();
});

test('the portal shows what happened and tops up', async () => {
  await buy(1);
  await fetch(`${vendor.url}/portal/top-up`, { method: 'POST', body: new URLSearchParams({ apiKey: KEY }) });

  const portal = await (await fetch(vendor.url)).text();
  expect(portal).toContain('$348.9587');
  expect(portal).toContain(vendor.esims[0]?.iccid);
});

test('the portal buys by hand, and says why not', async () => {
  const buyByHand = async (bundle: string) => {
    const body = new URLSearchParams({ apiKey: KEY, bundle, quantity: '2' });
    return (await fetch(`${vendor.url}/portal/buy`, { method: 'POST', body })).text();
  };
  expect(await buyByHand(BUNDLE)).toContain('from 203.0.113.77');
  expect(vendor.orders).toMatchObject([{ sourceIp: '203.0.113.77', items: [{ quantity: 2 }] }]);
  expect(await buyByHand('nothing')).toContain('not available');
});
