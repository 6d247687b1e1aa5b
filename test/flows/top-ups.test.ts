import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { esimPageView } from '../../app/ui/esim/page-view.ts';
import { expectBooksToBalance } from '../books.ts';
import { passTime } from '../clock.ts';
import type { Order } from '../sandbox/shopify/records.ts';
import { bundleId, openShop, type Merchant, type OrderPage } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';
const MB = 1_000_000;

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.end());

/** A product of the merchant's own that tops up eSIMs with a bundle; its variant's id. */
async function sellTopUps(merchant: Merchant, bundleCode = FRANCE): Promise<number> {
  const { variants } = world.shopify.state.createProduct(merchant.domain, {
    title: `More data ${bundleCode}`,
    variants: [{ price: '9.90', sku: null, requiresShipping: false }],
  });
  const id = variants[0]?.id ?? 0;
  const saved = await merchant.send(
    `/app/products/mapping/${String(id)}`,
    'app.products.mapping.$variantId',
    { intent: 'save', kind: 'top-up', bundleId: await bundleId(merchant, bundleCode) },
  );
  expect(saved.status).toBe(200);
  return id;
}

/** A traveller whose eSIM is on a phone, and known to be. */
async function traveller(merchant: Merchant, email: string) {
  const variantId = await merchant.sell(FRANCE);
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email });
  await world.mailTo(email);
  await isSo(merchant, order, ({ state }) => state === 'delivered');
  const { iccid } = esimsOf(merchant).at(-1) ?? expect.fail('nothing was sold');
  world.esimGo.install(iccid);
  const id = (await merchant.order(order))?.units[0]?.esimId ?? expect.fail('the order shows no eSIM');
  await look(merchant, id);
  return { order, iccid, id };
}

const esimsOf = (merchant: Merchant) => world.esimGo.esims.filter(({ apiKey }) => apiKey === merchant.apiKey);
const bundlesOn = (iccid: string) => world.esimGo.esims.find((esim) => esim.iccid === iccid)?.bundles ?? [];
const PAGE = 'app.esims.$esimId';
const look = (merchant: Merchant, id: string) => merchant.send(`/app/esims/${id}`, PAGE, { intent: 'look' });
const esimPage = (merchant: Merchant, id: string) =>
  merchant.read<ReturnType<typeof esimPageView>>(`/app/esims/${id}`, PAGE);

const words = (data: unknown) => JSON.stringify(data);

async function isSo(merchant: Merchant, order: Order, so: (page: OrderPage) => boolean): Promise<OrderPage> {
  const pages: OrderPage[] = [];
  await world.until(`${order.name} is as expected`, async () => {
    const found = await merchant.order(order);
    if (found && so(found)) pages.push(found);
    return pages.length > 0;
  });
  return pages[0] ?? expect.fail('no page');
}

const offered = async (merchant: Merchant, order: Order) =>
  (await merchant.thankYou(order)).esims[0]?.topUpUrl ?? null;

/** Opens the link in a browser and pays what is in the cart. */
async function payAt(link: string, { email, language = 'en' }: { email: string; language?: string }) {
  const { hostname, pathname, search } = new URL(link);
  const browser = { redirect: 'manual' as const };
  const cart = await fetch(`${world.shopify.url}/store/${hostname}${pathname}${search}`, {
    ...browser,
    headers: { connection: 'close' },
  });
  const cookie = cart.headers.getSetCookie().map((each) => each.split(';')[0]);
  const paid = await fetch(new URL(cart.headers.get('location') ?? '', world.shopify.url), {
    ...browser,
    method: 'POST',
    headers: { connection: 'close', cookie: cookie.join('; ') },
    body: new URLSearchParams({ act: 'pay', payment: 'card', quantity: '1', email, language }),
  });
  expect(paid.headers.get('location')).toContain('/thank-you/');
  return world.shopify.state.shop(hostname).orders.at(-1) ?? expect.fail('nothing was ordered');
}

/** The link with another word for the eSIM. */
function reworded(link: string, change: (token: string) => string): string {
  const url = new URL(link);
  const properties = JSON.parse(
    Buffer.from(url.searchParams.get('properties') ?? '', 'base64url').toString(),
  ) as {
    _esim: string;
  };
  const changed = { ...properties, _esim: change(properties._esim) };
  url.searchParams.set('properties', Buffer.from(JSON.stringify(changed)).toString('base64url'));
  return url.href;
}

