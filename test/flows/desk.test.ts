import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EsimRow } from '../../app/ui/esim/list-view.ts';
import type { FoundView } from '../../app/ui/esim/found-view.ts';
import type { esimPageView } from '../../app/ui/esim/page-view.ts';
import { passTime } from '../clock.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';
const JAPAN = 'esim_1GB_7D_JP_V2';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.end());

type EsimPage = ReturnType<typeof esimPageView>;

const LIST = 'app.esims._index';
const PAGE = 'app.esims.$esimId';

/** A buyer gets one eSIM; answers the supplier's view of it, with the app's id. */
async function sold(merchant: Merchant, email: string, bundle = FRANCE) {
  const variantId = await merchant.sell(bundle);
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email });
  await world.mailTo(email);
  await world.until('the order is done', async () => (await merchant.order(order))?.state === 'delivered');
  const esim = world.esimGo.esims.filter(({ apiKey }) => apiKey === merchant.apiKey).at(-1);
  if (!esim) throw new Error('nothing was sold');
  const id = (await merchant.order(order))?.units[0]?.esimId;
  if (id == null) throw new Error('the order shows no eSIM');
  return { ...esim, id, order };
}

const page = (merchant: Merchant, id: string) => merchant.read<EsimPage>(`/app/esims/${id}`, PAGE);
const look = (merchant: Merchant, id: string) => merchant.send(`/app/esims/${id}`, PAGE, { intent: 'look' });

async function search(merchant: Merchant, typed: string): Promise<FoundView> {
  const { status, data } = await merchant.send('/app/esims/search', 'app.esims.search', { typed });
  expect(status).toBe(200);
  return data as FoundView; // what the route answers
}

const found = async (merchant: Merchant, typed: string) =>
  (await search(merchant, typed)).groups.map(({ title, rows }) => [title, rows.map(({ id }) => id)]);

test.concurrent('support finds an eSIM by whatever the traveller writes', async () => {
  const merchant = await openShop(world);
  const esim = await sold(merchant, 'Grace.Hopper@example.com');
  const { iccid, matchingId, activationCode, order, id } = esim;
  const last4 = iccid.slice(-4);
  const spaced = iccid.replace(/(.{4})/g, '$1 ');
  for (const typed of [iccid, spaced, spaced.replaceAll(' ', '-')])
    expect(await found(merchant, typed)).toEqual([['ICCID', [id]]]);
  for (const typed of [last4, `…${last4}`, iccid.slice(-7)])
    expect(await found(merchant, typed)).toContainEqual(['ICCID ends so', [id]]);
  for (const typed of [order.name, order.name.replace('#', '')])
    expect(await found(merchant, typed)).toContainEqual(['Order', [id]]);
  expect(await found(merchant, ' grace.hopper@EXAMPLE.com')).toEqual([['E-mail address', [id]]]);
  for (const typed of [matchingId, matchingId.toLowerCase(), activationCode])
    expect(await found(merchant, typed)).toEqual([['Install code', [id]]]);
  const reference = merchant.purchases()[0]?.orderReference ?? '';
  expect(await found(merchant, reference)).toEqual([["Supplier's order", [id]]]);
  expect(await found(merchant, 'nobody@example.com')).toEqual([]);
});

test.concurrent(
  'a customer is found by name, with the words in any order, and orders without an eSIM too',
  async () => {
    const merchant = await openShop(world);
    const variantId = await merchant.sell(FRANCE);
    const customerId = world.shopify.state.addCustomer(merchant.domain, {
      ...{ firstName: 'José-María', lastName: 'Peña', email: 'jose@example.com' },
    }).id;
    const cart = { lines: [{ variantId, quantity: 1 }], email: 'jose@example.com', customerId };
    merchant.checkout(cart);
    await world.mailTo('jose@example.com');
    const test = merchant.checkout({ ...cart, test: true });
    await world.until('the test order is held', async () => (await merchant.order(test)) !== null);
    const { groups } = await search(merchant, 'pena jose maria');
    expect(groups.map(({ title, rows }) => [title, rows.length])).toEqual([['Customer', 2]]);
    expect(groups[0]?.rows.map(({ title }) => title)).toContain(`Order ${test.name}, without an eSIM yet`);
    expect(JSON.stringify(groups)).not.toContain('jose@example.com');
  },
);

