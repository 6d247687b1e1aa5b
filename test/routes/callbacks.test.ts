import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, callbacksOf, pressCallbacks, signatureOf } from '../callbacks.ts';
import { openShop, type Merchant } from '../shop.ts';
import { damage } from '../webhook.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';

let world: World;
let merchant: Merchant;
let other: Merchant;
let url: string;
let iccid: string;
let othersIccid: string;

beforeAll(async () => {
  world = await openWorld();
  [merchant, other] = await Promise.all([openShop(world), openShop(world)]);
  for (const shop of [merchant, other]) {
    const email = `${shop.domain}@example.com`;
    shop.checkout({ lines: [{ variantId: await shop.sell(FRANCE), quantity: 1 }], email });
    await world.mailTo(email);
  }
  const iccidOf = ({ apiKey }: Merchant) =>
    world.esimGo.esims.find((esim) => esim.apiKey === apiKey)?.iccid ?? '';
  [iccid, othersIccid] = [iccidOf(merchant), iccidOf(other)];
  ({ url } = await callbacksOf(merchant));
});
afterAll(() => world.end());

const usage = (of: string, rest: object = {}) =>
  JSON.stringify({
    ...{ iccid: of, alertType: 'Utilisation', ...rest },
    bundle: {
      ...{ id: '1', name: FRANCE, initialQuantity: 1e9, remainingQuantity: 1e8, unlimited: false },
      ...{ startTime: '2026-11-20T12:00:00Z', endTime: '2026-11-27T12:00:00Z' },
    },
  });
const readings = (of: string) => world.esimGo.requests.filter(({ path }) => path === `/esims/${of}`).length;

test('a call signed with the account’s key is taken, in base64 and in hex, and the page says so', async () => {
  expect((await callbacksOf(merchant)).taken).toBeNull();
  const before = readings(iccid);
  expect(await call(url, usage(iccid), { key: merchant.apiKey })).toBe(200);
  expect(
    await call(url, usage(iccid, { n: 1 }), {
      signature: signatureOf(usage(iccid, { n: 1 }), merchant.apiKey, 'hex'),
    }),
  ).toBe(200);
  expect((await callbacksOf(merchant)).taken).not.toBeNull();
  await world.until('the eSIM is read again', () => readings(iccid) > before);
});

test('an unsigned, forged or altered call is turned away while the merchant takes signed ones only', async () => {
  const body = usage(iccid, { n: 2 });
  const signature = signatureOf(body, merchant.apiKey);
  expect(await call(url, body)).toBe(401);
  for (const forged of [
    '',
    'x',
    '====',
    signature.slice(0, 20),
    signatureOf(body, other.apiKey),
    signatureOf('', merchant.apiKey),
  ])
    expect(await call(url, body, { signature: forged }), forged).toBe(401);
  expect(await call(url, `${body} `, { signature })).toBe(401);
  expect((await callbacksOf(merchant)).refused).not.toBeNull();
  await pressCallbacks(merchant, { intent: 'take-unsigned', unsigned: 'on' });
  expect(await call(url, body)).toBe(200);
  await pressCallbacks(merchant, { intent: 'take-unsigned', unsigned: '' });
  expect(await call(url, usage(iccid, { n: 3 }))).toBe(401);
});

test('an address nobody has answers the same to everything', async () => {
  const base = url.slice(0, url.lastIndexOf('/') + 1);
  for (const token of [
    'x',
    'A'.repeat(43),
    url.slice(url.lastIndexOf('/') + 2),
    `${url.slice(url.lastIndexOf('/') + 1)}A`,
    '%00',
    '..%2f',
  ])
    for (const body of [usage(iccid), 'garbage', ''])
      expect(await call(base + token, body, { key: merchant.apiKey }), token).toBe(404);
  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE'])
    for (const address of [url, `${base}x`]) {
      const sent = method === 'PUT' || method === 'DELETE' ? { method, body: usage(iccid) } : { method };
      expect((await fetch(address, sent)).status, method).toBe(405);
    }
});

