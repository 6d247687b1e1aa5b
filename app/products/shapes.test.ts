import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LANGUAGES } from '../platform/language.ts';
import { everyBundle, optionValues, shapeProducts, type ShapeBundle } from './shapes.ts';

const GB = 1_000_000_000n;
let count = 0;

function bundle(facts: Partial<ShapeBundle>): ShapeBundle {
  const id = `bundle-${String(++count)}`;
  return {
    ...{ id, code: id, accountId: 'a', supplier: 'eSIM Go', destination: 'FR' },
    ...{ dataBytes: GB, days: 7, speeds: ['4G'], groups: ['Standard Fixed'], costMinor: 100 },
    ...facts,
  };
}

const how = { shape: 'destination', alternatives: () => 'substitutes' as const, language: 'en' } as const;

test('a destination is one product: data by validity, small to large, unlimited last', () => {
  const { products } = shapeProducts(
    [
      bundle({ dataBytes: null, groups: ['Standard Unlimited Lite'], days: 3 }),
      bundle({ dataBytes: 20n * GB, days: 30 }),
      bundle({ dataBytes: 3n * GB, days: 30 }),
      bundle({ dataBytes: GB / 2n }),
      bundle({ dataBytes: 3n * GB, days: 7 }),
      bundle({ destination: 'JP' }),
    ],
    how,
  );
  expect(products.map(({ key }) => key)).toEqual(['destination FR', 'destination JP']);
  expect(products[0]?.options).toEqual(['Data', 'Validity']);
  expect(products[0]?.variants.map(({ values }) => values.join(' / '))).toEqual([
    '500 MB / 7 days',
    '3 GB / 7 days',
    '3 GB / 30 days',
    '20 GB / 30 days',
    'Unlimited data Lite / 3 days',
  ]);
  expect(products.slice(0, 1).flatMap(optionValues)).toEqual([
    ['500 MB', '3 GB', '20 GB', 'Unlimited data Lite'],
    ['3 days', '7 days', '30 days'],
  ]);
});

test('of two bundles alike in data and days the cheaper is sold, and the other stands in for it', () => {
  const [dear, cheap] = [bundle({ costMinor: 200, supplier: 'Gohub' }), bundle({ costMinor: 150 })];
  const [product] = shapeProducts([dear, cheap], how).products;
  expect(product?.variants).toEqual([{ bundle: cheap, substitutes: [dear], values: ['1 GB', '7 days'] }]);
});

test('or buyers choose between them, by what tells them apart', () => {
  const choose = { ...how, alternatives: () => 'option' as const, language: 'de' } as const;
  const [product] = shapeProducts(
    [bundle({ speeds: ['4G'] }), bundle({ speeds: ['5G'], costMinor: 300 }), bundle({ days: 30 })],
    choose,
  ).products;
  expect(product?.options).toEqual(['Datenvolumen', 'Gültigkeit', 'Tarif']);
  expect(product?.variants.map(({ values }) => values)).toEqual([
    ['1 GB', '7 Tage', '4G'],
    ['1 GB', '7 Tage', '5G'],
    ['1 GB', '30 Tage', '4G'],
  ]);
});

test('one product of each bundle has nothing to choose', () => {
  const { products } = shapeProducts([bundle({}), bundle({})], { ...how, shape: 'bundle' });
  expect(products.map(({ options, variants }) => [options, variants.length])).toEqual([
    [[], 1],
    [[], 1],
  ]);
});

test('what Shopify cannot take in one product is left out, and said', () => {
  const many = Array.from({ length: 2100 }, (_, index) => bundle({ days: index + 1 }));
  const { products, leftOut } = shapeProducts(many, how);
  expect([products[0]?.variants.length, leftOut.length]).toEqual([2048, 52]);
});

test('whatever is chosen: every bundle once, no two variants alike, the cheapest first, the same in any order', () => {
  const anyBundle = fc
    .record({
      destination: fc.constantFrom('FR', 'JP', 'europe'),
      dataBytes: fc.option(fc.constantFrom(GB, 2n * GB, GB / 2n, 1_234_567_890n), { nil: null }),
      days: fc.constantFrom(1, 7, 30),
      supplier: fc.constantFrom('A', 'B'),
      groups: fc.constantFrom(
        [],
        ['Standard Fixed'],
        ['Standard Unlimited Lite'],
        ['Standard Unlimited Plus'],
      ),
      speeds: fc.constantFrom([], ['4G'], ['4G', '5G']),
      costMinor: fc.integer({ min: 1, max: 500 }),
    })
    .map(bundle);
  fc.assert(
    fc.property(
      fc.array(anyBundle, { maxLength: 40 }),
      fc.constantFrom('destination' as const, 'bundle' as const),
      fc.constantFrom('substitutes' as const, 'option' as const),
      fc.constantFrom(...LANGUAGES),
      (bundles, shape, alternatives, language) => {
        const { products } = shapeProducts(bundles, { shape, alternatives: () => alternatives, language });
        const placed = products.flatMap(({ variants }) => variants.flatMap(everyBundle));
        expect(placed.map(({ id }) => id).sort()).toEqual(bundles.map(({ id }) => id).sort());
        for (const { options, variants } of products) {
          const titles = variants.map(({ values }) => values.join(' / '));
          expect(new Set(titles).size).toBe(titles.length);
          for (const { bundle: sold, substitutes, values } of variants) {
            expect(values).toHaveLength(options.length);
            expect(substitutes.every(({ costMinor }) => costMinor >= sold.costMinor)).toBe(true);
          }
        }
        const again = shapeProducts(bundles.toReversed(), {
          shape,
          alternatives: () => alternatives,
          language,
        }).products;
        expect(new Map(again.map((each) => [each.key, each]))).toEqual(
          new Map(products.map((each) => [each.key, each])),
        );
      },
    ),
  );
});
