import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import jsQR from 'jsqr';
import { PNG } from 'pngjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startReseller, type Reseller } from './server.ts';

const EMAIL = 'sandbox@reseller.example';
const PASSWORD = 'Sandbox-password-1';
const PLAN = 'plan-GB-1GB-7D';

let now = Date.UTC(2026, 10, 21, 12);
let vendor: Reseller;
let token = '';

beforeEach(async () => {
  now = Date.UTC(2026, 10, 21, 12);
  vendor = await startReseller({ now: () => now });
  token = await logIn();
});
afterEach(() => vendor.close());

async function call(method: string, path: string, body?: object) {
  const response = await fetch(vendor.apiUrl + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(60_000),
  });
  // whatever shape the test looks for
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function logIn(password = PASSWORD) {
  const { body } = await call('POST', '/auth/login', { email: EMAIL, password });
  return String(body.access_token);
}

const buy = (more: object = {}) =>
  call('POST', '/orders', {
    ...{ plan_id: PLAN, quantity: 1, end_customer_email: 'a@example.com', customer_name: 'Ada' },
    ...more,
  });

test('an order answers as the document shows it, charges once, and its picture holds the code', async () => {
  const { status, body } = await buy();
  const [order] = vendor.orders;
  const [esim] = vendor.esims;
  expect(status).toBe(201);
  expect(body).toEqual({
    success: true,
    message: 'Order created successfully',
    order: {
      id: order?.id,
      user_id: 'user-1',
      plan_id: PLAN,
      plan_name: '1GB - United Kingdom',
      quantity: 1,
      unit_price: order?.total,
      total_amount: order?.total,
      currency: 'USD',
      status: 'active',
      iccid: esim?.iccid,
      qr_code_url: `${vendor.url}/qr/order-${order?.id ?? ''}.png`,
      created_at: '2026-11-21T12:00:00.000Z',
    },
  });
  expect(vendor.accounts).toMatchObject([{ balance: 250 - (order?.total ?? 0) }]);
  const picture = await fetch(`${vendor.url}/qr/order-${order?.id ?? ''}.png`);
  const { data, width, height } = PNG.sync.read(Buffer.from(await picture.arrayBuffer()));
  expect(jsQR(new Uint8ClampedArray(data), width, height)?.data).toBe(esim?.activationCode);
});

test('the same order sent twice is bought twice, and a refused one not at all', async () => {
  await buy();
  await buy();
  expect(vendor.orders).toHaveLength(2);
  for (const wrong of [
    { plan_id: 'plan-RU-1GB-7D' },
    { end_customer_email: '' },
    { quantity: 0 },
    { quantity: 999 },
  ])
    expect((await buy(wrong)).status).toBe(400);
  expect(vendor.orders).toHaveLength(2);
});

test('a token lasts an hour, a refresh token is good once', async () => {
  const { body } = await call('POST', '/auth/login', { email: EMAIL, password: PASSWORD });
  const refresh = () => call('POST', '/auth/refresh', { refresh_token: body.refresh_token });
  now += 3600_000;
  expect((await call('GET', '/credits/balance')).status).toBe(401);
  const fresh = await refresh();
  expect(fresh.body).toMatchObject({ success: true, token_expires_in: 3600 });
  token = String(fresh.body.access_token);
  expect((await call('GET', '/credits/balance')).status).toBe(200);
  expect((await refresh()).status).toBe(401);
});

test('the sixth log-in of a quarter of an hour is turned away, whether right or wrong', async () => {
  for (let tried = 0; tried < 4; tried += 1) await logIn('wrong');
  const { status, body } = await call('POST', '/auth/login', { email: EMAIL, password: PASSWORD });
  expect([status, body.success]).toEqual([429, false]);
});

