import { expect, test } from 'vitest';
import { MINUTE } from '../platform/time.ts';
import { QUIET_WINDOW_MS, step, type Attempt } from './ledger.ts';

const sending: Attempt = { state: 'sending', quantity: 2, looks: 0, orderReference: null, mayRebuy: false };
const doubted: Attempt = { ...sending, state: 'in-doubt' };
const nothing = { type: 'looked', fits: 0, emptyForMs: 10 * MINUTE, isProvedAbsent: true } as const;

test('an answer that proves nothing puts the purchase in doubt, and nothing is sent again', () => {
  const next = step(sending, { type: 'failed', kind: 'unknown-outcome', retryAfterMs: null });
  expect(next).toMatchObject({ state: 'in-doubt', effects: { units: { become: 'buying' } } });
});

test('a lost purchase the supplier does not list is parked, and bought again by itself only where the merchant allows it', () => {
  const late = { ...nothing, msSinceSent: QUIET_WINDOW_MS };
  expect(step(doubted, { ...nothing, msSinceSent: QUIET_WINDOW_MS - 1 })?.state).toBe('in-doubt');
  expect(step(doubted, late)?.effects.units).toEqual({ become: 'parked', reason: 'no-such-order' });
  expect(step({ ...doubted, mayRebuy: true }, late)).toMatchObject({
    state: 'refused',
    effects: { units: { become: 'paid' }, rebuys: true },
  });
  expect(step({ ...doubted, mayRebuy: true }, { ...late, isProvedAbsent: false })?.state).toBe('parked');
});

test('an answer that arrives after others began to look still counts', () => {
  expect(step(doubted, { type: 'answered', status: 'ready', orderReference: 'a' })?.state).toBe('bought');
  const adopted: Attempt = { ...sending, state: 'preparing', orderReference: 'b' };
  expect(step(adopted, { type: 'answered', status: 'ready', orderReference: 'a' })).toBeNull();
});
