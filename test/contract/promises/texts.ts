import { describe, expect, test } from 'vitest';
import { buy, buyOne, catalogue, cheapest } from './asking.ts';
import { kindOf } from './failure.ts';
import type { Trial } from './trial.ts';

export function promiseTexts(trial: Trial) {
  describe('a text', () => {
    test('a text reaches an eSIM with a number, and only that', async ({ skip }) => {
      const provider = await trial.open();
      if (!provider.sendSms) return skip('sends no texts');
      const { iccid } = await buyOne(provider);
      const message = 'Bienvenue ! Ihr Datenvolumen läuft.';
      const withCalls = (await catalogue(provider)).find(({ allowances }) => allowances.length > 0);
      // Where none is sold with a number, every eSIM is reached.
      if (withCalls) expect(await provider.sendSms({ iccid, message })).toMatchObject({ status: 'refused' });
      const reachable = await buy(provider, withCalls ?? (await cheapest(provider)));
      expect(await provider.sendSms({ iccid: reachable, message })).toEqual({ status: 'sent' });
      expect(await provider.sendSms({ iccid: reachable, message, sender: 'Nobody' })).toMatchObject({
        status: 'refused',
      });
      expect(trial.supplier.messages(reachable)).toEqual([message]);
      expect(trial.supplier.messages(iccid)).toEqual([]);

      trial.supplier.misbehave('loses-the-answer');
      expect(await kindOf(provider.sendSms({ iccid: reachable, message }))).toBe('unknown-outcome');
      expect(trial.supplier.messages(reachable)).toHaveLength(2);
    });

    test.each(['', 'x'.repeat(161)])('a text of %j is a bug of ours and is never sent', async (message) => {
      const provider = await trial.open();
      const before = trial.supplier.requestCount();
      await expect(
        provider.sendSms?.({ iccid: '8944123456789012345', message }) ?? Promise.reject(new RangeError()),
      ).rejects.toThrow(RangeError);
      expect(trial.supplier.requestCount()).toBe(before);
    });
  });
}
