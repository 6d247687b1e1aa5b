import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EntryView } from '../../app/ui/queue/view.ts';
import { expectBooksToBalance } from '../books.ts';
import { passTime } from '../clock.ts';
import type { Order } from '../sandbox/shopify/records.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';
const GERMANY = 'esim_1GB_7D_DE_V2';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.end());

interface QueuePage {
  entries: EntryView[];
  counts: Record<string, number>;
  byHand: { orderReference: string; isOurs: boolean }[];
}

const queue = (merchant: Merchant, query = '') =>
  merchant.read<QueuePage>(`/app/queue?index${query}`, 'app.queue._index');
const entryPage = (merchant: Merchant, id: string) =>
  merchant.read<EntryView>(`/app/queue/${id}`, 'app.queue.$entryId');
const decide = (
  merchant: Merchant,
  id: string,
  intent: string,
  fields: Record<string, string | string[]> = {},
) => merchant.send(`/app/queue/${id}`, 'app.queue.$entryId', form(intent, fields));
const form = (intent: string, fields: Record<string, string | string[]>) => [
  ['intent', intent] as [string, string],
  ...Object.entries(fields).flatMap(([name, value]) =>
    [value].flat().map((each): [string, string] => [name, each]),
  ),
];
const words = (data: unknown) => JSON.stringify(data);

/** Waits until something of the order stands in the queue; answers how its page shows it. */
async function waits(merchant: Merchant, order: Order, reason: string): Promise<EntryView> {
  const found: EntryView[] = [];
  await world.until(`${order.name} waits: ${reason}`, async () => {
    const { entries } = await queue(merchant, `&search=${encodeURIComponent(order.name)}`);
    found.push(...entries.filter((entry) => entry.reason === reason && entry.order?.name === order.name));
    return found.length > 0;
  });
  return found[0] ?? expect.fail('no entry');
}

/** An order whose purchase the supplier did not make, and did not refuse either: left to a person after a while. */
async function parked(merchant: Merchant, email: string): Promise<{ order: Order; entry: EntryView }> {
  const variantId = await merchant.sell(FRANCE);
  world.esimGo.conducts.on('answers-503', { times: 1, only: 'POST /orders' });
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email });
  await waits(merchant, order, 'in-doubt');
  await passTime({ minutes: 16 });
  return { order, entry: await waits(merchant, order, 'no-such-order') };
}

test('a lost purchase is bought again once, though two people press the button at the same time', async () => {
  const merchant = await openShop(world);
  const { order, entry } = await parked(merchant, 'again@example.com');
  expect(entry).toMatchObject({ kind: 'parked', attempt: { orderReference: null, candidates: [] } });
  expect((await queue(merchant)).counts).toMatchObject({ all: 1, doubt: 1, needs: 0, waiting: 0 });
  expect((await merchant.order(order))?.units[0]?.queueUrl).toBe(`/app/queue/${entry.id}`);
  expect(merchant.purchases()).toEqual([]);

  const answers = await Promise.all([1, 2].map(() => decide(merchant, entry.id, 'buy-again')));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  expect(words(answers.find(({ status }) => status === 409)?.data)).toContain('somebody else was faster');
  await world.mailTo('again@example.com');
  // A tab that was left open.
  expect((await decide(merchant, entry.id, 'buy-again')).status).toBe(409);
  expect(await entryPage(merchant, entry.id)).toMatchObject({ kind: 'done' });
  expect(merchant.purchases()).toHaveLength(1);
  expect((await merchant.order(order))?.events.map(({ text }) => text)).toContain(
    'To be bought again, by staff 1',
  );
  expect((await queue(merchant)).counts.all).toBe(0);
  await expectBooksToBalance(world, merchant);
});

