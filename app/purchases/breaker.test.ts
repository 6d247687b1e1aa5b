import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MINUTE } from '../platform/time.ts';
import { afterProbe, afterPurchase, healthOf, MOST_FAILURES, type Breaker } from './breaker.ts';

const closed: Breaker = { failures: 0, downSince: null, probeAt: null, probes: 0 };
const now = new Date(Date.UTC(2026, 10, 21));
const failing = (times: number, from = closed) =>
  Array.from({ length: times }).reduce<Breaker>((breaker) => afterPurchase(breaker, 'fails', now), from);

test('a supplier that fails a few times in a row is asked for nothing until it answers a read', () => {
  expect(failing(MOST_FAILURES - 1).downSince).toBeNull();
  const open = failing(MOST_FAILURES);
  expect(open.downSince).toEqual(now);
  expect(open.probeAt?.getTime()).toBeGreaterThan(now.getTime());
  const halfOpen = afterProbe(open, true, now);
  expect(halfOpen).toMatchObject({ downSince: null, probeAt: null });
  // One more failure and it is down again, and asked later than the first time.
  const again = afterPurchase(halfOpen, 'fails', now);
  expect(again.downSince).toEqual(now);
  expect(again.probeAt?.getTime()).toBeGreaterThan(open.probeAt?.getTime() ?? Infinity);
  expect(afterPurchase(halfOpen, 'works', now)).toEqual(closed);
});

test('since when it is down is not forgotten while it is, and the reads never stop', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('fails', 'silent'), { maxLength: 40 }), (events) => {
      let breaker = failing(MOST_FAILURES);
      for (const event of events) {
        const later = new Date(now.getTime() + 60 * MINUTE);
        breaker =
          event === 'fails' ? afterPurchase(breaker, 'fails', later) : afterProbe(breaker, false, later);
        expect(breaker.downSince).toEqual(now);
        expect((breaker.probeAt?.getTime() ?? Infinity) - later.getTime()).toBeLessThanOrEqual(5 * MINUTE);
      }
    }),
  );
});

test('a refusal is an answer, a lost one is not, and whoever asks for patience works', () => {
  const failed = (kind: 'funds' | 'credentials' | 'down' | 'unknown-outcome' | 'rate-limited') =>
    healthOf({ type: 'failed', kind, retryAfterMs: null });
  expect([failed('funds'), failed('credentials')]).toEqual(['works', 'works']);
  expect([failed('down'), failed('unknown-outcome')]).toEqual(['fails', 'fails']);
  expect(failed('rate-limited')).toBeNull();
  expect(healthOf({ type: 'not-sent' })).toBeNull();
});
