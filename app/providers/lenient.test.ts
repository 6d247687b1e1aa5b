import { Decimal } from 'decimal.js';
import { expect, test } from 'vitest';
import { toBytes } from './lenient.ts';

test('more bytes than a column holds are as many as it holds', () => {
  expect(toBytes(new Decimal('1e40'))).toBe(2n ** 63n - 1n);
  expect(toBytes(new Decimal('1000000000'))).toBe(1_000_000_000n);
  expect(toBytes(new Decimal('-1'))).toBeNull();
});