test('lists come in pages of a hundred at most', async () => {
  const { body } = await call('GET', '/plans?limit=100&page=2');
  expect(body).toMatchObject({ pagination: { page: 2, limit: 100 } });
  expect(body.plans).toHaveLength(100);
  expect((await call('GET', '/plans?limit=101')).status).toBe(400);
  expect((await call('GET', '/plans?page=0')).status).toBe(400);
  expect(JSON.stringify((await call('GET', '/plans/regional/EU')).body)).not.toContain('"RU"');
});

test('one account sees nothing of another’s', async () => {
  await buy();
  vendor.createAccount({ email: 'other@reseller.example', password: 'p', balance: 1 });
  const { body } = await call('POST', '/auth/login', { email: 'other@reseller.example', password: 'p' });
  token = String(body.access_token);
  expect((await call('GET', '/orders')).body).toMatchObject({ orders: [] });
  for (const path of [`/orders/${vendor.orders[0]?.id ?? ''}`, `/profiles/${vendor.esims[0]?.iccid ?? ''}`])
    expect((await call('GET', path)).status).toBe(404);
});

test('a webhook is tried when it is made, and again until it is taken', async () => {
  const answers = [200, 500, 500, 200];
  const bodies: string[] = [];
  const listener = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => bodies.push(chunk.toString()));
    request.on('end', () => response.writeHead(answers.shift() ?? 500).end());
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  // listen on a port, not on a pipe, so the address is an object
  const { port } = listener.address() as AddressInfo;
  const webhook = {
    ...{ name: 'w', endpoint_url: `http://127.0.0.1:${String(port)}/`, event_types: ['ESIM_STATUS'] },
    ...{ secret: 's', retry_count: 2 },
  };
  expect((await call('POST', '/webhooks', webhook)).status).toBe(201);
  await buy();
  await vendor.callAbout('ESIM_STATUS', vendor.esims[0]?.iccid ?? '');
  expect(vendor.deliveries.map(({ event, status, attempts }) => [event, status, attempts])).toEqual([
    ['TEST', 200, 1],
    ['ESIM_STATUS', 200, 3],
  ]);
  expect(bodies).toHaveLength(4);
  // From here on nobody takes anything.
  expect((await call('POST', '/webhooks', { ...webhook, name: 'other' })).status).toBe(400);
  listener.close();
});

test('a suspended eSIM goes on where it was, and a revoked one never', async () => {
  await buy();
  const path = `/profiles/${vendor.esims[0]?.iccid ?? ''}`;
  const status = async () => ((await call('GET', path)).body.profile as { status: string }).status; // as the sandbox writes it
  vendor.useData(vendor.esims[0]?.iccid ?? '', 1);
  await call('POST', `${path}/suspend`);
  expect(await status()).toBe('suspended');
  await call('POST', `${path}/unsuspend`);
  expect(await status()).toBe('in_use');
  await call('POST', `${path}/revoke`);
  for (const act of ['suspend', 'unsuspend', 'revoke'])
    expect((await call('POST', `${path}/${act}`)).status).toBe(400);
});

test('people buy, install and use in the portal', async () => {
  const press = (path: string, fields: Record<string, string>) =>
    fetch(`${vendor.url}/portal/${path}`, { method: 'POST', body: new URLSearchParams(fields) });
  await press('buy', { email: EMAIL, plan: PLAN });
  const iccid = vendor.esims[0]?.iccid ?? '';
  await press('use', { iccid });
  const shown = await (await press('buy', { email: EMAIL, plan: 'plan-XX' })).text();
  expect(shown).toContain('refused');
  expect(shown).toContain(iccid);
  expect(shown).toContain('500 of 1024 MB used');
  expect(vendor.orders).toHaveLength(1);
});

test('what it sold outlives a restart', async () => {
  const stateFile = join(mkdtempSync(join(tmpdir(), 'reseller-')), 'state.json');
  const first = await startReseller({ stateFile });
  first.buyByHand(EMAIL, PLAN);
  const { esims } = first;
  await first.close();
  const second = await startReseller({ stateFile });
  expect(second.esims).toEqual(esims);
  await second.close();
});
