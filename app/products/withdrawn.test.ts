import { expect, test } from 'vitest';
import { substituteFor, type Replaceable } from './withdrawn.ts';

const france: Replaceable = {
  ...{ id: 'a', destination: 'FR', countries: ['FR'], dataBytes: 1_000_000_000n, days: 7 },
  ...{ cost: 1, currency: 'USD' },
};
const gone = { ...france, mappedCost: 1 };
const other = (changes: Partial<Replaceable>) => ({ ...france, id: 'b', ...changes });

const worth = (amount: number, currency: string) => ({ USD: amount, EUR: amount * 1.15 })[currency] ?? null;

test('a bundle is replaced by the cheapest that gives at least as much, within the price guard', () => {
  const unlimited = other({ id: 'u', dataBytes: null, cost: 1.15 });
  const longer = other({ id: 'l', days: 15, cost: 1.1 });
  expect(substituteFor(gone, [unlimited, longer], 20, worth)).toBe(longer);
  expect(substituteFor(gone, [unlimited, longer], 5, worth)).toBeNull();
  expect(substituteFor(gone, [other({ cost: 9 })], null, worth)?.cost).toBe(9);
});

test.each<[string, Partial<Replaceable>]>([
  ['less data', { dataBytes: 999_999_999n }],
  ['fewer days', { days: 6 }],
  ['another place', { destination: 'DE' }],
  ['a country less', { countries: [] }],
  ['what no rate compares', { currency: 'GBP' }],
])('nobody is given %s than they pay for', (_what, changes) => {
  expect(substituteFor(gone, [other(changes)], null, worth)).toBeNull();
});

test('costs of two currencies are compared by the rates', () => {
  const euros = other({ id: 'e', cost: 1, currency: 'EUR' });
  expect(substituteFor(gone, [other({ cost: 1.2 }), euros], 20, worth)).toBe(euros);
  expect(substituteFor(gone, [other({ cost: 1.1 }), euros], 20, worth)?.id).toBe('b');
  expect(substituteFor(gone, [euros], 10, worth)).toBeNull();
  // Where no rate tells its own, its own alone is compared.
  const pounds = { ...gone, currency: 'GBP' };
  expect(substituteFor(pounds, [euros, other({ id: 'p', currency: 'GBP' })], 20, worth)?.id).toBe('p');
});

test('what was unlimited is replaced by unlimited only', () => {
  const wasUnlimited = { ...gone, dataBytes: null };
  expect(substituteFor(wasUnlimited, [other({})], null, worth)).toBeNull();
  expect(substituteFor(wasUnlimited, [other({ dataBytes: null })], null, worth)?.id).toBe('b');
});
