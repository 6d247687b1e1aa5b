import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectBooksToBalance } from '../books.ts';
import type { Dispute, Order } from '../sandbox/shopify/records.ts';
import { openShop, type Merchant, type OrderPage } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.end());

async function sell(quantity: number, email: string): Promise<{ merchant: Merchant; order: Order }> {
  const merchant = await openShop(world);
  const variantId = await merchant.sell(FRANCE);
  const order = merchant.checkout({ lines: [{ variantId, quantity }], email });
  await world.mailTo(email);
  await world.until(`${order.name} is sent and fulfilled`, async () => {
    const { events, units } = await page(merchant, order);
    const isFulfilled = events.some(({ text }) => text.includes('fulfilled'));
    return isFulfilled && units.every(({ state }) => state === 'delivered');
  });
  return { merchant, order };
}

const esimsOf = ({ apiKey }: Merchant) => world.esimGo.esims.filter((esim) => esim.apiKey === apiKey);
const returned = (merchant: Merchant) => esimsOf(merchant).filter((esim) => esim.returned).length;
const refundOne = (merchant: Merchant, order: Order) => {
  world.shopify.state.refundOrder(merchant.domain, order.id, {
    lines: [{ lineItemId: order.lines[0]?.id ?? 0, quantity: 1 }],
  });
};

async function page(merchant: Merchant, order: Order): Promise<OrderPage> {
  const found = await merchant.order(order);
  return found ?? expect.fail(`the app does not know ${order.name}`);
}

async function statesAre(merchant: Merchant, order: Order, ...wanted: string[]) {
  await world.until(`${order.name}: ${wanted.join(', ')}`, async () => {
    const { units } = await page(merchant, order);
    return (
      units
        .map(({ state, reason }) => (reason === null ? state : `${state} ${reason}`))
        .sort()
        .join() === [...wanted].sort().join()
    );
  });
}

const told = async (merchant: Merchant, order: Order, text: RegExp) =>
  (await page(merchant, order)).events.filter((event) => text.test(event.text)).length;

/** The same on the page of the order's first eSIM. */
async function toldOfEsim(merchant: Merchant, order: Order, text: RegExp): Promise<number> {
  const esimId = (await page(merchant, order)).units[0]?.esimId ?? '';
  const { events } = await merchant.read<Pick<OrderPage, 'events'>>(
    `/app/esims/${esimId}`,
    'app.esims.$esimId',
  );
  return events.filter((event) => text.test(event.text)).length;
}

interface Waiting {
  id: string;
  kind: string;
  waits: string[];
  esims: { installed: string | null; used: string | null }[];
  dispute: { answer: string } | null;
}
async function waits(merchant: Merchant, order: Order, kind: string): Promise<Waiting> {
  const found: Waiting[] = [];
  await world.until(`${order.name} waits: ${kind}`, async () => {
    const { entries } = await merchant.read<{ entries: (Waiting & { order: { name: string } | null })[] }>(
      '/app/queue?index',
      'app.queue._index',
    );
    found.push(...entries.filter((entry) => entry.kind === kind && entry.order?.name === order.name));
    return found.length > 0;
  });
  return found[0] ?? expect.fail('nothing waits');
}
const decide = (merchant: Merchant, id: string, fields: Record<string, string>) =>
  merchant.send(`/app/queue/${id}`, 'app.queue.$entryId', fields);

/** Bundles that the supplier took back from the merchant's eSIMs. */
const taken = (merchant: Merchant) => {
  const iccids = esimsOf(merchant).map(({ iccid }) => iccid);
  return world.esimGo.requests.filter(
    ({ method, path, query, executed }) =>
      method === 'DELETE' &&
      executed &&
      query.includes('transaction') &&
      iccids.some((each) => path.includes(each)),
  ).length;
};

