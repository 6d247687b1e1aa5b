import { describe, expect, test } from 'vitest';
import type { CallbackKind } from '../../../app/providers/contract.ts';
import { cheapest } from './asking.ts';
import type { Trial } from './trial.ts';

const kinds: CallbackKind[] = [
  'usage',
  'first-use',
  'first-attachment',
  'country-change',
  'profile-change',
  'low-balance',
  'no-balance',
  'topped-up',
  'number-enabled',
  'number-disabled',
  'sms-failed',
  'deletion-scheduled',
  'deleted',
];
const ofTheAccount: CallbackKind[] = ['low-balance', 'no-balance', 'topped-up'];

export function promiseCallbacks(trial: Trial) {
  describe('calls of the supplier', () => {
    test('each says what it is about, and is proved by the key of the account', async ({ skip }) => {
      const provider = await trial.open();
      if (!provider.readCallback || !trial.supplier.callAbout) return skip('never calls');
      const bundle = await cheapest(provider);
      const outcome = await provider.placeOrder({ bundle: bundle.code, quantity: 1 });
      const [iccid = ''] = outcome.status === 'ready' ? outcome.esims.map((esim) => esim.iccid) : [];
      await trial.supplier.useData(iccid, { bytes: 1_000_000, iso: 'DE' });
      const [onEsim] = await provider.listAssignments(iccid);
      const wrong = trial.connect('wrong');
      if (trial.supplier.callsAt !== undefined) await provider.subscribe?.(trial.supplier.callsAt);
      for (const kind of trial.supplier.lacks?.callsExcept ?? kinds) {
        const call = await trial.supplier.callAbout(kind, iccid);
        const callback = provider.readCallback(call);
        expect(callback).toMatchObject({ kind, iccid: ofTheAccount.includes(kind) ? null : iccid });
        expect(callback?.isSigned).toBe(true);
        expect(wrong.readCallback?.(call)).toEqual({ ...callback, isSigned: false });
        if (kind === 'usage' || kind === 'first-use')
          expect(callback?.assignment).toEqual({ ...onEsim, assignedAt: null });
        if (kind === 'country-change') expect(callback?.country).toBe('DE');
        if (kind === 'profile-change')
          expect(callback?.profileStatus).toBe((await provider.getEsim(iccid)).profileStatus);
      }
    });
  });
}
