import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, callbacksOf } from '../callbacks.ts';
import { passTime } from '../clock.ts';
import type { Order } from '../sandbox/shopify/records.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';
const MB = 1_000_000;

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.end());

/** Somebody with an account at the shop buys an eSIM, and gets it. */
async function traveller(merchant: Merchant, lastName: string) {
  const { state } = world.shopify;
  const email = `${lastName}.${merchant.domain}@example.com`.toLowerCase();
  const customer = state.addCustomer(merchant.domain, { firstName: 'Ada', lastName, email });
  const variantId = await merchant.sell(FRANCE);
  const order = merchant.checkout({
    lines: [{ variantId, quantity: 1 }],
    ...{ email, customerId: customer.id },
  });
  await world.mailTo(email);
  await world.until(
    'the order is done',
    async () => (await merchant.order(order))?.fulfilment.state === 'done',
  );
  const esim = world.esimGo.esims.filter(({ apiKey }) => apiKey === merchant.apiKey).at(-1);
  const esimId = (await merchant.order(order))?.units[0]?.esimId ?? '';
  const link = /http\S+\/i\/[\w-]{43}/.exec(world.mailsTo(email)[0]?.text ?? '')?.[0] ?? '';
  return { email, order, link, esimId, iccid: esim?.iccid ?? '', customerId: customer.id };
}

interface Request {
  id: string;
  topic: string;
  customerUrl: string | null;
  state: string;
}

const PRIVACY = ['/app/settings/privacy', 'app.settings.privacy'] as const;

async function requestsOf(merchant: Merchant): Promise<Request[]> {
  return (await merchant.read<{ requests: Request[] }>(...PRIVACY)).requests;
}

async function stateOf(merchant: Merchant, topic: string) {
  return (await requestsOf(merchant)).find((request) => request.topic === topic)?.state;
}

async function found(merchant: Merchant, typed: string): Promise<string> {
  const { data } = await merchant.send('/app/esims/search', 'app.esims.search', { typed });
  return JSON.stringify(data);
}

const ledger = (merchant: Merchant) => merchant.download('/app/balance/export', 'app.balance.export');

/** What a stranger who read the database could learn of somebody. */
async function rowsWith(words: string[]): Promise<string[]> {
  await world.stop();
  const hits = await world.lookInto(async (query) => {
    const tables = await query<{ name: string }>(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema = 'public'",
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const rows = await query<{ row: string }>(`SELECT t::text AS row FROM "${name}" t`);
      if (rows.some(({ row }) => words.some((word) => row.includes(word)))) found.push(name);
    }
    return found;
  });
  await world.start();
  return hits.sort();
}

