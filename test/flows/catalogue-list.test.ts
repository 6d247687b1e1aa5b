import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectAnother, openShop, sellList, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

interface Row {
  id: string;
  code: string;
  title: string;
}
interface List {
  rows: Row[];
  total: number;
  count: string;
  previous: string | null;
  next: string | null;
  views: { id: string; name: string; query: string }[];
}

let world: World;
let merchant: Merchant;
let neighbour: Merchant;

beforeAll(async () => {
  world = await openWorld();
  [merchant, neighbour] = await Promise.all([openShop(world), openShop(world)]);
});
afterAll(() => world.end());

const list = (address: string, who = merchant) =>
  who.read<List>(`/app/catalogue?${address}`, 'app.catalogue._index');
const codes = async (address: string) => (await list(address)).rows.map(({ code }) => code);

/** All rows of a question: three countries fit on one page. */
const walk = async (address: string) => (await list(address)).rows;

/** The same list ten at a time, as the picker of bundles reads it. */
const ten = (address: string) =>
  merchant.read<{ choices: { id: string }[]; hasMore: boolean }>(`/app/bundles?${address}`, 'app.bundles');

test('whatever the order, turning the pages shows every bundle once, and turning back the same ones', async () => {
  const { total } = await list('');
  for (const sort of ['place', 'cost', 'cost-per-gb', 'data', 'days', 'name', 'added']) {
    const up = (await list(`sort=${sort}`)).rows.map(({ id }) => id);
    expect(new Set(up).size, sort).toBe(total);
    const down = (await list(`sort=${sort}&order=desc`)).rows.map(({ id }) => id);
    expect(down.reverse(), sort).toEqual(up);

    const turned: string[] = [];
    for (let hasMore = true, last = ''; hasMore; last = turned.at(-1) ?? '') {
      const page = await ten(`sort=${sort}&after=${last}`);
      turned.push(...page.choices.map(({ id }) => id));
      hasMore = page.hasMore;
    }
    expect(turned, sort).toEqual(up);
    const back = await ten(`sort=${sort}&before=${up[20] ?? ''}`);
    expect(
      back.choices.map(({ id }) => id),
      sort,
    ).toEqual(up.slice(10, 20));
  }
});

test('a bundle is found by country, by words in the viewer’s language, by size and by length', async () => {
  const french = await walk('country=FR&sort=cost');
  expect(french.length).toBeGreaterThan(5);
  expect(await codes('search=France+5+GB')).toEqual(expect.arrayContaining(['esim_5GB_30D_FR_V2']));
  expect(await codes('search=frankreich+5gb')).toEqual([]);
  expect(await codes('search=frankreich+5gb&locale=de')).toEqual(
    expect.arrayContaining(['esim_5GB_30D_FR_V2']),
  );
  const { rows } = await merchant.read<{ rows: { title: string; places: string }[] }>(
    '/app/catalogue?search=frankreich+5gb&locale=de',
    'app.catalogue._index',
  );
  expect(rows[0]?.title).toMatch(/^Frankreich 5 GB/);
  expect(rows[0]?.places).toBe('Frankreich');
  expect(await codes('search=esim_1GB_7D_FR_V2')).toEqual(['esim_1GB_7D_FR_V2']);
  expect(await codes('search=france+unfindable')).toEqual([]);
  for (const code of await codes('search=7+days&country=JP')) expect(code).toMatch(/_7D_/);
});

test('filters narrow the list, and together they narrow it more', async () => {
  const cheap = await walk('costMax=5');
  const heavy = await walk('dataMin=5&unlimited=no');
  const both = await walk('costMax=5&dataMin=5&unlimited=no');
  const large = new Set(heavy.map(({ id }) => id));
  expect(both.length).toBeGreaterThan(0);
  expect(both.map(({ id }) => id).sort()).toEqual(
    cheap
      .map(({ id }) => id)
      .filter((id) => large.has(id))
      .sort(),
  );
  for (const { code } of heavy) expect(code).not.toMatch(/_(1|2|3)GB_|_UL/);
  for (const { code } of await walk('unlimited=yes')) expect(code).toMatch(/_UL/);
  expect((await list('daysMin=8&daysMax=14')).rows).toEqual([]);
});

test('what the shop sells, and what it does not, are the whole list', async () => {
  await merchant.sell('esim_1GB_7D_JP_V2');
  const { total } = await list('');
  expect(await codes('sold=yes')).toEqual(['esim_1GB_7D_JP_V2']);
  expect(await walk('sold=no')).toHaveLength(total - 1);
});

test('what the app published and what the merchant mapped are told apart, and may be the same bundle', async () => {
  const [first, second] = ['esim_1GB_7D_JP_V2', 'esim_2GB_15D_JP_V2'] as const;
  await sellList(world, merchant, [{ code: first }]);
  await sellList(world, merchant, [{ code: second }]);
  expect(await codes('sold=published')).toEqual([first]);
  expect(await codes('sold=mapped')).toEqual([first, second]);
  const { rows } = await merchant.read<{ rows: { code: string; sold: string[]; supplier: string | null }[] }>(
    '/app/catalogue?country=JP&kind=country&sort=data',
    'app.catalogue._index',
  );
  const soldAs = new Map(rows.map(({ code, sold }) => [code, sold]));
  expect(soldAs.get(first)).toEqual(['published', 'mapped']);
  expect(soldAs.get(second)).toEqual(['mapped']);
  expect(soldAs.get('esim_5GB_30D_JP_V2')).toEqual([]);
  // With one account there is nothing to tell apart.
  expect(rows.map(({ supplier }) => supplier)).toEqual(rows.map(() => null));
});

