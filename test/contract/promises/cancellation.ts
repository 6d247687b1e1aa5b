import { describe, expect, test } from 'vitest';
import { until } from '../../until.ts';
import { cheapest } from './asking.ts';
import type { Call } from './calls.ts';
import { outcomeOf, type AnyTrial, type Hand } from './hand.ts';
import type { Trial } from './trial.ts';

const reason = new Error('nobody waits any more');
/** Of both ends, since the supplier is in this process; those that listen are of another kind. */
const openSockets = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;

export function promiseCancellation(trial: AnyTrial, { anEsim }: Hand, reads: Call[]) {
  describe('an adapter that is called off', () => {
    test.for(reads)('stops to read, and leaves no connection open: %s', async ([, call], { skip }) => {
      await trial.open();
      const iccid = await anEsim();
      const off = new AbortController();
      const provider = trial.connect('good', { signal: off.signal });
      const first = call(provider, iccid);
      if (!first) return skip('not offered');
      await outcomeOf(first);
      await until('every connection is closed', () => openSockets() === 0);

      trial.supplier.misbehave('keeps-silent');
      const asked = trial.supplier.requestCount();
      const answer = outcomeOf(call(provider, iccid));
      await until('the supplier is asked', () => trial.supplier.requestCount() > asked);
      off.abort(reason);
      expect(await answer).toBe(reason);
      await until('every connection is closed again', () => openSockets() === 0);
      expect(await outcomeOf(call(provider, iccid))).toBe(reason);
      expect(trial.supplier.requestCount()).toBe(asked + 1);
    });

    test('is the only one that stops: whoever asks beside it is answered', async () => {
      await trial.open();
      const iccid = await anEsim();
      const off = new AbortController();
      const stopped = outcomeOf(trial.connect('good', { signal: off.signal }).getEsim(iccid));
      const other = trial.connect('good').getEsim(iccid);
      off.abort(reason);
      expect(await stopped).toBe(reason);
      expect(await other).toMatchObject({ iccid });
    });
  });
}

export function promiseCancelledPurchases(trial: Trial) {
  describe('a purchase that is called off', () => {
    test('before it has left never leaves', async () => {
      const provider = await trial.open();
      const order = { bundle: (await cheapest(provider)).code, quantity: 1 };
      const before = trial.supplier.requestCount();
      const late = trial.connect('good', { signal: AbortSignal.abort(reason) });
      expect(await outcomeOf(late.placeOrder(order))).toBe(reason);
      expect(trial.supplier.requestCount()).toBe(before);
    });

    test('when it has left is waited for, so that nothing is in doubt', async () => {
      const provider = await trial.open();
      const order = { bundle: (await cheapest(provider)).code, quantity: 1 };
      const off = new AbortController();
      const leaving: typeof fetch = (input, init) => {
        const answer = fetch(input, init);
        if (init?.method === 'POST') off.abort(reason);
        return answer;
      };
      const outcome = await trial.connect('good', { signal: off.signal, fetch: leaving }).placeOrder(order);
      if (outcome.status === 'refused') throw new Error(outcome.detail);
      expect(off.signal.aborted).toBe(true);
      expect(trial.supplier.purchases()).toMatchObject([{ orderReference: outcome.orderReference }]);
    });
  });
}
