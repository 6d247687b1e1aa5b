import { afterAll, beforeAll, expect, test } from 'vitest';
import { passTime } from '../clock.ts';
import { bundleId, openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const SMALL = 'esim_1GB_7D_FR_V2';
const LARGE = 'esim_3GB_30D_FR_V2';
const GERMAN = 'esim_1GB_7D_DE_V2';

let world: World;
let merchant: Merchant;
const variants = new Map<string, number>();

beforeAll(async () => {
  world = await openWorld();
  merchant = await openShop(world);
  for (const code of [SMALL, LARGE, GERMAN]) variants.set(code, await merchant.sell(code));
});
afterAll(() => world.end());

interface PricingPage {
  rules: { id: string | null; place: string; method: string; decides: number; raised: number }[];
  saved: Record<string, string>;
  waiting: { id: string; total: number; items: { title: string; change: string }[] } | null;
  history: {
    id: string;
    what: string;
    state: string;
    written: number;
    undone: number;
    canUndo: boolean;
    canResume: boolean;
    refused: { title: string; reason: string; messages: string[] }[];
  }[];
  rates: { isNeeded: boolean; isOld: boolean; ageDays: number; problem: string | null; day: string | null };
}

interface PreviewPage {
  version: string;
  lines: {
    id: string;
    title: string;
    old: string;
    next: string | null;
    decided: string;
    lifts: string[];
    found: string | null;
    isLocked: boolean;
  }[];
  totals: { toApply: number; changed: number; up: number; down: number; raised: number; theirs: number };
}

const PRICING = ['/app/pricing?index', 'app.pricing._index'] as const;
const pricing = (of = merchant) => of.read<PricingPage>(...PRICING);
const preview = (show = 'all', of = merchant) =>
  of.read<PreviewPage>(`/app/pricing/preview?show=${show}`, 'app.pricing.preview');
const post = (fields: Record<string, string> | [string, string][], of = merchant) =>
  of.send('/app/pricing/preview', 'app.pricing.preview', fields);
const decide = (fields: Record<string, string>, of = merchant) => of.send(...PRICING, fields);

async function addRule(fields: Record<string, string>, of = merchant) {
  const rule = { scope: 'everything', scopeValue: '', priority: '0', ...fields };
  const { status, data } = await of.send('/app/pricing/rules/new', 'app.pricing.rules.$ruleId', rule);
  expect(status, JSON.stringify(data)).toBe(204);
}

async function saveSettings(changes: Record<string, string>, of = merchant) {
  const { saved } = await pricing(of);
  const { status, data } = await decide({ ...saved, ...changes, intent: 'save' }, of);
  expect(status, JSON.stringify(data)).toBe(200);
}

/** Price and cost of a variant as Shopify has them. */
function inShopify(code: string, of = merchant): { price: string; cost: string } {
  const variant = world.shopify.state
    .shop(of.domain)
    .products.flatMap((product) => product.variants)
    .find(({ sku }) => sku === code);
  if (!variant) throw new Error(`Shopify has no ${code}`);
  return { price: variant.price, cost: variant.inventoryItem.cost ?? '' };
}
const prices = () => [SMALL, LARGE, GERMAN].map((code) => Number(inShopify(code).price));
const gid = (code: string) => `gid://shopify/ProductVariant/${String(variants.get(code))}`;
const cost = (code: string) => Number(inShopify(code).cost);

async function apply(chosen: string[] = [], of = merchant) {
  const { version } = await preview('all', of);
  const fields: [string, string][] = [
    ['intent', 'apply'],
    ['version', version],
  ];
  return post([...fields, ...chosen.map((code): [string, string] => ['variantGid', gid(code)])], of);
}

async function quiet(of = merchant) {
  await world.until('no prices are being changed', async () =>
    (await pricing(of)).history.every(({ state }) => !['queued', 'running'].includes(state)),
  );
}

test('a rule changes nothing until it is applied, and then prices and costs in Shopify', async () => {
  expect((await pricing()).rules).toMatchObject([
    { id: null, place: 'Everything', method: 'Cost + 40%', decides: 3 },
  ]);
  expect((await preview('changed')).lines).toEqual([]);
  const before = prices();
  await addRule({ method: 'percent', percent: '100' });
  await addRule({ scope: 'bundle', scopeValue: GERMAN, method: 'final', price: '9.95' });
  await saveSettings({ rounding: '.99' });

  const seen = await preview('changed');
  expect(seen.lines.map(({ decided }) => decided).sort()).toEqual([
    'Everything: Cost + 100%',
    'Everything: Cost + 100%',
    expect.stringMatching(/^One bundle: .*: 9\.95 USD$/),
  ]);
  expect(seen.totals).toMatchObject({ changed: 3, up: 3, down: 0 });
  expect(prices()).toEqual(before);
  expect((await post({ intent: 'apply', version: 'another' })).status).toBe(409);

  const { facts } = await merchant.read<{ facts: { term: string; description: string }[] }>(
    `/app/catalogue/${await bundleId(merchant, GERMAN)}`,
    'app.catalogue.$bundleId',
  );
  expect(facts.slice(0, 3)).toMatchObject([
    { term: 'Price by your rules', description: '$9.95' },
    { term: 'Margin', description: expect.stringMatching(/^\$[\d.]+ \([\d.]+%\), after/) as string },
    { term: 'Decided by', description: expect.stringMatching(/^One bundle: .*: 9\.95 USD$/) as string },
  ]);

  const { status } = await apply();
  expect(status).toBe(200);
  await quiet();
  const expected = [SMALL, LARGE].map((code) => Math.ceil(cost(code) * 2 - 0.99) + 0.99);
  expect(prices()).toEqual([...expected, 9.95]);
  expect((await preview('changed')).lines).toEqual([]);
  expect(await apply()).toMatchObject({ status: 409, data: { reason: 'No price would change.' } });
});

test('a rule that names nothing says what to choose', async () => {
  const rule = { scopeValue: '', priority: '0', method: 'percent', percent: '40' };
  for (const [scope, sentence] of [
    ['country', 'Choose a country.'],
    ['supplier', 'Choose a supplier.'],
    ['bundle', 'Enter the code of a bundle.'],
  ] as const)
    expect(
      await merchant.send('/app/pricing/rules/new', 'app.pricing.rules.$ruleId', { ...rule, scope }),
    ).toMatchObject({ status: 422, data: { fields: { scopeValue: sentence } } });
});

test('two applications at once are one', async () => {
  await addRule({ scope: 'bundle', scopeValue: SMALL, method: 'percent', percent: '250' });
  const { history } = await pricing();
  const { version } = await preview();
  const answers = await Promise.all([1, 2, 3].map(() => post({ intent: 'apply', version })));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  await quiet();
  expect((await pricing()).history).toHaveLength(history.length + 1);
});

test('the last application is taken back, but not where somebody changed the price in Shopify since', async () => {
  await saveSettings({ rounding: 'whole' });
  const before = prices();
  expect((await apply()).status).toBe(200);
  await quiet();
  expect(prices()).not.toEqual(before);
  world.shopify.state.editVariant(merchant.domain, variants.get(LARGE) ?? 0, { price: '77.00' });

  const [last] = (await pricing()).history;
  expect(last).toMatchObject({ canUndo: true });
  expect((await decide({ intent: 'undo', taskId: last?.id ?? '' })).status).toBe(200);
  await quiet();
  expect(prices()).toEqual([before[0], 77, before[2]]);
  const { history } = await pricing();
  expect(history[0]?.refused).toMatchObject([{ reason: 'changed-in-shopify' }]);
  expect(history[1]).toMatchObject({ id: last?.id, undone: last ? last.written - 1 : 0 });
});

test('a price that was changed in Shopify is shown and stays, unless it is chosen; a locked one stays anyway', async () => {
  const theirs = (await preview('theirs')).lines;
  expect(theirs).toMatchObject([{ id: gid(LARGE), found: '$77.00' }]);
  await post({ intent: 'lock', variantGid: gid(GERMAN) });
  const german = inShopify(GERMAN).price;
  await saveSettings({ rounding: '.49' });
  await apply();
  await quiet();
  expect(inShopify(LARGE).price).toBe('77.00');
  expect(inShopify(GERMAN).price).toBe(german);
  expect(inShopify(SMALL).price).toMatch(/\.49$/);

  expect((await apply([LARGE])).status).toBe(200);
  await quiet();
  expect(inShopify(LARGE).price).toMatch(/\.49$/);
  expect((await preview('theirs')).lines).toEqual([]);
  await post({ intent: 'unlock', variantGid: gid(GERMAN) });
});

test('no rule gets below cost, fee and minimum margin, and the preview says that it was raised', async () => {
  await saveSettings({
    rounding: 'none',
    feePercent: '2.9',
    feeFixed: '0.30',
    minMarginPercent: '20',
    minMargin: '0.50',
  });
  await addRule({ scope: 'bundle', scopeValue: SMALL, priority: '9', method: 'final', price: '0.01' });
  const line = (await preview('raised')).lines.find(({ id }) => id === gid(SMALL));
  expect(line?.lifts).toContain('raised to the floor');
  expect((await pricing()).rules.find(({ method }) => method === '0.01 USD')).toMatchObject({
    decides: 1,
    raised: 1,
  });
  await apply();
  await quiet();
  const price = Number(inShopify(SMALL).price);
  const left = price - price * 0.029 - 0.3 - cost(SMALL);
  expect(left).toBeGreaterThanOrEqual(Math.max(0.5, price * 0.2) - 0.005);
  for (const { id, method } of (await pricing()).rules)
    if (id !== null && method !== 'Cost + 100%') await decide({ intent: 'delete', ruleId: id });
  await saveSettings({
    rounding: '.99',
    feePercent: '0',
    feeFixed: '0',
    minMarginPercent: '0',
    minMargin: '0',
  });
  await apply();
  await quiet();
});

test('with another currency prices follow the bank’s rates; a broken feed leaves the last ones, and old ones are told', async () => {
  const euros = await openShop(world, { currency: 'EUR' });
  await world.until('the rates are read', async () => (await pricing(euros)).rates.day !== null);
  await euros.sell(SMALL);
  const dollars = inShopify(SMALL).cost;
  expect(Number(inShopify(SMALL, euros).cost)).toBeCloseTo(Number(dollars) / 1.152, 1);
  expect((await pricing(euros)).rates).toMatchObject({
    isNeeded: true,
    isOld: false,
    ageDays: 0,
    problem: null,
  });

  for (const conduct of [
    'never-answers',
    'answers-500',
    'answers-html',
    'cuts-the-answer',
    'sends-no-rates',
    'sends-megabytes',
  ]) {
    world.ecb.conducts.on(conduct);
    expect((await decide({ intent: 'fetch-rates' }, euros)).data).toMatchObject({ status: 'refused' });
    world.ecb.conducts.off(conduct);
    const { rates } = await pricing(euros);
    expect(rates, conduct).toMatchObject({
      ageDays: 0,
      problem: ['never-answers', 'answers-500'].includes(conduct) ? 'down' : 'unreadable',
    });
  }
  expect(await decide({ intent: 'fetch-rates' }, euros)).toMatchObject({ data: { status: 'done' } });

  await saveSettings({ rateSource: 'fixed', 'rate USD': '2' }, euros);
  const { lines } = await preview('changed', euros);
  expect(lines).toHaveLength(1);
  expect(Number(lines[0]?.next?.replace(/[^\d.]/g, ''))).toBeCloseTo(
    Math.ceil(Number(dollars) * 280) / 100,
    1,
  );
  await saveSettings({ rateSource: 'ecb' }, euros);
});

const importAgain = (of = merchant) =>
  of.send('/app/catalogue?index', 'app.catalogue._index', { intent: 'import' });

test('a cost that rose changes the price by itself, and waits for a person where it moves by more than they let happen', async () => {
  await saveSettings({ approveAbove: '200' });
  const [first = 0, ...others] = prices();
  const dollars = cost(SMALL);
  world.esimGo.setPrice(SMALL, dollars * 1.5);
  await importAgain();
  await world.until('the price has followed', () => inShopify(SMALL).price !== first.toFixed(2));
  await quiet();
  const followed = prices();
  expect(followed[0]).toBeGreaterThan(first);
  expect(followed[2]).toBe(others[1]);
  expect(cost(SMALL)).toBeCloseTo(dollars * 1.5, 1);
  expect((await pricing()).history[0]?.what).toBe('Followed changed costs');

  await saveSettings({ approveAbove: '5' });
  const waits = async () => {
    await world.until('new prices wait', async () => (await pricing()).waiting !== null);
    return (await pricing()).waiting;
  };
  world.esimGo.setPrice(SMALL, dollars * 4);
  await importAgain();
  const waiting = await waits();
  expect(waiting?.items.length).toBeGreaterThan(0);
  const home = await merchant.read<{ attention: { text: string }[] }>('/app?index', 'app._index');
  expect(home.attention.map(({ text }) => text)).toContainEqual(
    expect.stringMatching(/new prices? waits? for you/),
  );
  expect(prices()).toEqual(followed);
  expect((await decide({ intent: 'refuse', taskId: waiting?.id ?? '' })).status).toBe(200);
  expect((await decide({ intent: 'approve', taskId: waiting?.id ?? '' })).status).toBe(409);

  world.esimGo.setPrice(SMALL, dollars * 5);
  await importAgain();
  const again = await waits();
  expect(prices()).toEqual(followed);
  expect((await decide({ intent: 'approve', taskId: again?.id ?? '' })).status).toBe(200);
  await quiet();
  expect(Number(inShopify(SMALL).price)).toBeGreaterThanOrEqual(dollars * 10);
  expect(cost(SMALL)).toBeCloseTo(dollars * 5, 1);
  // The larger bundle of the same country never costs less.
  expect(Number(inShopify(LARGE).price)).toBeGreaterThanOrEqual(Number(inShopify(SMALL).price));
  expect((await preview('changed')).lines).toEqual([]);
});

test('with rates more than four days old nothing is repriced by itself, and the page says so', async () => {
  const yen = await openShop(world, { currency: 'JPY' });
  await yen.sell(GERMAN);
  await saveSettings({ approveAbove: '1000' }, yen);
  const before = inShopify(GERMAN, yen);
  world.ecb.setDay(new Date().toISOString().slice(0, 10));
  await decide({ intent: 'fetch-rates' }, yen);
  // Before: after five days the catalogue is read by itself, and an import joins in, with what was read of it already.
  world.esimGo.setPrice(GERMAN, 5);
  await passTime({ minutes: 5 * 24 * 60 });
  expect((await pricing(yen)).rates).toMatchObject({ isNeeded: true, isOld: true, ageDays: 5 });
  const { history } = await pricing(yen);
  await importAgain(yen);
  await world.until('the new cost is seen', async () => (await preview('changed', yen)).lines.length === 1);
  expect((await pricing(yen)).history).toHaveLength(history.length);
  expect(inShopify(GERMAN, yen)).toEqual(before);

  world.ecb.setDay(null);
  await decide({ intent: 'fetch-rates' }, yen);
  await world.until('the price follows', () => inShopify(GERMAN, yen).price !== before.price);
});

test('an application that is cancelled leaves the rest as it was, and goes on where it stopped', async () => {
  const shop = await openShop(world);
  for (const code of [SMALL, LARGE, GERMAN]) await shop.sell(code);
  const before = inShopify(GERMAN, shop).price;
  await addRule({ method: 'percent', percent: '90' }, shop);
  // Nothing is written while Shopify throttles, and the French product comes first.
  world.shopify.conducts.on('throttles', { only: 'UpdateVariants' });
  expect((await apply([], shop)).status).toBe(200);
  await world.until('the first prices are on their way', () =>
    world.shopify.graphqlLog.some((call) => call.shop === shop.domain && call.throttled),
  );
  const taskId = (await pricing(shop)).history[0]?.id ?? '';
  await decide({ intent: 'cancel-task', taskId }, shop);
  world.shopify.conducts.off('throttles');
  await quiet(shop);
  expect((await pricing(shop)).history).toMatchObject([{ state: 'cancelled', canResume: true }]);
  expect(inShopify(GERMAN, shop).price).toBe(before);

  expect((await decide({ intent: 'resume', taskId }, shop)).status).toBe(200);
  await quiet(shop);
  // What was written before it stopped is known as ours, and not taken for the merchant's.
  expect((await pricing(shop)).history).toMatchObject([{ state: 'done', written: 3, refused: [] }]);
  expect((await preview('changed', shop)).lines).toEqual([]);
  expect(inShopify(GERMAN, shop).price).not.toBe(before);
});

test('a price that Shopify refuses is named and why, and the rest is written', async () => {
  const shop = await openShop(world);
  for (const code of [SMALL, LARGE, GERMAN]) await shop.sell(code);
  const all = () => [SMALL, LARGE, GERMAN].map((code) => inShopify(code, shop).price);
  const before = all();
  await addRule({ method: 'percent', percent: '80' }, shop);
  world.shopify.conducts.on('refuses-a-variant', { times: 1, only: 'UpdateVariants' });
  await apply([], shop);
  await quiet(shop);
  const [application] = (await pricing(shop)).history;
  expect(application).toMatchObject({
    ...{ state: 'done', written: 2 },
    refused: [{ reason: 'shopify', messages: ['Price cannot be changed right now'] }],
  });
  expect(all().filter((price, index) => price === before[index])).toHaveLength(1);

  // It is still to be done, and is when it is tried again.
  expect((await preview('changed', shop)).lines).toMatchObject([{ title: application?.refused[0]?.title }]);
  await apply([], shop);
  await quiet(shop);
  expect(all().some((price, index) => price === before[index])).toBe(false);
});
