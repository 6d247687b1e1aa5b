import { expect, test } from 'vitest';
import { substituteFor, type Replaceable } from './withdrawn.ts';

const france: Replaceable = {
  ...{ id: 'a', destination: 'FR', countries: ['FR'], dataBytes: 1_000_000_000n, days: 7 },
  ...{ cost: 1, currency: 'USD' },
};
const gone = { ...france, mappedCost: 1 };
const other = (changes: Partial<Replaceable>) => ({ ...france, id: 'b', ...changes });

test('a bundle is replaced by the cheapest that gives at least as much, within the price guard', () => {
  const unlimited = other({ id: 'u', dataBytes: null, cost: 1.15 });
  const longer = other({ id: 'l', days: 15, cost: 1.1 });
  expect(substituteFor(gone, [unlimited, longer], 20)).toBe(longer);
  expect(substituteFor(gone, [unlimited, longer], 5)).toBeNull();
  expect(substituteFor(gone, [other({ cost: 9 })], null)?.cost).toBe(9);
});

test.each<[string, Partial<Replaceable>]>([
  ['less data', { dataBytes: 999_999_999n }],
  ['fewer days', { days: 6 }],
  ['another place', { destination: 'DE' }],
  ['a country less', { countries: [] }],
  ['another currency', { currency: 'EUR' }],
])('nobody is given %s than they pay for', (_what, changes) => {
  expect(substituteFor(gone, [other(changes)], null)).toBeNull();
});

test('what was unlimited is replaced by unlimited only', () => {
  const wasUnlimited = { ...gone, dataBytes: null };
  expect(substituteFor(wasUnlimited, [other({})], null)).toBeNull();
  expect(substituteFor(wasUnlimited, [other({ dataBytes: null })], null)?.id).toBe('b');
});
