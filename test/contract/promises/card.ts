import { Decimal } from 'decimal.js';
import { describe, expect, test } from 'vitest';
import { kindOf } from './failure.ts';
import type { Trial } from './trial.ts';

export function promiseCard(trial: Trial) {
  describe('the card', () => {
    test('a charge of the card is in the balance at once, within the limits only', async ({ skip }) => {
      const provider = await trial.open();
      if (!provider.chargeCard) return skip('charges no card');
      const chargeCard = provider.chargeCard.bind(provider);
      const before = await provider.getBalance();
      const charged = await chargeCard(1_000);
      const balance = { amount: before.amount.plus(1_000), currency: before.currency };
      expect(charged).toMatchObject({
        status: 'charged',
        amount: { amount: new Decimal(1_000), currency: before.currency },
        balance,
      });
      expect(await provider.getBalance()).toMatchObject(balance);
      for (const amount of [1, 100_000])
        expect(await chargeCard(amount)).toMatchObject({ status: 'refused' });
      for (const amount of [0, -1_000, 1_000.5, NaN])
        await expect(chargeCard(amount)).rejects.toThrow(RangeError);
      expect(await provider.getBalance()).toMatchObject(balance);

      trial.supplier.misbehave('loses-the-answer');
      expect(await kindOf(chargeCard(1_000))).toBe('unknown-outcome');
      expect((await provider.getBalance()).amount).toEqual(balance.amount.plus(1_000));
    });
  });
}
