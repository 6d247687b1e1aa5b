import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CheckedLine } from '../../app/products/mapping-check.ts';
import { expectBooksToBalance } from '../books.ts';
import { passTime } from '../clock.ts';
import type { Order } from '../sandbox/shopify/records.ts';
import { openShop, type Merchant, type OrderPage } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';
const GERMANY = 'esim_1GB_7D_DE_V2';
const JAPAN = 'esim_1GB_7D_JP_V2';

let world: World;
let merchant: Merchant;
let idOf: Record<string, string>;

beforeAll(async () => {
  world = await openWorld();
  merchant = await openShop(world);
  const ids = [FRANCE, GERMANY, JAPAN].map(async (code) => {
    const { choices } = await merchant.read<{ choices: { id: string; code: string }[] }>(
      `/app/bundles?search=${code}`,
      'app.bundles',
    );
    return [code, choices.find((choice) => choice.code === code)?.id ?? ''] as const;
  });
  idOf = Object.fromEntries(await Promise.all(ids));
});
afterAll(() => world.end());

const LIST = '/app/products/mapping?index';
const EDIT = 'app.products.mapping.$variantId';

/** A product the merchant made; its variants have these SKUs. Returns their ids. */
function makeProduct(title: string, skus: (string | null)[]): number[] {
  const { variants } = world.shopify.state.createProduct(merchant.domain, {
    title,
    options: ['Size'],
    variants: skus.map((sku, at) => ({
      ...{ price: '9.90', sku, values: [`${String(at + 1)} GB`] },
      requiresShipping: false,
    })),
  });
  return variants.map(({ id }) => id);
}

const gid = (variantId: number) => `gid://shopify/ProductVariant/${String(variantId)}`;
const save = (variantId: number, codes: string[], kind: 'esim' | 'top-up' = 'esim') =>
  merchant.send(`/app/products/mapping/${String(variantId)}`, EDIT, [
    ['intent', 'save'],
    ['kind', kind],
    ...codes.map((code): [string, string] => ['bundleId', idOf[code] ?? '']),
  ]);

interface Row {
  title: string;
  sku: string | null;
  kind: string;
  choosing: string;
  substitute: { title: string } | null;
  isGone: boolean;
  bundles: { code: string; obstacle: string | null }[];
}
const listed = async (search = '') =>
  (await merchant.read<{ rows: Row[] }>(`${LIST}&${search}`, 'app.products.mapping._index')).rows;

async function page(order: Order, isSo: (page: OrderPage) => boolean): Promise<OrderPage> {
  const pages: OrderPage[] = [];
  await world.until(`${order.name} is as expected`, async () => {
    const found = await merchant.order(order);
    if (found && isSo(found)) pages.push(found);
    return pages.length > 0;
  });
  return pages[0] ?? expect.fail('no page');
}

interface FileAnswer {
  status: string;
  lines?: CheckedLine[];
  approval?: string | null;
  sentences?: string[];
}
const CSV = ['/app/products/mapping/csv', 'app.products.mapping.csv'] as const;

/** Uploads a file and waits until its variants are looked up. */
async function lookedUp(text: string): Promise<{ taskId: string | null; answer: FileAnswer }> {
  const { data } = await merchant.send(...CSV, { intent: 'check', csv: text, name: 'a.csv' });
  const begun = data as FileAnswer & { taskId?: string };
  const { taskId } = begun;
  if (taskId === undefined) return { taskId: null, answer: begun };
  const reports: FileAnswer[] = [];
  await world.until('the file is looked at', async () => {
    const { report } = await merchant.read<{ report: FileAnswer | null }>(`${CSV[0]}?look=${taskId}`, CSV[1]);
    if (report) reports.push(report);
    return report !== null;
  });
  return { taskId, answer: reports[0] ?? expect.fail('no report') };
}

const looks = new Map<string, string>();
const csv = async (intent: 'check' | 'apply', text: string, approval = '') => {
  if (intent === 'check' || !looks.has(text)) {
    const { taskId, answer } = await lookedUp(text);
    if (taskId !== null) looks.set(text, taskId);
    if (intent === 'check') return { http: 200, ...answer };
  }
  const fields = { intent, taskId: looks.get(text) ?? '', approval };
  const answer = await merchant.send(...CSV, fields);
  // What the page's action answers, whichever it is.
  return { http: answer.status, ...(answer.data as FileAnswer) };
};
const exported = () => merchant.download('/app/products/mapping/export', 'app.products.mapping.export');