test('of three with one installed a refund of one takes one that is not, for its price, and the others stay', async () => {
  const { merchant, order } = await sell(3, 'three@example.com');
  // The one that would be taken by its place in the line.
  const last = (await page(merchant, order)).units.at(-1)?.iccidLast4;
  world.esimGo.install(esimsOf(merchant).find(({ iccid }) => iccid.slice(-4) === last)?.iccid ?? '');
  refundOne(merchant, order);
  await statesAre(merchant, order, 'delivered', 'delivered', 'cancelled');
  expect(returned(merchant)).toBe(1);
  const after = await page(merchant, order);
  expect(after.units.find(({ iccidLast4 }) => iccidLast4 === last)?.state).toBe('delivered');
  expect(await told(merchant, order, /taken back.*balance/)).toBe(1);
  const { status, esims } = await merchant.thankYou(order);
  expect([status, esims.filter(({ code }) => code !== null).length]).toEqual(['ready', 2]);
  await expectBooksToBalance(world, merchant);

  // The same webhook again, and one that came late.
  for (const { id, topic, shop } of world.shopify.deliveries)
    if (shop === merchant.domain && topic === 'refunds/create') await world.shopify.resendWebhook(id);
  refundOne(merchant, order);
  await statesAre(merchant, order, 'delivered', 'cancelled', 'cancelled');
  expect(returned(merchant)).toBe(2);
  await expectBooksToBalance(world, merchant);
});

test('an order cancelled after one of two was installed: one goes back, about the other the merchant is asked', async () => {
  const { merchant, order } = await sell(2, 'cancelled@example.com');
  world.esimGo.install(esimsOf(merchant)[0]?.iccid ?? '');
  world.shopify.state.cancelOrder(merchant.domain, order.id);
  await statesAre(merchant, order, 'cancelled', 'delivered refund-installed');
  const entry = await waits(merchant, order, 'refunded');
  expect(entry.esims).toMatchObject([{ installed: expect.stringMatching(/\d/) as string }]);
  expect(returned(merchant)).toBe(1);

  const answers = await Promise.all(
    [1, 2].map(() => decide(merchant, entry.id, { intent: 'revoke-anyway' })),
  );
  expect(answers.map(({ status }) => status)).toContain(200);
  await statesAre(merchant, order, 'cancelled', 'cancelled');
  expect(taken(merchant)).toBe(2);
  expect((await decide(merchant, entry.id, { intent: 'revoke-anyway' })).status).toBe(409);
});

test('a merchant who wants to be asked is asked, and may leave the eSIM with the buyer', async () => {
  const { merchant, order } = await sell(1, 'asks@example.com');
  await choose(merchant, { refundRule: 'ask', chargebackRule: 'ask' });
  const { saved, changes } = await merchant.read<Settings>(...settings);
  expect(saved).toEqual({ refundRule: 'ask', chargebackRule: 'ask' });
  expect(changes).toMatchObject([
    {
      who: expect.stringMatching(/, by ./) as string,
      what: ['Unused eSIM of a refunded item: taken back → asked each time'],
    },
  ]);
  refundOne(merchant, order);
  await statesAre(merchant, order, 'delivered refund-asks');
  const entry = await waits(merchant, order, 'refunded');
  const left = await decide(merchant, entry.id, {
    ...{ intent: 'close', note: 'Keeps it', wait: entry.waits[0] ?? '' },
  });
  expect(left.status).toBe(200);
  expect(await told(merchant, order, /^The refunded eSIM is left with the buyer, by ./)).toBe(1);
  expect(await toldOfEsim(merchant, order, /^The refunded eSIM is left with the buyer, by ./)).toBe(1);
  expect(returned(merchant)).toBe(0);
  // What the buyer has back is no taking, and the eSIM that stays is a cost.
  expect((await page(merchant, order)).takings).toMatchObject({
    paid: '$0.00',
    margin: expect.stringMatching(/^[-−]\$/) as string,
  });
  expect((await decide(merchant, entry.id, { intent: 'revoke-anyway' })).status).toBe(409);
  await expectBooksToBalance(world, merchant);
});