test('buying again looks first: a purchase that has turned up is shown, and adopted by one click of two', async () => {
  const merchant = await openShop(world);
  const { order, entry } = await parked(merchant, 'adopt@example.com');
  const orderReference = world.esimGo.buyByHand(merchant.apiKey, FRANCE, 1);

  const { status, data } = await decide(merchant, entry.id, 'buy-again');
  expect([status, words(data)]).toEqual([200, expect.stringContaining('1 order that may be the lost one')]);
  expect((await entryPage(merchant, entry.id)).attempt?.candidates).toMatchObject([
    { orderReference, quantity: 1, bundle: FRANCE, isForeign: false },
  ]);
  expect(
    words((await decide(merchant, entry.id, 'adopt', { orderReference: 'no-order-of-mine' })).data),
  ).toMatch(/does not list this order/);
  expect(merchant.purchases()).toHaveLength(1);

  const answers = await Promise.all(
    [1, 2].map(() => decide(merchant, entry.id, 'adopt', { orderReference })),
  );
  expect(answers.map((each) => each.status).sort()).toEqual([200, 409]);
  await world.mailTo('adopt@example.com');
  expect((await decide(merchant, entry.id, 'buy-again', { seen: [orderReference] })).status).toBe(409);
  expect(merchant.purchases()).toHaveLength(1);
  expect((await merchant.order(order))?.state).toBe('delivered');
  await expectBooksToBalance(world, merchant);
});

test('who has seen the purchases that turned up, and says that none is it, may buy again', async () => {
  const merchant = await openShop(world);
  const { entry } = await parked(merchant, 'none-of-them@example.com');
  const seen = world.esimGo.buyByHand(merchant.apiKey, FRANCE, 1);
  await decide(merchant, entry.id, 'look-again');
  const unseen = world.esimGo.buyByHand(merchant.apiKey, FRANCE, 1);
  // The second one came after they looked: it is shown before anything is bought.
  expect(words((await decide(merchant, entry.id, 'buy-again', { seen })).data)).toContain('2 orders');
  expect((await decide(merchant, entry.id, 'buy-again', { seen: [seen, unseen] })).status).toBe(200);
  await world.mailTo('none-of-them@example.com');
  expect(merchant.purchases()).toHaveLength(3);
});

const bundleId = async (merchant: Merchant, code: string) => {
  const { choices } = await merchant.read<{ choices: { id: string; code: string }[] }>(
    `/app/bundles?search=${code}`,
    'app.bundles',
  );
  return choices.find((each) => each.code === code)?.id ?? expect.fail(`nobody sells ${code}`);
};

