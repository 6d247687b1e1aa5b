import { expect, test } from 'vitest';
import { formatCost } from '../platform/money.ts';
import { changeText, countsText } from './sync-words.ts';

const words = (field: Parameters<typeof changeText>[0]['field'], old: unknown, now: unknown) =>
  changeText(
    { field, old, new: now },
    {
      cost: (cost) => formatCost(cost, 'en-US'),
      locale: 'de',
    },
  );

test('a change is told as a merchant says it', () => {
  const usd = (amount: string) => ({ amount, currency: 'USD' });
  expect(words('cost', usd('1.2'), usd('1.5'))).toEqual({ field: 'Cost', old: '$1.20', new: '$1.50' });
  expect(words('dataBytes', '1000000000', null)).toEqual({ field: 'Data', old: '1 GB', new: 'Unlimited' });
  expect(words('countries', ['FR'], ['DE', 'FR'])).toMatchObject({
    old: 'Frankreich',
    new: 'Deutschland, Frankreich',
  });
  expect(
    words(
      'allowances',
      [],
      [
        { kind: 'voice', amount: 120 },
        { kind: 'sms', amount: null },
      ],
    ),
  ).toMatchObject({
    old: 'none',
    new: '120 minutes, unlimited messages',
  });
  expect(words('region', null, 'Europe')).toMatchObject({ old: '–', new: 'Europe' });
});

test('only what was found is counted out', () => {
  expect(countsText({ created: 0, changed: 1200, withdrawn: 3, bundles: 5000 })).toBe(
    '1,200 changed, 3 withdrawn',
  );
  expect(countsText({})).toBe('');
});