test('when the supplier withdraws the first bundle of a list, the next is bought, and the order says why', async () => {
  const [variantId = 0] = makeProduct('Asia eSIM', ['ASIA']);
  expect(await save(variantId, [JAPAN, GERMANY])).toMatchObject({ status: 200 });
  const sellAgain = world.esimGo.withdraw(JAPAN);
  await merchant.send('/app/catalogue?index', 'app.catalogue._index', { intent: 'import' });
  await world.until('the list says so', async () => (await listed('search=ASIA'))[0]?.substitute !== null);
  expect(await listed('problem=withdrawn')).toMatchObject([
    {
      sku: 'ASIA',
      bundles: [
        { code: JAPAN, obstacle: 'withdrawn' },
        { code: GERMANY, obstacle: null },
      ],
    },
  ]);

  const order = merchant.checkout({ lines: [{ variantId, quantity: 2 }], email: 'asia@example.com' });
  const { events } = await page(order, ({ state }) => state === 'delivered');
  expect(events.map(({ text }) => text)).toContainEqual(
    expect.stringContaining(
      `To be bought as ${GERMANY}, next on the product’s list: the supplier no longer sells ${JAPAN}`,
    ),
  );
  expect(merchant.purchases().map(({ items }) => items.map(({ bundle }) => bundle))).toEqual([[GERMANY]]);
  await expectBooksToBalance(world, merchant);

  sellAgain();
  // A withdrawn bundle may stay on its list, and comes on no other.
  const [other = 0] = makeProduct('Other eSIM', ['OTHER']);
  expect(await save(other, [JAPAN])).toMatchObject({ status: 422 });
  expect(await save(variantId, [GERMANY, JAPAN])).toMatchObject({ status: 200 });
  expect((await listed('search=ASIA'))[0]).toMatchObject({ substitute: null });
});

test('a paid top-up never becomes a new eSIM by itself: it waits until the merchant decides', async () => {
  const [variantId = 0] = makeProduct('Top-up France', ['TOPUP-FR']);
  await save(variantId, [FRANCE], 'top-up');
  const bought = merchant.purchases().length;
  const order = merchant.checkout({ lines: [{ variantId, quantity: 2 }], email: 'top-up@example.com' });
  const held = await page(
    order,
    ({ units }) => units.length === 2 && units.every((unit) => unit.reason === 'top-up'),
  );
  const waits = held.units.map(({ id, since }) => `${id}@${since}`);
  const decide = (wait: string, fields: Record<string, string>) =>
    merchant.send(`/app/queue/unit-${wait.slice(0, 36)}`, 'app.queue.$entryId', { ...fields, wait });

  // Neither the list's button nor the order's lets it go.
  const [first = '', second = ''] = waits;
  const released = await merchant.send('/app/queue?index', 'app.queue._index', [
    ['intent', 'release'],
    ...waits.map((wait): [string, string] => ['wait', wait]),
  ]);
  expect(released.status).toBe(409);
  expect((await merchant.press(order, { intent: 'retry', unitId: held.units[0]?.id ?? '' })).status).toBe(
    422,
  );
  const note = 'Topped up in the portal';
  expect((await decide(first, { intent: 'close', note })).status).toBe(200);
  expect(merchant.purchases()).toHaveLength(bought);

  expect((await decide(second, { intent: 'buy-new' })).status).toBe(200);
  await world.mailTo('top-up@example.com');
  expect(merchant.purchases()).toHaveLength(bought + 1);
  const { events, units } = await page(order, ({ state }) => state === 'delivered');
  expect(events.map(({ text }) => text)).toContainEqual(
    expect.stringContaining('Released, to be bought as a new eSIM, by staff'),
  );
  expect(units.map(({ state }) => state).sort()).toEqual(['cancelled', 'delivered']);
  await expectBooksToBalance(world, merchant);
});