test('for a purchase that the supplier shows no order of another bundle is bought, once, though two people press it', async () => {
  const merchant = await openShop(world);
  const { order, entry } = await parked(merchant, 'instead@example.com');
  const germany = { bundleId: await bundleId(merchant, GERMANY) };
  const unknown = await decide(merchant, entry.id, 'buy-instead', { bundleId: randomUUID() });
  expect([unknown.status, words(unknown.data)]).toEqual([422, expect.stringContaining('not sold any more')]);
  // What waits for a purchase to be decided is not held: its bundle is not just exchanged.
  expect((await decide(merchant, entry.id, 'give', { ...germany, wait: entry.waits })).status).toBe(409);

  const answers = await Promise.all([1, 2].map(() => decide(merchant, entry.id, 'buy-instead', germany)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  await world.mailTo('instead@example.com');
  // Tabs that were left open.
  for (const intent of ['buy-instead', 'buy-again'])
    expect((await decide(merchant, entry.id, intent, germany)).status).toBe(409);
  expect(merchant.purchases().map(({ items }) => items[0]?.bundle)).toEqual([GERMANY]);
  const page = await merchant.order(order);
  expect(page?.state).toBe('delivered');
  expect(page?.events.map(({ text }) => text)).toContain(`Given another bundle: ${GERMANY}, by staff 1`);
  await expectBooksToBalance(world, merchant);
});

test('giving another bundle looks first: a purchase that has turned up is shown, and nothing is bought unseen', async () => {
  const merchant = await openShop(world);
  const { entry } = await parked(merchant, 'instead-seen@example.com');
  const germany = { bundleId: await bundleId(merchant, GERMANY) };
  world.esimGo.conducts.on('answers-503', { only: 'GET /orders' });
  expect((await decide(merchant, entry.id, 'buy-instead', germany)).status).toBe(502);
  world.esimGo.conducts.off('answers-503');
  const seen = world.esimGo.buyByHand(merchant.apiKey, FRANCE, 1);
  const { status, data } = await decide(merchant, entry.id, 'buy-instead', germany);
  expect([status, words(data)]).toEqual([200, expect.stringContaining('1 order that may be the lost one')]);
  expect(await entryPage(merchant, entry.id)).toMatchObject({
    ...{ kind: 'parked', reason: 'no-such-order' },
    attempt: { candidates: [{ orderReference: seen }] },
  });
  expect(merchant.purchases()).toHaveLength(1);
  expect((await decide(merchant, entry.id, 'buy-instead', { ...germany, seen })).status).toBe(200);
  await world.mailTo('instead-seen@example.com');
  expect(merchant.purchases().map(({ items }) => items[0]?.bundle)).toEqual([FRANCE, GERMANY]);
});

test('what may be bought already is given no other bundle before that is known', async () => {
  const merchant = await openShop(world);
  const variantId = await merchant.sell(FRANCE);
  world.esimGo.conducts.on('answers-503', { times: 1, only: 'POST /orders' });
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'doubt@example.com' });
  const doubted = await waits(merchant, order, 'in-doubt');
  const germany = { bundleId: await bundleId(merchant, GERMANY), wait: doubted.waits };
  for (const intent of ['buy-instead', 'give', 'buy-again'])
    expect((await decide(merchant, doubted.id, intent, germany)).status, intent).toBe(409);
  expect(await entryPage(merchant, doubted.id)).toMatchObject({ kind: 'doubt' });
  expect(merchant.purchases()).toEqual([]);
});

interface Earlier {
  earlier: { title: string; lines: string[] }[];
}

test('a wait shows every attempt to buy, what came of it, and what each look at the supplier found', async () => {
  const merchant = await openShop(world);
  const { order, entry } = await parked(merchant, 'evidence@example.com');
  const found = async () => (await entryPage(merchant, entry.id)).attempt?.looked ?? [];
  expect(await found()).toEqual([expect.stringMatching(/: no order that fits$/)]);
  const seen = world.esimGo.buyByHand(merchant.apiKey, FRANCE, 1);
  for (let look = 0; look < 2; look++) await decide(merchant, entry.id, 'look-again');
  expect(await found()).toEqual([
    expect.stringMatching(/: no order that fits$/),
    expect.stringMatching(/, 2 looks: 1 order that fits$/),
  ]);

  world.esimGo.conducts.on('withdraws-the-bundle', { times: 1, only: 'POST /orders' });
  expect((await decide(merchant, entry.id, 'buy-again', { seen })).status).toBe(200);
  const held = await waits(merchant, order, 'bundle-unavailable');
  const { earlier } = await merchant.read<Earlier>(`/app/queue/${held.id}`, 'app.queue.$entryId');
  expect(earlier).toEqual([
    {
      ...{
        id: expect.any(String) as string,
        title: expect.stringMatching(/1 × esim_1GB.* of eSIM Go$/) as string,
      },
      lines: ['Nothing was bought: bundle not sold any more'],
    },
    {
      ...{ id: entry.attempt?.id, title: expect.stringMatching(/1 × esim_1GB.* of eSIM Go$/) as string },
      lines: [
        'Given up as lost, and bought anew',
        expect.stringMatching(/: no order that fits$/),
        expect.stringMatching(/, 3 looks: 1 order that fits$/),
      ],
    },
  ]);
});

test('a look that the supplier does not answer is told too', async () => {
  const merchant = await openShop(world);
  const variantId = await merchant.sell(FRANCE);
  world.esimGo.conducts.on('answers-503', { only: 'GET /orders' });
  world.esimGo.conducts.on('loses-the-answer', { times: 1, only: 'POST /orders' });
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'unasked@example.com' });
  const { id } = await waits(merchant, order, 'in-doubt');
  await world.until('it says that nobody answered', async () =>
    /it could not be asked/.test(words((await entryPage(merchant, id)).attempt?.looked)),
  );
  world.esimGo.conducts.off('answers-503');
  await passTime({ minutes: 5 });
  await world.mailTo('unasked@example.com');
});

