import { describe, expect, test } from 'vitest';
import {
  ProviderError,
  sells,
  type EsimProvider,
  type ProviderErrorKind,
} from '../../../app/providers/contract.ts';
import { deeds, reads } from './calls.ts';
import { failureOf, kindOf } from './failure.ts';
import type { LookUpSupplier } from './supplier.ts';
import type { Trial } from './trial.ts';

/** Nobody's at any supplier. */
const STRANGER = '8944123456789012345';
const MOMENT_MS = 1_000;

/** What is promised of a supplier that is only asked about eSIMs. */
export function promiseLookUps(trial: Trial<LookUpSupplier, EsimProvider>) {
  describe('look-ups', () => {
    test('an eSIM bought elsewhere tells what it is, and it was not bought here', async () => {
      const provider = await trial.open();
      const { iccid } = trial.supplier.buyByHand();
      expect(await provider.getEsim(iccid)).toMatchObject({
        ...{ iccid, profileStatus: 'released', installedAt: null, tag: null },
      });
      expect(sells(provider)).toBe(false);
      trial.supplier.pass(60);
      trial.supplier.install(iccid);
      const now = trial.supplier.now();
      const { profileStatus, installedAt } = await provider.getEsim(iccid);
      expect(profileStatus).toBe('installed');
      expect(msBetween(installedAt, now)).toBeLessThan(1000);
    });

    test('its plan waits, runs, and is used up to the byte', async () => {
      const provider = await trial.open();
      const { iccid, bundle, bytes } = trial.supplier.buyByHand();
      const boughtAt = trial.supplier.now();
      const waiting = { bundle, state: 'queued', initialBytes: bytes, remainingBytes: bytes, startsAt: null };
      const [before] = await provider.listAssignments(iccid);
      expect(before).toMatchObject(waiting);
      expect(msBetween(before?.assignedAt ?? null, boughtAt)).toBeLessThan(1000);

      trial.supplier.pass(60);
      trial.supplier.useData(iccid, 123_000_000);
      const usedAt = trial.supplier.now();
      const [running] = await provider.listAssignments(iccid);
      expect(running).toMatchObject({
        id: before?.id,
        state: 'active',
        remainingBytes: bytes - 123_000_000n,
      });
      expect(msBetween(running?.startsAt ?? null, usedAt)).toBeLessThan(1000);
      expect(running?.endsAt?.getTime()).toBeGreaterThan(trial.supplier.now().getTime());

      trial.supplier.useData(iccid, Number(bytes));
      expect(await provider.listAssignments(iccid)).toMatchObject([
        { state: 'depleted', remainingBytes: 0n },
      ]);
    });

    test('a plan whose days are over is expired', async () => {
      const provider = await trial.open();
      const { iccid } = trial.supplier.buyByHand();
      trial.supplier.useData(iccid, 1_000_000);
      trial.supplier.pass(400 * 24 * 3600);
      expect(await provider.listAssignments(iccid)).toMatchObject([{ state: 'expired' }]);
    });

    test('states in any letter case are the same states, and a word nobody knows is no failure', async () => {
      const provider = await trial.open();
      const { iccid, bytes } = trial.supplier.buyByHand();
      trial.supplier.misbehave('shouts-its-states');
      expect(await provider.getEsim(iccid)).toMatchObject({ profileStatus: 'released' });
      expect(await provider.listAssignments(iccid)).toMatchObject([{ state: 'queued' }]);
      trial.supplier.behave('shouts-its-states');
      trial.supplier.misbehave('invents-a-state');
      expect(await provider.getEsim(iccid)).toMatchObject({ iccid, profileStatus: 'unknown' });
      expect(await provider.listAssignments(iccid)).toMatchObject([
        { state: 'unknown', initialBytes: bytes },
      ]);
    });

    test.for([...reads, ...deeds])('a wrong key is the merchant’s to fix: %s', async ([, call], { skip }) => {
      await trial.open();
      const { iccid } = trial.supplier.buyByHand();
      const answer = call(trial.connect('wrong'), iccid);
      if (!answer) return skip('not offered');
      expect(await kindOf(answer)).toBe('credentials');
    });

    test.for([...reads, ...deeds])(
      'an eSIM of somebody else is rejected, with the key still good: %s',
      async ([, call], { skip }) => {
        const provider = await trial.open();
        trial.supplier.buyByHand();
        const answer = call(provider, STRANGER);
        if (!answer) return skip('not offered');
        expect(await kindOf(answer)).toBe('rejected');
      },
    );

    const failures: [conduct: string, kind: ProviderErrorKind, retryAfterMs: number | null][] = [
      ['throttles', 'rate-limited', 1000],
      ['answers-503', 'down', 1000],
      ['revokes-the-key', 'credentials', null],
      ['answers-html', 'unreadable', null],
      ['truncates-the-answer', 'unreadable', null],
      ['loses-the-answer', 'down', null],
      ['fails-after-all', 'down', null],
    ];
    test.for(reads)('whatever the supplier does, reading has a kind: %s', async ([, call], { skip }) => {
      const provider = await trial.open();
      const { iccid } = trial.supplier.buyByHand();
      for (const [conduct, kind, retryAfterMs] of failures) {
        trial.supplier.misbehave(conduct);
        const answer = call(provider, iccid);
        if (!answer) return skip('not offered');
        expect(await failureOf(answer)).toMatchObject({ kind, retryAfterMs });
        trial.supplier.behave(conduct);
      }
    });

    test('a supplier that keeps silent or cannot be reached is down', async () => {
      const provider = await trial.open();
      const { iccid } = trial.supplier.buyByHand();
      trial.supplier.misbehave('holds-the-answer');
      trial.patienceMs = MOMENT_MS;
      expect(await kindOf(provider.getEsim(iccid))).toBe('down');
      await trial.supplier.close();
      expect(await kindOf(provider.getEsim(iccid))).toBe('down');
      await trial.open(); // One that can be closed after the test.
    });

    test('what happened to an eSIM is told, the newest first', async ({ skip }) => {
      const provider = await trial.open();
      if (!provider.listHistory) return skip('keeps no history');
      const { iccid } = trial.supplier.buyByHand();
      trial.supplier.pass(60);
      trial.supplier.install(iccid);
      trial.supplier.pass(60);
      trial.supplier.useData(iccid, 1_000);
      const usedAt = trial.supplier.now();
      const history = await provider.listHistory(iccid);
      expect(history.length).toBeGreaterThan(2);
      const times = history.map(({ at }) => at.getTime());
      expect(times).toEqual(times.toSorted((a, b) => b - a));
      expect(msBetween(history[0]?.at ?? null, usedAt)).toBeLessThan(1000);
      for (const { what } of history) expect(what).not.toBe('');
    });

    test('the sale tells its order and a product with a name', async ({ skip }) => {
      const provider = await trial.open();
      if (!provider.readSale) return skip('tells no sale');
      const { iccid, bundle, bytes } = trial.supplier.buyByHand();
      const boughtAt = trial.supplier.now();
      const sale = await provider.readSale(iccid);
      expect(sale.product).toMatchObject({ code: bundle, dataBytes: bytes });
      expect(Object.values(sale.product?.names ?? {})).not.toEqual([]);
      expect(sale.orderReference).toBe((await provider.listAssignments(iccid))[0]?.reference);
      expect(msBetween(sale.purchasedAt, boughtAt)).toBeLessThan(1000);
    });

    test('what may be put on an eSIM is listed with its data and days', async ({ skip }) => {
      const provider = await trial.open();
      if (!provider.listTopUps) return skip('lists no top-ups');
      const { iccid, bundle } = trial.supplier.buyByHand();
      const options = await provider.listTopUps(iccid);
      expect(options.map((option) => option.bundle)).toContain(bundle);
      for (const { description, dataBytes, days } of options) {
        expect(description).not.toBe('');
        expect(dataBytes === null || dataBytes > 0n).toBe(true);
        expect(days === null || days > 0).toBe(true);
      }
    });

    test('a suspended eSIM is off the networks until it is let on again', async ({ skip }) => {
      const provider = await trial.open();
      if (!provider.suspend || !provider.unsuspend) return skip('suspends nothing');
      const { iccid } = trial.supplier.buyByHand();
      expect((await provider.getEsim(iccid)).isSuspended).toBe(false);
      await provider.suspend(iccid);
      await provider.suspend(iccid);
      expect((await provider.getEsim(iccid)).isSuspended).toBe(true);
      await provider.unsuspend(iccid);
      expect((await provider.getEsim(iccid)).isSuspended).toBe(false);
      trial.supplier.misbehave('loses-the-answer', { only: 'PATCH' });
      expect(await kindOf(provider.suspend(iccid))).toBe('down');
      expect((await provider.getEsim(iccid)).isSuspended).toBe(true);
    });

    test('an eSIM that is deleted is gone, and no other', async ({ skip }) => {
      const provider = await trial.open();
      if (!provider.deleteEsim) return skip('deletes nothing');
      const [gone, stays] = [trial.supplier.buyByHand(), trial.supplier.buyByHand()];
      await provider.deleteEsim(gone.iccid);
      expect(await kindOf(provider.getEsim(gone.iccid))).toBe('rejected');
      expect(await kindOf(provider.deleteEsim(gone.iccid))).toBe('rejected');
      expect(await provider.getEsim(stays.iccid)).toMatchObject({ iccid: stays.iccid });
    });

    test('all eSIMs of the account are listed, each once', async ({ skip }) => {
      const provider = await trial.open();
      if (!provider.listEsims) return skip('lists no eSIMs');
      const iccids = Array.from({ length: 15 }, () => trial.supplier.buyByHand().iccid);
      const listed = [];
      for await (const page of provider.listEsims()) listed.push(...page);
      expect(listed.map(({ iccid }) => iccid).sort()).toEqual(iccids.sort());
      expect(await kindOf(firstOf(trial.connect('wrong')))).toBe('credentials');
    });

    test('a plan is taken back for nothing, once, and not where only money is wanted', async ({ skip }) => {
      const provider = await trial.open();
      if (!provider.revoke || !provider.offerRevoke) return skip('cannot revoke');
      const { iccid, bundle } = trial.supplier.buyByHand();
      const refused = { status: 'refused' };
      expect(await provider.offerRevoke({ iccid, bundle })).toEqual({ status: 'offered', offers: [] });
      expect(await provider.revoke({ iccid, bundle, onlyForRefund: true })).toMatchObject(refused);
      expect(await provider.revoke({ iccid, bundle: 'no-such-plan' })).toMatchObject(refused);
      expect(await provider.revoke({ iccid, bundle, assignmentId: 'no-such-id' })).toMatchObject(refused);
      expect(await provider.listAssignments(iccid)).toHaveLength(1);

      expect(await provider.revoke({ iccid, bundle })).toEqual({ status: 'revoked', refundedTo: 'nothing' });
      expect(await provider.listAssignments(iccid)).toEqual([]);
      expect(await provider.revoke({ iccid, bundle })).toMatchObject(refused);
      expect((await provider.getEsim(iccid)).iccid).toBe(iccid);
    });

    test('a plan is not taken back where others would go with it', async ({ skip }) => {
      const provider = await trial.open();
      if (!provider.revoke || !trial.supplier.buyPlanByHand) return skip('an eSIM has one plan');
      const { iccid, bundle } = trial.supplier.buyByHand();
      trial.supplier.buyPlanByHand(iccid);
      expect(await provider.revoke({ iccid, bundle })).toMatchObject({ status: 'refused' });
      expect(await provider.listAssignments(iccid)).toHaveLength(2);
    });

    test.for(['loses-the-answer', 'fails-after-all', 'answers-html', 'truncates-the-answer'])(
      'a revoke is in doubt when the supplier %s, and the plans tell',
      async (conduct, { skip }) => {
        const provider = await trial.open();
        if (!provider.revoke) return skip('cannot revoke');
        const { iccid, bundle } = trial.supplier.buyByHand();
        trial.supplier.misbehave(conduct, { only: 'DELETE' });
        const before = trial.supplier.requestCount();
        expect(await kindOf(provider.revoke({ iccid, bundle }))).toBe('unknown-outcome');
        expect(trial.log.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
        expect(trial.supplier.requestCount()).toBeGreaterThan(before);
        expect(await provider.listAssignments(iccid)).toEqual([]);
      },
    );

    test('no error and no log line holds a key, a code or an ICCID', async () => {
      const provider = await trial.open();
      const { iccid, bundle } = trial.supplier.buyByHand();
      const errors: Error[] = [];
      for (const [conduct] of failures) {
        trial.supplier.misbehave(conduct);
        for (const [, call] of reads) errors.push(...(await failuresOf(call(provider, iccid))));
        errors.push(...(await failuresOf(provider.revoke?.({ iccid, bundle }))));
        for (const [, call] of deeds) errors.push(...(await failuresOf(call(provider, iccid))));
        trial.supplier.behave(conduct);
      }
      errors.push(
        await failureOf(trial.connect('wrong').getEsim(iccid)),
        await failureOf(provider.getEsim(STRANGER)),
      );
      const seen = JSON.stringify([
        errors.map((error) => [error.message, error.stack, String(error.cause)]),
        trial.log,
      ]);
      expect(errors.length).toBeGreaterThan(failures.length);
      for (const secret of [...trial.supplier.secrets(), STRANGER]) expect(seen).not.toContain(secret);
    });
  });
}

/** Between what a supplier tells and when it was done: an answer may be long in coming. */
function msBetween(at: Date | null, other: Date): number {
  // The suppliers write whole seconds, so one more is none too many.
  return Math.max(0, Math.abs((at?.getTime() ?? NaN) - other.getTime()) - 1000);
}

async function firstOf(provider: EsimProvider): Promise<unknown> {
  for await (const page of provider.listEsims?.() ?? []) return page;
  return null;
}

async function failuresOf(answer: Promise<unknown> | undefined): Promise<Error[]> {
  try {
    await answer;
    return [];
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return [error];
  }
}
