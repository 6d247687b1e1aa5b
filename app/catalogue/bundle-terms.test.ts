import { expect, test } from 'vitest';
import { bundleQuery } from './bundle-query.ts';
import { readSearch, termQuery } from './bundle-terms.ts';

const terms = (parts: Parameters<typeof bundleQuery>[0]) => termQuery('0123456789', bundleQuery(parts));

test('sizes and lengths are found whole, in any unit, and the rest is words', () => {
  expect(readSearch('France 5 GB, 7 days')).toEqual({
    words: ['France'],
    bytes: ['5000000000'],
    days: ['7'],
  });
  expect(readSearch('0,5gb 30d')).toMatchObject({ bytes: ['500000000'], days: ['30'] });
  expect(readSearch('esim_1GB_7D_FR_V2')).toEqual({ words: ['esim_1GB_7D_FR_V2'], bytes: [], days: [] });
  expect(readSearch('plan-FR-1GB-7D')).toEqual({ words: ['plan-FR-1GB-7D'], bytes: [], days: [] });
  expect(readSearch(' – ')).toEqual({ words: [], bytes: [], days: [] });
});

test('a word is a beginning of the bundle’s words, or names a country', () => {
  expect(terms({ search: 'japa' })).toBe(`((('01234567:w:japa':*) | '01234567:c:JP'))`);
  expect(terms({ search: '日本', locale: 'ja' })).toBe(`(('01234567:c:JP'))`);
  expect(terms({ search: 'esim_1GB' })).toBe(`((('01234567:w:esim':* & '01234567:w:1gb':*)))`);
});

test('what cannot be found anywhere finds nothing, and no question has no terms', () => {
  expect(terms({ search: 'ワード' })).toBe(`('nothing')`);
  expect(terms({})).toBeNull();
  expect(terms({ costMin: '3' })).toBeNull();
});

test('a quote in a name ends no term', () => {
  expect(terms({ group: [`it's \\ big`] })).toBe(`(('01234567:g:it''s \\\\ big'))`);
});
