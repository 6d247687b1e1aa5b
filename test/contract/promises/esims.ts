import { describe, expect, test } from 'vitest';
import type { SellingProvider } from '../../../app/providers/contract.ts';
import { buy, buyOne, cheapest } from './asking.ts';
import { kindOf } from './failure.ts';
import { givenBytes } from './supplier.ts';
import type { Trial } from './trial.ts';

export function promiseEsims(trial: Trial) {
  describe('an eSIM that is already out', () => {
    test('a tag is read back, and the last one counts', async ({ skip }) => {
      const provider = await trial.open();
      if (!provider.tagEsim) return skip('cannot tag');
      const { iccid } = await buyOne(provider);
      expect((await provider.getEsim(iccid)).tag).toBeNull();
      for (const tag of ['unit-1', 'unit-1', 'unit 2/ü']) {
        await provider.tagEsim(iccid, tag);
        expect((await provider.getEsim(iccid)).tag).toBe(tag);
      }
      expect(await kindOf(provider.tagEsim('8944123456789012345', 'unit-3'))).toBe('rejected');
      expect(await kindOf(tagOf(trial.connect('wrong'), iccid))).toBe('credentials');
    });

    test('one bundle is read by itself, with what is left of it', async ({ skip }) => {
      const provider = await trial.open();
      const { iccid, bundle } = await buyOne(provider);
      await trial.supplier.useData(iccid, { bytes: 1_000_000, iso: 'FR' });
      const [listed] = await provider.listAssignments(iccid);
      expect(listed).toMatchObject({
        state: 'active',
        reference: trial.supplier.purchases()[0]?.orderReference,
      });
      const given = givenBytes(trial.supplier, bundle.dataBytes);
      if (given !== null) expect(listed?.remainingBytes).toBe(given - 1_000_000n);
      if (!provider.getAssignment) return skip('reads all bundles at once');
      expect(await provider.getAssignment({ iccid, bundle: bundle.code })).toEqual(listed);
      expect(await provider.getAssignment({ iccid, bundle: 'esim_no_such_bundle' })).toBeNull();
    });

    test('states in any letter case are the same states', async () => {
      const provider = await trial.open();
      const { iccid } = await buyOne(provider);
      trial.supplier.misbehave('shouts-its-states');
      expect(await provider.listAssignments(iccid)).toMatchObject([{ state: 'queued' }]);
      expect(await provider.getEsim(iccid)).toMatchObject({ profileStatus: 'released', installedAt: null });
      trial.supplier.install(iccid);
      const { profileStatus, installedAt } = await provider.getEsim(iccid);
      expect(profileStatus).toBe('installed');
      if (trial.supplier.lacks?.installation) expect(installedAt).toBeNull();
      else expect(Math.abs((installedAt?.getTime() ?? 0) - Date.now())).toBeLessThan(24 * 3600_000);
    });

    test('an eSIM is suspended and let go again, however often it is asked', async ({ skip }) => {
      const provider = await trial.open();
      if (!provider.suspend || !provider.unsuspend) return skip('suspends no eSIM');
      const { iccid } = await buyOne(provider);
      expect((await provider.getEsim(iccid)).isSuspended).toBe(false);
      for (const isSuspended of [true, true, false, false]) {
        await (isSuspended ? provider.suspend(iccid) : provider.unsuspend(iccid));
        expect((await provider.getEsim(iccid)).isSuspended).toBe(isSuspended);
      }
      trial.supplier.misbehave('answers-503');
      expect(await kindOf(provider.suspend(iccid))).toBe('down');
    });

    test('what happened to an eSIM is told, the newest first', async ({ skip }) => {
      const provider = await trial.open();
      if (!provider.listHistory) return skip('keeps no history');
      const { iccid, bundle } = await buyOne(provider);
      expect(await provider.listHistory(iccid)).toMatchObject([{ bundle: bundle.code }]);
      trial.supplier.pass(60);
      await trial.supplier.useData(iccid, { bytes: 1_000, iso: 'FR' });
      const history = await provider.listHistory(iccid);
      expect(history.length).toBeGreaterThan(1);
      const times = history.map(({ at }) => at.getTime());
      expect(times).toEqual(times.toSorted((a, b) => b - a));
      for (const { what } of history) expect(what).not.toBe('');
    });

    test('an eSIM is nowhere before it was in a network, and then where it was last', async ({ skip }) => {
      const provider = await trial.open();
      if (!provider.locate) return skip('locates nothing');
      const { iccid } = await buyOne(provider);
      expect(await provider.locate(iccid)).toBeNull();
      for (const iso of ['FR', 'DE']) {
        trial.supplier.pass(60);
        await trial.supplier.useData(iccid, { bytes: 1_000, iso });
        const sighting = await provider.locate(iccid);
        expect(sighting).toMatchObject({ country: iso });
        expect(sighting?.name).not.toBe('');
        expect(sighting?.seenAt?.getTime()).toBeGreaterThan(Date.now());
      }
    });

    test('a refresh may be asked for twice', async ({ skip }) => {
      const provider = await trial.open();
      if (!provider.refresh) return skip('cannot refresh');
      const { iccid } = await buyOne(provider);
      const before = (await provider.listHistory?.(iccid))?.length ?? 0;
      await provider.refresh(iccid);
      await provider.refresh(iccid);
      if (provider.listHistory) expect(await provider.listHistory(iccid)).toHaveLength(before + 2);
      trial.supplier.misbehave('answers-503');
      expect(await kindOf(provider.refresh(iccid))).toBe('down');
    });

    test('an eSIM that is deleted is gone, and no other', async ({ skip }) => {
      const provider = await trial.open();
      if (!provider.deleteEsim) return skip('deletes nothing');
      const { iccid: gone, bundle } = await buyOne(provider);
      const stays = await buy(provider, bundle);
      await provider.deleteEsim(gone);
      expect(await kindOf(provider.getEsim(gone))).toBe('rejected');
      expect(await provider.getEsim(stays)).toMatchObject({ iccid: stays });
    });

    test('all eSIMs of the account are listed, each once, with our reference', async ({ skip }) => {
      const provider = await trial.open();
      if (!provider.listEsims) return skip('lists no eSIMs');
      const bundle = await cheapest(provider);
      for (let bought = 0; bought < 15; bought += 1)
        await provider.placeOrder({ bundle: bundle.code, quantity: 7 });
      const iccids = trial.supplier.purchases().flatMap((purchase) => purchase.iccids);
      await provider.tagEsim?.(iccids[0] ?? '', 'unit-1');
      const listed = [];
      for await (const page of provider.listEsims()) listed.push(...page);
      expect(listed.map(({ iccid }) => iccid).sort()).toEqual(iccids.sort());
      if (provider.tagEsim) expect(listed.map(({ tag }) => tag).filter(Boolean)).toEqual(['unit-1']);
      expect(listed.map(({ assignedAt }) => assignedAt)).not.toContain(null);
    });
  });
}

async function tagOf(provider: SellingProvider, iccid: string): Promise<void> {
  await provider.tagEsim?.(iccid, 'unit-4');
}