test('a supplier that cannot be asked changes nothing, and says so', async () => {
  const merchant = await openShop(world);
  const { entry } = await parked(merchant, 'silent@example.com');
  world.esimGo.conducts.on('answers-503', { only: 'GET /orders' });
  for (const intent of ['look-again', 'buy-again']) {
    const { status, data } = await decide(merchant, entry.id, intent);
    expect([status, data]).toEqual([502, { status: 'failed', problem: expect.anything() as unknown }]);
  }
  world.esimGo.conducts.off('answers-503');
  expect(await entryPage(merchant, entry.id)).toMatchObject({ kind: 'parked' });
  expect(merchant.purchases()).toEqual([]);

  expect(words((await decide(merchant, entry.id, 'close', { note: ' ' })).data)).toContain(
    'Write a few words',
  );
  const answers = await Promise.all(
    [1, 2].map(() => decide(merchant, entry.id, 'close', { note: 'Refunded in Shopify' })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  expect((await decide(merchant, entry.id, 'buy-again')).status).toBe(409);
  expect(merchant.purchases()).toEqual([]);
});

test('many are released in one request: those that had moved on are left alone and counted', async () => {
  const merchant = await openShop(world);
  const variantId = await merchant.sell(FRANCE);
  const orders = ['bulk-1@example.com', 'bulk-2@example.com', 'bulk-3@example.com'].map((email) =>
    merchant.checkout({ lines: [{ variantId, quantity: 2 }], email, test: true }),
  );
  for (const order of orders) await waits(merchant, order, 'test-order');
  const { entries, counts } = await queue(merchant);
  expect(entries.map(({ title }) => title.slice(0, 3))).toEqual(['2 ×', '2 ×', '2 ×']);
  expect(counts).toMatchObject({ all: 3, needs: 0 });
  expect(merchant.purchases()).toEqual([]);

  const [first] = entries;
  const wait = entries.flatMap((entry) => entry.waits);
  expect((await decide(merchant, first?.id ?? '', 'release', { wait: first?.waits[0] ?? '' })).status).toBe(
    200,
  );
  const bulk = () => merchant.send('/app/queue?index', 'app.queue._index', form('release', { wait }));
  expect(await bulk()).toEqual({
    status: 200,
    data: { status: 'done', toast: '5 eSIMs released, 1 had moved on' },
  });
  expect((await bulk()).status).toBe(409);
  for (const email of ['bulk-1@example.com', 'bulk-2@example.com', 'bulk-3@example.com'])
    await world.until(
      `${email} has both`,
      () => world.mailsTo(email).flatMap(({ attachments }) => attachments).length >= 2,
    );
  expect(merchant.purchases().flatMap(({ items }) => items.flatMap(({ iccids }) => iccids))).toHaveLength(6);
});

test('many lost purchases are looked up again in one request, which buys nothing and moves nothing', async () => {
  const merchant = await openShop(world);
  const first = await parked(merchant, 'bulk-look-1@example.com');
  const second = await parked(merchant, 'bulk-look-2@example.com');
  const variantId = await merchant.sell(GERMANY);
  world.esimGo.conducts.on('answers-503', { times: 1, only: 'POST /orders' });
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'bulk-look-3@example.com' });
  const doubted = await waits(merchant, order, 'in-doubt');
  const entries = [first.entry, second.entry, doubted];
  const attempt = entries.map(({ lookAt }) => lookAt ?? expect.fail('it cannot be looked up'));
  const look = (by: Merchant) =>
    by.send('/app/queue?index', 'app.queue._index', form('look-again', { attempt }));

  world.esimGo.conducts.on('answers-503', { only: 'GET /orders' });
  expect(words((await look(merchant)).data)).toContain(
    '1 purchase looked up again, of 2 the supplier could not be asked',
  );
  world.esimGo.conducts.off('answers-503');

  const orderReference = world.esimGo.buyByHand(merchant.apiKey, FRANCE, 1);
  for (const { status, data } of await Promise.all([look(merchant), look(merchant)]))
    expect([status, words(data)]).toEqual([200, expect.stringContaining('3 purchases looked up again')]);
  for (const { entry } of [first, second])
    expect(await entryPage(merchant, entry.id)).toMatchObject({
      kind: 'parked',
      attempt: { candidates: [{ orderReference }] },
    });
  expect(merchant.purchases()).toHaveLength(1);

  await decide(merchant, first.entry.id, 'close', { note: 'Refunded in Shopify' });
  expect(words((await look(merchant)).data)).toContain('2 purchases looked up again, 1 had moved on');
  expect((await look(await openShop(world))).status).toBe(409);
  expect(merchant.purchases()).toHaveLength(1);
});

