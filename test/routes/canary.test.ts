import { randomUUID } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shortLived } from '../build.ts';
import { call, callbacksOf } from '../callbacks.ts';
import { startApp, type AppProcess } from '../sandbox/app-process.ts';
import { appEnvironment, openSandbox, API_SECRET, type Sandbox } from '../sandbox/sandbox.ts';
import { accountId, connectReseller, openShop, RESELLER_PASSWORD, sellList, type Merchant } from '../shop.ts';
import { freePort } from '../free-port.ts';
import { until } from '../until.ts';
import { copyPrepared } from '../prepared.ts';
import { scratchFolder } from '../scratch.ts';

// One shop's life with its faults, in a process of its own that says all it can; then every place is searched for
// what must never stand there.
let sandbox: Sandbox;
let app: AppProcess;
let url: string;
let merchant: Merchant;
let links: string[];
const folder = scratchFolder('canary');
const addresses = [
  ...['canary.buyer@example.com', 'canary.second@example.com', 'canary.third@example.com'],
  ...['canary.resold@example.com', 'canary.resold.again@example.com'],
];

beforeAll(async () => {
  const port = await freePort();
  const appUrl = `http://127.0.0.1:${String(port)}`;
  sandbox = await openSandbox({ appUrl, requestsPerSecond: 1000, countries: ['FR'] });
  copyPrepared(folder);
  const environment = appEnvironment(sandbox, { appUrl, port, dataDir: folder });
  app = await startApp({ ...environment, LOG_LEVEL: 'debug', SWEEP_SECONDS: '1' }, { flags: shortLived });
  url = appUrl;
  merchant = await openShop({ ...sandbox, appUrl, until });
  await live();
  await app.stop();
});

afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

async function live() {
  const { esimGo, resend, shopify } = sandbox;
  const mails = (count: number) =>
    until(`${String(count)} e-mails arrive`, () => resend.mails.length >= count);
  const variantId = await merchant.sell('esim_1GB_7D_FR_V2');
  const customerId = shopify.state.shop(merchant.domain).customers[0]?.id ?? 0;
  const buy = (email: string) =>
    merchant.checkout({ lines: [{ variantId, quantity: 1 }], email, customerId });

  const order = buy(addresses[0] ?? '');
  await mails(1);
  esimGo.conducts.on('loses-the-answer', { times: 1, only: 'POST /orders' });
  resend.conducts.on('answers-500-after-accepting', { times: 1 });
  const unused = buy(addresses[1] ?? '');
  await mails(2);
  shopify.conducts.on('answers-502', { times: 1 });
  resend.conducts.on('refuses-the-address', { times: 1 });
  buy(addresses[2] ?? '');
  await until('three eSIMs are bought', () => esimGo.orders.length === 3);
  await buyFromReseller();

  links = resend.mails.flatMap(({ text }) => /\/i\/([\w-]{43})/.exec(text ?? '')?.[1] ?? []);
  const browser = { 'user-agent': 'Mozilla/5.0 (iPhone) Safari/604.1' };
  for (const path of [`/i/${links[0] ?? ''}`, `/i/${links[0] ?? ''}/below`, `/i/${'A'.repeat(43)}`]) {
    await fetch(url + path, { headers: browser });
    await fetch(url + path, { method: 'POST', headers: browser });
  }
  const token = await shopify.extensionToken(merchant.domain);
  for (const checkoutToken of [order.checkoutToken, 'wrong-checkout-token']) {
    const body = JSON.stringify({ orderId: String(order.id), checkoutToken });
    await fetch(`${url}/api/buyer/esims`, {
      method: 'POST',
      body,
      headers: { ...browser, authorization: `Bearer ${token}` },
    });
  }
  const { orders } = await merchant.read<{ orders: { id: string }[] }>('/app/orders', 'app.orders._index');
  for (const { id } of orders) {
    await merchant.send(`/app/orders/${id}`, 'app.orders.$orderId', { intent: 'show-email' });
    await merchant.send(`/app/orders/${id}`, 'app.orders.$orderId', {
      intent: 'resend',
      pressId: randomUUID(),
      email: 'canary.other@example.com',
    });
  }
  await beAtTheDesk(customerId);
  await merchant.send('/app/settings/suppliers', 'app.settings.suppliers', {
    intent: 'connect',
    provider: 'esim-go',
    apiKey: 'canary-wrong-key',
  });
  const idToken = await shopify.idToken(merchant.domain);
  for (const path of ['/app', '/app/nowhere']) {
    await fetch(`${url}${path}?shop=${merchant.domain}&host=YQ&embedded=1&id_token=${idToken}`, {
      headers: browser,
    });
  }
  // Shopify's own page of an order asks from another origin, and mails the codes again.
  const staff = {
    ...browser,
    origin: 'https://extensions.shopifycdn.com',
    authorization: `Bearer ${idToken}`,
  };
  const gid = `gid://shopify/Order/${String(order.id)}`;
  await fetch(`${url}/api/admin/order?order=${encodeURIComponent(gid)}`, { headers: staff });
  for (const email of ['canary.other@example.com', 'canary.other@']) {
    const body = JSON.stringify({ order: gid, pressId: randomUUID(), email });
    await fetch(`${url}/api/admin/order`, { method: 'POST', body, headers: staff });
  }
  const line = { lineItemId: unused.lines[0]?.id ?? 0, quantity: 1 };
  shopify.state.refundOrder(merchant.domain, unused.id, { lines: [line] });
  await until('the supplier took it back', () => esimGo.esims.some(({ returned }) => returned));
  secrets.push(
    ['a session token', idToken.split('.')[2] ?? ''],
    ['a buyer’s session token', token.split('.')[2] ?? ''],
  );
  if (order.checkoutToken !== null) secrets.push(['a checkout token', order.checkoutToken]);
  await mails(4);
}