test.concurrent('the page of an eSIM follows its traveller: installed, in use, nearly used up', async () => {
  const merchant = await openShop(world);
  const { id, iccid, order } = await sold(merchant, 'traveller@example.com');
  const fresh = await page(merchant, id);
  expect(fresh).toMatchObject({ status: 'new', freshness: { asOf: null }, order: { name: order.name } });
  expect(JSON.stringify(fresh)).not.toContain(iccid);

  world.esimGo.install(iccid);
  await world.esimGo.useData(iccid, { bytes: 850_000_000, iso: 'FR' });
  expect((await look(merchant, id)).status).toBe(200);
  const used = await page(merchant, id);
  expect(used).toMatchObject({
    status: 'active',
    profile: 'Installed',
    network: { country: 'France' },
    freshness: { asOf: 'just now', problem: null },
    bundles: [{ use: 'in-use', usage: { label: '850 MB of 1 GB used', percent: 85 }, left: '0.15 GB left' }],
  });
  const lines = used.events.map(({ text }) => text);
  for (const line of [
    'Installed on a phone',
    'Used for the first time',
    `80 % of the data is used (${FRANCE})`,
    'E-mail sent to the buyer',
    `Supplier: eSIM First Use (${FRANCE})`,
  ])
    expect(lines).toContain(line);

  const soon = await look(merchant, id);
  expect(soon).toMatchObject({ status: 429, data: { status: 'too-soon' } });
  expect((await page(merchant, id)).events).toHaveLength(used.events.length);
});

test.concurrent('install codes are shown to staff who ask, and the asking is on the timeline', async () => {
  const merchant = await openShop(world);
  const { id, activationCode, iccid } = await sold(merchant, 'codes@example.com');
  const { status, data } = await merchant.send(`/app/esims/${id}`, PAGE, { intent: 'reveal' });
  expect(status).toBe(200);
  expect(data).toMatchObject({
    codes: { activationCode, iccid, qrSvg: expect.stringContaining('<svg') as string },
  });
  const { events } = await page(merchant, id);
  expect(events[0]?.text).toMatch(/^The install code was shown to staff, by /);
  expect(JSON.stringify(events)).not.toContain(activationCode);
});

test.concurrent(
  'an eSIM that the account owns and the shop never sold is found by its ICCID, and added',
  async () => {
    const [merchant, stranger] = await Promise.all([openShop(world), openShop(world)]);
    world.esimGo.buyByHand(merchant.apiKey, JAPAN, 1);
    const byHand = world.esimGo.esims.find(({ apiKey }) => apiKey === merchant.apiKey);
    const iccid = byHand?.iccid ?? '';
    expect(await search(merchant, iccid)).toMatchObject({ groups: [], canAskSupplier: true });

    const ask = (who: Merchant, intent: string, of = iccid) =>
      who.send('/app/esims?index', LIST, { intent, iccid: of });
    expect(await ask(stranger, 'ask-suppliers')).toMatchObject({ data: { status: 'refused' } });
    expect(await ask(merchant, 'ask-suppliers')).toMatchObject({ data: { status: 'owned' } });
    expect((await ask(merchant, 'adopt')).status).toBe(204);
    const [[, [id = '']] = ['', []]] = (await found(merchant, iccid)) as [string, string[]][];
    expect(await page(merchant, id)).toMatchObject({
      ...{ status: 'new', order: null },
      bundles: [{ code: JAPAN, use: 'waiting' }],
      events: expect.arrayContaining([
        expect.objectContaining({ text: expect.stringMatching(/^Added by its ICCID/) as string }),
      ]) as unknown[],
    });
    // What is on another shop's record is not spoken of, whoever asks.
    const theirs = await sold(stranger, 'theirs@example.com');
    expect(await ask(merchant, 'adopt', theirs.iccid)).toMatchObject({ data: { status: 'refused' } });
    expect(await ask(merchant, 'ask-suppliers', '8943108165015003886')).toMatchObject({
      data: { status: 'refused', sentence: expect.stringContaining('not a whole ICCID') as string },
    });
  },
);

