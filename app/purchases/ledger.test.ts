import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MINUTE } from '../platform/time.ts';
import {
  arrows,
  QUIET_WINDOW_MS,
  SHORT_LOOKS,
  step,
  type Attempt,
  type AttemptEvent,
  type AttemptState,
} from './ledger.ts';

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

test('what was refused is bought elsewhere, and a doubt never is, however it ends', () => {
  const noMoney = { type: 'refused', reason: 'funds' } as const;
  expect(step(sending, noMoney)?.effects).toMatchObject({ passesOn: 'funds', units: { reason: 'funds' } });
  expect(step(doubted, noMoney)).toEqual({
    state: 'refused',
    effects: { units: { become: 'held', reason: 'funds', forMs: 5 * MINUTE } },
  });
  expect(step(sending, { type: 'failed', kind: 'credentials', retryAfterMs: null })?.effects).toMatchObject({
    passesOn: 'key-refused',
    refuseKey: true,
  });
});

test('what a person buys again passes the guards, whatever the price is now', () => {
  const parked: Attempt = { ...sending, state: 'parked' };
  expect(step(parked, { type: 'bought-again' })).toMatchObject({
    state: 'refused',
    effects: { approves: true },
  });
});

test('an answer that arrives after others began to look still counts', () => {
  expect(step(doubted, { type: 'answered', status: 'ready', orderReference: 'a' })?.state).toBe('bought');
  const adopted: Attempt = { ...sending, state: 'preparing', orderReference: 'b' };
  expect(step(adopted, { type: 'answered', status: 'ready', orderReference: 'a' })).toBeNull();
});

test('a top-up whose turn never came is refused, and one that may have been sent is looked up', () => {
  const asked: Attempt = { ...sending, state: 'asked', quantity: 1 };
  expect(step(asked, { type: 'not-sent' })?.state).toBe('refused');
  expect(step(asked, { type: 'interrupted' })?.state).toBe('in-doubt');
  expect(step(asked, { type: 'answered', status: 'ready', orderReference: 'a' })).toBeNull();
});

const states = Object.keys(arrows) as AttemptState[]; // the table's own keys
const anyMs = fc.nat(1e7);
const anyEvent: fc.Arbitrary<AttemptEvent> = fc.oneof(
  fc.record({
    type: fc.constant('answered' as const),
    status: fc.constantFrom('ready' as const, 'preparing' as const),
    orderReference: fc.constantFrom('a', 'b'),
  }),
  fc.record({
    type: fc.constant('refused' as const),
    reason: fc.constantFrom('funds' as const, 'bundle-unavailable' as const, 'rejected' as const),
  }),
  fc.record({
    type: fc.constant('failed' as const),
    kind: fc.constantFrom(
      ...([
        'credentials',
        'funds',
        'rejected',
        'rate-limited',
        'down',
        'unknown-outcome',
        'unreadable',
      ] as const),
    ),
    retryAfterMs: fc.option(fc.nat(1e6)),
  }),
  fc.constantFrom(
    ...(
      ['not-sent', 'interrupted', 'duplicate', 'found', 'read-again', 'bought-again', 'closed'] as const
    ).map((type) => ({
      type,
    })),
  ),
  fc.record({
    type: fc.constant('looked' as const),
    fits: fc.nat(3),
    msSinceSent: anyMs,
    emptyForMs: anyMs,
    isProvedAbsent: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('listed' as const),
    esims: fc.nat(10),
    bad: fc.nat(2),
    complete: fc.boolean(),
    msSinceSent: anyMs,
  }),
);
const anyAttempt: fc.Arbitrary<Attempt> = fc.record({
  state: fc.constantFrom(...states),
  quantity: fc.integer({ min: 1, max: 10 }),
  looks: fc.nat(30),
  orderReference: fc.constantFrom(null, 'a'),
  mayRebuy: fc.boolean(),
});

test('no event leads past the table of arrows, and nothing leads out of an end', () => {
  fc.assert(
    fc.property(anyAttempt, anyEvent, (attempt, event) => {
      const next = step(attempt, event);
      if (next) expect(arrows[attempt.state] as readonly AttemptState[]).toContain(next.state);
    }),
  );
});

test('whatever happens in whatever order, a doubt is bought again only after a refusal, a proof or a person', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 30 }), fc.boolean(), (events, mayRebuy) => {
      let attempt: Attempt = { ...sending, mayRebuy };
      for (const event of events) {
        const next = step(attempt, event);
        if (!next) continue;
        const { become } = next.effects.units;
        if (become === 'paid' || become === 'held') {
          const isProof = event.type === 'looked' && mayRebuy && event.isProvedAbsent && event.fits === 0;
          const isNo = event.type === 'refused' || event.type === 'not-sent';
          const isFailure =
            event.type === 'failed' && !['unknown-outcome', 'unreadable'].includes(event.kind);
          expect(isProof || isNo || isFailure || event.type === 'bought-again').toBe(true);
        }
        attempt = { ...attempt, state: next.state };
      }
    }),
  );
});

test('only what is sent and refused is passed on, and then nothing of it is open', () => {
  fc.assert(
    fc.property(anyAttempt, anyEvent, (attempt, event) => {
      const next = step(attempt, event);
      if (next?.effects.passesOn === undefined) return;
      expect([attempt.state, next.state, next.effects.units.become]).toEqual(['sending', 'refused', 'held']);
      expect(['refused', 'failed']).toContain(event.type);
    }),
  );
});

test('whatever is open has a next look, whatever is closed has none, and what was bought is never taken back', () => {
  fc.assert(
    fc.property(anyAttempt, anyEvent, (attempt, event) => {
      const next = step(attempt, event);
      if (attempt.state === 'bought') expect(next).toBeNull();
      if (!next) return;
      const isOpen = next.state === 'in-doubt' || next.state === 'preparing';
      expect(next.effects.lookAfterMs !== undefined).toBe(isOpen);
    }),
  );
});

test('an order that brought too few eSIMs is read again before that is believed: a list may have been cut off', () => {
  const preparing: Attempt = { ...sending, state: 'preparing', orderReference: 'a' };
  const listed = { type: 'listed', esims: 1, bad: 0, complete: true, msSinceSent: MINUTE } as const;
  expect(step(preparing, listed)?.state).toBe('preparing');
  expect(step({ ...preparing, looks: SHORT_LOOKS }, listed)?.effects.units).toEqual({
    become: 'parked',
    reason: 'short',
  });
  expect(step(preparing, { ...listed, esims: 2 })?.state).toBe('bought');
});
