import { describe, expect, test } from 'vitest';
import { cheapest, purchases, someOf } from './asking.ts';
import { givenBytes } from './supplier.ts';
import type { Trial } from './trial.ts';

export function promiseOrders(trial: Trial) {
  describe('an order', () => {
    test('each eSIM of an order has its own code, and every way of reading it back agrees', async () => {
      const provider = await trial.open();
      const bundle = await cheapest(provider);
      const since = new Date(Date.now() - 60_000);
      const quantity = someOf(trial.supplier);
      const outcome = await provider.placeOrder({ bundle: bundle.code, quantity });
      if (outcome.status !== 'ready') throw new Error(`expected ready, got ${outcome.status}`);

      const codes = outcome.esims.map(({ smdpAddress, matchingId }) => `LPA:1$${smdpAddress}$${matchingId}`);
      expect(codes.sort()).toEqual(trial.supplier.activationCodes().sort());
      expect(new Set(codes).size).toBe(quantity);

      const again = await provider.getOrder(outcome.orderReference);
      if (again.status !== 'ready') throw new Error(`expected ready, got ${again.status}`);
      const without = (links: object) => ({ ...links, appleInstallUrl: null, androidInstallUrl: null });
      expect(sorted(again.esims).map(without)).toEqual(sorted(outcome.esims).map(without));

      const iccids = outcome.esims.map(({ iccid }) => iccid).sort();
      const [purchase, ...others] = await purchases(provider, since);
      expect(others).toEqual([]);
      expect(purchase).toMatchObject({ orderReference: outcome.orderReference, isPurchase: true });
      expect(purchase?.items).toMatchObject([{ bundle: bundle.code, quantity }]);
      expect(purchase?.items[0]?.iccids.toSorted()).toEqual(iccids);

      for (const esim of outcome.esims) {
        const profile = await provider.getEsim(esim.iccid);
        expect(profile).toMatchObject({
          matchingId: trial.supplier.lacks?.codeOfEsim ? null : esim.matchingId,
          profileStatus: 'released',
          installedAt: null,
        });
        const [assignment] = await provider.listAssignments(esim.iccid);
        const initialBytes = givenBytes(trial.supplier, bundle.dataBytes);
        expect(assignment).toMatchObject({ bundle: bundle.code, initialBytes });
      }
    });

    test('asking whether an order would be accepted charges nothing', async () => {
      const provider = await trial.open();
      const bundle = await cheapest(provider);
      const before = await provider.getBalance();
      const validation = await provider.validateOrder({ bundle: bundle.code, quantity: 2 });
      if (validation.status !== 'accepted') throw new Error(validation.detail);
      if (validation.total !== null) {
        expect(validation.total).toEqual({ ...bundle.cost, amount: bundle.cost.amount.times(2) });
      }
      expect(await provider.getBalance()).toEqual(before);
      expect(trial.supplier.purchases()).toEqual([]);
    });

    test('a bundle that is not sold is refused, and nothing is bought', async () => {
      const provider = await trial.open();
      const order = { bundle: 'esim_no_such_bundle', quantity: 1 };
      expect(await provider.placeOrder(order)).toMatchObject({
        status: 'refused',
        reason: 'bundle-unavailable',
      });
      expect(await provider.validateOrder(order)).toMatchObject({
        status: 'refused',
        reason: 'bundle-unavailable',
      });
      expect(trial.supplier.purchases()).toEqual([]);
    });

    test('an account without money is refused for funds, and nothing is bought', async () => {
      const bundle = await cheapest(await trial.open());
      const poor = trial.connect('penniless');
      const order = { bundle: bundle.code, quantity: 1 };
      expect(await poor.placeOrder(order)).toMatchObject({ status: 'refused', reason: 'funds' });
      expect(await poor.validateOrder(order)).toMatchObject({ status: 'refused', reason: 'funds' });
      expect(trial.supplier.purchases()).toEqual([]);
    });

    test('an order whose profiles take time is preparing, then ready', async () => {
      const provider = await trial.open();
      const bundle = await cheapest(provider);
      trial.supplier.misbehave('prepares-slowly');
      const quantity = Math.min(2, trial.supplier.mostPerOrder);
      const outcome = await provider.placeOrder({ bundle: bundle.code, quantity });
      if (outcome.status !== 'preparing') throw new Error(`expected preparing, got ${outcome.status}`);
      expect(await provider.getOrder(outcome.orderReference)).toMatchObject({ status: 'preparing' });

      const [purchase] = await purchases(provider, new Date(Date.now() - 60_000));
      expect(purchase?.items).toMatchObject([{ quantity, iccids: [] }]);

      trial.supplier.pass(3600);
      const ready = await provider.getOrder(outcome.orderReference);
      expect(ready.status === 'ready' ? ready.esims : []).toHaveLength(quantity);
    });

    test('the largest order, which the supplier may prepare after answering, gives all its eSIMs', async () => {
      const provider = await trial.open();
      const bundle = await cheapest(provider);
      const outcome = await provider.placeOrder({
        bundle: bundle.code,
        quantity: trial.supplier.mostPerOrder,
      });
      if (outcome.status === 'refused') throw new Error(outcome.detail);
      if (outcome.status === 'preparing') {
        expect(await provider.getOrder(outcome.orderReference)).toMatchObject({ status: 'preparing' });
      }
      trial.supplier.pass(3600);
      const ready = await provider.getOrder(outcome.orderReference);
      expect(ready.status === 'ready' ? new Set(ready.esims.map(({ iccid }) => iccid)).size : 0).toBe(
        trial.supplier.mostPerOrder,
      );
    });

    test('an order of more, of none or of a part is a bug of ours and is never sent', async () => {
      const provider = await trial.open();
      const bundle = (await cheapest(provider)).code;
      const before = trial.supplier.requestCount();
      for (const quantity of [trial.supplier.mostPerOrder + 1, 0, 0.5])
        await expect(provider.placeOrder({ bundle, quantity })).rejects.toThrow(RangeError);
      expect(trial.supplier.requestCount()).toBe(before);
    });

    test('a bundle withdrawn since the catalogue was read is refused, and nothing is bought', async () => {
      const provider = await trial.open();
      const order = { bundle: (await cheapest(provider)).code, quantity: 1 };
      trial.supplier.misbehave('withdraws-the-bundle');
      for (const answer of [await provider.validateOrder(order), await provider.placeOrder(order)])
        expect(answer).toMatchObject({ status: 'refused', reason: 'bundle-unavailable' });
      expect(trial.supplier.purchases()).toEqual([]);
    });

    test('an order that never gets its eSIMs stays preparing', async () => {
      const provider = await trial.open();
      const bundle = await cheapest(provider);
      trial.supplier.misbehave('never-assigns');
      const outcome = await provider.placeOrder({ bundle: bundle.code, quantity: 1 });
      if (outcome.status !== 'preparing') throw new Error(`expected preparing, got ${outcome.status}`);
      trial.supplier.pass(24 * 3600);
      expect(await provider.getOrder(outcome.orderReference)).toMatchObject({ status: 'preparing' });
    });

    test('fewer eSIMs than paid for are handed over, and never passed off as all', async ({ skip }) => {
      const provider = await trial.open();
      if (trial.supplier.mostPerOrder < 3) return skip('sells one at a time');
      const bundle = await cheapest(provider);
      trial.supplier.misbehave('allocates-fewer');
      const outcome = await provider.placeOrder({ bundle: bundle.code, quantity: 3 });
      if (outcome.status !== 'preparing') throw new Error(`expected preparing, got ${outcome.status}`);
      const listed = await provider.getOrder(outcome.orderReference);
      expect(listed.status === 'ready' ? listed.esims : []).toHaveLength(2);
    });
  });
}

function sorted<T extends { iccid: string }>(esims: T[]): T[] {
  return esims.toSorted((a, b) => a.iccid.localeCompare(b.iccid));
}