test('a shop with several accounts sees whose each bundle is', async () => {
  await connectAnother(world, neighbour, { label: 'Second' });
  const { rows } = await neighbour.read<{ rows: { supplier: string | null }[] }>(
    '/app/catalogue?search=esim_1GB_7D_JP_V2',
    'app.catalogue._index',
  );
  expect(rows.map(({ supplier }) => supplier).sort()).toEqual(['Second', 'eSIM Go']);
});

test('a view is saved, renamed, changed and deleted, and no other shop sees or touches it', async () => {
  const send = (fields: Record<string, string>, who = merchant) =>
    who.send('/app/catalogue/views', 'app.catalogue.views', fields);
  await send({
    intent: 'save',
    name: 'Cheap France',
    query: 'country=FR&costMax=5&after=nonsense&x=<script>',
  });
  const [view] = (await list('')).views;
  expect(view).toMatchObject({ name: 'Cheap France', query: 'country=FR&costMax=5' });
  expect((await send({ intent: 'save', name: 'Cheap France', query: '' })).data).toMatchObject({
    status: 'refused',
  });
  expect((await send({ intent: 'save', name: '  ', query: '' })).status).toBe(400);
  const viewId = view?.id ?? '';

  expect((await list('', neighbour)).views).toEqual([]);
  for (const fields of [
    { intent: 'rename', viewId, name: 'Mine' },
    { intent: 'change', viewId, query: '' },
    { intent: 'delete', viewId },
  ])
    expect((await send(fields, neighbour)).status, fields.intent).toBe(404);

  await send({ intent: 'rename', viewId, name: 'Paris' });
  await send({ intent: 'change', viewId, query: 'country=FR' });
  expect((await list('')).views).toEqual([{ id: viewId, name: 'Paris', query: 'country=FR' }]);
  await send({ intent: 'delete', viewId });
  expect((await list('')).views).toEqual([]);
});

test('the export holds what the list finds, in its order', async () => {
  const text = await merchant.download('/app/catalogue/export?country=FR&sort=cost', 'app.catalogue.export');
  const lines = parse<Record<string, string>>(text, { columns: true, bom: true });
  expect(lines.map((line) => line['Code'])).toEqual(
    (await walk('country=FR&sort=cost')).map(({ code }) => code),
  );
  expect(lines[0]).toMatchObject({
    ...{ Supplier: 'eSIM Go', Currency: 'USD', 'In your shop': 'no', Withdrawn: '' },
    'Validity begins': 'first use',
  });
});

test('a bundle’s page tells its facts, and compares it with its neighbours', async () => {
  const [row] = (await list('search=esim_5GB_30D_FR_V2')).rows;
  const page = await merchant.read<{ facts: { term: string; description: string }[]; compareUrl: string }>(
    `/app/catalogue/${row?.id ?? ''}?locale=de`,
    'app.catalogue.$bundleId',
  );
  const facts = Object.fromEntries(page.facts.map(({ term, description }) => [term, description]));
  expect(facts).toMatchObject({ Data: '5 GB', 'Valid for': '30 days', 'Works in': 'Frankreich' });
  const { rows } = await merchant.read<{
    rows: { id: string; code: string; isCheapestPerGigabyte: boolean }[];
  }>(page.compareUrl, 'app.catalogue.compare');
  expect(rows.map(({ id }) => id)).toContain(row?.id);
  for (const { code } of rows) expect(code).toMatch(/_FR_/);
  expect(rows.some(({ isCheapestPerGigabyte }) => isCheapestPerGigabyte)).toBe(true);
});

test('places are named in the viewer’s language wherever they stand', async () => {
  await merchant.sell('esim_1GB_7D_FR_V2');
  await merchant.send('/app/pricing/rules/new', 'app.pricing.rules.$ruleId', {
    ...{ scope: 'country', scopeValue: 'FR', priority: '0', method: 'percent', percent: '50' },
  });
  const { rules } = await merchant.read<{ rules: { id: string | null; place: string }[] }>(
    '/app/pricing?index&locale=de',
    'app.pricing._index',
  );
  expect(rules.map(({ place }) => place)).toContain('Country: Frankreich');
  const rule = await merchant.read<{ places: { country: { value: string; label: string }[] } }>(
    `/app/pricing/rules/${rules.find(({ id }) => id !== null)?.id ?? ''}?locale=de`,
    'app.pricing.rules.$ruleId',
  );
  expect(rule.places.country).toContainEqual({ value: 'FR', label: 'Frankreich' });
  const preview = await merchant.read<{
    lines: { title: string; why: string }[];
    destinations: { value: string; label: string }[];
  }>('/app/pricing/preview?show=all&locale=de', 'app.pricing.preview');
  expect(preview.lines.map(({ title }) => title)).toContain('Frankreich 1 GB, 7 days');
  expect(preview.destinations).toContainEqual({ value: 'FR', label: 'Frankreich' });
  const { examples } = await merchant.read<{ examples: { name: string }[] }>(
    '/app/settings/products?locale=de',
    'app.settings.products',
  );
  expect(examples.map(({ name }) => name)).toContain('Frankreich');
});
