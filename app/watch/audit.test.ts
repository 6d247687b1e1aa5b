import { expect, test } from 'vitest';
import type { ProviderPurchase } from '../providers/contract.ts';
import { audit, type OpenAttempt } from './audit.ts';
import { ordersToRead } from './compare.ts';

const sentAt = new Date('2026-11-21T10:00:00Z');
const nobody = { claimed: new Set<string>(), sources: new Set<string>(), esims: new Map() };
const attempt = (id: string): OpenAttempt => ({
  id,
  how: 'order',
  bundleCode: 'france',
  quantity: 1,
  sentAt,
});
const order = (orderReference: string): ProviderPurchase => ({
  orderReference,
  createdAt: new Date('2026-11-21T10:00:01Z'),
  items: [{ bundle: 'france', quantity: 1, iccids: [] }],
  total: null,
  isPurchase: true,
  sourceIp: null,
});

test('the one order that fits one lost purchase is adopted, and is no orphan', () => {
  const { adopt, orphans } = audit([order('R1')], [attempt('a')], nobody);
  expect(adopt).toMatchObject([{ attemptId: 'a', purchase: { orderReference: 'R1' } }]);
  expect(orphans).toEqual([]);
});

test('an order that may be the answer to another purchase, too, is given to neither', () => {
  const { adopt, orphans } = audit([order('R1')], [attempt('parked'), attempt('sending')], nobody);
  expect(adopt).toEqual([]);
  expect(orphans).toMatchObject([{ purchase: { orderReference: 'R1' }, isOurs: true }]);
});

test('an order nobody claims is shown, one that is claimed is not', () => {
  const known = { ...nobody, claimed: new Set(['R1']) };
  expect(audit([order('R1'), order('R2')], [], known).orphans).toMatchObject([
    { purchase: { orderReference: 'R2' } },
  ]);
});

test('paid orders we never heard of and changed ones are read again; what is not paid or not newer is not', () => {
  const listed = (orderGid: string, changes = {}) => ({
    orderGid,
    updatedAt: sentAt,
    isPaid: true,
    cancelledAt: null,
    ...changes,
  });
  const known = new Map([
    ['same', { shopifyUpdatedAt: sentAt }],
    ['older', { shopifyUpdatedAt: new Date(0) }],
  ]);
  const orders = [listed('same'), listed('older'), listed('new'), listed('unpaid', { isPaid: false })];
  const { unknown, changed } = ordersToRead([...orders, listed('gone', { cancelledAt: sentAt })], known);
  expect(unknown.map(({ orderGid }) => orderGid)).toEqual(['new']);
  expect(changed.map(({ orderGid }) => orderGid)).toEqual(['older']);
});
