import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY, HOUR, MINUTE } from '../platform/time.ts';
import { nextLook, type LookFacts } from './next-look.ts';
import { esimStatuses } from './status.ts';

const facts: LookFacts = { status: 'new', ageMs: 0, usedShare: null, endsInMs: null };

const anyFacts: fc.Arbitrary<LookFacts> = fc.record({
  status: fc.constantFrom(...esimStatuses),
  ageMs: fc.integer({ min: 0, max: 1000 * DAY }),
  usedShare: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null }),
  endsInMs: fc.option(fc.integer({ min: -DAY, max: 400 * DAY }), { nil: null }),
});

test('what is over is never asked again', () => {
  for (const status of ['used-up', 'expired', 'revoked', 'gone'] as const)
    expect(nextLook({ ...facts, status })).toBeNull();
});

test('no eSIM is asked more than once a minute, and each that may change within a week', () => {
  fc.assert(
    fc.property(anyFacts, (of) => {
      const ms = nextLook(of);
      if (ms === null) return;
      expect(ms).toBeGreaterThanOrEqual(MINUTE);
      expect(ms).toBeLessThanOrEqual(7 * DAY);
    }),
  );
});

test('what is in use is asked no later than what waits, and what was bought just now no later than what is old', () => {
  fc.assert(
    fc.property(anyFacts, fc.constantFrom('new' as const, 'installed' as const), (of, status) => {
      const active = nextLook({ ...of, status: 'active' }) ?? Infinity;
      const older = nextLook({ ...of, status, ageMs: of.ageMs + DAY }) ?? Infinity;
      const waits = nextLook({ ...of, status }) ?? Infinity;
      expect(waits).toBeLessThanOrEqual(older);
      if (of.ageMs > 8 * HOUR) expect(active).toBeLessThanOrEqual(waits);
    }),
  );
});

test('an eSIM that is nearly used up, or nearly over, is asked three times an hour, and once just after its end', () => {
  const active = { ...facts, status: 'active' as const };
  expect(nextLook(active)).toBe(HOUR);
  expect(nextLook({ ...active, usedShare: 0.8 })).toBe(20 * MINUTE);
  expect(nextLook({ ...active, endsInMs: 20 * HOUR })).toBe(20 * MINUTE);
  expect(nextLook({ ...active, endsInMs: 4 * MINUTE })).toBe(5 * MINUTE);
});
