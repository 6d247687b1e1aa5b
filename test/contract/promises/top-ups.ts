import { describe, expect, test } from 'vitest';
import { buy, buyOne, catalogue, cheapest, purchases } from './asking.ts';
import { kindOf, kindOfError } from './failure.ts';
import { givenBytes } from './supplier.ts';
import type { Trial } from './trial.ts';

export function promiseTopUps(trial: Trial) {
  describe('a top-up', () => {
    test('what is offered as a top-up can be bought, at that price', async ({ skip }) => {
      const provider = await trial.open();
      if (!provider.listTopUps || !provider.topUp) return skip('lists no top-ups');
      const { iccid } = await buyOne(provider);
      const options = await provider.listTopUps(iccid);
      const [option] = options;
      if (!option) throw new Error('nothing is offered');
      for (const { dataBytes, days, cost } of options) {
        expect(dataBytes === null || dataBytes > 0n).toBe(true);
        expect(days === null || days > 0).toBe(true);
        expect(cost === null || cost.amount.isPositive()).toBe(true);
      }
      const before = await provider.getBalance();
      expect(await provider.topUp({ iccid, bundle: option.bundle })).toMatchObject({ status: 'ready' });
      const spent = before.amount.minus((await provider.getBalance()).amount);
      expect(spent).toEqual(option.cost?.amount);
    });

    test('a top-up costs exactly its price, and its purchase is listed with that eSIM', async ({ skip }) => {
      const provider = await trial.open();
      if (!provider.topUp) return skip('cannot top up');
      const { iccid, bundle } = await buyOne(provider);
      const since = new Date(Date.now() - 60_000);
      const before = await provider.getBalance();
      const outcome = await provider.topUp({ iccid, bundle: bundle.code });
      if (outcome.status !== 'ready') throw new Error(`expected ready, got ${outcome.status}`);
      expect(outcome.esims).toMatchObject([{ iccid }]);
      const after = await provider.getBalance();
      expect(before.amount.minus(after.amount)).toEqual(bundle.cost.amount);
      expect(outcome.total).toEqual(bundle.cost);
      expect(trial.supplier.activationCodes()).toHaveLength(1);

      const assignments = await provider.listAssignments(iccid);
      if (trial.supplier.lacks?.assignments) {
        const given = givenBytes(trial.supplier, bundle.dataBytes);
        const initialBytes = given === null ? null : 2n * given;
        expect(assignments).toMatchObject([{ bundle: bundle.code, initialBytes }]);
      } else {
        expect(assignments.map((row) => row.bundle)).toEqual([bundle.code, bundle.code]);
        expect(new Set(assignments.map(({ id }) => id)).size).toBe(2);
      }
      expect(await provider.getOrder(outcome.orderReference)).toMatchObject({
        status: 'ready',
        esims: [{ iccid }],
      });
      const listed = (await purchases(provider, since)).find(
        ({ orderReference }) => orderReference === outcome.orderReference,
      );
      expect(listed).toMatchObject({
        isPurchase: true,
        items: [{ bundle: bundle.code, quantity: 1, iccids: [iccid] }],
      });
    });

    test('a bundle that does not go with the eSIM is refused, and nothing is bought', async ({ skip }) => {
      const provider = await trial.open('good', 'everything');
      if (!provider.topUp || !provider.isCompatible) return skip('cannot top up');
      const { iccid, bundle } = await buyOne(provider);
      const isCompatible = provider.isCompatible.bind(provider);
      expect(await isCompatible({ iccid, bundle: bundle.code })).toBe(true);
      const one = async (code: string) => ((await isCompatible({ iccid, bundle: code })) ? [] : [code]);
      const longest = (await catalogue(provider)).sort((a, b) => b.days - a.days).slice(0, 3);
      const [misfit] = (await Promise.all(longest.map(({ code }) => one(code)))).flat();
      if (misfit === undefined) return skip('every bundle goes with every eSIM');

      const bought = trial.supplier.purchases().length;
      expect(await provider.topUp({ iccid, bundle: misfit })).toMatchObject({
        status: 'refused',
        reason: 'incompatible',
      });
      expect(await isCompatible({ iccid, bundle: 'esim_no_such_bundle' })).toBe(false);
      expect(await provider.topUp({ iccid, bundle: 'esim_no_such_bundle' })).toMatchObject({
        status: 'refused',
        reason: 'bundle-unavailable',
      });
      expect(trial.supplier.purchases()).toHaveLength(bought);
      expect(trial.supplier.activationCodes()).toHaveLength(1);
    });

    test.for<[conduct: string, bought: number]>([
      ['loses-the-answer', 2],
      ['resets-after-body', 2],
      ['charges-then-500', 2],
      ['answers-503-and-executes', 2],
      ['answers-html', 2],
      ['truncates-the-answer', 2],
      ['answers-503', 1],
    ])('a top-up is in doubt when the supplier %s, and is sent once', async ([conduct, bought], { skip }) => {
      const provider = await trial.open();
      if (!provider.topUp) return skip('cannot top up');
      const { iccid, bundle } = await buyOne(provider);
      const before = trial.supplier.buyingRequestCount();
      trial.supplier.misbehave(conduct, { purchaseOnly: true });
      expect(await kindOf(provider.topUp({ iccid, bundle: bundle.code }))).toBe('unknown-outcome');
      expect(trial.supplier.buyingRequestCount() - before).toBe(1);
      trial.supplier.behave(conduct);
      expect(trial.supplier.purchases()).toHaveLength(bought);
      if (!trial.supplier.lacks?.assignments)
        expect(await provider.listAssignments(iccid)).toHaveLength(bought);
    });

    test('a top-up without money is refused for funds', async ({ skip }) => {
      const bundle = await cheapest(await trial.open());
      const poor = trial.connect('penniless');
      if (!poor.topUp) return skip('cannot top up');
      const iccid = await buy(trial.connect('good'), bundle);
      // The eSIM is another account's, so it is the eSIM that is refused first, and never anything bought.
      const answer = await poor
        .topUp({ iccid, bundle: bundle.code })
        .then(({ status }) => status, kindOfError);
      expect(answer).toMatch(/^(refused|rejected)$/);
      expect(trial.supplier.purchases()).toHaveLength(1);
    });
  });
}
