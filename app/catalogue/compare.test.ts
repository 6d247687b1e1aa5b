import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareBundles, sortCompared, type Comparable } from './compare.ts';

const bundle = (
  id: string,
  gigabytes: number | null,
  days: number,
  cost: string,
  currency = 'USD',
): Comparable => ({
  ...{ id, days, groups: gigabytes === null ? ['Unlimited Lite'] : [] },
  dataBytes: gigabytes === null ? null : BigInt(gigabytes * 1e9),
  cost: { amount: new Decimal(cost), currency },
});

test('the cheapest by gigabyte and by day, and of each size that two suppliers have, are marked', () => {
  const rows = compareBundles([
    bundle('a1', 1, 7, '1.50'),
    bundle('b1', 1, 7, '1.40'),
    bundle('a5', 5, 30, '6'),
    bundle('u', null, 30, '9'),
  ]);
  expect(rows.map(({ perGigabyte }) => perGigabyte?.toFixed() ?? null)).toEqual(['1.5', '1.4', '1.2', null]);
  const marked = (mark: 'isCheapestPerGigabyte' | 'isCheapestPerDay' | 'isCheapestOfSize') =>
    rows.filter((row) => row[mark]).map(({ id }) => id);
  expect(marked('isCheapestPerGigabyte')).toEqual(['a5']);
  // 1.40 a week and 6 a month are 0.20 a day both.
  expect(marked('isCheapestPerDay')).toEqual(['b1', 'a5']);
  expect(marked('isCheapestOfSize')).toEqual(['b1']);
});

test('costs of different currencies are not compared', () => {
  const rows = compareBundles([bundle('a', 1, 7, '2'), bundle('b', 1, 7, '1', 'EUR')]);
  expect(rows.map((row) => [row.isCheapestPerDay, row.isCheapestOfSize])).toEqual([
    [true, false],
    [true, false],
  ]);
});

test('something is always cheapest, and nothing that is marked is beaten by another of its currency', () => {
  const anyBundle = fc
    .tuple(
      fc.uuid(),
      fc.option(fc.integer({ min: 1, max: 50 })),
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 99_999 }),
    )
    .map(([id, gigabytes, days, cents]) => bundle(id, gigabytes, days, String(cents / 100)));
  fc.assert(
    fc.property(fc.array(anyBundle, { minLength: 1, maxLength: 30 }), (bundles) => {
      const rows = compareBundles(bundles);
      expect(rows.some(({ isCheapestPerDay }) => isCheapestPerDay)).toBe(true);
      for (const row of rows.filter(({ isCheapestPerDay }) => isCheapestPerDay))
        for (const other of rows) expect(other.perDay.lessThan(row.perDay)).toBe(false);
      for (const row of rows.filter(({ isCheapestPerGigabyte }) => isCheapestPerGigabyte))
        for (const other of rows)
          expect(other.perGigabyte?.lessThan(row.perGigabyte ?? 0) ?? false).toBe(false);
    }),
  );
});

test('the cheapest gigabyte comes first, and unlimited data, which has none, last', () => {
  const bundles = [bundle('u', null, 30, '1'), bundle('a', 1, 7, '2'), bundle('b', 5, 7, '5')];
  const ids = (sort: 'size' | 'cost' | 'cost-per-gb') =>
    sortCompared(bundles, compareBundles(bundles), sort).map(({ id }) => id);
  expect(ids('cost-per-gb')).toEqual(['b', 'a', 'u']);
  expect(ids('cost')).toEqual(['u', 'a', 'b']);
  expect(ids('size')).toEqual(['u', 'a', 'b']);
});