test('a wait that began anew is not the one a stale tab shows', async () => {
  const merchant = await openShop(world, { balance: 0.01 });
  const variantId = await merchant.sell(FRANCE);
  const order = merchant.checkout({
    lines: [{ variantId, quantity: 1 }],
    email: 'anew@example.com',
    test: true,
  });
  const stale = await waits(merchant, order, 'test-order');
  await decide(merchant, stale.id, 'release', { wait: stale.waits });
  const now = await waits(merchant, order, 'funds');
  expect(now.waits).not.toEqual(stale.waits);
  for (const [intent, fields] of [
    ['release', {}],
    ['close', { note: 'not wanted' }],
  ] as const) {
    const answer = await decide(merchant, now.id, intent, { ...fields, wait: stale.waits });
    expect([answer.status, words(answer.data)]).toEqual([
      409,
      expect.stringContaining('Nothing was changed'),
    ]);
  }
  expect((await waits(merchant, order, 'funds')).waits).toEqual(now.waits);
  expect(merchant.purchases()).toEqual([]);
});

test('an order is given another bundle, and keeps it when it has to wait for money', async () => {
  const merchant = await openShop(world, { balance: 0.01 });
  const variantId = await merchant.sell(FRANCE);
  await merchant.link(variantId, FRANCE, 'unmap');
  const order = merchant.checkout({ lines: [{ variantId, quantity: 2 }], email: 'other@example.com' });
  const entry = await waits(merchant, order, 'no-bundle');
  const give = (id: string) => decide(merchant, entry.id, 'give', { wait: entry.waits, bundleId: id });
  const germany = await bundleId(merchant, GERMANY);
  expect((await give('nothing')).status).toBe(422);
  expect((await give(germany)).status).toBe(200);
  expect((await give(germany)).status).toBe(409);

  const short = await waits(merchant, order, 'funds');
  // The merchant links the product again, for those who buy it from now on.
  await merchant.link(variantId, FRANCE, 'map');
  merchant.topUp(100);
  await decide(merchant, short.id, 'release', { wait: short.waits });
  await world.until(
    'both are sent',
    () => world.mailsTo('other@example.com').flatMap(({ attachments }) => attachments).length >= 2,
  );
  expect(new Set(merchant.purchases().map(({ items }) => items[0]?.bundle))).toEqual(new Set([GERMANY]));
});

test('a piece that was closed with a note is not bought when its order is read again', async () => {
  const merchant = await openShop(world);
  const variantId = await merchant.sell(FRANCE);
  const cart = { lines: [{ variantId, quantity: 1 }], email: 'closed@example.com', test: true };
  const order = merchant.checkout(cart);
  const entry = await waits(merchant, order, 'test-order');
  expect((await decide(merchant, entry.id, 'close', { wait: entry.waits, note: 'A test' })).status).toBe(200);
  world.shopify.state.assessRisk(merchant.domain, order.id, {
    level: 'MEDIUM',
    recommendation: 'INVESTIGATE',
  });
  await world.until(
    'the order is read again',
    async () => (await entryPage(merchant, entry.id)).order?.risk === 'medium',
  );
  expect(await merchant.order(order)).toMatchObject({ state: 'cancelled', units: [{ note: 'A test' }] });
  expect(merchant.purchases()).toEqual([]);
  expect(await entryPage(merchant, entry.id)).toMatchObject({ kind: 'done' });
});