test('a traveller who is told that data runs out buys more by the link: one top-up, no new eSIM, a mail, all books right', async () => {
  const merchant = await openShop(world);
  const chosen = { intent: 'save', mails: 'data-80' };
  await merchant.send('/app/settings/travellers', 'app.settings.travellers', chosen);
  const { order, iccid, id } = await traveller(merchant, 'trip@example.com');
  // Nothing is offered that the shop does not sell.
  expect(await offered(merchant, order)).toBeNull();
  await sellTopUps(merchant);
  const link = (await offered(merchant, order)) ?? expect.fail('no link');
  expect(link).not.toContain(iccid);
  await passTime({ minutes: 61 });
  await world.esimGo.useData(iccid, { bytes: 850 * MB, iso: 'FR' });
  await passTime({ minutes: 121 });
  await look(merchant, id);
  await world.until('the traveller is told', () => world.mailsTo('trip@example.com').length === 2);
  // The same eSIM has the same link, wherever it stands.
  expect(world.mailsTo('trip@example.com')[1]?.text).toContain(link);

  world.shopify.conducts.on('sends-webhooks-twice');
  const paid = await payAt(link, { email: 'more@example.com', language: 'de' });
  await world.mailTo('more@example.com');
  world.shopify.conducts.off('sends-webhooks-twice');
  expect(merchant.purchases()).toHaveLength(2);
  expect(esimsOf(merchant)).toHaveLength(1);
  expect(bundlesOn(iccid)).toEqual([FRANCE, FRANCE]);
  const [mail] = world.mailsTo('more@example.com');
  expect(mail?.subject).toBe(`Auf Ihrer eSIM ist mehr Datenvolumen: Frankreich (Bestellung ${paid.name})`);
  expect(mail?.text).toContain(iccid.slice(-4));
  expect(`${String(mail?.text)}${String(mail?.html)}`).not.toMatch(new RegExp(`${iccid}|LPA:|/i/`));

  const { units, events } = await isSo(merchant, paid, ({ state }) => state === 'delivered');
  expect(units).toMatchObject([
    { state: 'delivered', isTopUp: true, iccidLast4: null, toppedUp: { id, iccidLast4: iccid.slice(-4) } },
  ]);
  expect(events.map(({ text }) => text)).toContain(`eSIM topped up with ${FRANCE}`);
  expect(await merchant.thankYou(paid)).toMatchObject({
    ...{ status: 'ready', esims: [] },
    topUps: [{ state: 'ready', iccidLast4: iccid.slice(-4), days: 7 }],
  });
  await passTime({ minutes: 10 });
  await look(merchant, id);
  const page = await esimPage(merchant, id);
  expect(page.bundles).toHaveLength(2);
  expect(page.events.map(({ text }) => text)).toContainEqual(expect.stringMatching(/^Topped up/));
  await expectBooksToBalance(world, merchant, { resent: ['trip@example.com'] });
});

test('a top-up whose answer is lost is found by its eSIM and never bought again; two at once are two', async () => {
  const merchant = await openShop(world);
  const { order, iccid } = await traveller(merchant, 'lost@example.com');
  await sellTopUps(merchant);
  const link = (await offered(merchant, order)) ?? expect.fail('no link');
  world.esimGo.conducts.on('loses-the-answer', { times: 1, only: 'POST /orders' });
  await payAt(link, { email: 'lost-more@example.com' });
  await world.until('the answer is lost', () => !world.esimGo.conducts.isOn('loses-the-answer'));
  await world.mailTo('lost-more@example.com');
  expect(bundlesOn(iccid)).toHaveLength(2);

  world.esimGo.conducts.on('loses-the-answer', { times: 1, only: 'POST /orders' });
  await Promise.all(['one', 'two'].map((who) => payAt(link, { email: `${who}@example.com` })));
  await Promise.all(['one', 'two'].map((who) => world.mailTo(`${who}@example.com`)));
  expect(bundlesOn(iccid)).toHaveLength(4);
  expect(merchant.purchases()).toHaveLength(4);
  expect(esimsOf(merchant)).toHaveLength(1);
  await expectBooksToBalance(world, merchant);
});

