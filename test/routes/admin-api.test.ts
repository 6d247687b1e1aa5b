import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Order } from '../sandbox/shopify/records.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

let world: World;
let merchant: Merchant;
let other: Merchant;
let order: Order;

beforeAll(async () => {
  world = await openWorld();
  [merchant, other] = await Promise.all([openShop(world), openShop(world)]);
  const variantId = await merchant.sell('esim_1GB_7D_FR_V2');
  order = merchant.checkout({ lines: [{ variantId, quantity: 2 }], email: 'buyer@example.com' });
  await isSent(order);
});
afterAll(() => world.end());

// As the frame of Shopify's admin asks, from its own origin.
const browser = {
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/153 Safari/537',
  origin: 'https://extensions.shopifycdn.com',
};
const isSent = (sold: Order) =>
  world.until(`${sold.name} is sent`, async () => {
    const page = await merchant.order(sold);
    return page?.units.every(({ state }) => state === 'delivered') ?? false;
  });
const gidOf = ({ id }: Order) => `gid://shopify/Order/${String(id)}`;

async function call(path: string, { by, body }: { by: string | null; body?: string }) {
  const response = await fetch(`${world.appUrl}${path}`, {
    redirect: 'manual',
    ...(body !== undefined && { method: 'POST', body }),
    headers: {
      ...browser,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(by !== null && { authorization: `Bearer ${by}` }),
    },
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text };
}

const look = async (who: Merchant, gid: string) =>
  call(`/api/admin/order?order=${encodeURIComponent(gid)}`, { by: await world.shopify.idToken(who.domain) });
const send = async (who: Merchant, fields: Record<string, unknown>) =>
  call('/api/admin/order', {
    by: await world.shopify.idToken(who.domain),
    body: JSON.stringify({ order: gidOf(order), pressId: randomUUID(), email: '', ...fields }),
  });

interface Glance {
  id: string;
  maskedEmail: string;
  canResend: boolean;
  units: { state: string; path: string; iccidLast4: string; usage: { usedBytes: number } | null }[];
}
// The route's own answer.
const glance = async () => JSON.parse((await look(merchant, gidOf(order))).text) as Glance;

test('staff see each eSIM, what became of it and where its page is, and no code', async () => {
  const { status, headers, text } = await look(merchant, gidOf(order));
  expect(status).toBe(200);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('access-control-allow-origin')).toBe('*');
  const { maskedEmail, canResend, units, id } = JSON.parse(text) as Glance;
  expect([canResend, units.map(({ state }) => state)]).toEqual([true, ['new', 'new']]);
  expect(maskedEmail).not.toContain('buyer@');
  for (const { iccid, matchingId } of world.esimGo.esims) {
    expect(text).not.toContain(iccid);
    expect(text).not.toContain(matchingId);
  }
  for (const { path } of units) {
    expect(path).toMatch(/^\/app\/esims\//);
    await merchant.read(path, 'app.esims.$esimId');
  }
  await merchant.read(`/app/orders/${id}`, 'app.orders.$orderId');
});

test('another shop, and whoever names no order of this one, learns nothing', async () => {
  const asked: [Merchant, string][] = [
    [other, gidOf(order)],
    [merchant, 'gid://shopify/Order/1'],
    [merchant, String(order.id)],
    [merchant, 'gid://shopify/Product/1'],
    [merchant, ''],
  ];
  for (const [who, gid] of asked) {
    const { status, text, headers } = await look(who, gid);
    expect([status, text], gid).toEqual([404, '{}']);
    expect(headers.get('access-control-allow-origin')).toBe('*');
  }
  expect((await send(other, {})).status).toBe(404);
  expect(world.mailsTo('buyer@example.com')).toHaveLength(1);
});

test("a buyer's token is none of staff, nor is one that is made up", async () => {
  const path = `/api/admin/order?order=${encodeURIComponent(gidOf(order))}`;
  const forged = `${(await world.shopify.idToken(merchant.domain)).split('.').slice(0, 2).join('.')}.AAAA`;
  const buyers = [
    await world.shopify.extensionToken(merchant.domain),
    await world.shopify.extensionToken(merchant.domain, { customerGid: 'gid://shopify/Customer/1' }),
  ];
  for (const by of [...buyers, 'x.y.z', forged]) {
    const { status, text } = await call(path, { by });
    expect(status).toBe(401);
    expect(text).not.toContain('units');
  }
  const nobody = await call(path, { by: null });
  expect(nobody.text).not.toContain('units');
  expect(nobody.status).not.toBe(200);
});

test("the browser's preflight is answered", async () => {
  const preflight = await fetch(`${world.appUrl}/api/admin/order`, {
    method: 'OPTIONS',
    headers: {
      ...browser,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
  expect(preflight.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('authorization');
});

test('one press sends one e-mail, however often it arrives, to the address that was given', async () => {
  const press = { pressId: randomUUID(), email: 'else@example.com' };
  const answers = await Promise.all([send(merchant, press), send(merchant, press)]);
  answers.push(await send(merchant, press));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  await world.mailTo('else@example.com');
  const { deliveries } = (await merchant.order(order)) ?? expect.fail('the order is gone');
  expect(deliveries).toHaveLength(2);
  for (const email of ['nonsense', 'a'.repeat(300), 7]) {
    const { status, text } = await send(merchant, { email });
    expect([status, text]).toEqual([422, '{"reason":"address"}']);
  }
  expect(
    (await call('/api/admin/order', { by: await world.shopify.idToken(merchant.domain), body: 'x' })).status,
  ).toBe(422);
});

test('presses of several people at the same moment send an e-mail to each address', async () => {
  const [line] = order.lines;
  const lines = [{ variantId: line?.variantId ?? 0, quantity: 1 }];
  const second = merchant.checkout({ lines, email: 'second@example.com' });
  await isSent(second);
  const addresses = ['ann@example.com', 'ben@example.com', 'cleo@example.com'];
  const answers = await Promise.all(
    addresses.map((email) => send(merchant, { email, order: gidOf(second) })),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  for (const address of addresses) await world.mailTo(address);
  expect((await merchant.order(second))?.deliveries).toHaveLength(4);
});

test('an order without an address is sent as often as staff name one', async () => {
  const [line] = order.lines;
  const lines = [{ variantId: line?.variantId ?? 0, quantity: 1 }];
  const nameless = merchant.checkout({ lines, email: null });
  await isSent(nameless);
  for (const email of ['dora@example.com', 'eve@example.com']) {
    expect((await send(merchant, { email, order: gidOf(nameless) })).status).toBe(200);
    await world.mailTo(email);
  }
});

test('a sixth e-mail within a day is refused with its reason', async () => {
  for (let press = 2; press <= 5; press++) {
    expect((await send(merchant, {})).status).toBe(200);
    await world.until(
      'it is on record',
      async () => (await merchant.order(order))?.deliveries.length === press + 1,
    );
  }
  const { status, text } = await send(merchant, {});
  expect([status, text]).toEqual([422, '{"reason":"too-many"}']);
});

test('usage is shown once the eSIM is on a phone and was read', async () => {
  const [esim] = world.esimGo.esims.filter(({ apiKey }) => apiKey === merchant.apiKey);
  world.esimGo.install(esim?.iccid ?? '');
  const unit = (await glance()).units.find(({ iccidLast4 }) => esim?.iccid.endsWith(iccidLast4));
  expect(unit?.usage).toBeNull();
  await merchant.send(unit?.path ?? '', 'app.esims.$esimId', { intent: 'look' });
  await world.until('it is read', async () => {
    const { units } = await glance();
    return units.some(({ state, usage }) => ['installed', 'active'].includes(state) && usage !== null);
  });
});
