import { Decimal } from 'decimal.js';
import { describe, expect, test } from 'vitest';
import type { ProviderPurchase } from '../providers/contract.ts';
import { balanceProvesAbsence, isTopUp, weigh, type Asked, type Known } from './evidence.ts';

const sentAt = new Date('2026-11-21T10:00:00Z');
const asked: Asked = { how: 'order', bundleCode: 'france', quantity: 1, sentAt };
const nobody: Known = { claimed: new Set(), sources: new Set(), esims: new Map() };
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

describe('an eSIM on our record', () => {
  const OURS = '8944501234567890128';
  const record = (orderReference: string): Known => ({
    ...nobody,
    esims: new Map([[OURS, { id: 'esim-1', orderReference }]]),
  });
  const known = record('R0');
  const topUp: Asked = { ...asked, how: 'top-up', esimId: 'esim-1' };
  const orderFor = (...iccids: string[]) => order({ items: [{ bundle: 'france', quantity: 1, iccids }] });

  test('a lost purchase of a new eSIM is never taken for a top-up of one we have', () => {
    expect(weigh([orderFor(OURS)], asked, known)).toEqual({ fits: [], foreign: [] });
    expect(weigh([orderFor('8944509999999999998')], asked, known).fits).toHaveLength(1);
    const applied = { ...orderFor(OURS), isPurchase: false };
    expect(weigh([applied], { ...asked, how: 'stock' }, known)).toEqual({ fits: [], foreign: [] });
  });

  test('the order an eSIM came with is no top-up of it, whenever the eSIM got on our record', () => {
    const first = orderFor(OURS);
    expect(weigh([first], asked, record('R1')).fits).toEqual([first]);
    expect(isTopUp(first, record('R1').esims)).toBe(false);
    expect(isTopUp(first, known.esims)).toBe(true);
  });

  test('where nobody knows with which order an eSIM came, a person decides', () => {
    const unclear = orderFor(OURS);
    expect(weigh([unclear], asked, record(''))).toEqual({ fits: [], foreign: [unclear] });
  });

  test('a lost top-up is only the order for exactly its eSIM', () => {
    const found = orderFor(OURS);
    const others = [
      orderFor('8944509999999999998'),
      orderFor(OURS, '8944509999999999998'),
      { ...orderFor(OURS), isPurchase: false },
      { ...orderFor(OURS), orderReference: 'R0' },
    ];
    expect(weigh([found, ...others], topUp, known)).toEqual({ fits: [found], foreign: [] });
    expect(weigh([found], { ...topUp, esimId: 'esim-2' }, known)).toEqual({ fits: [], foreign: [] });
  });

  test('an order that does not say yet for which eSIM it is proves neither that a top-up was bought nor that it was not', () => {
    const silent = orderFor();
    expect(weigh([silent], topUp, known)).toEqual({ fits: [], foreign: [silent] });
    expect(weigh([silent], asked, known).fits).toEqual([silent]);
  });
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