test('staff and the traveller top up the same eSIM at the same moment: each is bought once, and both are booked', async () => {
  const merchant = await openShop(world);
  const { order, iccid, id } = await traveller(merchant, 'both@example.com');
  await sellTopUps(merchant);
  const link = (await offered(merchant, order)) ?? expect.fail('no link');
  const bundle = await bundleId(merchant, FRANCE);
  const { mark } = await merchant.read<{ mark: string }>(
    `/app/esims/${id}/top-up?bundle=${bundle}`,
    'app.esims.$esimId_.top-up',
  );
  const fields = { intent: 'top-up', actionId: randomUUID(), bundleId: bundle, seen: mark };
  const press = () => merchant.send(`/app/esims/${id}/act`, 'app.esims.$esimId_.act', fields);
  const [paid] = await Promise.all([payAt(link, { email: 'both-more@example.com' }), press(), press()]);
  await world.mailTo('both-more@example.com');
  await world.until('staff see theirs done', async () => words(await press()).includes('"done"'));
  expect(bundlesOn(iccid)).toHaveLength(3);
  expect(merchant.purchases()).toHaveLength(3);
  await look(merchant, id);
  const page = await esimPage(merchant, id);
  expect(page.bundles).toHaveLength(3);
  expect(page.events.filter(({ text }) => text.startsWith('Topped up'))).toHaveLength(2);
  // More data is money taken and money spent, and no eSIM sold.
  const { figures } = await merchant.read<{ figures: { sold: string } }>('/app?index', 'app._index');
  expect(figures.sold).toBe('1');
  const pages = [
    await merchant.order(order),
    await isSo(merchant, paid, ({ state }) => state === 'delivered'),
  ];
  const ofOrders = pages.flatMap((each) => each?.purchases.map(({ orderReference }) => orderReference) ?? []);
  const byStaff = merchant
    .purchases()
    .map(({ orderReference }) => orderReference)
    .filter((reference) => !ofOrders.includes(reference));
  expect(byStaff).toHaveLength(1);
  const ledger = await merchant.download('/app/balance/export', 'app.balance.export');
  for (const { orderReference } of merchant.purchases())
    expect(ledger.split(orderReference), orderReference).toHaveLength(2);
  await expectBooksToBalance(world, merchant, { byStaff });
});

test('what names no eSIM of the shop that can be topped up waits for a person: nothing is bought before they choose', async () => {
  const [merchant, other] = await Promise.all([openShop(world), openShop(world)]);
  const { order, iccid, id } = await traveller(merchant, 'mine@example.com');
  const theirs = await traveller(other, 'theirs@example.com');
  const variantId = await sellTopUps(merchant);
  await sellTopUps(other);
  const link = (await offered(merchant, order)) ?? expect.fail('no link');
  const theirToken = new URL((await offered(other, theirs.order)) ?? '').searchParams.get('properties') ?? '';
  const strange = new URL(link);
  strange.searchParams.set('properties', theirToken);
  const bought = merchant.purchases().length;
  const orders = [
    await payAt(strange.href, { email: 'of-another-shop@example.com' }),
    await payAt(
      reworded(link, (token) => token.replace(/.{4}$/, 'AAAA')),
      { email: 'forged@example.com' },
    ),
    await payAt(
      reworded(link, () => id),
      { email: 'unsigned@example.com' },
    ),
    merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'mine@example.com' }),
  ];
  const pages = [];
  for (const each of orders)
    pages.push(await isSo(merchant, each, ({ units: [unit] }) => unit?.reason === 'top-up'));
  expect(merchant.purchases()).toHaveLength(bought);

  const unit = pages.at(-1)?.units[0] ?? expect.fail('no unit');
  const wait = `${unit.id}@${unit.since}`;
  const choose = (esimId: string) =>
    merchant.send(`/app/queue/unit-${unit.id}`, 'app.queue.$entryId', { intent: 'top-up', wait, esimId });
  const offers = async (typed: string, by = merchant) =>
    (await by.send('/app/queue/esims', 'app.queue.esims', { unitId: unit.id, typed })) as {
      status: number;
      data: { esims: { id: string }[] };
    };
  // Their own eSIM is offered without a word; another shop can neither ask nor be asked about.
  expect((await offers('')).data.esims.map((esim) => esim.id)).toEqual([id]);
  expect((await offers(iccid.slice(-4))).data.esims.map((esim) => esim.id)).toContain(id);
  expect((await offers('', other)).status).toBe(404);
  expect(await choose(theirs.id)).toMatchObject({ status: 422, data: { status: 'refused' } });
  expect(merchant.purchases()).toHaveLength(bought);
  expect(await choose(id)).toMatchObject({ status: 200, data: { status: 'done' } });
  expect((await choose(id)).status).toBe(409);
  const { events } = await isSo(merchant, orders[3] ?? expect.fail(), ({ state }) => state === 'delivered');
  expect(events.map(({ text }) => text)).toContainEqual(
    expect.stringMatching(new RegExp(`^To top up the eSIM that ends in ${iccid.slice(-4)}, by staff`)),
  );
  expect(bundlesOn(iccid)).toHaveLength(2);
  expect(merchant.purchases()).toHaveLength(bought + 1);
  await expectBooksToBalance(world, merchant, { resent: ['mine@example.com'] });
});