test('a file with one bad line changes nothing, and says of each line what is wrong and what to do', async () => {
  makeProduct('Good eSIM', ['GOOD-1', 'GOOD-2', 'TWIN', 'TWIN']);
  const before = await exported();
  const { http, lines, approval } = await csv(
    'check',
    [
      'SKU;Bundle 1;Bundle 2;Kind;Supplier;Choose by',
      `GOOD-1;${FRANCE};${GERMANY};;eSIM Go`,
      `GOOD-1;${FRANCE};;;`,
      `good-2;${FRANCE};;;`,
      `MISSING;${FRANCE};;;`,
      `TWIN;${FRANCE};;;`,
      `GOOD-2;${FRANCE.toUpperCase()};;;`,
      `GOOD-2;${FRANCE};${FRANCE};;`,
      `GOOD-2;${FRANCE};;gift;`,
      `GOOD-2;${FRANCE};;;Nobody`,
      ';;;;',
      `;${FRANCE};;;`,
      'GOOD-2;;;;',
      `GOOD-2;${FRANCE};${GERMANY};;;cheapest`,
    ].join('\r\n'),
  );
  expect([http, approval]).toEqual([200, null]);
  const said = (lines ?? []).map(({ line, complaints }) => [
    line,
    complaints.map(({ sentence, todo }) => `${sentence} ${todo}`).join(' '),
  ]);
  expect(said).toEqual([
    [2, expect.stringContaining('it does not work in France')], // a warning: it stops nothing
    [3, expect.stringContaining('Line 2 maps this variant already')],
    [4, expect.stringContaining('Did you mean GOOD-2?')],
    [5, expect.stringContaining('no variant with the SKU MISSING')],
    [6, expect.stringContaining('2 variants have the SKU TWIN')],
    [7, expect.stringContaining(`Did you mean ${FRANCE}?`)],
    [8, expect.stringContaining('on the line twice')],
    [9, expect.stringContaining('"gift" is no kind')],
    [10, expect.stringContaining('no supplier called "Nobody"')],
    [12, expect.stringContaining('names no variant')],
    [13, expect.stringContaining('names no bundle')],
    [14, expect.stringContaining('"cheapest" is no way to choose')],
  ]);
  const bad = `SKU,Bundle 1\nGOOD-1,${FRANCE}\nMISSING,${FRANCE}`;
  expect((await csv('apply', bad, 'null')).http).toBe(409);
  expect(await csv('check', `SKU,Bundel 1\nGOOD-1,${FRANCE}`)).toMatchObject({
    status: 'unreadable',
    sentences: [expect.stringContaining('"Bundel 1"'), expect.stringContaining('no column "Bundle 1"')],
  });
  expect(await exported()).toBe(before);
});

test('a good file is applied as a whole, once, and only as it was seen; its export is the same file', async () => {
  const [first = 0, second = 0] = makeProduct('File eSIM', ['FILE-1', 'FILE-2']);
  world.shopify.state.createProduct(merchant.domain, {
    title: 'Card',
    variants: [{ price: '5.00', sku: 'CARD' }],
  });
  const text = [
    'Handle,Option 1,Bundle 1,Bundle 2,Kind,Choose by',
    `file-esim,1 GB,${FRANCE},${GERMANY},eSIM,lowest cost`,
    `file-esim,2 GB,${GERMANY},,top-up,`,
  ].join('\n');
  const { approval, lines } = await csv('check', text);
  expect(lines?.map(({ outcome }) => outcome)).toEqual(['new', 'new']);
  expect(await csv('check', `SKU,Bundle 1\nCARD,${FRANCE}`)).toMatchObject({
    lines: [
      {
        outcome: 'new',
        complaints: [{ isWarning: true, sentence: expect.stringContaining('physical') as string }],
      },
    ],
  });

  // Somebody else maps one of them meanwhile: what was seen is not what would happen.
  await save(second, [FRANCE]);
  const moved = await csv('apply', text, approval ?? '');
  expect([moved.http, moved.lines?.map(({ outcome }) => outcome)]).toEqual([409, ['new', 'change']]);
  expect(await listed('search=FILE-1')).toEqual([]);

  // Two members of staff press at once: it is written once, and the other sees that there is nothing left to do.
  const answers = await Promise.all([1, 2].map(() => csv('apply', text, moved.approval ?? '')));
  expect(answers.map(({ http }) => http).sort()).toEqual([200, 409]);
  expect(await listed('search=FILE')).toMatchObject([
    {
      ...{ title: 'File eSIM – 1 GB', kind: 'esim', choosing: 'cost' },
      bundles: [{ code: FRANCE }, { code: GERMANY }],
    },
    { title: 'File eSIM – 2 GB', kind: 'top-up', choosing: 'order', bundles: [{ code: GERMANY }] },
  ]);
  const again = await csv('check', await exported());
  expect([...new Set(again.lines?.map(({ outcome }) => outcome))]).toEqual(['same']);
  expect(again.lines?.map(({ variant }) => variant)).toContain('File eSIM – 1 GB');
  // A file of before there was such a column says nothing of how it is chosen, and changes nothing of it.
  const older = await csv('check', `Handle,Option 1,Bundle 1,Bundle 2\nfile-esim,1 GB,${FRANCE},${GERMANY}`);
  expect(older.lines).toMatchObject([{ outcome: 'same', choosing: 'cost' }]);

  await merchant.send(LIST, 'app.products.mapping._index', { intent: 'unmap', variantGid: gid(first) });
  expect(await listed('search=FILE-1')).toEqual([]);
});