test('an amount without an item takes no eSIM, and is told once', async () => {
  const { merchant, order } = await sell(2, 'amount@example.com');
  world.shopify.state.refundOrder(merchant.domain, order.id, { lines: [], amount: '1.00' });
  await world.until('it is told', async () => (await told(merchant, order, /without naming an item/)) === 1);
  for (const { id, topic, shop } of world.shopify.deliveries)
    if (shop === merchant.domain && topic === 'refunds/create') await world.shopify.resendWebhook(id);
  await world.shopify.webhooksQuiet();
  // Another change leads to another reading of the same refund.
  world.shopify.state.assessRisk(merchant.domain, order.id, {
    level: 'MEDIUM',
    recommendation: 'INVESTIGATE',
  });
  await world.shopify.webhooksQuiet();
  expect(await told(merchant, order, /without naming an item/)).toBe(1);
  await statesAre(merchant, order, 'delivered', 'delivered');
  expect(returned(merchant)).toBe(0);
});

test('a supplier that loses the answer to a revoke is looked up, and asked once', async () => {
  const { merchant, order } = await sell(1, 'lost@example.com');
  world.esimGo.conducts.on('loses-the-answer', { times: 1, only: 'DELETE' });
  refundOne(merchant, order);
  await statesAre(merchant, order, 'cancelled');
  expect(taken(merchant)).toBe(1);
  expect(returned(merchant)).toBe(1);
});

const cancel = async (
  merchant: Merchant,
  order: Order,
  { refundId = randomUUID(), anyway = '', only = 1 } = {},
) => {
  const { units } = await page(merchant, order);
  const free = units.filter(({ canRefund }) => canRefund).slice(0, only);
  const id = await orderIdOf(merchant, order);
  const fields: [string, string][] = [
    ...Object.entries({ intent: 'refund', refundId, anyway, notify: '' }),
    ...free.map((unit): [string, string] => ['unit', unit.id]),
  ];
  return merchant.send(`/app/orders/${id}`, 'app.orders.$orderId', fields);
};
async function orderIdOf(merchant: Merchant, { name }: Order): Promise<string> {
  const { orders } = await merchant.read<{ orders: { id: string; name: string }[] }>(
    `/app/orders?search=${encodeURIComponent(name)}`,
    'app.orders._index',
  );
  return orders.find((order) => order.name === name)?.id ?? expect.fail(`no page of ${name}`);
}
const refundIs = (merchant: Merchant, order: Order, state: string) =>
  world.until(`the refund of ${order.name} is ${state}`, async () => {
    const { refunds } = await page(merchant, order);
    return refunds.at(-1)?.state === state;
  });

test('cancel and refund takes the eSIM back and then refunds it once, however often it is pressed', async () => {
  const { merchant, order } = await sell(2, 'pressed@example.com');
  const refundId = randomUUID();
  const answers = await Promise.all([1, 2].map(() => cancel(merchant, order, { refundId })));
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  await refundIs(merchant, order, 'done');
  await statesAre(merchant, order, 'cancelled', 'delivered');
  expect([returned(merchant), taken(merchant), order.refunds.length]).toEqual([1, 1, 1]);
  expect(order.refunds[0]?.amount).toBe(order.lines[0]?.unitPrice);
  expect(order.financialStatus).toBe('PARTIALLY_REFUNDED');
  // Its own webhook comes back, twice.
  await world.shopify.webhooksQuiet();
  for (const { id, topic, shop } of world.shopify.deliveries)
    if (shop === merchant.domain && topic === 'refunds/create') await world.shopify.resendWebhook(id);
  await world.shopify.webhooksQuiet();
  await statesAre(merchant, order, 'cancelled', 'delivered');
  expect(taken(merchant)).toBe(1);
  await expectBooksToBalance(world, merchant);
});