/** The other supplier is logged in to: by a password, for tokens that run out and are lost. */
async function buyFromReseller() {
  const { reseller, resend } = sandbox;
  const place = { ...sandbox, appUrl: url, until };
  const noteTokens = () => {
    secrets.push(...reseller.tokens.map((token): [string, string] => ['a token of the reseller', token]));
  };
  const email = await connectReseller(place, merchant);
  noteTokens();
  const variantId = await sellList(place, merchant, [{ code: 'plan-FR-1GB-7D', supplier: 'eSIM API' }]);
  for (const [at, conduct] of ['loses-the-answer', 'forgets-its-sessions'].entries()) {
    reseller.conducts.on(conduct, { times: 1, only: 'POST /orders' });
    const buyer = addresses[3 + at] ?? '';
    merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: buyer });
    await until(`${buyer} has the mail`, () => resend.mails.some(({ to }) => to.includes(buyer)));
    noteTokens();
  }
  const suppliers = ['/app/settings/suppliers', 'app.settings.suppliers'] as const;
  const id = await accountId(merchant, 'reseller');
  await merchant.send(...suppliers, {
    ...{ intent: 'connect', provider: 'reseller', accountId: id, baseUrl: reseller.apiUrl },
    ...{ email, password: 'canary-wrong-password' },
  });
  await merchant.send(...suppliers, { intent: 'subscribe', accountId: id });
  const { iccid } = reseller.esims[0] ?? { iccid: '' };
  await reseller.callAbout('ESIM_STATUS', iccid);
  reseller.conducts.on('calls-with-the-bare-secret', { times: 1 });
  await reseller.callAbout('ORDER_STATUS', iccid);
  secrets.push(
    ['the password of the reseller', RESELLER_PASSWORD],
    ['a refused password', 'canary-wrong-password'],
    ['the log-in of the reseller', email],
    ...reseller.webhooks.flatMap(({ url, secret }): [string, string][] => [
      ['the secret of the reseller’s calls', secret],
      ['the address for the reseller’s calls', url.slice(url.lastIndexOf('/') + 1)],
    ]),
  );
}

/** What the supplier tells, what staff look up and do, and what a customer may ask for. */
async function beAtTheDesk(customerId: number) {
  const { esimGo, shopify } = sandbox;
  await merchant.send('/app/settings/travellers', 'app.settings.travellers', [
    ['intent', 'save'],
    ...['first-use', 'data-80', 'data-100'].map((kind): [string, string] => ['mails', kind]),
  ]);
  const { url: callbackUrl } = await callbacksOf(merchant);
  const { balance } = esimGo.organisations.find(({ apiKey }) => apiKey === merchant.apiKey) ?? { balance: 0 };
  esimGo.createOrganisation({ apiKey: merchant.apiKey, balance, callbackUrl });
  const [first] = esimGo.esims;
  const { iccid, matchingId } = first ?? { iccid: '', matchingId: '' };
  await esimGo.useData(iccid, { bytes: 900_000_000, iso: 'FR' });
  for (const kind of ['CountryChange', 'LowBalance', 'MSISDNEnabled', 'esim.deletion_scheduled'] as const)
    await esimGo.fireCallback(kind, iccid);
  await call(callbackUrl, `{"iccid":"${iccid}"`, { key: merchant.apiKey });
  await call(callbackUrl, JSON.stringify({ iccid, alertType: 'FirstUse', n: 1 }));
  await call(callbackUrl, JSON.stringify({ iccid: '8988000000000000006', alertType: matchingId }), {
    key: merchant.apiKey,
  });
  for (const typed of [iccid, matchingId, addresses[0] ?? ''])
    await merchant.send('/app/esims/search', 'app.esims.search', { typed });
  const esims = async () =>
    (await merchant.read<{ rows: { id: string }[] }>('/app/esims?index', 'app.esims._index')).rows;
  await until('three eSIMs are shown', async () => (await esims()).length >= 3);
  for (const { id } of await esims())
    for (const intent of ['look', 'reveal'])
      await merchant.send(`/app/esims/${id}`, 'app.esims.$esimId', { intent });
  for (const intent of ['ask-suppliers', 'adopt'])
    await merchant.send('/app/esims?index', 'app.esims._index', { intent, iccid });
  await merchant.download('/app/esims/export', 'app.esims.export');
  shopify.state.requestCustomerData(merchant.domain, customerId);
  const asked = async () =>
    (await merchant.read<{ requests: { id: string }[] }>('/app/settings/privacy', 'app.settings.privacy'))
      .requests[0];
  await until('a customer asks for their data', async () => (await asked()) !== undefined);
  const file = `/app/settings/privacy/export?request=${(await asked())?.id ?? ''}`;
  await merchant.download(file, 'app.settings.privacy.export');
  await until('every call is worked on', async () => (await callbacksOf(merchant)).taken !== null);
  secrets.push(['the address for callbacks', callbackUrl.slice(callbackUrl.lastIndexOf('/') + 1)]);
}

