import { describe, expect, test } from 'vitest';
import { ProviderError } from '../../../app/providers/contract.ts';
import type { Call } from './calls.ts';
import { failureOf } from './failure.ts';
import { outcomeOf, type AnyTrial, type Hand } from './hand.ts';

/** What the app's `fetch` does when the supplier's budget of requests is spent (settings/talk-to-supplier.server.ts). */
const spent: typeof fetch = () =>
  Promise.reject(new ProviderError('rate-limited', 'no free turn', { retryAfterMs: 1234 }));

export function promiseBudget(trial: AnyTrial, { anEsim }: Hand, calls: Call[]) {
  describe('the budget of requests', () => {
    test.for(calls)('what has no turn does not leave, and is in no doubt: %s', async ([, call], { skip }) => {
      await trial.open();
      const iccid = await anEsim();
      const before = trial.supplier.requestCount();
      const answer = call(trial.connect('good', { fetch: spent }), iccid);
      if (!answer) return skip('not offered');
      expect(await failureOf(answer)).toMatchObject({ kind: 'rate-limited', retryAfterMs: 1234 });
      expect(trial.supplier.requestCount()).toBe(before);
    });

    test('no request leaves beside it', async () => {
      await trial.open();
      const iccid = await anEsim();
      const before = trial.supplier.requestCount();
      let turns = 0;
      const counted: typeof fetch = (input, init) => {
        turns += 1;
        return fetch(input, init);
      };
      const provider = trial.connect('good', { fetch: counted });
      for (const [, call] of calls) await outcomeOf(call(provider, iccid));
      expect(turns).toBeGreaterThan(2);
      expect(trial.supplier.requestCount() - before).toBe(turns);
    });

    test.for(calls)(
      'one that is too many is not sent again, and says how long to wait: %s',
      async ([, call], { skip }) => {
        const provider = await trial.open();
        const iccid = await anEsim();
        trial.supplier.misbehave('throttles-by-date');
        const before = trial.supplier.requestCount();
        const answer = call(provider, iccid);
        if (!answer) return skip('not offered');
        expect(await failureOf(answer)).toMatchObject({ kind: 'rate-limited', retryAfterMs: 90_000 });
        expect(trial.supplier.requestCount()).toBe(before + 1);
      },
    );
  });
}
