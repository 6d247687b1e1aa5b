import { expect, test } from 'vitest';
import { isUnitId } from '../orders/is-unit-id.ts';
import { MINUTE } from '../platform/time.ts';
import type { ProviderPurchase } from '../providers/contract.ts';
import { forgotten, gapOf, judge, portions, type DueGroup } from './restore.ts';

const now = new Date('2026-11-21T12:00:00Z');
const ago = (minutes: number) => new Date(now.getTime() - minutes * MINUTE);
const quiet = {
  now,
  lastKnownAt: ago(0),
  silentMs: 0,
  stoppedCleanly: true,
  isAnother: false,
  journal: null,
};

test('a PostgreSQL whose app was killed and starts again stops no buying', () => {
  expect(gapOf({ ...quiet, stoppedCleanly: false })).toBeNull();
  expect(gapOf({ ...quiet, lastKnownAt: ago(60 * 24), silentMs: 60 * 24 * MINUTE })).toBeNull();
});

test('a database with another mark stops buying until what was bought last must be listed', () => {
  expect(gapOf({ ...quiet, lastKnownAt: ago(60 * 48), isAnother: true })).toEqual({
    since: ago(60 * 48 + 15),
    until: ago(-15),
    cause: 'restored',
  });
});

test('a database whose app was alive when it fell silent, long ago, may be a copy that was put back', () => {
  expect(
    gapOf({ ...quiet, lastKnownAt: ago(11), silentMs: 11 * MINUTE, stoppedCleanly: false }),
  ).toMatchObject({
    since: ago(26),
    until: now,
  });
});

test('an embedded database that was not stopped cleanly is compared with its journal, and with the supplier when the journal is of another', () => {
  const stopped = { ...quiet, stoppedCleanly: false };
  expect(gapOf({ ...stopped, journal: { isWhole: true } })).toMatchObject({ until: null, cause: 'unclean' });
  expect(gapOf({ ...quiet, journal: { isWhole: true } })).toBeNull();
  expect(gapOf({ ...quiet, journal: { isWhole: false } })).toMatchObject({
    until: ago(-15),
    cause: 'restored',
  });
});

test('a restored database that was written to before it was noticed is compared over a day at least', () => {
  expect(gapOf({ ...quiet, lastKnownAt: ago(0), isAnother: true })?.since).toEqual(ago(60 * 24 + 15));
});

test('a clock that was set back makes no gap in the future', () => {
  const gap = gapOf({ ...quiet, lastKnownAt: ago(-120), stoppedCleanly: false, journal: { isWhole: true } });
  expect(gap?.since).toEqual(ago(15));
});

test('a unit counts to the last purchase the journal names for it', () => {
  const intents = [
    { attemptId: 'first', unitIds: ['a', 'b'] },
    { attemptId: 'second', unitIds: ['a'] },
    { attemptId: 'on record', unitIds: ['c'] },
  ];
  expect(forgotten(intents, new Set(['on record']))).toEqual([
    { attemptId: 'first', unitIds: ['b'] },
    { attemptId: 'second', unitIds: ['a'] },
  ]);
  expect(forgotten([...intents, { attemptId: 'third', unitIds: ['a', 'b'] }], new Set())).toEqual([
    { attemptId: 'on record', unitIds: ['c'] },
    { attemptId: 'third', unitIds: ['a', 'b'] },
  ]);
});

const OURS = '203.0.113.7';

function order(orderReference: string, facts: Partial<ProviderPurchase> & { quantity?: number } = {}) {
  const { quantity = 1, ...rest } = facts;
  return {
    orderReference,
    createdAt: ago(30),
    items: [{ bundle: 'france', quantity, iccids: [] }],
    total: null,
    isPurchase: true,
    sourceIp: OURS,
    ...rest,
  };
}
const group = (unitIds: string[], facts: Partial<DueGroup> = {}) => ({
  ...{ unitIds, bundleCode: 'france', paidAt: ago(31) },
  ...facts,
});
const known = { claimed: new Set<string>(), sources: new Set([OURS]), esims: new Map() };
const nothing = { adopt: [], found: [], park: [], contested: [] };

test('an order that only one buyer’s units can be behind is theirs', () => {
  const purchases = [order('o1', { quantity: 2 })];
  const groups = [group(['a', 'b']), group(['c'], { bundleCode: 'germany' }), group(['d'])];
  expect(judge(purchases, { groups, open: [], known })).toEqual({
    ...nothing,
    adopt: [{ purchase: purchases[0], unitIds: ['a', 'b'] }],
  });
});

test('a large order that was bought in several is adopted in several', () => {
  const [older, newer] = [order('o1', { quantity: 2 }), order('o2', { createdAt: ago(29) })];
  expect(judge([newer, older], { groups: [group(['a', 'b', 'c'])], open: [], known }).adopt).toEqual([
    { purchase: older, unitIds: ['a', 'b'] },
    { purchase: newer, unitIds: ['c'] },
  ]);
});

test('an order two buyers may be behind parks both, and one that came from elsewhere is never adopted', () => {
  const purchases = [order('o1')];
  const groups = [group(['a']), group(['b'])];
  expect(judge(purchases, { groups, open: [], known })).toEqual({
    ...nothing,
    park: groups.map((each) => ({ group: each, orders: purchases })),
  });
  const byHand = [order('o2', { sourceIp: '198.51.100.1' })];
  expect(judge(byHand, { groups: [group(['a'])], open: [], known })).toMatchObject({
    adopt: [],
    park: [{ group: { unitIds: ['a'] } }],
  });
});

test('more orders than a buyer has units, or an order a lost answer may stand behind too, are left to a person', () => {
  const two = [order('o1'), order('o2')];
  expect(judge(two, { groups: [group(['a'])], open: [], known })).toMatchObject({
    adopt: [],
    park: [{ orders: two }],
  });
  const open = [{ id: 'lost', how: 'order' as const, bundleCode: 'france', quantity: 1, sentAt: ago(30) }];
  expect(judge([order('o1')], { groups: [group(['a'])], open, known })).toMatchObject({
    ...nothing,
    park: [{ group: { unitIds: ['a'] } }],
    contested: [{ attemptId: 'lost' }],
  });
  expect(judge([order('o1')], { groups: [], open, known })).toMatchObject({
    ...nothing,
    found: [{ attemptId: 'lost' }],
  });
});

test('an order from before a buyer paid, or that a purchase claims, is nobody’s', () => {
  const purchases = [order('o1')];
  expect(judge(purchases, { groups: [group(['a'], { paidAt: ago(14) })], open: [], known })).toEqual(nothing);
  const claimed = { ...known, claimed: new Set(['o1']) };
  expect(judge(purchases, { groups: [group(['a'])], open: [], known: claimed })).toEqual(nothing);
});

test('parked units are split into the sizes of the orders they are compared with', () => {
  expect(portions(['a', 'b', 'c'], [order('o1', { quantity: 2 })])).toEqual([['a', 'b'], ['c']]);
  expect(portions(['a', 'b'], [order('o1'), order('o2', { quantity: 3 })])).toEqual([['a'], ['b']]);
});

test('only an id of ours on an eSIM names a unit', () => {
  expect(isUnitId('0f8fad5b-d9cb-469f-a165-70867728950e')).toBe(true);
  expect(isUnitId('Marie’s phone')).toBe(false);
  expect(isUnitId(null)).toBe(false);
});