const secrets: [string, string][] = [];

function everySecret(): [string, string][] {
  const { esimGo, reseller, shopify } = sandbox;
  const installation = shopify.state.shop(merchant.domain).app;
  const all: [string, string][] = [
    ...secrets,
    ['the API key of the supplier', merchant.apiKey],
    ['a refused API key', 'canary-wrong-key'],
    ["the app's secret", API_SECRET],
    ['the mail key', 're_sandbox'],
    ['an encryption key', Buffer.alloc(32, 'sandbox').toString('base64')],
    ...[...addresses, 'canary.other@example.com'].map((address): [string, string] => [
      'an e-mail address',
      address,
    ]),
    ...links.map((token): [string, string] => ['an install token', token]),
    ...[...esimGo.esims, ...reseller.esims].flatMap(
      ({ iccid, matchingId, activationCode }): [string, string][] => [
        ['an ICCID', iccid],
        ['a matching ID', matchingId],
        ['an activation code', activationCode],
      ],
    ),
    ...(installation?.accessTokens ?? []).map(({ token }): [string, string] => ['an access token', token]),
    ...(installation?.refreshTokens ?? []).map(({ token }): [string, string] => ['a refresh token', token]),
  ];
  return all;
}

const found = (text: string) =>
  everySecret()
    .filter(([, secret]) => text.includes(secret))
    .map(([what]) => what);

test('the search would find what it looks for', () => {
  const all = everySecret();
  expect(all.every(([, secret]) => secret.length >= 10)).toBe(true);
  expect(sandbox.esimGo.esims.length).toBeGreaterThanOrEqual(3);
  expect(sandbox.reseller.esims.length).toBe(2);
  expect(all.filter(([what]) => what === 'a token of the reseller').length).toBeGreaterThanOrEqual(4);
  expect(all.some(([what]) => what === 'the secret of the reseller’s calls')).toBe(true);
  expect(found(`… ${addresses[1] ?? ''} …`)).toEqual(['an e-mail address']);
});

test('no line of the log holds a secret or an address', () => {
  const output = app.output();
  expect(output.split('\n').length).toBeGreaterThan(50);
  expect(output).toContain('buyer.refused');
  expect(found(output)).toEqual([]);
  expect(output).not.toMatch(/LPA:1|@example\.com/);
});

test('no query that was sent to a supplier holds a secret', () => {
  const { esimGo, reseller } = sandbox;
  const queries = [...esimGo.requests, ...reseller.requests].map(({ query }) => decodeURIComponent(query));
  expect(queries.some((query) => query.includes('page='))).toBe(true);
  expect(found(queries.join('\n'))).toEqual([]);
});

test('no job and no other row holds a secret but as ciphertext', async () => {
  expect(readdirSync(folder).filter((name) => name.startsWith('lock'))).toEqual([]);
  const database = await PGlite.create(join(folder, 'postgres'));
  const tables = await database.query<{ name: string; schema: string }>(
    "SELECT table_schema AS schema, table_name AS name FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema IN ('public', 'pgboss')",
  );
  expect(tables.rows.some(({ schema }) => schema === 'pgboss')).toBe(true);
  for (const { schema, name } of tables.rows) {
    const { rows } = await database.query<{ row: string }>(
      `SELECT t::text AS row FROM "${schema}"."${name}" t`,
    );
    expect(found(rows.map(({ row }) => row).join('\n')), `${schema}.${name}`).toEqual([]);
  }
  const esims = await database.query<{ secret: string }>('SELECT secret FROM "Esim"');
  expect(esims.rows.length).toBeGreaterThanOrEqual(3);
  for (const { secret } of esims.rows) expect(secret).toMatch(/^v1\.sandbox\./);
  await database.close();
});
