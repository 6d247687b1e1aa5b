import { describe, expect, test } from 'vitest';
import { buyOne } from './asking.ts';
import { kindOf, kindOfError } from './failure.ts';
import type { Trial } from './trial.ts';

export function promiseRevokes(trial: Trial) {
  describe('a revoke', () => {
    test('asking what a revoke would give back takes nothing', async ({ skip }) => {
      const provider = await trial.open();
      if (!provider.offerRevoke) return skip('cannot ask');
      const { iccid, bundle } = await buyOne(provider);
      const before = await provider.getBalance();
      const asked = { iccid, bundle: bundle.code };
      expect(await provider.offerRevoke(asked)).toMatchObject({
        status: 'offered',
        offers: trial.supplier.lacks?.refunds ? [] : [{ refundTo: 'balance' }],
      });
      expect(await provider.offerRevoke({ iccid, bundle: 'esim_no_such_bundle' })).toMatchObject({
        status: 'refused',
      });
      expect(await provider.listAssignments(iccid)).toMatchObject([{ state: 'queued' }]);
      expect(await provider.getBalance()).toEqual(before);
      trial.supplier.pass(90 * 24 * 3600);
      expect(await provider.offerRevoke(asked)).toEqual({ status: 'offered', offers: [] });
    });

    test('what is revoked unused gives back exactly its price, once, or says that it does not', async ({
      skip,
    }) => {
      const provider = await trial.open();
      if (!provider.revoke) return skip('cannot revoke');
      const full = await provider.getBalance();
      const { iccid, bundle } = await buyOne(provider);
      expect(await provider.revoke({ iccid, bundle: 'esim_no_such_bundle' })).toMatchObject({
        status: 'refused',
      });
      const kept = trial.supplier.lacks?.refunds ? await provider.getBalance() : full;
      expect(await provider.revoke({ iccid, bundle: bundle.code })).toEqual({
        status: 'revoked',
        refundedTo: trial.supplier.lacks?.refunds ? 'nothing' : 'balance',
      });
      expect(await provider.getBalance()).toEqual(kept);
      const again = provider.revoke({ iccid, bundle: bundle.code });
      // An eSIM that nobody installed goes with its last bundle: it may be a stranger's by now.
      expect(await again.then(({ status }) => status, kindOfError)).toMatch(/^(refused|rejected)$/);
      expect(await provider.getBalance()).toEqual(kept);
    });

    test('the assignment that is named is revoked, and no other of the same bundle', async ({ skip }) => {
      const provider = await trial.open();
      if (!provider.revoke || !provider.topUp) return skip('cannot revoke');
      if (trial.supplier.lacks?.assignments) return skip('tells no assignments apart');
      const { iccid, bundle } = await buyOne(provider);
      await provider.topUp({ iccid, bundle: bundle.code });
      const assignmentId = (await provider.listAssignments(iccid))[0]?.id ?? '';
      expect(await provider.revoke({ iccid, bundle: bundle.code, assignmentId })).toMatchObject({
        refundedTo: 'balance',
      });
      const states = (await provider.listAssignments(iccid)).map(({ id, state }) => [id, state]);
      expect(states).toHaveLength(2);
      expect(states.filter(([, state]) => state === 'revoked')).toEqual([[assignmentId, 'revoked']]);
      expect(await provider.revoke({ iccid, bundle: bundle.code, assignmentId })).toMatchObject({
        status: 'refused',
      });
    });

    test('an eSIM for which nothing comes back stays, when only a refund is worth it', async ({ skip }) => {
      const provider = await trial.open();
      if (!provider.revoke) return skip('cannot revoke');
      const { iccid, bundle } = await buyOne(provider);
      trial.supplier.pass(90 * 24 * 3600);
      expect(await provider.revoke({ iccid, bundle: bundle.code, onlyForRefund: true })).toMatchObject({
        status: 'refused',
      });
      expect((await provider.getEsim(iccid)).iccid).toBe(iccid);
    });

    test('a revoke whose answer is lost is in doubt, and the money or the eSIM tells', async ({ skip }) => {
      const provider = await trial.open();
      if (!provider.revoke) return skip('cannot revoke');
      const full = await provider.getBalance();
      const { iccid, bundle } = await buyOne(provider);
      trial.supplier.misbehave('loses-the-answer');
      expect(await kindOf(provider.revoke({ iccid, bundle: bundle.code }))).toBe('unknown-outcome');
      if (trial.supplier.lacks?.refunds)
        expect(await provider.listAssignments(iccid)).toMatchObject([{ state: 'revoked' }]);
      else expect(await provider.getBalance()).toEqual(full);
    });
  });
}