test('an eSIM that turns out to be installed is not taken, and nothing is refunded for it', async () => {
  const { merchant, order } = await sell(1, 'installed@example.com');
  world.esimGo.install(esimsOf(merchant)[0]?.iccid ?? '');
  await cancel(merchant, order);
  await refundIs(merchant, order, 'refused');
  expect((await page(merchant, order)).refunds[0]?.left).toMatchObject([
    { why: expect.stringContaining('installed') as string },
  ]);
  expect([taken(merchant), order.refunds.length]).toEqual([0, 0]);
  await cancel(merchant, order, { anyway: 'on' });
  await refundIs(merchant, order, 'done');
  expect([taken(merchant), order.refunds.length]).toEqual([1, 1]);
});

test('a refund that Shopify refuses is shown, and tried again under the same key', async () => {
  const { merchant, order } = await sell(1, 'refused@example.com');
  world.shopify.conducts.on('refuses-the-refund', { times: 1 });
  const refundId = randomUUID();
  await cancel(merchant, order, { refundId });
  await refundIs(merchant, order, 'failed');
  expect((await page(merchant, order)).refunds[0]?.messages).toEqual([
    expect.stringContaining('declined') as string,
  ]);
  const { attention } = await merchant.read<{ attention: { text: string }[] }>('/app', 'app._index');
  expect(attention.map(({ text }) => text)).toContain('1 refund that Shopify refused');
  expect([taken(merchant), order.refunds.length]).toEqual([1, 0]);
  // Nobody begins another one beside it.
  expect((await cancel(merchant, order)).status).toBe(422);
  expect((await merchant.press(order, { intent: 'retry-refund', refundId })).status).toBe(200);
  await refundIs(merchant, order, 'done');
  expect([taken(merchant), order.refunds.length]).toEqual([1, 1]);
  expect((await merchant.press(order, { intent: 'retry-refund', refundId })).status).toBe(422);
  await expectBooksToBalance(world, merchant);
});

test('a refund whose answer Shopify lost is not made twice', async () => {
  const { merchant, order } = await sell(1, 'unanswered@example.com');
  world.shopify.conducts.on('loses-the-answer', { times: 1, only: 'RefundPieces' });
  await cancel(merchant, order);
  await refundIs(merchant, order, 'done');
  expect([taken(merchant), order.refunds.length]).toEqual([1, 1]);
  await expectBooksToBalance(world, merchant);
});

const settings = ['/app/settings/refunds', 'app.settings.refunds'] as const;
interface Settings {
  saved: Record<string, string>;
  changes: { who: string; what: string[] }[];
}
const choose = async (merchant: Merchant, rules: Record<string, string>) => {
  expect((await merchant.send(...settings, { intent: 'save', ...rules })).status).toBe(200);
};
const takeBackAtOnce = (merchant: Merchant) =>
  choose(merchant, { refundRule: 'revoke', chargebackRule: 'revoke' });

/** No webhook is of disputes: another change leads to the reading of the order that finds it. */
const dispute = (
  merchant: Merchant,
  order: Order,
  status: Dispute['status'],
  initiatedAs: Dispute['initiatedAs'] = 'CHARGEBACK',
) => {
  world.shopify.state.dispute(merchant.domain, order.id, { initiatedAs, status });
  world.shopify.state.assessRisk(merchant.domain, order.id, { level: 'LOW', recommendation: 'ACCEPT' });
};
const disputes = async (merchant: Merchant, order: Order) => {
  const { entries } = await merchant.read<{
    entries: { kind: string; reason: string; order: { name: string } | null }[];
  }>('/app/queue?index', 'app.queue._index');
  return entries
    .filter((entry) => entry.kind === 'dispute' && entry.order?.name === order.name)
    .map(({ reason }) => reason);
};
const tells = (merchant: Merchant, order: Order, text: RegExp) =>
  world.until(`${order.name} tells ${String(text)}`, async () => (await told(merchant, order, text)) > 0);

