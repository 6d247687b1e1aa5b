import fc from 'fast-check';
import { expect, test } from 'vitest';
import { coverageGap, standIns, type Coverage } from './coverage.ts';

const GB = (size: number) => String(size * 1e9);
const japan: Coverage = { countries: ['JP'], dataBytes: GB(3), days: 15, groups: [] };

test('what covers as much or more may stand in, and what covers less is told in words', () => {
  expect(coverageGap(japan, { ...japan, countries: ['JP', 'KR'], dataBytes: null, days: 30 })).toBeNull();
  expect(coverageGap(japan, { ...japan, countries: ['KR'], dataBytes: GB(1), days: 7 })).toBe(
    'it does not work in Japan, has 1 GB instead of 3 GB, and lasts 7 days instead of 15 days',
  );
  expect(coverageGap({ ...japan, dataBytes: null }, japan)).toBe('it has 3 GB instead of Unlimited');
  const world = { ...japan, countries: ['CN', 'FR', 'JP', 'KR', 'US'] };
  expect(coverageGap(world, { ...japan, countries: [] })).toBe(
    'it does not work in China, France, Japan, and 2 more',
  );
});

test('countries are named in the viewer’s language, in a sentence that stays English', () => {
  expect(coverageGap({ ...japan, countries: ['JP', 'DE'] }, { ...japan, countries: [], days: 7 }, 'de')).toBe(
    'it does not work in Japan and Deutschland and lasts 7 days instead of 15 days',
  );
});

test('of a region in two suppliers’ words, each stand-in says what it lacks', () => {
  const europe = { countries: ['AT', 'FR', 'RU'], dataBytes: 1_000_000_000n, days: 7, groups: [] };
  const without = { ...europe, countries: ['AT', 'FR'] };
  expect(standIns({ bundle: europe, substitutes: [without, europe] })).toEqual([
    { bundle: without, gap: 'it does not work in Russia' },
    { bundle: europe, gap: null },
  ]);
  expect(standIns({ bundle: without, substitutes: [europe] })).toEqual([{ bundle: europe, gap: null }]);
});

const coverage: fc.Arbitrary<Coverage> = fc.record({
  countries: fc.subarray(['FR', 'JP', 'US']),
  dataBytes: fc.option(fc.nat(3).map(String)),
  days: fc.integer({ min: 1, max: 4 }),
  groups: fc.constant([]),
});

test('a gap is told exactly where countries, data or days are fewer', () => {
  fc.assert(
    fc.property(coverage, coverage, (promised, other) => {
      const isCovered =
        promised.countries.every((country) => other.countries.includes(country)) &&
        other.days >= promised.days &&
        (other.dataBytes === null ||
          (promised.dataBytes !== null && Number(other.dataBytes) >= Number(promised.dataBytes)));
      expect(coverageGap(promised, other) === null).toBe(isCovered);
    }),
  );
});