test('money that bought nothing is shown until somebody says what it was', async () => {
  const merchant = await openShop(world);
  const variantId = await merchant.sell(FRANCE);
  merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'known@example.com' });
  await world.mailTo('known@example.com');
  const ours = merchant.purchases()[0]?.sourceIp ?? '';
  const orphan = world.esimGo.buyByHand(merchant.apiKey, GERMANY, 1, ours);
  const byHand = world.esimGo.buyByHand(merchant.apiKey, GERMANY, 1);
  await passTime({ minutes: 20 });
  const { audits } = await merchant.read<{ audits: { accountId: string }[] }>(
    '/app/settings/watch',
    'app.settings.watch',
  );
  await merchant.send('/app/settings/watch', 'app.settings.watch', {
    intent: 'audit',
    accountId: audits[0]?.accountId ?? '',
  });
  await world.until('it stands in the queue', async () => (await queue(merchant)).counts.doubt === 1);
  const page = await queue(merchant, '&tab=doubt');
  expect(page.entries).toMatchObject([{ kind: 'unclaimed', unclaimed: { orderReference: orphan } }]);
  expect(page.byHand).toMatchObject([{ orderReference: byHand, isOurs: false }]);
  const { attention } = await merchant.read<{ attention: { text: string; url: string }[] }>(
    '/app',
    'app._index',
  );
  expect(attention).toMatchObject([
    { text: '1 purchase: bought, belongs to no order', url: '/app/queue?reason=unclaimed' },
  ]);
  const id = page.entries[0]?.id ?? '';
  const answers = await Promise.all(
    [1, 2].map(() => decide(merchant, id, 'close', { note: 'My own phone' })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  expect((await queue(merchant)).counts.all).toBe(0);
});

test('an eSIM refunded after it was sent waits until somebody has seen to it', async () => {
  const merchant = await openShop(world);
  const variantId = await merchant.sell(FRANCE);
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'refunded@example.com' });
  await world.until(
    'the eSIM is sent',
    async () => (await merchant.order(order))?.units[0]?.state === 'delivered',
  );
  for (const { apiKey, iccid } of world.esimGo.esims)
    if (apiKey === merchant.apiKey) world.esimGo.install(iccid);
  world.shopify.state.cancelOrder(merchant.domain, order.id);
  const entry = await waits(merchant, order, 'refund-installed');
  const answers = await Promise.all(
    [1, 2].map(() => decide(merchant, entry.id, 'close', { note: 'Asked the supplier', wait: entry.waits })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  expect((await queue(merchant)).counts.all).toBe(0);
});

test('no shop sees or decides what waits in another', async () => {
  const [victim, intruder] = await Promise.all([openShop(world), openShop(world)]);
  const { order, entry } = await parked(victim, 'victim@example.com');
  const unit = (await victim.order(order))?.units[0]?.id ?? '';
  for (const id of [entry.id, `unit-${unit}`, 'unit-', 'attempt-1', 'unclaimed-nothing', '%00']) {
    await expect(entryPage(intruder, id), id).rejects.toThrow(/answered 404/);
    for (const intent of 'buy-again buy-instead look-again close adopt release give send-anyway'.split(' '))
      expect((await decide(intruder, id, intent, { note: 'theft' })).status, `${id} ${intent}`).toBe(404);
  }
  const since = `${unit}@${new Date().toISOString()}`;
  const bulk = form('release', { wait: [since, ...entry.waits] });
  expect((await intruder.send('/app/queue?index', 'app.queue._index', bulk)).status).toBe(409);
  expect((await queue(intruder)).counts.all).toBe(0);
  expect(await entryPage(victim, entry.id)).toMatchObject({ kind: 'parked' });
});

