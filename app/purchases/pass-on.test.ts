import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MINUTE } from '../platform/time.ts';
import { choices, obstacleOf, type Candidate } from '../products/first-to-buy.ts';
import { endsByItself, onward, passReasons, PASSED_FOR_MS, waitFor, type Passed } from './pass-on.ts';

const now = new Date(Date.UTC(2026, 10, 21));
const ago = (ms: number) => new Date(now.getTime() - ms).toISOString();
const bundle = (bundleId: string, accountId: string, more: Partial<Candidate> = {}): Candidate => ({
  ...{ bundleId, accountId, supplier: accountId, code: bundleId, isWithdrawn: false, accountState: 'active' },
  ...{ isDown: false, cost: null, hasStock: false },
  ...more,
});
const passed = (bundleId: string, accountId: string, why: Passed['why'], ms = 0): Passed => ({
  ...{ bundleId, accountId, why, at: ago(ms) },
});

test('an account without money is passed over with all it sells, a withdrawn bundle alone', () => {
  const list = [bundle('a1', 'a'), bundle('a2', 'a'), bundle('b1', 'b')];
  const next = (why: Passed['why']) => onward({ choosing: 'order', list }, [passed('a1', 'a', why)], now);
  expect(next('funds')).toMatchObject({ to: 'buy', candidate: { bundleId: 'b1' } });
  expect(next('bundle-unavailable')).toMatchObject({ to: 'buy', candidate: { bundleId: 'a2' } });
});

test('when nobody sells, a unit waits where waiting helps', () => {
  const list = [bundle('a1', 'a'), bundle('b1', 'b')];
  const plan = { choosing: 'order' as const, list };
  const [noMoney, gone] = [passed('a1', 'a', 'funds', MINUTE), passed('b1', 'b', 'bundle-unavailable')];
  expect(onward(plan, [noMoney, gone], now)).toMatchObject({ to: 'wait', why: 'funds' });
  // Waiting here is as good as there.
  expect(onward(plan, [noMoney, passed('b1', 'b', 'funds')], now)).toBeNull();
  // An hour later the first may have money again.
  const late = passed('a1', 'a', 'funds', PASSED_FOR_MS);
  expect(onward(plan, [late, passed('b1', 'b', 'funds')], now)).toMatchObject({
    candidate: { bundleId: 'a1' },
  });
});

test('when each would be bought at a loss, a person is asked about the first of the list', () => {
  const plan = { choosing: 'order' as const, list: [bundle('a1', 'a'), bundle('b1', 'b')] };
  const [loss, other] = [passed('a1', 'a', 'loss'), passed('b1', 'b', 'loss')];
  expect(onward(plan, [loss], now)).toMatchObject({ to: 'buy', candidate: { bundleId: 'b1' } });
  expect(onward(plan, [loss, other], now)).toMatchObject({
    ...{ to: 'wait', why: 'loss', candidate: { bundleId: 'a1' } },
  });
  // A loss is no worse than what nobody sells, and worse than waiting.
  const gone = passed('b1', 'b', 'bundle-unavailable');
  expect(onward(plan, [loss, gone], now)).toMatchObject({ to: 'wait', why: 'loss' });
  expect(onward(plan, [passed('a1', 'a', 'bundle-unavailable'), other], now)).toBeNull();
  expect(onward(plan, [passed('a1', 'a', 'funds'), other], now)).toMatchObject({ why: 'funds' });
  expect(waitFor('loss')).toEqual({ state: 'held', reason: 'loss', untilMs: null });
});

test('what was never on the list goes nowhere', () => {
  const list = [bundle('a1', 'a'), bundle('b1', 'b')];
  expect(onward({ choosing: 'order', list }, [passed('x', 'x', 'rejected')], now)).toBeNull();
  expect(onward({ choosing: 'order', list }, [], now)).toBeNull();
});

const candidates = fc.uniqueArray(
  fc.record({
    bundleId: fc.constantFrom('1', '2', '3', '4', '5'),
    accountId: fc.constantFrom('a', 'b', 'c'),
    isWithdrawn: fc.boolean(),
    isDown: fc.boolean(),
  }),
  { selector: ({ bundleId }) => bundleId, minLength: 1 },
);

test('whoever is passed on again and again comes to rest, and no bundle is tried twice', () => {
  fc.assert(
    fc.property(
      candidates,
      fc.constantFrom(...choices),
      fc.infiniteStream(fc.constantFrom(...passReasons)),
      (facts, choosing, reasons) => {
        const list = facts.map(({ bundleId, accountId, ...more }) => bundle(bundleId, accountId, more));
        const [first] = list;
        if (!first) return;
        const tried: Passed[] = [];
        let at: Candidate | null = first;
        for (const why of reasons) {
          tried.push(passed(at.bundleId, at.accountId, why));
          const next = onward({ choosing, list }, tried, now);
          if (next?.to !== 'buy') {
            // It is never sent back to wait for something that nobody ends.
            if (next) expect(endsByItself(next.why) || next.why === 'loss').toBe(true);
            break;
          }
          expect(obstacleOf(next.candidate)).toBeNull();
          expect(tried.map(({ bundleId }) => bundleId)).not.toContain(next.candidate.bundleId);
          at = next.candidate;
        }
        expect(tried.length).toBeLessThanOrEqual(list.length);
      },
    ),
  );
});