test('a chargeback takes no eSIM of a merchant who has not chosen, and gives what helps to answer the bank', async () => {
  const { merchant, order } = await sell(1, 'bank@example.com');
  world.esimGo.install(esimsOf(merchant)[0]?.iccid ?? '');
  dispute(merchant, order, 'NEEDS_RESPONSE');
  const entry = await waits(merchant, order, 'dispute');
  expect(entry.dispute?.answer).toContain(`Order ${order.name} is of digital goods`);
  expect(entry.dispute?.answer).toMatch(/e-mailed to the address of the order on 20\d\d-\d\d-\d\d/);
  await statesAre(merchant, order, 'delivered');
  expect(taken(merchant)).toBe(0);
  expect((await page(merchant, order)).disputes).toMatchObject([
    { title: 'Payment disputed', url: `/app/queue/${entry.id}` },
  ]);
  const closing = { intent: 'close', note: 'Answered', wait: entry.waits[0] ?? '' };
  expect((await decide(merchant, entry.id, closing)).status).toBe(200);
  expect((await decide(merchant, entry.id, closing)).status).toBe(409);
  expect(await told(merchant, order, /^Chargeback marked as seen to, by ./)).toBe(1);
  expect(await toldOfEsim(merchant, order, /^Chargeback marked as seen to, by ./)).toBe(1);
  // Whoever refunds it now is warned, seen to or not: the bank has the money.
  expect(await page(merchant, order)).toMatchObject({ disputes: [], isChargedBack: true });
});

test('a merchant who is asked of a chargeback takes one eSIM back, once, and it waits until it is decided', async () => {
  const { merchant, order } = await sell(2, 'asked-of-chargeback@example.com');
  dispute(merchant, order, 'NEEDS_RESPONSE');
  const entry = await waits(merchant, order, 'dispute');
  const [first, second] = (await page(merchant, order)).units;
  const press = { intent: 'revoke-anyway', unitId: first?.id ?? '' };
  const answers = await Promise.all([1, 2].map(() => decide(merchant, entry.id, press)));
  expect(answers.map(({ status }) => status)).toContain(200);
  expect([taken(merchant), returned(merchant)]).toEqual([1, 1]);
  const stranger = { intent: 'revoke-anyway', unitId: randomUUID() };
  expect((await decide(merchant, entry.id, stranger)).status).toBe(409);
  // The piece is still the buyer's, who has paid if the bank says so.
  await statesAre(merchant, order, 'delivered', 'delivered');
  expect((await merchant.thankYou(order)).esims).toHaveLength(1);
  await expectBooksToBalance(world, merchant);

  // What is lost is decided by the merchant too: the buyer has an eSIM left.
  dispute(merchant, order, 'LOST');
  await tells(merchant, order, /^Chargeback: lost/);
  expect(await disputes(merchant, order)).toEqual(['dispute-lost']);
  await decide(merchant, entry.id, { intent: 'revoke-anyway', unitId: second?.id ?? '' });
  expect(returned(merchant)).toBe(2);
  const closing = { intent: 'close', note: 'Lost', wait: entry.waits[0] ?? '' };
  expect((await decide(merchant, entry.id, closing)).status).toBe(200);
  expect((await decide(merchant, entry.id, press)).status).toBe(409);
  await expectBooksToBalance(world, merchant);
});

