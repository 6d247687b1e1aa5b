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
  mapped: new Map([['gid://shopify/ProductVariant/2', { bundleIds: ['gone', 'a'], kind: 'esim' }]]),
};
const line = (changes: Partial<MappingLine>): MappingLine => ({
  ...{ line: 2, variantId: '', sku: '', handle: '', options: [], kind: '', isTooLong: false },
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

test('a gift card is refused, and a physical product warned of', () => {
  expect(check({ sku: 'SKU-3' })).toMatchObject({ outcome: 'wrong' });
  expect(check({ sku: 'SKU-4' })).toMatchObject({
    ...{ outcome: 'new', said: expect.stringContaining('where to ship') as string },
  });
});
