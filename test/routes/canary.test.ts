import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shortLived } from '../build.ts';
import { startApp, type AppProcess } from '../sandbox/app-process.ts';
import { appEnvironment, openSandbox, API_SECRET, type Sandbox } from '../sandbox/sandbox.ts';
import { openShop, type Merchant } from '../shop.ts';
import { freePort } from '../free-port.ts';
import { until } from '../world.ts';
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
const addresses = ['canary.buyer@example.com', 'canary.second@example.com', 'canary.third@example.com'];

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
  const buy = (email: string) => merchant.checkout({ lines: [{ variantId, quantity: 1 }], email });

  const order = buy(addresses[0] ?? '');
  await mails(1);
  esimGo.conducts.on('loses-the-answer', { times: 1, only: 'POST /orders' });
  resend.conducts.on('answers-500-after-accepting', { times: 1 });
  buy(addresses[1] ?? '');
  await mails(2);
  shopify.conducts.on('answers-502', { times: 1 });
  resend.conducts.on('refuses-the-address', { times: 1 });
  buy(addresses[2] ?? '');
  await until('three eSIMs are bought', () => esimGo.orders.length === 3);

  links = resend.mails.map(({ text }) => /\/i\/([\w-]{43})/.exec(text ?? '')?.[1] ?? 'none');
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
      email: 'canary.other@example.com',
    });
  }
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
  secrets.push(
    ['a session token', idToken.split('.')[2] ?? ''],
    ['a buyer’s session token', token.split('.')[2] ?? ''],
  );
  if (order.checkoutToken !== null) secrets.push(['a checkout token', order.checkoutToken]);
  await mails(4);
}

const secrets: [string, string][] = [];

function everySecret(): [string, string][] {
  const { esimGo, shopify } = sandbox;
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
    ...esimGo.esims.flatMap(({ iccid, matchingId, activationCode }): [string, string][] => [
      ['an ICCID', iccid],
      ['a matching ID', matchingId],
      ['an activation code', activationCode],
    ]),
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
  expect(found(`… ${addresses[1] ?? ''} …`)).toEqual(['an e-mail address']);
});

test('no line of the log holds a secret or an address', () => {
  const output = app.output();
  expect(output.split('\n').length).toBeGreaterThan(50);
  expect(output).toContain('buyer.refused');
  expect(found(output)).toEqual([]);
  expect(output).not.toMatch(/LPA:1|@example\.com/);
});

test('no query that was sent to the supplier holds a secret', () => {
  const queries = sandbox.esimGo.requests.map(({ query }) => decodeURIComponent(query)).join('\n');
  expect(found(queries)).toEqual([]);
});

test('no job and no other row holds a secret but as ciphertext', async () => {
  expect(readdirSync(folder)).not.toContain('lock');
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
