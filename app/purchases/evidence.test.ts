import { Decimal } from 'decimal.js';
import { expect, test } from 'vitest';
import type { ProviderPurchase } from '../providers/contract.ts';
import { balanceProvesAbsence, weigh, type Asked } from './evidence.ts';

const sentAt = new Date('2026-11-21T10:00:00Z');
const asked: Asked = { how: 'order', bundleCode: 'france', quantity: 1, sentAt };
const nobody = { claimed: new Set<string>(), sources: new Set<string>() };
const order = (changes: Partial<ProviderPurchase> = {}): ProviderPurchase => ({
  orderReference: 'R1',
  createdAt: new Date('2026-11-21T10:00:01Z'),
  items: [{ bundle: 'france', quantity: 1, iccids: [] }],
  total: { amount: new Decimal('3.10'), currency: 'USD' },
  isPurchase: true,
  sourceIp: '203.0.113.10',
  ...changes,
});

test('only an order of the same bundle and quantity, since then and claimed by nobody, may be the lost one', () => {
  expect(weigh([order()], asked, nobody).fits).toHaveLength(1);
  const others = [
    order({ items: [{ bundle: 'germany', quantity: 1, iccids: [] }] }),
    order({ items: [{ bundle: 'france', quantity: 2, iccids: [] }] }),
    order({ createdAt: new Date('2026-11-21T09:57:59Z') }),
    order({ isPurchase: false }),
  ];
  expect(weigh(others, asked, nobody)).toEqual({ fits: [], foreign: [] });
  expect(weigh([order()], asked, { ...nobody, claimed: new Set(['R1']) }).fits).toEqual([]);
});

test('an order from an address we never bought from is shown to a person and never taken by a timer', () => {
  const known = { ...nobody, sources: new Set(['203.0.113.10']) };
  const byHand = order({ sourceIp: '198.51.100.7' });
  expect(weigh([byHand], asked, known)).toEqual({ fits: [], foreign: [byHand] });
});

test('the balance proves absence only when everything listed explains it to the last digit', () => {
  const proves = (now: string, purchases: ProviderPurchase[], before = '10.00') =>
    balanceProvesAbsence({
      before: new Decimal(before),
      now: { amount: new Decimal(now), currency: 'USD' },
      since: sentAt,
      purchases,
    });
  expect(proves('10.0', [])).toBe(true);
  expect(proves('6.9', [])).toBe(false);
  expect(proves('6.9', [order()])).toBe(true);
  expect(proves('6.8999', [order()])).toBe(false);
  expect(proves('6.9', [order({ total: null })])).toBe(false);
  expect(proves('10', [order({ createdAt: new Date('2026-11-21T09:59:00Z') })])).toBe(true);
  expect(balanceProvesAbsence({ before: null, now: null, since: sentAt, purchases: [] })).toBe(false);
});
