import fc from 'fast-check';
import { expect, test } from 'vitest';
import { esimQuery } from './esim-query.ts';
import { bytesLabel, destinationLabel, filterChips, usageView, wordsOf } from './esim-words.ts';

test('data is said in decimal gigabytes, as suppliers sell it', () => {
  expect(bytesLabel(1_250_000_000n, 'en')).toBe('1.25 GB');
  expect(bytesLabel(350_400_000n, 'en')).toBe('350 MB');
  expect(bytesLabel(0n, 'en')).toBe('0 MB');
  expect(bytesLabel(1_500_000_000n, 'de')).toBe('1,5 GB');
});

test('unlimited is said, and what is not known is not made up', () => {
  const unlimited = { usedBytes: null, totalBytes: null, isUnlimited: true };
  expect(usageView(unlimited, 'en')).toEqual({ label: 'Unlimited data', percent: null });
  expect(usageView({ ...unlimited, isUnlimited: false }, 'en')).toEqual({
    label: 'Not known',
    percent: null,
  });
});

test('a bar is never fuller than full', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 13n }),
      fc.bigInt({ min: 0n, max: 10n ** 13n }),
      (used, total) => {
        const { percent } = usageView({ usedBytes: used, totalBytes: total, isUnlimited: false }, 'en');
        if (percent === null) expect(total).toBe(0n);
        else expect(percent >= 0 && percent <= 100).toBe(true);
      },
    ),
  );
});

test('places are named, also those the catalogue has forgotten', () => {
  const regions = new Map([['europe-plus', 'Europe+']]);
  expect(
    ['FR', 'europe-plus', 'asia', 'global', ''].map((key) => destinationLabel(key, regions, 'en')),
  ).toEqual(['France', 'Europe+', 'asia', 'Worldwide', 'Unknown destination']);
});

test('what is filtered is said in words', () => {
  const names = { destinations: new Map([['FR', 'France']]), accounts: new Map<string, string>() };
  const query = esimQuery({ status: ['used-up', 'expired'], destination: ['FR'], concern: 'expiring' });
  expect(filterChips(query, names).map(({ label }) => label)).toEqual([
    'Worth a look: Ends within 3 days',
    'State: Used up or Expired',
    'Destination: France',
  ]);
});

test('a state of a newer version is shown as it is', () => {
  expect(wordsOf('paused')).toEqual({ label: 'paused' });
});
