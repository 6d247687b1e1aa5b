import { expect, test } from 'vitest';
import { maySend, whatCameOf, type Departure } from './departure.ts';
import { step, type Attempt, type AttemptEvent } from './ledger.ts';

const now = new Date('2026-11-21T12:00:00Z');
const sending: Attempt = {
  state: 'sending',
  quantity: 1,
  looks: 0,
  orderReference: null,
  mayRebuy: false,
};
/** As the supplier's client says it of a request that was not let out. */
const stopped: AttemptEvent = { type: 'failed', kind: 'rate-limited', retryAfterMs: null };

test('a purchase whose only request was stopped was not sent, and may be bought by whoever holds the account', () => {
  const departure = fresh();
  expect(maySend(departure, false, now)).toBe(false);
  expect(step(sending, whatCameOf(departure, stopped))).toMatchObject({
    state: 'refused',
    effects: { units: { become: 'paid' } },
  });
});

test.each([
  ['after', [true, false]],
  ['before', [false, true]],
])('a request that was stopped %s another one left does not have it bought again', (_, rights) => {
  const departure = fresh();
  for (const isHeld of rights) maySend(departure, isHeld, now);
  expect(departure.at).toEqual(now);
  expect(step(sending, whatCameOf(departure, stopped))?.state).toBe('in-doubt');
  const answer: AttemptEvent = { type: 'answered', status: 'ready', orderReference: 'their-reference' };
  expect(whatCameOf(departure, answer)).toBe(answer);
});

test('a purchase of which nothing was stopped came to what its answer says', () => {
  const departure = fresh();
  maySend(departure, true, now);
  expect(whatCameOf(departure, stopped)).toBe(stopped);
});

function fresh(): Departure {
  return { at: null, wasStopped: false };
}
