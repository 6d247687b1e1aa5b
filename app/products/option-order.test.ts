import { expect, test } from 'vitest';
import { valueOrder } from './option-order.ts';

const wanted = ['1 GB', '3 GB', '5 GB', 'Unlimited'];
const order = (now: string[], added: string[]) => valueOrder(now, { wanted, added: new Set(added) });

test('a value that was added comes to stand by its size', () => {
  expect(order(['1 GB', '5 GB', 'Unlimited', '3 GB'], ['3 GB'])).toEqual(wanted);
});

test('what stands right stays', () => {
  expect(order(['1 GB', '3 GB'], ['3 GB'])).toBeNull();
  expect(order(['1 GB', 'Sticker', '3 GB'], ['3 GB'])).toBeNull();
});

test('an order that the merchant chose stays, and what is new comes last', () => {
  expect(order(['5 GB', '1 GB', '3 GB'], ['3 GB'])).toBeNull();
});

test('values of the merchant’s own stay behind what they stood behind', () => {
  expect(order(['Trial', '1 GB', 'Sticker', '5 GB', '3 GB'], ['3 GB'])).toEqual([
    ...['Trial', '1 GB', 'Sticker', '3 GB', '5 GB'],
  ]);
});