test.concurrent('the list filters, is kept as a view, exported without a code, and read anew', async () => {
  const merchant = await openShop(world);
  const france = await sold(merchant, 'one@example.com');
  const japan = await sold(merchant, 'two@example.com', JAPAN);
  const list = (question: string) =>
    merchant.read<{ rows: EsimRow[]; count: string; views: { name: string; query: string }[] }>(
      `/app/esims?index&${question}`,
      LIST,
    );
  expect((await list('')).rows.map(({ id }) => id)).toEqual([japan.id, france.id]);
  expect((await list('destination=JP')).rows.map(({ id }) => id)).toEqual([japan.id]);
  expect(await list('status=active')).toMatchObject({ rows: [], count: '0 eSIMs' });

  world.esimGo.install(japan.iccid);
  await world.esimGo.useData(japan.iccid, { bytes: 1_000_000_000, iso: 'JP' });
  const begun = await merchant.send('/app/esims?index', LIST, [
    ['intent', 'look-many'],
    ['ids', japan.id],
    ['ids', france.id],
  ]);
  expect(begun.status).toBe(200);
  await world.until('Japan is read', async () => (await list('concern=used-up')).rows.length === 1);
  expect((await list('concern=used-up')).rows[0]).toMatchObject({
    usage: { percent: 100 },
    status: 'used-up',
  });

  await merchant.send('/app/esims/views', 'app.esims.views', {
    ...{ intent: 'save', name: 'Empty ones', query: 'concern=used-up&after=nonsense&search=x' },
  });
  expect((await list('')).views).toMatchObject([{ name: 'Empty ones', query: 'concern=used-up' }]);

  const csv = await merchant.download('/app/esims/export?destination=JP', 'app.esims.export');
  expect(csv.split('\r\n')[1]).toContain(japan.iccid.slice(-4));
  expect(csv).toContain('t•••@example.com');
  for (const secret of [japan.iccid, japan.matchingId, 'two@example.com', france.iccid.slice(-4)])
    expect(csv).not.toContain(secret);
});

test.concurrent('the ticked eSIMs are exported and no other, and none of another shop', async () => {
  const [merchant, stranger] = [await openShop(world), await openShop(world)];
  const one = await sold(merchant, 'tick1@example.com');
  const two = await sold(merchant, 'tick2@example.com', JAPAN);
  const theirs = await sold(stranger, 'tick3@example.com');
  /** The last digits of the ICCIDs in the file, in its order. */
  const exported = async (who: Merchant, search: string) => {
    const csv = await who.download(`/app/esims/export${search}`, 'app.esims.export');
    const [heading = '', ...lines] = csv.trim().split('\r\n');
    expect(heading).toContain('ICCID ends in');
    return lines.map((line) => line.split(',')[0]);
  };
  const last4 = ({ iccid }: { iccid: string }) => iccid.slice(-4);
  expect(await exported(merchant, `?ids=${one.id}`)).toEqual([last4(one)]);
  expect(await exported(merchant, `?ids=${one.id}&ids=${theirs.id}&ids=${two.id}`)).toEqual(
    [one, two].map(last4),
  );
  expect(await exported(merchant, '')).toEqual([two, one].map(last4));
  expect(await exported(stranger, `?ids=${one.id}`)).toEqual([]);
  expect(await exported(stranger, '?ids=nonsense')).toEqual([]);
});

test.concurrent('the e-mails of chosen eSIMs go out again, one for each order', async () => {
  const merchant = await openShop(world);
  const { id } = await sold(merchant, 'again@example.com');
  await merchant.send('/app/esims?index', LIST, { intent: 'resend-many', ids: id });
  await world.until('the second e-mail arrives', () => world.mailsTo('again@example.com').length === 2);
});

test.concurrent('a buyer sees what is left of the data, once it is installed', async () => {
  const merchant = await openShop(world);
  const { id, iccid, order } = await sold(merchant, 'left@example.com');
  const usage = async () => {
    const { esims } = await merchant.thankYou(order);
    return esims[0]?.usage;
  };
  await look(merchant, id);
  expect(await usage()).toBeNull();
  world.esimGo.install(iccid);
  await world.esimGo.useData(iccid, { bytes: 250_000_000, iso: 'FR' });
  await world.until('it may be asked again', async () => {
    const { esims } = await merchant.thankYou(order);
    await merchant.send('/app/esims?index', LIST, { intent: 'look-many', ids: id });
    return esims[0]?.usage != null;
  });
  expect(await usage()).toMatchObject({
    ...{ usedBytes: 250_000_000, totalBytes: 1_000_000_000, isUnlimited: false },
    ...{ endsAt: expect.any(String) as string, asOf: expect.any(String) as string },
  });
});

// Alone and last: it moves the clock of the whole world.
test('travellers’ eSIMs are read by themselves, and a supplier that is down leaves what was known', async () => {
  const merchant = await openShop(world);
  const { id, iccid } = await sold(merchant, 'poll@example.com');
  world.esimGo.install(iccid);
  await world.esimGo.useData(iccid, { bytes: 100_000_000, iso: 'FR' });
  await passTime({ minutes: 20 });
  await world.until('it was read', async () => (await page(merchant, id)).status === 'active');

  world.esimGo.conducts.on('answers-503', { only: 'GET /esims' });
  await passTime({ minutes: 70 });
  await world.until(
    'it could not be read',
    async () => (await page(merchant, id)).freshness.problem !== null,
  );
  const last = await page(merchant, id);
  expect(last).toMatchObject({ status: 'active', bundles: [{ usage: { label: '100 MB of 1 GB used' } }] });
  expect(last.freshness.asOf).toMatch(/hour/);
});