test('a bundle that does not go with the eSIM is not bought, by the link or by hand, until another one is given', async () => {
  const merchant = await openShop(world);
  const { order, iccid, id } = await traveller(merchant, 'network@example.com');
  await sellTopUps(merchant);
  const link = (await offered(merchant, order)) ?? expect.fail('no link');
  world.esimGo.conducts.on('moves-networks');
  const paid = await payAt(link, { email: 'network-more@example.com' });
  const { units } = await isSo(merchant, paid, ({ units: [unit] }) => unit?.reason === 'incompatible');
  const wait = `${units[0]?.id ?? ''}@${units[0]?.since ?? ''}`;
  const decide = (fields: Record<string, string>) =>
    merchant.send(`/app/queue/unit-${wait.slice(0, 36)}`, 'app.queue.$entryId', { ...fields, wait });
  expect(await decide({ intent: 'top-up', esimId: id })).toMatchObject({
    status: 422,
    data: { sentence: expect.stringContaining('does not go with this eSIM') as string },
  });
  expect((await decide({ intent: 'release' })).status).toBe(409);
  expect(bundlesOn(iccid)).toHaveLength(1);
  world.esimGo.conducts.off('moves-networks');
  expect((await decide({ intent: 'give', bundleId: await bundleId(merchant, FRANCE) })).status).toBe(200);
  await world.mailTo('network-more@example.com');
  expect(bundlesOn(iccid)).toEqual([FRANCE, FRANCE]);
  await expectBooksToBalance(world, merchant);
});

test('a top-up that is refunded unused is taken back, one that was used is left to a person, and the eSIM stays', async () => {
  const merchant = await openShop(world);
  const { order, iccid, id } = await traveller(merchant, 'sorry@example.com');
  await world.esimGo.useData(iccid, { bytes: 100 * MB, iso: 'FR' });
  await sellTopUps(merchant);
  const link = (await offered(merchant, order)) ?? expect.fail('no link');
  const [unused, used] = [
    await payAt(link, { email: 'unused@example.com' }),
    await payAt(link, { email: 'used@example.com' }),
  ];
  for (const paid of [unused, used])
    await isSo(merchant, paid, ({ fulfilment }) => fulfilment.state === 'done');
  const balance = () =>
    world.esimGo.organisations.find(({ apiKey }) => apiKey === merchant.apiKey)?.balance ?? 0;
  const before = balance();
  world.shopify.state.refundOrder(merchant.domain, unused.id);
  await isSo(merchant, unused, ({ units }) => units[0]?.isTakenBack === true);
  expect(balance()).toBeGreaterThan(before);
  // The rest of the first bundle, and a little of the second.
  await world.esimGo.useData(iccid, { bytes: 950 * MB, iso: 'FR' });
  await world.esimGo.useData(iccid, { bytes: 50 * MB, iso: 'FR' });
  world.shopify.state.refundOrder(merchant.domain, used.id);
  await isSo(merchant, used, ({ units }) => units[0]?.reason === 'refund-used');
  const uses = (await esimPage(merchant, id)).bundles.map(({ use }) => use).sort();
  expect(uses).toEqual(['in-use', 'revoked', 'used-up']);
  expect((await merchant.order(order))?.units).toMatchObject([{ state: 'delivered' }]);
});