test('a merchant who wants it gets the unused eSIM of a chargeback back at once, and who wins can give another', async () => {
  const { merchant, order } = await sell(2, 'won@example.com');
  await takeBackAtOnce(merchant);
  const installed = esimsOf(merchant)[0];
  world.esimGo.install(installed?.iccid ?? '');
  dispute(merchant, order, 'NEEDS_RESPONSE');
  await tells(merchant, order, /taken back.*balance, by the app$/);
  await tells(merchant, order, /^Not taken back for the chargeback: it is installed on a phone$/);
  expect([taken(merchant), installed?.returned]).toEqual([1, false]);
  const { status, esims } = await merchant.thankYou(order);
  expect([status, esims.length]).toEqual(['ready', 1]);
  await expectBooksToBalance(world, merchant);
  // The bank wants to be answered all the same; another reading takes no more.
  const entry = await waits(merchant, order, 'dispute');
  expect(entry.dispute?.answer).toContain('It was withdrawn on ');
  dispute(merchant, order, 'UNDER_REVIEW');
  await tells(merchant, order, /^Chargeback: the bank is deciding$/);
  const closing = { intent: 'close', note: 'Answered', wait: entry.waits[0] ?? '' };
  expect((await decide(merchant, entry.id, closing)).status).toBe(200);

  dispute(merchant, order, 'WON');
  await world.until('it waits again', async () => (await disputes(merchant, order)).includes('dispute-won'));
  // The buyer has paid: what is left is not taken any more.
  const left = (await page(merchant, order)).units.find(
    ({ iccidLast4 }) => iccidLast4 === installed?.iccid.slice(-4),
  );
  const take = { intent: 'revoke-anyway', unitId: left?.id ?? '' };
  expect((await decide(merchant, entry.id, take)).status).toBe(409);
  const gone = (await page(merchant, order)).units.find(
    ({ iccidLast4 }) => iccidLast4 !== installed?.iccid.slice(-4),
  );
  const replaced = await merchant.send(`/app/esims/${gone?.esimId ?? ''}/act`, 'app.esims.$esimId_.act', {
    ...{ intent: 'replace', actionId: randomUUID() },
  });
  expect(replaced.status).toBe(200);
  await world.until('the buyer has two again', async () => {
    const { status: now, esims: both } = await merchant.thankYou(order);
    return now === 'ready' && both.filter(({ code }) => code !== null).length === 2;
  });
  expect([taken(merchant), merchant.purchases().length]).toEqual([1, 2]);

  // The new one is refunded like any: what was asked of the old one is not asked of it.
  world.shopify.state.cancelOrder(merchant.domain, order.id);
  await statesAre(merchant, order, 'cancelled', 'delivered refund-installed');
  expect(returned(merchant)).toBe(2);
});

test('a merchant who leaves eSIMs with the buyer is not asked of a chargeback, but of an inquiry', async () => {
  const { merchant, order } = await sell(1, 'leaves@example.com');
  await choose(merchant, { refundRule: 'revoke', chargebackRule: 'leave' });
  dispute(merchant, order, 'NEEDS_RESPONSE');
  await tells(merchant, order, /^Chargeback opened/);
  expect(await disputes(merchant, order)).toEqual([]);
  dispute(merchant, order, 'LOST');
  await tells(merchant, order, /^Chargeback: lost/);
  expect(await disputes(merchant, order)).toEqual([]);
  expect(taken(merchant)).toBe(0);

  const asked = await sell(1, 'inquiry@example.com');
  await takeBackAtOnce(asked.merchant);
  dispute(asked.merchant, asked.order, 'NEEDS_RESPONSE', 'INQUIRY');
  await waits(asked.merchant, asked.order, 'dispute');
  expect(taken(asked.merchant)).toBe(0);
});

test('a chargeback that is won while the supplier cannot be asked takes nothing', async () => {
  const { merchant, order } = await sell(1, 'won-meanwhile@example.com');
  await takeBackAtOnce(merchant);
  world.esimGo.conducts.on('answers-503');
  dispute(merchant, order, 'NEEDS_RESPONSE');
  await tells(merchant, order, /^Chargeback opened/);
  dispute(merchant, order, 'WON');
  await tells(merchant, order, /^Chargeback: you won/);
  world.esimGo.conducts.off('answers-503');
  await world.until('nothing is looked at any more', async () => {
    const { units } = await page(merchant, order);
    return units.every(({ reason }) => reason === null);
  });
  expect([taken(merchant), await disputes(merchant, order)]).toEqual([0, []]);
});

test('a supplier that loses the answer to the revoke of a chargeback is looked up, and asked once', async () => {
  const { merchant, order } = await sell(1, 'lost-for-the-bank@example.com');
  await takeBackAtOnce(merchant);
  world.esimGo.conducts.on('loses-the-answer', { times: 1, only: 'DELETE' });
  dispute(merchant, order, 'NEEDS_RESPONSE');
  await tells(merchant, order, /taken back.*balance, by the app$/);
  expect([taken(merchant), returned(merchant)]).toEqual([1, 1]);
  await expectBooksToBalance(world, merchant);
});
