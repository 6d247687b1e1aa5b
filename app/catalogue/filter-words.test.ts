import { expect, test } from 'vitest';
import { bundleQuery, isFiltered, type BundleQuery } from './bundle-query.ts';
import { filterChips } from './filter-words.ts';

const names = {
  countryNames: new Map([
    ['FR', 'Frankreich'],
    ['DE', 'Deutschland'],
  ]),
  accountNames: new Map([['a', 'eSIM Go']]),
};
const chips = (parts: Partial<BundleQuery>) => filterChips(bundleQuery(parts), names);
const labels = (parts: Partial<BundleQuery>) => chips(parts).map(({ label }) => label);

test('each part of a question is told in words', () => {
  expect(labels({ country: ['FR', 'DE'] })).toEqual(['Country: Frankreich or Deutschland']);
  expect(labels({ country: ['FR', 'DE', 'IT', 'ES'] })).toEqual([
    'Country: Frankreich, Deutschland or 2 others',
  ]);
  expect(labels({ dataMin: '5' })).toEqual(['Data: 5 GB and more']);
  expect(labels({ dataMin: '0.5', dataMax: '3' })).toEqual(['Data: 0.5 to 3 GB']);
  expect(labels({ daysMin: 1, daysMax: 1 })).toEqual(['Days: 1 day']);
  expect(labels({ costMax: '4.50' })).toEqual(['Cost: up to 4.50']);
  expect(labels({ account: ['a', 'gone'] })).toEqual(['Supplier: eSIM Go or unknown']);
  expect(labels({ unlimited: 'no', sold: 'no', withdrawn: 'yes' })).toEqual([
    'Unlimited data: none',
    'In your shop: not sold',
    'Withdrawn: only',
  ]);
});

test('what the app published and what the merchant mapped are told apart', () => {
  expect(labels({ sold: 'published' })).toEqual(['In your shop: published by the app']);
  expect(labels({ sold: 'mapped' })).toEqual(['In your shop: mapped by you']);
});

test('taking every chip away leaves no filter', () => {
  const query: Partial<BundleQuery> = {
    ...{
      country: ['FR'],
      kind: ['global'],
      region: ['Europe'],
      group: ['Standard'],
      speed: ['5G'],
      account: ['a'],
    },
    ...{ dataMin: '1', dataMax: '2', daysMin: 1, daysMax: 2, costMin: '1', costMax: '2' },
    ...{ unlimited: 'yes', sold: 'yes', withdrawn: 'no' },
  };
  const rest = chips(query).reduce((left, { without }) => ({ ...left, ...without }), bundleQuery(query));
  expect(isFiltered(rest)).toBe(false);
});