test('who asks to be erased is gone from every table, the money stays, and nobody else is touched', async () => {
  const merchant = await openShop(world);
  await merchant.send('/app/settings/travellers', 'app.settings.travellers', [
    ['intent', 'save'],
    ['mails', 'first-use'],
  ]);
  const gone = await traveller(merchant, 'Lovelace');
  const stays = await traveller(merchant, 'Hopper');
  const { url } = await callbacksOf(merchant);
  world.esimGo.createOrganisation({ apiKey: merchant.apiKey, balance: 450, callbackUrl: url });
  await passTime({ minutes: 61 });
  await world.esimGo.useData(gone.iccid, { bytes: 100 * MB, iso: 'FR' });
  await world.until('the traveller is told', () => world.mailsTo(gone.email).length === 2);
  await merchant.send(`/app/esims/${gone.esimId}`, 'app.esims.$esimId', { intent: 'reveal' });
  const before = await ledger(merchant);
  expect(before.match(/purchase/g)).toHaveLength(2);

  world.shopify.state.requestCustomerData(merchant.domain, gone.customerId);
  await world.until('a request is known', async () => (await requestsOf(merchant)).length === 1);
  const requestId = (await requestsOf(merchant))[0]?.id ?? '';
  expect((await merchant.send(...PRIVACY, { intent: 'close', requestId })).status).toBe(200);
  world.shopify.state.redactCustomer(merchant.domain, gone.customerId);
  await world.until(
    'the customer is erased',
    async () => (await stateOf(merchant, 'customers/redact')) === 'closed',
  );
  const order = await merchant.order(gone.order);
  expect(order).toMatchObject({ maskedEmail: null, deliveries: [], state: 'delivered' });
  expect(order?.units[0]).toMatchObject({ esimId: null, iccidLast4: null });
  expect(await ledger(merchant)).toBe(before);
  expect((await fetch(gone.link, { headers: { connection: 'close' } })).status).toBe(404);
  await expect(merchant.read(`/app/esims/${gone.esimId}`, 'app.esims.$esimId')).rejects.toThrow(/404/);
  for (const typed of [gone.email, 'Lovelace'])
    expect(await found(merchant, typed)).not.toContain(gone.esimId);
  const { status } = await merchant.press(gone.order, {
    ...{ intent: 'resend', pressId: randomUUID(), email: 'other@example.com' },
  });
  expect(status).toBeLessThan(500);

  // The supplier and Shopify go on to tell of them.
  const body = JSON.stringify({ iccid: gone.iccid, alertType: 'FirstUse', n: 1 });
  expect(await call(url, body, { key: merchant.apiKey })).toBe(200);
  world.shopify.state.refundOrder(merchant.domain, gone.order.id);
  await world.until('the refund is heard of', async () => {
    const heard = await merchant.order(gone.order);
    return heard?.units.every(({ isGone }) => isGone) ?? false;
  });
  await passTime({ minutes: 61 });
  expect((await merchant.order(gone.order))?.maskedEmail).toBeNull();

  expect(await merchant.order(stays.order)).toMatchObject({ units: [{ esimId: stays.esimId }] });
  expect((await fetch(stays.link, { headers: { connection: 'close' } })).status).toBe(200);
  expect(await found(merchant, 'Hopper')).toContain(stays.esimId);
  expect(world.mailsTo('other@example.com')).toEqual([]);
  expect(await rowsWith([gone.esimId, gone.email, gone.iccid, String(gone.customerId)])).toEqual([]);
});

test('an order with something under way is erased when that is over, and not before', async () => {
  const merchant = await openShop(world, { balance: 1 });
  const variantId = await merchant.sell(FRANCE);
  const email = 'waits.for.money@example.com';
  const customer = world.shopify.state.addCustomer(merchant.domain, {
    ...{ firstName: 'Ada', lastName: 'Byron', email },
  });
  const order: Order = merchant.checkout({
    lines: [{ variantId, quantity: 1 }],
    ...{ email, customerId: customer.id },
  });
  await world.until('it waits', async () => (await merchant.order(order))?.units[0]?.reason === 'funds');
  world.shopify.state.redactCustomer(merchant.domain, customer.id);
  await world.until(
    'the request is known',
    async () => (await stateOf(merchant, 'customers/redact')) !== undefined,
  );
  await passTime({ minutes: 61 });
  // Both are looked at before the clock jumps again: what is written later would wait from there.
  await world.until('the order waits again', async () => {
    const page = await merchant.order(order);
    return page?.units.every(({ nextLook }) => nextLook !== null) ?? false;
  });
  await world.until('the request waits again', async () => (await requestsToCome()) === 1);
  merchant.topUp(100);
  await passTime({ minutes: 6 });
  await world.mailTo(email);
  expect(await stateOf(merchant, 'customers/redact')).toBe('open');
  await passTime({ minutes: 61 });
  await world.until(
    'the customer is erased',
    async () => (await stateOf(merchant, 'customers/redact')) === 'closed',
  );
  expect((await merchant.order(order))?.maskedEmail).toBeNull();
});

/** How many requests to erase are to be looked at again, and not now. */
async function requestsToCome(): Promise<number> {
  const rows = await world.lookInto((query) =>
    query('SELECT id FROM "ComplianceRequest" WHERE "closedAt" IS NULL AND "nextTryAt" > app_now()'),
  );
  return rows.length;
}

