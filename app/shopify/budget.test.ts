import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openBudget } from './budget.ts';

const status = (currentlyAvailable: number) => ({
  ...{ maximumAvailable: 2000, currentlyAvailable, restoreRate: 100 },
});

test('a request waits until its points have come back, and until a share stays for others', () => {
  let now = 0;
  const budget = openBudget(() => now);
  budget.spend(50)(status(30));
  expect(budget.msUntil(50, 0)).toBe(200);
  expect(budget.msUntil(50, 0.2)).toBe(4200);
  now = 200;
  expect(budget.msUntil(50, 0)).toBe(0);
});

test('what is under way is not spent twice', () => {
  const budget = openBudget(() => 0);
  const first = budget.spend(10);
  first(status(100));
  const answers = [budget.spend(40), budget.spend(40)];
  expect(budget.msUntil(40, 0)).toBe(200);
  answers.forEach((answered) => {
    answered(null);
  });
  expect(budget.msUntil(40, 0)).toBe(200);
});

test('nobody waits for more than there can be', () => {
  const budget = openBudget(() => 0);
  budget.spend(10)(status(0));
  expect(budget.msUntil(5000, 1)).toBe(20_000);
});

test('however many send at once, the bucket is never overdrawn and always used', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 20, max: 60 }), { minLength: 150, maxLength: 150 }),
      fc.integer({ min: 4, max: 8 }),
      fc.integer({ min: 10, max: 300 }),
      (costs, most, latency) => {
        let now = 0;
        let bucket = 2000;
        const pass = (ms: number) => {
          now += ms;
          bucket = Math.min(2000, bucket + ms / 10);
        };
        const budget = openBudget(() => now);
        const sent: {
          at: number;
          status: ReturnType<typeof status>;
          answer: ReturnType<typeof budget.spend>;
        }[] = [];
        let spent = 0;
        for (const cost of costs) {
          while (sent.length >= most || budget.msUntil(cost, 0.2) > 0) {
            const next = sent.length > 0 ? Math.max(0, (sent[0]?.at ?? 0) - now) : Infinity;
            pass(Math.min(next, Math.max(1, budget.msUntil(cost, 0.2))));
            if (sent[0] && sent[0].at <= now) {
              const { status: said, answer } = sent.shift() ?? expect.fail('one was there');
              answer(said);
            }
          }
          const answer = budget.spend(cost);
          bucket -= cost;
          spent += cost;
          expect(bucket).toBeGreaterThanOrEqual(0);
          sent.push({ at: now + latency, status: status(Math.floor(bucket)), answer });
        }
        // A fifth of the bucket is kept; beside it, what came in is spent but for what is under way.
        expect(spent).toBeGreaterThan((1600 + now / 10) * 0.9 - most * 60);
      },
    ),
    { numRuns: 50 },
  );
});
