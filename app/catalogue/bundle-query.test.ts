import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bundleQuery,
  bundleSorts,
  destinationKinds,
  isFiltered,
  readBundleQuery,
  soldAs,
  writeBundleQuery,
  type BundleQuery,
} from './bundle-query.ts';

const read = (text: string) => readBundleQuery(new URLSearchParams(text));

test('an address says what to show', () => {
  expect(
    read('search=+europe+&country=FR&country=DE&dataMin=0.5&daysMax=30&sold=yes&sort=cost&order=desc'),
  ).toEqual(
    bundleQuery({
      ...{ search: 'europe', country: ['FR', 'DE'], dataMin: '0.5', daysMax: 30, sold: 'yes' },
      ...{ sort: 'cost', order: 'desc' },
    }),
  );
});

test('a bad part of an address is as good as none, and the good parts beside it stay', () => {
  const nonsense = [
    ...[
      `search=${'x'.repeat(200)}`,
      'search=a%00b',
      "country=fr'--",
      'kind=moon',
      'region=',
      'account=mine',
      'dataMin=-1',
    ],
    ...[
      'daysMin=1e9',
      'costMax=NaN',
      'unlimited=perhaps',
      'sold=1',
      'sort=password',
      'order=up',
      'after=me',
      'page=3',
    ],
  ];
  for (const part of nonsense) expect(read(part), part).toEqual(bundleQuery({}));
  expect(read(nonsense.join('&') + '&country=JP')).toEqual(bundleQuery({ country: ['JP'] }));
});

test('sort and page are no filters', () => {
  expect(isFiltered(read('sort=cost&order=desc'))).toBe(false);
  expect(isFiltered(read('speed=5G'))).toBe(true);
});

const word = fc.string({ minLength: 1, maxLength: 40, unit: 'binary' }).filter((text) => {
  return text.trim() === text && text.length > 0 && text.length <= 100 && !text.includes('\0');
});
const few = <Item>(item: fc.Arbitrary<Item>) => fc.uniqueArray(item, { maxLength: 4 });
const maybe = <Item>(item: fc.Arbitrary<Item>) => fc.option(item, { nil: null });
const decimal = fc
  .tuple(fc.nat(99_999), fc.nat(999))
  .map(([whole, part]) => `${String(whole)}.${String(part)}`);

const anyQuery: fc.Arbitrary<BundleQuery> = fc.record({
  search: fc.oneof(fc.constant(''), word),
  locale: fc.constant('en'),
  country: few(fc.constantFrom('FR', 'DE', 'JP', 'US')),
  kind: few(fc.constantFrom(...destinationKinds)),
  region: few(word),
  group: few(word),
  speed: few(word),
  account: few(fc.uuid()),
  dataMin: maybe(decimal),
  dataMax: maybe(decimal),
  daysMin: maybe(fc.nat(9999)),
  daysMax: maybe(fc.nat(9999)),
  costMin: maybe(decimal),
  costMax: maybe(decimal),
  unlimited: maybe(fc.constantFrom('yes' as const, 'no' as const)),
  sold: maybe(fc.constantFrom(...soldAs)),
  withdrawn: maybe(fc.constantFrom('yes' as const, 'no' as const)),
  sort: fc.constantFrom(...bundleSorts),
  order: fc.constantFrom('asc' as const, 'desc' as const),
  after: maybe(fc.uuid()),
  before: maybe(fc.uuid()),
});

test('every question can be written as an address that asks the same', () => {
  fc.assert(
    fc.property(anyQuery, (query) => {
      const address = writeBundleQuery(query).toString();
      expect(readBundleQuery(new URLSearchParams(address))).toEqual(query);
    }),
  );
});

test('whatever is typed into an address, it can be read, and reading what it says again changes nothing', () => {
  const name = fc.oneof(fc.constantFrom(...Object.keys(bundleQuery({}))), fc.string());
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.string({ unit: 'binary' }))), (pairs) => {
      const query = readBundleQuery(new URLSearchParams(pairs));
      expect(readBundleQuery(writeBundleQuery(query))).toEqual(query);
    }),
  );
});
