import { expect, test } from 'vitest';
import { isPriceOver } from './price-guard.ts';

test('a price is over the guard only beyond its percent of the cost at linking', () => {
  expect(isPriceOver({ cost: 1.2, mappedCost: 1, percent: 20 })).toBe(false);
  expect(isPriceOver({ cost: 1.21, mappedCost: 1, percent: 20 })).toBe(true);
  expect(isPriceOver({ cost: 9, mappedCost: null, percent: 20 })).toBe(false);
  expect(isPriceOver({ cost: 9, mappedCost: 1, percent: null })).toBe(false);
});