test('a form of the queue that is none changes nothing', async () => {
  const merchant = await openShop(world);
  const { entry } = await parked(merchant, 'forms@example.com');
  const before = words((await entryPage(merchant, entry.id)).attempt);
  for (const fields of [
    {},
    { intent: 'drop-tables' },
    { intent: 'release', wait: 'x' },
    { intent: 'release', wait: `${'a'.repeat(36)}@yesterday` },
    { intent: 'adopt', orderReference: '' },
    { intent: 'close', note: 'x'.repeat(501) },
  ] as Record<string, string>[]) {
    const { status } = await merchant.send(`/app/queue/${entry.id}`, 'app.queue.$entryId', fields);
    expect(status, words(fields)).toBe(422);
    expect((await merchant.send('/app/queue?index', 'app.queue._index', fields)).status).toBe(422);
  }
  for (const attempt of ['', 'x', entry.id])
    expect(
      (await merchant.send('/app/queue?index', 'app.queue._index', { intent: 'look-again', attempt })).status,
    ).toBe(422);
  for (const query of [
    '&page=-1',
    '&page=x',
    '&tab=__proto__',
    `&search=${'%25'.repeat(200)}`,
    '&reason=%27--',
  ])
    expect((await queue(merchant, query)).counts.all, query).toBe(1);
  expect(words((await entryPage(merchant, entry.id)).attempt)).toBe(before);
});

test('what a changed setting no longer stops goes on by itself; what it stops still, waits on', async () => {
  const merchant = await openShop(world);
  const variantId = await merchant.sell(FRANCE);
  const save = async (changes: Record<string, string>) => {
    const { saved } = await merchant.read<{ saved: Record<string, string> }>(
      '/app/settings/buying',
      'app.settings.buying',
    );
    const answer = await merchant.send('/app/settings/buying', 'app.settings.buying', {
      ...{ ...saved, ...changes },
      intent: 'save',
    });
    expect(answer.status, words(answer.data)).toBe(200);
    return answer.data;
  };
  const { accounts } = await merchant.read<{ accounts: { accountId: string }[] }>(
    '/app/settings/buying',
    'app.settings.buying',
  );
  const reserve = `reserve ${accounts[0]?.accountId ?? ''}`;
  await save({ mostPerOrder: '2', [reserve]: '500' });
  const lines = (quantity: number) => ({ lines: [{ variantId, quantity }] });
  const large = merchant.checkout({ ...lines(3), email: 'large@example.com' });
  const small = merchant.checkout({ ...lines(1), email: 'small@example.com' });
  await waits(merchant, large, 'quantity');
  await waits(merchant, small, 'reserve');

  expect(await save({ mostPerOrder: '' })).toMatchObject({
    toast: 'Saved. 3 waiting eSIMs will be bought now',
  });
  await waits(merchant, large, 'reserve');
  expect(merchant.purchases()).toEqual([]);
  expect(words((await merchant.order(large))?.events)).toContain(
    'Released from hold, since what stops an order was changed in the settings, by staff 1',
  );

  await save({ [reserve]: '0' });
  // Saved once more as it is: nobody changed anything.
  await save({});
  const { changes } = await merchant.read<{ changes: { who: string; what: string[] }[] }>(
    '/app/settings/buying',
    'app.settings.buying',
  );
  expect(changes.map(({ what }) => what)).toEqual([
    ['Keep in the balance (eSIM Go): 500 → 0'],
    ['Most eSIMs in one order: 2 → no limit'],
    ['Most eSIMs in one order: no limit → 2', 'Keep in the balance (eSIM Go): 0 → 500'],
  ]);
  for (const { who } of changes) expect(who).toMatch(/, by staff 1$/);
  await world.mailTo('small@example.com');
  await world.mailTo('large@example.com');
  expect((await queue(merchant)).counts.all).toBe(0);
  await expectBooksToBalance(world, merchant);
});