test('variants whose SKU names a bundle are found, mapped when the merchant says so, and their waiting eSIMs bought', async () => {
  const [exact = 0, described = 0, otherCase = 0] = makeProduct('SKU eSIM', [
    GERMANY,
    'SHOP-FR-1GB-7D',
    FRANCE.toLowerCase(),
    'SHOP-XX-1GB-7D',
    null,
  ]);
  const read = async (pattern: string) => {
    const { data } = await merchant.send('/app/products/mapping/sku', 'app.products.mapping.sku', {
      ...{ intent: 'read', pattern, after: '' },
    });
    return data as {
      rows: { id: string; outcome: string; candidates: { id: string; code: string }[] }[];
      next: null;
    };
  };
  const found = (rows: { id: string; outcome: string }[], id: number) =>
    rows.find((row) => row.id === String(id))?.outcome;
  const byCode = await read('{code}');
  expect([found(byCode.rows, exact), found(byCode.rows, otherCase)]).toEqual(['matched', 'choose']);
  const byWords = await read('shop-{country}-{gb}gb-{days}d');
  expect(byWords.rows.map(({ outcome }) => outcome)).toEqual(['matched', 'unknown']);
  expect((await read('shop-{land}')) as unknown).toMatchObject({
    fields: { pattern: expect.any(String) as string },
  });

  const order = merchant.checkout({
    lines: [{ variantId: described, quantity: 1 }],
    email: 'sku@example.com',
  });
  await page(order, ({ units }) => units[0]?.reason === 'no-bundle');
  const pair = `${String(described)}=${byWords.rows[0]?.candidates[0]?.id ?? ''}`;
  const map = () =>
    merchant.send('/app/products/mapping/sku', 'app.products.mapping.sku', { intent: 'map', pair });
  expect((await map()).data).toMatchObject({ ids: [String(described)], left: 0, released: 1 });
  expect((await map()).data).toMatchObject({ ids: [], left: 1 });
  await world.mailTo('sku@example.com');

  // A variant that the merchant deletes is noticed when somebody looks at the list, ten minutes after the last look.
  const product = world.shopify.state
    .shop(merchant.domain)
    .products.find(({ title }) => title === 'SKU eSIM');
  product?.variants.splice(1, 1);
  await passTime({ minutes: 11 });
  await merchant.send(LIST, 'app.products.mapping._index', { intent: 'look', variantGid: gid(described) });
  expect(await listed('problem=gone')).toMatchObject([{ sku: 'SHOP-FR-1GB-7D', isGone: true }]);
});

test('a price below the cost is told in the shop’s currency, whatever the supplier charges in', async () => {
  const euros = await openShop(world, { currency: 'EUR' });
  await world.until('the rates are read', async () => {
    const { rates } = await euros.read<{ rates: { day: string | null } }>(
      '/app/pricing?index',
      'app.pricing._index',
    );
    return rates.day !== null;
  });
  for (const [title, price] of [
    ['Dear eSIM', '99.00'],
    ['Cheap eSIM', '0.05'],
  ] as const) {
    const product = world.shopify.state.createProduct(euros.domain, { title, variants: [{ price }] });
    await euros.link(product.variants[0]?.id ?? 0, FRANCE, 'map');
  }
  const { rows } = await euros.read<{ rows: { title: string; bundles: { isAbovePrice: boolean }[] }[] }>(
    `${LIST}&problem=price`,
    'app.products.mapping._index',
  );
  expect(rows).toMatchObject([{ title: 'Cheap eSIM', bundles: [{ isAbovePrice: true }] }]);
});
