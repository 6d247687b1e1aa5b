import { expect, test } from 'vitest';
import { changeText } from './settings-change-words.ts';

test('a change of the settings is told as its page says it', () => {
  const told = (field: string, from: string, to: string) =>
    changeText({ field, from, to }, new Map([['a1', 'eSIM Go']]));
  expect(told('riskHold', 'high', 'off')).toBe('Hold an order at a risk of fraud: when it is high → never');
  expect(told('priceGuardPercent', '20', '')).toBe(
    'Hold when the supplier’s price rose by more than: 20 % → never',
  );
  expect(told('buyDelayMinutes', '0', '15')).toBe('Wait after each payment: 0 min → 15 min');
  expect(told('stockFirst a1', '', 'on')).toBe('Use bundles I own first (eSIM Go): off → on');
  expect(told('reserve gone', '5', '0')).toBe('Keep in the balance (disconnected): 5 → 0');
  expect(told('chargebackRule', 'ask', 'leave')).toBe(
    'Unused eSIM of a chargeback: asked each time → left with the buyer',
  );
});

test('a field, or a word, of a newer version is told as it is', () => {
  expect(changeText({ field: 'toString', from: '1', to: '' })).toBe('toString: 1 → off');
  expect(changeText({ field: 'refundRule', from: 'ask', to: 'wait' })).toBe(
    'Unused eSIM of a refunded item: asked each time → wait',
  );
});
