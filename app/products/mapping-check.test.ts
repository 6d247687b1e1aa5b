import { expect, test } from 'vitest';
import type { SeenVariant } from '../shopify/variants.server.ts';
import { checkLines, type Surroundings } from './mapping-check.ts';
import type { MappingLine } from './mapping-csv.ts';

const variant = (id: number, changes: Partial<SeenVariant> = {}): SeenVariant => ({
  ...{ variantGid: `gid://shopify/ProductVariant/${String(id)}`, productGid: 'gid://shopify/Product/1' },
  ...{
    title: `Variant ${String(id)}`,
    handle: 'travel-esim',
    options: [`${String(id)} GB`],
    sku: `SKU-${String(id)}`,
  },
  ...{ price: '9.90', requiresShipping: false, isGiftCard: false },
  ...changes,
});
const bundle = (id: string, code: string, supplier = 'eSIM Go') => ({
  ...{ id, code, supplier, isWithdrawn: false, isConnected: true },
  covers: { countries: ['FR'], dataBytes: '1000000000', days: 7, groups: [] },
});
const around: Surroundings = {
  variants: [
    variant(1),
    variant(2),
    variant(3, { isGiftCard: true }),
    variant(4, { requiresShipping: true }),
  ],
  bundles: [
    bundle('a', 'Code'),
    bundle('b', 'CODE'),
    bundle('c', 'both'),
    bundle('d', 'both', 'Other'),
    { ...bundle('gone', 'old'), isWithdrawn: true },
  ],
  suppliers: ['eSIM Go', 'Other'],
  locale: 'en',
  mapped: new Map([
    ['gid://shopify/ProductVariant/2', { bundleIds: ['gone', 'a'], kind: 'esim', choosing: 'cost' }],
  ]),
};
const line = (changes: Partial<MappingLine>): MappingLine => ({
  ...{ line: 2, variantId: '', sku: '', handle: '', options: [], kind: '', choosing: '', isTooLong: false },
  bundles: [{ code: 'Code', supplier: '' }],
  ...changes,
});
const check = (changes: Partial<MappingLine>) => {
  const [checked] = checkLines([line(changes)], around);
  const said = checked?.complaints.map(({ sentence, todo }) => `${sentence} ${todo}`).join(' ') ?? '';
  return { outcome: checked?.outcome, bundleIds: checked?.plan?.bundleIds ?? null, said };
};
const codes = (...names: string[]) => names.map((code) => ({ code, supplier: '' }));

test('codes that differ in capital letters only are different bundles, and none is guessed', () => {
  expect(check({ sku: 'SKU-1', bundles: codes('CODE') }).bundleIds).toEqual(['b']);
  expect(check({ sku: 'SKU-1', bundles: codes('code') })).toMatchObject({
    outcome: 'wrong',
    bundleIds: null,
  });
  expect(check({ sku: 'SKU-1', bundles: codes('BOTH') }).outcome).toBe('wrong');
});

test('a code that two suppliers sell needs the name of one', () => {
  expect(check({ sku: 'SKU-1', bundles: codes('both') }).said).toContain('sold by eSIM Go and Other');
  const named = [{ code: 'both', supplier: 'other' }];
  expect(check({ sku: 'SKU-1', bundles: named }).bundleIds).toEqual(['d']);
});

test('a withdrawn bundle may stay where it is listed already, and comes on no other list', () => {
  expect(check({ sku: 'SKU-2', bundles: codes('old', 'Code') })).toMatchObject({ outcome: 'same' });
  expect(check({ sku: 'SKU-2', bundles: codes('Code', 'old') })).toMatchObject({ outcome: 'change' });
  expect(check({ sku: 'SKU-1', bundles: codes('old') })).toMatchObject({ outcome: 'wrong' });
});

test('a variant is named by id, by SKU, or by product and options', () => {
  expect(check({ variantId: '1' }).outcome).toBe('new');
  expect(check({ variantId: 'gid://shopify/ProductVariant/1', sku: 'OLD' })).toMatchObject({
    ...{ outcome: 'new', said: expect.stringContaining('Its SKU in Shopify is SKU-1') as string },
  });
  expect(check({ handle: 'travel-esim', options: ['1 GB'] }).outcome).toBe('new');
  expect(check({ handle: 'travel-esim' }).said).toContain('Fill in Option 1 and on, as in 1 GB');
  expect(check({ variantId: '4.5E+13' }).said).toContain('rounded by a spreadsheet');
  expect(check({ variantId: '99' }).said).toContain('Shopify has no variant 99');
});

test('a line chooses by what it says, and by what was chosen before where it says nothing', () => {
  const chosen = (changes: Partial<MappingLine>) => {
    const [checked] = checkLines([line({ bundles: codes('old', 'Code'), sku: 'SKU-2', ...changes })], around);
    return [checked?.outcome, checked?.plan?.choosing];
  };
  expect(chosen({})).toEqual(['same', 'cost']);
  expect(chosen({ choosing: 'Lowest Cost' })).toEqual(['same', 'cost']);
  expect(chosen({ choosing: 'stock' })).toEqual(['change', 'stock']);
  expect(chosen({ sku: 'SKU-1', bundles: codes('Code') })).toEqual(['new', 'order']);
  expect(check({ sku: 'SKU-1', choosing: 'cheap' })).toMatchObject({
    ...{ outcome: 'wrong', said: expect.stringContaining('"cheap" is no way to choose') as string },
  });
});

test('a gift card is refused, and a physical product warned of', () => {
  expect(check({ sku: 'SKU-3' })).toMatchObject({ outcome: 'wrong' });
  expect(check({ sku: 'SKU-4' })).toMatchObject({
    ...{ outcome: 'new', said: expect.stringContaining('where to ship') as string },
  });
});

test('a bundle that covers less than the first of its line is warned of, and may be written', () => {
  const small = bundle('small', 'small', 'Other');
  const line1 = line({ sku: 'SKU-1', bundles: codes('Code', 'small') });
  const [checked] = checkLines([line1], {
    ...around,
    bundles: [...around.bundles, { ...small, covers: { ...small.covers, days: 3 } }],
  });
  expect(checked?.outcome).toBe('new');
  expect(checked?.complaints).toMatchObject([
    { isWarning: true, sentence: 'small of Other covers less than Code: it lasts 3 days instead of 7 days.' },
  ]);
});
