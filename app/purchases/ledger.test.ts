import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HOUR, MINUTE } from '../platform/time.ts';
import { QUIET_WINDOW_MS, step, type Attempt, type AttemptEvent } from './ledger.ts';

const sending: Attempt = { state: 'sending', looks: 0, quantity: 2 };
const doubt: Attempt = { state: 'in-doubt', looks: 3, quantity: 2 };
const preparing: Attempt = { state: 'preparing', looks: 1, quantity: 2 };

describe('an answer that was lost', () => {
  test.each(['unknown-outcome', 'unreadable'] as const)(
    'a %s purchase is looked up, and its units stay taken',
    (kind) => {
      const decision = step(sending, { type: 'failed', kind, retryAfterMs: null });
      expect(decision).toMatchObject({ attempt: 'in-doubt', units: { become: 'buying' } });
      expect(decision.lookAfterMs).toBeGreaterThan(0);
    },
  );

  test('one order that fits is adopted', () => {
    expect(step(doubt, { type: 'looked', fits: 1, msSinceSent: MINUTE })).toMatchObject({
      attempt: 'preparing',
    });
  });

  test('two orders that fit are a person’s to choose from', () => {
    expect(step(doubt, { type: 'looked', fits: 2, msSinceSent: MINUTE })).toMatchObject({
      attempt: 'parked',
      units: { become: 'parked', reason: 'ambiguous' },
    });
  });

  test('no order yet is asked for again, and after the quiet window parked, never bought again', () => {
    expect(step(doubt, { type: 'looked', fits: 0, msSinceSent: QUIET_WINDOW_MS - 1 })).toMatchObject({
      attempt: 'in-doubt',
    });
    expect(step(doubt, { type: 'looked', fits: 0, msSinceSent: QUIET_WINDOW_MS })).toMatchObject({
      attempt: 'parked',
      units: { become: 'parked', reason: 'no-such-order' },
    });
  });
});

describe('an answer that says no', () => {
  test('a short balance holds the unit and looks again in five minutes', () => {
    expect(step(sending, { type: 'refused', reason: 'funds' }).units).toEqual({
      become: 'held',
      reason: 'funds',
      forMs: 5 * MINUTE,
    });
  });

  test('a refused key stops the account and lets the unit go on with the next key', () => {
    expect(step(sending, { type: 'failed', kind: 'credentials', retryAfterMs: null })).toEqual({
      attempt: 'refused',
      units: { become: 'held', reason: 'key-refused', forMs: 0 },
      refuseKey: true,
    });
  });

  test('a bundle that is gone waits for the merchant', () => {
    expect(step(sending, { type: 'refused', reason: 'bundle-unavailable' }).units).toEqual({
      become: 'held',
      reason: 'bundle-unavailable',
      forMs: null,
    });
  });

  test('the supplier’s own waiting time is kept', () => {
    expect(step(sending, { type: 'failed', kind: 'rate-limited', retryAfterMs: 90_000 })).toMatchObject({
      units: { become: 'paid' },
      waitMs: 90_000,
    });
  });
});

describe('eSIMs that come late', () => {
  test('all of them make the purchase complete', () => {
    expect(step(preparing, { type: 'listed', esims: 2, complete: true, msSinceSent: MINUTE })).toMatchObject({
      attempt: 'bought',
    });
  });

  test('fewer than ordered are parked as short once the supplier says that is all', () => {
    expect(step(preparing, { type: 'listed', esims: 1, complete: true, msSinceSent: MINUTE }).units).toEqual({
      become: 'parked',
      reason: 'short',
    });
    expect(step(preparing, { type: 'listed', esims: 0, complete: false, msSinceSent: HOUR }).units).toEqual({
      become: 'parked',
      reason: 'not-assigned',
    });
  });
});

const anyEvent: fc.Arbitrary<AttemptEvent> = fc.oneof(
  fc.record({
    type: fc.constant('answered' as const),
    status: fc.constantFrom('ready' as const, 'preparing' as const),
  }),
  fc.record({
    type: fc.constant('refused' as const),
    reason: fc.constantFrom('funds' as const, 'bundle-unavailable' as const, 'rejected' as const),
  }),
  fc.record({
    type: fc.constant('failed' as const),
    kind: fc.constantFrom(
      'credentials' as const,
      'funds' as const,
      'rejected' as const,
      'rate-limited' as const,
      'down' as const,
      'unknown-outcome' as const,
      'unreadable' as const,
    ),
    retryAfterMs: fc.option(fc.nat(1e6)),
  }),
  fc.constant({ type: 'not-sent' as const }),
  fc.constant({ type: 'interrupted' as const }),
  fc.record({ type: fc.constant('looked' as const), fits: fc.nat(4), msSinceSent: fc.nat(1e7) }),
  fc.record({
    type: fc.constant('listed' as const),
    esims: fc.nat(10),
    complete: fc.boolean(),
    msSinceSent: fc.nat(1e7),
  }),
);
const anyAttempt: fc.Arbitrary<Attempt> = fc.record({
  state: fc.constantFrom('sending' as const, 'in-doubt' as const, 'preparing' as const),
  looks: fc.nat(30),
  quantity: fc.integer({ min: 1, max: 10 }),
});

test('whatever happens, units may be bought again only after a provable no', () => {
  fc.assert(
    fc.property(anyAttempt, anyEvent, (attempt, event) => {
      const decision = step(attempt, event);
      const provablyNothing =
        event.type === 'refused' ||
        event.type === 'not-sent' ||
        (event.type === 'failed' && event.kind !== 'unknown-outcome' && event.kind !== 'unreadable');
      const mayBuyAgain = decision.units.become === 'paid' || decision.units.become === 'held';
      expect(mayBuyAgain).toBe(provablyNothing);
      expect(decision.attempt === 'refused').toBe(provablyNothing);
    }),
  );
});

test('whatever is open has a next look, and whatever is closed has none', () => {
  fc.assert(
    fc.property(anyAttempt, anyEvent, (attempt, event) => {
      const decision = step(attempt, event);
      expect(decision.lookAfterMs !== undefined).toBe(
        decision.attempt === 'in-doubt' || decision.attempt === 'preparing',
      );
    }),
  );
});
