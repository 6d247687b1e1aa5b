import { Decimal } from 'decimal.js';
import { describe, expect, test } from 'vitest';
import { obstacleOf } from './obstacle.ts';

describe('what cannot be sold', () => {
  const obstacle = ({
    amount = '4.9',
    ...other
  }: {
    amount?: string;
    code?: string;
    days?: number;
    mb?: string;
  }) => {
    const { code = 'esim_1GB_7D_FR_V2', days = 7, mb = '1000' } = other;
    const dataBytes = BigInt(new Decimal(mb).times(1_000_000).toFixed());
    return obstacleOf({ code, days, dataBytes, cost: { amount: new Decimal(amount), currency: 'USD' } });
  };

  test('a bundle as suppliers sell them has no obstacle, nor has a generous one', () => {
    expect(obstacle({})).toBeNull();
    expect(obstacle({ days: 36_500, mb: '1000000', amount: '999999.99' })).toBeNull();
    expect(
      obstacleOf({ code: 'x', days: 1, dataBytes: null, cost: { amount: new Decimal(1), currency: 'JPY' } }),
    ).toBeNull();
  });

  test('a price of nothing, or no whole days', () => {
    for (const amount of ['0', '-1', 'NaN', 'Infinity']) expect(obstacle({ amount })).toBe('no-price');
    for (const days of [0, -1, 1.5, NaN]) expect(obstacle({ days })).toBe('no-days');
  });

  test('a code that would not come back as it was', () => {
    for (const code of ['', ' ', 'a\0b', 'a\ud800']) expect(obstacle({ code })).toBe('unreadable');
  });

  test('figures that no column holds are refused by name, and stop nothing else', () => {
    for (const days of [36_501, 2 ** 31, 2 ** 53, 1e30]) expect(obstacle({ days })).toBe('unreadable');
    for (const mb of ['1e10', '9223372036855', '1e99']) expect(obstacle({ mb })).toBe('unreadable');
    for (const amount of ['1e10', '1e99', '1e-31']) expect(obstacle({ amount })).toBe('unreadable');
  });
});
