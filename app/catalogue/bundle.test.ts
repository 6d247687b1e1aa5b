import { expect, test } from 'vitest';
import {
  bundleTitle,
  codesByName,
  countriesNamed,
  countryName,
  dataLabel,
  destinationOf,
  type BundleFacts,
} from './bundle.ts';

const france: BundleFacts = {
  description: 'eSIM, 1GB, 7 Days, France, V2',
  countries: ['FR'],
  region: null,
  dataBytes: 1_000_000_000n,
  days: 7,
  groups: ['Standard Fixed'],
};

test('a bundle is called by place, data and days', () => {
  expect(bundleTitle(france)).toBe('France 1 GB, 7 days');
  expect(
    bundleTitle({ ...france, countries: ['DE', 'FR'], region: 'Europe', dataBytes: 500_000_000n, days: 1 }),
  ).toBe('Europe 500 MB, 1 day');
  expect(bundleTitle({ ...france, countries: ['DE', 'FR'] })).toBe('2 countries 1 GB, 7 days');
  expect(bundleTitle({ ...france, countries: [] })).toBe('eSIM, 1GB, 7 Days, France, V2 1 GB, 7 days');
  expect(bundleTitle(france, 'de')).toBe('Frankreich 1 GB, 7 days');
});

test('three kinds of unlimited for one place have three names', () => {
  const kinds = ['Standard Unlimited Lite', 'Standard Unlimited Essential', 'Standard Unlimited Plus'];
  const names = kinds.map((group) => bundleTitle({ ...france, dataBytes: null, groups: [group] }));
  expect(names[0]).toBe('France Unlimited Lite, 7 days');
  expect(new Set(names).size).toBe(3);
});

test('bundles of one place share a destination, whatever they are called', () => {
  expect(destinationOf({ countries: ['FR'], region: null })).toEqual({ kind: 'country', destination: 'FR' });
  expect(destinationOf({ countries: ['FR'], region: 'Europe' }).kind).toBe('region');
  const places = ['Europe', 'Europe+', 'Middle East', 'Amérique du Sud', '中東'];
  expect(places.map((region) => destinationOf({ countries: ['FR', 'JP'], region }).destination)).toEqual([
    'europe',
    'europe-plus',
    'middle-east',
    'amerique-du-sud',
    '中東',
  ]);
  for (const region of ['Global', 'world', 'Worldwide', '', null])
    expect(destinationOf({ countries: ['FR', 'JP'], region }).kind).toBe('global');
  expect(destinationOf({ countries: [], region: 'Global Lite' }).destination).toBe('global-lite');
});

test('data is rounded down, so that nobody is promised more than was bought', () => {
  expect(dataLabel({ dataBytes: 1_999_999_999n, groups: [] })).toBe('1.99 GB');
  expect(dataLabel({ dataBytes: 999_999_999n, groups: [] })).toBe('999.99 MB');
  expect(dataLabel({ dataBytes: null, groups: [] })).toBe('Unlimited');
});

test('a country nobody knows keeps its code, and places have their everyday names', () => {
  expect(countryName('QX')).toBe('QX');
  expect(countryName('Europe+')).toBe('Europe+');
  expect(countryName('HK')).toBe('Hong Kong');
});

test('countries are found by a part of their name or by their code', () => {
  expect(countriesNamed('german')).toContain('DE');
  expect(countriesNamed('fr')).toContain('FR');
  expect(countriesNamed('nowhere')).toEqual([]);
  expect(codesByName().indexOf('AL')).toBeLessThan(codesByName().indexOf('DZ'));
});
