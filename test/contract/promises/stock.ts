import { describe, expect, test } from 'vitest';
import { cheapest, purchases } from './asking.ts';
import { kindOf } from './failure.ts';
import type { Trial } from './trial.ts';

export function promiseStock(trial: Trial) {
  describe('stock', () => {
    test('stock becomes eSIMs without a charge, and each piece once', async ({ skip }) => {
      const provider = await trial.open();
      if (!provider.applyFromStock || !provider.listStock) return skip('keeps no stock');
      const bundle = await cheapest(provider);
      const since = new Date(Date.now() - 60_000);
      trial.supplier.addStock?.(bundle.code, 2);
      trial.supplier.addStock?.(bundle.code, 1);
      expect(await provider.listStock()).toMatchObject([{ bundle: bundle.code, remaining: 3 }]);

      const before = await provider.getBalance();
      const applied = await provider.applyFromStock({ bundle: bundle.code, quantity: 2 });
      if (applied.status === 'refused') throw new Error(applied.detail);
      const ready = await provider.getOrder(applied.orderReference);
      const codes = ready.status === 'ready' ? ready.esims : [];
      expect(codes.map(({ smdpAddress, matchingId }) => `LPA:1$${smdpAddress}$${matchingId}`).sort()).toEqual(
        trial.supplier.activationCodes().sort(),
      );
      expect(await provider.getBalance()).toEqual(before);
      expect(await provider.listStock()).toMatchObject([{ bundle: bundle.code, remaining: 1 }]);
      expect(await purchases(provider, since)).toMatchObject([
        {
          orderReference: applied.orderReference,
          isPurchase: false,
          items: [{ bundle: bundle.code, quantity: 2 }],
        },
      ]);
    });

    test('more than is in stock, or what is not sold, is refused and takes nothing', async ({ skip }) => {
      const provider = await trial.open();
      if (!provider.applyFromStock || !provider.listStock) return skip('keeps no stock');
      const bundle = await cheapest(provider);
      trial.supplier.addStock?.(bundle.code, 1);
      for (const order of [
        { bundle: bundle.code, quantity: 2 },
        { bundle: 'esim_no_such_bundle', quantity: 1 },
      ]) {
        const refused = { status: 'refused', reason: 'bundle-unavailable' };
        expect(await provider.applyFromStock(order)).toMatchObject(refused);
      }
      expect(await provider.listStock()).toMatchObject([{ bundle: bundle.code, remaining: 1 }]);
      expect(trial.supplier.activationCodes()).toEqual([]);
    });

    test.for<[conduct: string, applied: number]>([
      ['loses-the-answer', 1],
      ['resets-after-body', 1],
      ['answers-503-and-executes', 1],
      ['charges-then-500', 1],
      ['truncates-the-answer', 1],
      ['answers-503', 0],
      ['executes-late', 0],
    ])('an application from stock is in doubt when the supplier %s', async ([conduct, applied], { skip }) => {
      const provider = await trial.open();
      if (!provider.applyFromStock) return skip('keeps no stock');
      const bundle = await cheapest(provider);
      trial.supplier.addStock?.(bundle.code, 1);
      const since = new Date(Date.now() - 60_000);
      trial.supplier.misbehave(conduct);
      const before = trial.supplier.requestCount();
      expect(await kindOf(provider.applyFromStock({ bundle: bundle.code, quantity: 1 }))).toBe(
        'unknown-outcome',
      );
      expect(trial.supplier.requestCount() - before).toBe(1);
      trial.supplier.behave(conduct);
      expect(await purchases(provider, since)).toHaveLength(applied);
    });

    test('with a wrong key nothing is applied', async ({ skip }) => {
      const bundle = await cheapest(await trial.open());
      const wrong = trial.connect('wrong');
      if (!wrong.applyFromStock) return skip('keeps no stock');
      trial.supplier.addStock?.(bundle.code, 1);
      const answer = wrong.applyFromStock({ bundle: bundle.code, quantity: 1 });
      expect(await kindOf(answer)).toBe('credentials');
      expect(trial.supplier.activationCodes()).toEqual([]);
    });

    test('batches are listed with the day they expire, and no longer then', async ({ skip }) => {
      const provider = await trial.open();
      if (!provider.listStock) return skip('keeps no stock');
      const bundle = await cheapest(provider);
      trial.supplier.addStock?.(bundle.code, 3);
      trial.supplier.pass(24 * 3600);
      trial.supplier.addStock?.(bundle.code, 2);
      const [item] = await provider.listStock();
      expect(item?.batches.map(({ remaining }) => remaining)).toEqual([3, 2]);
      expect(new Set(item?.batches.map(({ id }) => id)).size).toBe(2);
      const days = item?.batches.map(({ expiresAt }) => expiresAt?.getTime() ?? 0) ?? [];
      expect(days).toEqual(days.toSorted((a, b) => a - b));
      expect(days[0]).toBeGreaterThan(Date.now());
    });

    test('unused stock is given back for exactly what it cost', async ({ skip }) => {
      const provider = await trial.open();
      if (!provider.refundStock || !provider.listStock) return skip('refunds no stock');
      const bundle = await cheapest(provider);
      trial.supplier.addStock?.(bundle.code, 3);
      const before = await provider.getBalance();
      const [item] = await provider.listStock();
      const id = item?.batches[0]?.id ?? '';
      expect(await provider.refundStock({ id, quantity: 2 })).toEqual({ status: 'refunded' });
      const after = await provider.getBalance();
      expect(after.amount.minus(before.amount)).toEqual(bundle.cost.amount.times(2));
      expect(await provider.listStock()).toMatchObject([{ remaining: 1, batches: [{ id, remaining: 1 }] }]);

      for (const batch of [
        { id, quantity: 2 },
        { id: '1', quantity: 1 },
        { id: 'no such batch', quantity: 1 },
      ])
        expect(await provider.refundStock(batch)).toMatchObject({ status: 'refused' });
      trial.supplier.pass(90 * 24 * 3600);
      expect(await provider.refundStock({ id, quantity: 1 })).toMatchObject({ status: 'refused' });
      expect(await provider.getBalance()).toEqual(after);
    });

    test('a refund whose answer is lost is in doubt, and the stock tells', async ({ skip }) => {
      const provider = await trial.open();
      if (!provider.refundStock || !provider.listStock) return skip('refunds no stock');
      trial.supplier.addStock?.((await cheapest(provider)).code, 1);
      const id = (await provider.listStock())[0]?.batches[0]?.id ?? '';
      trial.supplier.misbehave('charges-then-500');
      expect(await kindOf(provider.refundStock({ id, quantity: 1 }))).toBe('unknown-outcome');
      expect(await provider.listStock()).toEqual([]);
    });
  });
}
