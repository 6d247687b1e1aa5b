import { describe, expect, test } from 'vitest';
import { until } from '../../until.ts';
import { cheapest, purchases } from './asking.ts';
import { kindOf } from './failure.ts';
import type { Trial } from './trial.ts';

/** Conducts that never answer. */
const silent = ['holds-the-answer', 'never-executes-and-times-out'];

export function promiseDoubt(trial: Trial) {
  describe('doubt', () => {
    test.each([
      ['loses-the-answer', 1],
      ['holds-the-answer', 1],
      ['resets-after-body', 1],
      ['answers-503-and-executes', 1],
      ['charges-then-500', 1],
      ['answers-html', 1],
      ['truncates-the-answer', 1],
      ['answers-503', 0],
      ['never-executes-and-times-out', 0],
    ])(
      'a supplier that %s leaves the purchase in doubt, and the listing tells the truth',
      async (conduct, bought) => {
        const provider = await trial.open();
        const bundle = await cheapest(provider);
        const since = new Date(Date.now() - 60_000);
        trial.supplier.misbehave(conduct, { purchaseOnly: true });
        const quantity = Math.min(2, trial.supplier.mostPerOrder);
        const before = trial.supplier.buyingRequestCount();
        const kind = kindOf(provider.placeOrder({ bundle: bundle.code, quantity }));
        await until('the supplier is asked', () => trial.supplier.buyingRequestCount() > before);
        // What nobody answers is as lost at once as after a minute.
        if (silent.includes(conduct)) {
          await until('it has done what it does', () => trial.supplier.purchases().length === bought);
          trial.loseTime();
        }
        expect(await kind).toBe('unknown-outcome');
        trial.supplier.behave(conduct);

        expect(trial.supplier.purchases()).toHaveLength(bought);
        const listed = await purchases(provider, since);
        expect(listed.map(({ orderReference }) => orderReference)).toEqual(
          trial.supplier.purchases().map(({ orderReference }) => orderReference),
        );
        for (const { orderReference } of listed) {
          const order = await provider.getOrder(orderReference);
          expect(order.status === 'ready' ? order.esims : []).toHaveLength(quantity);
        }
      },
    );

    test('a purchase that is executed after its connection was cut is listed from then on', async () => {
      const provider = await trial.open();
      const bundle = await cheapest(provider);
      const since = new Date(Date.now() - 60_000);
      trial.supplier.misbehave('executes-late');
      expect(await kindOf(provider.placeOrder({ bundle: bundle.code, quantity: 1 }))).toBe('unknown-outcome');
      expect(await purchases(provider, since)).toEqual([]);
      trial.supplier.pass(3600);
      expect(await purchases(provider, since)).toMatchObject([{ items: [{ bundle: bundle.code }] }]);
    });

    test('a purchase tells the address it came from, so one made by hand is not taken for ours', async ({
      skip,
    }) => {
      const provider = await trial.open();
      if (trial.supplier.lacks?.source) return skip('does not tell');
      const bundle = await cheapest(provider);
      const since = new Date(Date.now() - 60_000);
      const outcome = await provider.placeOrder({ bundle: bundle.code, quantity: 1 });
      if (outcome.status === 'refused') throw new Error(outcome.detail);
      trial.supplier.buyByHand(bundle.code);
      const listed = await purchases(provider, since);
      const ours = listed.filter(({ sourceIp }) => sourceIp === outcome.sourceIp);
      expect(ours.map(({ orderReference }) => orderReference)).toEqual([outcome.orderReference]);
      expect(listed).toHaveLength(2);
      expect(listed.map(({ sourceIp }) => sourceIp)).not.toContain(null);
    });

    test('one call sends one purchase, whatever comes back', async () => {
      const provider = await trial.open();
      const bundle = await cheapest(provider);
      for (const conduct of ['answers-503', 'charges-then-500', 'throttles', 'loses-the-answer']) {
        trial.supplier.misbehave(conduct, { purchaseOnly: true });
        const before = trial.supplier.buyingRequestCount();
        await kindOf(provider.placeOrder({ bundle: bundle.code, quantity: 1 }));
        expect(trial.supplier.buyingRequestCount() - before).toBe(1);
        trial.supplier.behave(conduct);
      }
    });

    test('a purchase that is listed late is listed in the end', async () => {
      const provider = await trial.open();
      const bundle = await cheapest(provider);
      const since = new Date(Date.now() - 60_000);
      trial.supplier.misbehave('lists-late');
      await provider.placeOrder({ bundle: bundle.code, quantity: 1 });
      expect(await purchases(provider, since)).toEqual([]);
      trial.supplier.pass(3600);
      expect(await purchases(provider, since)).toHaveLength(1);
    });

    test('a window lists what was bought in it, newest first, over as many pages as it takes', async () => {
      const provider = await trial.open();
      const bundle = await cheapest(provider);
      const start = Date.now();
      for (let bought = 0; bought < 103; bought += 1) {
        await provider.placeOrder({ bundle: bundle.code, quantity: 1 });
        if (bought === 2) trial.supplier.pass(3600);
        if (bought === 2) await new Promise((later) => setTimeout(later, 2));
      }
      const recent = await purchases(provider, new Date(start + 1800_000));
      const newestFirst = trial.supplier.purchases().slice(3).reverse();
      expect(recent).toHaveLength(100);
      expect(new Set(recent.map(({ orderReference }) => orderReference))).toEqual(
        new Set(newestFirst.map(({ orderReference }) => orderReference)),
      );
      const times = recent.map(({ createdAt }) => createdAt.getTime());
      expect(times).toEqual(times.toSorted((a, b) => b - a));
      expect(await purchases(provider, new Date(start - 60_000))).toHaveLength(103);
    });
  });
}