test('what is none of the supplier’s is refused, and so is what is too long', async () => {
  for (const body of ['', 'garbage', 'null', '[]', '1', '"text"', '{', '['.repeat(40_000)])
    expect(await call(url, body, { key: merchant.apiKey }), body.slice(0, 20)).toBe(400);
  const long = Buffer.alloc(100_001, 32);
  expect(await call(url, long, { key: merchant.apiKey })).toBe(413);
});

test('a call about an eSIM of another shop is on record and reads nothing, here or there', async () => {
  const before = readings(othersIccid);
  expect(await call(url, usage(othersIccid), { key: merchant.apiKey })).toBe(200);
  expect(await call(url, usage('8900000000000000006'), { key: merchant.apiKey })).toBe(200);
  // The same body to the other shop's address is not theirs either: it is signed with another key.
  expect(await call((await callbacksOf(other)).url, usage(othersIccid), { key: merchant.apiKey })).toBe(401);
  expect(readings(othersIccid)).toBe(before);
});

test('ten thousand damaged calls, half of them signed, are recorded or refused and the app lives on', async () => {
  const body = usage(iccid, { n: 4 });
  const signature = signatureOf(body, merchant.apiKey);
  const statuses = new Map<string, number>();
  for (let round = 0; round < 200; round++) {
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const damaged = damage(body, round * 50 + index + 1);
        const isSigned = index % 2 === 0;
        const status = await call(url, damaged, isSigned ? { key: merchant.apiKey } : { signature });
        const what = `${isSigned ? 'signed' : 'forged'} ${String(status)}`;
        statuses.set(what, (statuses.get(what) ?? 0) + 1);
      }),
    );
  }
  expect([...statuses.values()].reduce((sum, count) => sum + count)).toBe(10_000);
  for (const what of statuses.keys())
    expect(['signed 200', 'signed 400', 'forged 400', 'forged 401']).toContain(what);
  // It is unhealthy in its own words when the database takes longer than two seconds, as on a busy machine it may.
  await world.until(
    'the app is healthy',
    async () => (await fetch(`${world.appUrl}/healthz`)).status === 200,
  );
});

test('a new address ends the old one, and without the supplier there is none', async () => {
  await pressCallbacks(merchant, { intent: 'renew-callbacks' });
  expect(await call(url, usage(iccid, { n: 5 }), { key: merchant.apiKey })).toBe(404);
  const { url: renewed, accountId, taken } = await callbacksOf(merchant);
  expect(taken).toBeNull();
  expect(await call(renewed, usage(iccid, { n: 5 }), { key: merchant.apiKey })).toBe(200);
  await merchant.send('/app/settings/suppliers', 'app.settings.suppliers', {
    intent: 'disconnect',
    accountId,
  });
  expect(await call(renewed, usage(iccid, { n: 6 }), { key: merchant.apiKey })).toBe(404);
});

test('of all this each body is on record once, and nothing of it that a stranger could use', async () => {
  await world.stop();
  const { rows, accounts, owners } = await world.lookInto(async (query) => ({
    rows: await query('SELECT * FROM "SupplierCallback"'),
    accounts: await query('SELECT * FROM "SupplierAccount"'),
    owners: await query<{ wrong: number }>(
      'SELECT count(*)::int AS wrong FROM "SupplierCallback" c JOIN "Esim" e ON e.id = c."esimId" WHERE e."accountId" <> c."accountId"',
    ),
  }));
  expect(owners).toEqual([{ wrong: 0 }]);
  expect(rows.length).toBeGreaterThan(5);
  const text = JSON.stringify(rows);
  for (const secret of [iccid, othersIccid]) expect(text).not.toContain(secret);
  expect(JSON.stringify(accounts)).not.toContain(url.slice(url.lastIndexOf('/') + 1));
});