test('who asks what is kept about them gets all of it but the codes, from the merchant of that shop alone', async () => {
  const [merchant, other] = await Promise.all([openShop(world), openShop(world)]);
  const { email, iccid, customerId, order } = await traveller(merchant, 'Noether');
  world.shopify.state.requestCustomerData(merchant.domain, customerId);
  await world.until('it is on the page', async () => (await requestsOf(merchant)).length === 1);
  const id = (await requestsOf(merchant))[0]?.id ?? '';
  const file = (of: Merchant) =>
    of.download(`/app/settings/privacy/export?request=${id}`, 'app.settings.privacy.export');
  const text = await file(merchant);
  for (const known of [email, iccid, 'Ada Noether', order.name, FRANCE]) expect(text).toContain(known);
  for (const { matchingId, activationCode } of world.esimGo.esims)
    for (const code of [matchingId, activationCode]) expect(text).not.toContain(code);
  await expect(file(other)).rejects.toThrow(/404/);
  const close = (of: Merchant) => of.send(...PRIVACY, { intent: 'close', requestId: id });
  expect((await close(other)).status).toBe(404);
  expect(await stateOf(merchant, 'customers/data_request')).toBe('open');
  expect((await close(merchant)).status).toBe(200);
  expect((await close(merchant)).status).toBe(404);
  expect(await stateOf(merchant, 'customers/data_request')).toBe('closed');
});

test('a shop that removed the app is erased whole; one that has it again is not', async () => {
  const [leaves, stays] = [await openShop(world), await openShop(world)];
  for (const merchant of [leaves, stays]) await traveller(merchant, 'Curie');
  for (const merchant of [leaves, stays]) world.shopify.uninstall(merchant.domain);
  for (const merchant of [leaves, stays])
    await world.until('the app knows that it was removed', () =>
      merchant.read(...PRIVACY).then(
        () => false,
        () => true,
      ),
    );
  world.shopify.installApp(stays.domain);
  await stays.read('/app/orders', 'app.orders._index');
  for (const merchant of [leaves, stays]) world.shopify.state.redactShop(merchant.domain);
  await world.until(
    'the request is answered',
    async () => (await stateOf(stays, 'shop/redact')) === 'closed',
  );
  const { orders } = await stays.read<{ orders: unknown[] }>('/app/orders', 'app.orders._index');
  expect(orders).toHaveLength(1);
  await world.shopify.webhooksQuiet();
  await passTime({ minutes: 1 });
  await world.until(
    'the request alone is left',
    async () => (await rowsWith([leaves.domain])).join() === 'ComplianceRequest',
  );
});

test('what did its work is kept for months and not for ever', async () => {
  const merchant = await openShop(world);
  await merchant.send('/app/settings/travellers', 'app.settings.travellers', {
    ...{ intent: 'save', mails: 'not-installed' },
  });
  const { iccid, email } = await traveller(merchant, 'Franklin');
  await passTime({ minutes: 3 * 24 * 60 + 1 });
  await world.until('who did not install is told', () => world.mailsTo(email).length === 2);
  const { url } = await callbacksOf(merchant);
  const body = JSON.stringify({ iccid, alertType: 'FirstUse' });
  expect(await call(url, body, { key: merchant.apiKey })).toBe(200);
  await world.until('it is worked on', async () => (await rowCounts()).waiting === 0);
  expect((await rowCounts()).done).toBeGreaterThanOrEqual(2);
  await passTime({ minutes: 91 * 24 * 60 });
  await world.until('nothing old is left', async () => (await rowCounts()).done === 0);
  // What a traveller was told is known longer: nobody is told twice.
  expect((await rowCounts()).told).toBe(1);
  await passTime({ minutes: 90 * 24 * 60 });
  await world.until('nor what was told', async () => (await rowCounts()).told === 0);
});

async function rowCounts() {
  const [counts] = await world.lookInto((query) =>
    query<{ waiting: number; done: number; told: number }>(
      `SELECT count(*) FILTER (WHERE "processedAt" IS NULL)::int AS waiting,
         count(*) FILTER (WHERE "processedAt" IS NOT NULL)::int AS done,
         (SELECT count(*) FROM "BuyerNotice")::int AS told
       FROM (SELECT "processedAt" FROM "SupplierCallback" UNION ALL SELECT "processedAt" FROM "Notification") message`,
    ),
  );
  return counts ?? { waiting: -1, done: -1, told: -1 };
}
