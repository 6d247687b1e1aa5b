import { expect, test } from 'vitest';
import { glanceState } from './order-glance.ts';

const unit = { state: 'delivered', reason: null, goneAt: null, note: null };
const at = new Date('2026-11-21T12:00:00Z');

test('what was sent is shown as it was last read at the supplier', () => {
  expect(glanceState(unit, { status: 'active' })).toBe('active');
  expect(glanceState(unit, { status: 'a newer word' })).toBe('new');
  expect(glanceState(unit, null)).toBe('new');
});

test('a refunded one says so until somebody decided that the buyer keeps it', () => {
  expect(glanceState({ ...unit, goneAt: at }, { status: 'installed' })).toBe('refunded');
  expect(glanceState({ ...unit, goneAt: at, note: 'Keeps it' }, { status: 'installed' })).toBe('installed');
});

test('what waits for a person is told from what goes on by itself, and from a test order', () => {
  expect(glanceState({ ...unit, state: 'held', reason: 'funds' }, null)).toBe('waits');
  expect(glanceState({ ...unit, state: 'parked', reason: 'gone' }, { status: 'new' })).toBe('waits');
  expect(glanceState({ ...unit, state: 'held', reason: 'test-order' }, null)).toBe('test');
  expect(glanceState({ ...unit, state: 'buying' }, null)).toBe('preparing');
});

test('a cancelled one was taken back if anything had been bought for it', () => {
  expect(glanceState({ ...unit, state: 'cancelled' }, { status: 'new' })).toBe('revoked');
  expect(glanceState({ ...unit, state: 'cancelled' }, null)).toBe('cancelled');
});
