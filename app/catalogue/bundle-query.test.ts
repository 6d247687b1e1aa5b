import { expect, test } from 'vitest';
import { readBundleQuery } from './bundle-query.ts';

test('an address says what to show, and nonsense in it is ignored', () => {
  const query = (text: string) => readBundleQuery(new URLSearchParams(text));
  expect(query('search=+europe+&country=FR&page=3&onlySold=yes')).toMatchObject({
    ...{ search: 'europe', country: 'FR', page: 3, onlySold: true },
  });
  const plain = { search: '', country: '', page: 1, onlySold: false };
  expect(query('')).toMatchObject(plain);
  expect(query(`search=${'x'.repeat(200)}&country=fr'--&page=-4&onlySold=1`)).toMatchObject(plain);
  expect(query('page=1e9')).toMatchObject(plain);
});
