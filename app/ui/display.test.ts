import { Decimal } from 'decimal.js';
import { expect, test } from 'vitest';
import { counted, displayFor } from './display.ts';

const at = new Date('2026-11-21T23:30:00Z');

test('times are those of the shop’s clock, in the viewer’s language', () => {
  expect(displayFor({ locale: 'en-GB', timezone: 'Asia/Tokyo' }).moment(at)).toBe('22 Nov 2026, 08:30');
  expect(displayFor({ locale: 'de', timezone: 'UTC' }).date(at)).toBe('21.11.2026');
});

test('money keeps the digits of its currency', () => {
  const show = displayFor({ locale: 'en-US', timezone: 'UTC' });
  expect(show.money({ amount: 1050, currency: 'USD' })).toBe('$10.50');
  expect(show.money({ amount: 1050, currency: 'JPY' })).toBe('¥1,050');
  expect(show.cost({ amount: new Decimal('1.2345'), currency: 'USD' })).toBe('$1.23');
});

test.each([
  [-20_000, 'just now'],
  [-3 * 60_000, '3 minutes ago'],
  [2 * 3_600_000, 'in 2 hours'],
  [5 * 86_400_000, 'in 5 days'],
  [-86_400_000, 'yesterday'],
])('%i ms away is %s', (ms, words) => {
  expect(displayFor({ locale: 'en', timezone: 'UTC' }).distance(new Date(at.getTime() + ms), at)).toBe(words);
});

test('one is not many', () => {
  expect(counted(1, 'eSIM')).toBe('1 eSIM');
  expect(counted(0, 'eSIM')).toBe('0 eSIMs');
});
