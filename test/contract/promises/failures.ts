import { describe, expect, test } from 'vitest';
import {
  ProviderError,
  type ProviderErrorKind,
  type SellingProvider,
} from '../../../app/providers/contract.ts';
import { catalogue, cheapest, purchases } from './asking.ts';
import { failureOf, kindOf } from './failure.ts';
import type { Trial } from './trial.ts';

/** What support writes to a traveller is nobody else's. */
const CANARY = 'a message to Ada';

const calls: [string, (provider: SellingProvider) => Promise<unknown>][] = [
  ['balance', (provider) => provider.getBalance()],
  ['catalogue', catalogue],
  ['validation', (provider) => provider.validateOrder({ bundle: 'esim_1GB_7D_FR_V2', quantity: 1 })],
  ['order', (provider) => provider.getOrder('no-such-order')],
  ['purchases', (provider) => purchases(provider, new Date(0))],
  ['eSIM', (provider) => provider.getEsim('8944123456789012345')],
  ['assignments', (provider) => provider.listAssignments('8944123456789012345')],
];
const foreign = { iccid: '8944123456789012345', bundle: 'esim_1GB_7D_FR_V2' };
/** What only some can: of an eSIM that is not the account's, or of the account. */
const ofSome: [string, (provider: SellingProvider) => Promise<unknown> | undefined][] = [
  ['assignment', (provider) => provider.getAssignment?.(foreign)],
  ['compatibility', (provider) => provider.isCompatible?.(foreign)],
  ['history', (provider) => provider.listHistory?.(foreign.iccid)],
  ['location', (provider) => provider.locate?.(foreign.iccid)],
  ['refresh', (provider) => provider.refresh?.(foreign.iccid)],
  ['top-up', (provider) => provider.topUp?.(foreign)],
  ['offer', (provider) => provider.offerRevoke?.(foreign)],
  ['revoke', (provider) => provider.revoke?.(foreign)],
  ['suspension', (provider) => provider.suspend?.(foreign.iccid)],
  ['end of suspension', (provider) => provider.unsuspend?.(foreign.iccid)],
  ['deletion', (provider) => provider.deleteEsim?.(foreign.iccid)],
  ['top-ups', (provider) => provider.listTopUps?.(foreign.iccid)],
  ['cancelled order', (provider) => provider.cancelOrder?.('no-such-order')],
  ['text', (provider) => provider.sendSms?.({ iccid: foreign.iccid, message: 'Hello' })],
];
const ofAccount: typeof ofSome = [
  ['stock', (provider) => provider.listStock?.()],
  ['groups', (provider) => provider.listGroups?.()],
  ['prices by the gigabyte', (provider) => provider.listConsumptionPrices?.()],
  ['bundle', (provider) => provider.getBundle?.(foreign.bundle)],
  ['refund', (provider) => provider.refundStock?.({ id: '1', quantity: 1 })],
  ['card', (provider) => provider.chargeCard?.(1_000)],
  ['eSIMs', (provider) => provider.listEsims && firstOf(provider.listEsims())],
];
const reads: [string, ProviderErrorKind][] = [
  ['revokes-the-key', 'credentials'],
  ['throttles', 'rate-limited'],
];

export function promiseFailures(trial: Trial) {
  describe('failures', () => {
    test.each(calls)('a wrong key is the merchant’s to fix: %s', async (_name, call) => {
      const provider = await trial.open('wrong');
      expect(await kindOf(call(provider))).toBe('credentials');
    });

    test.for([...ofSome, ...ofAccount])(
      'a wrong key and too many requests are told apart: %s',
      async ([, call], { skip }) => {
        const provider = await trial.open();
        const refused = call(trial.connect('wrong'));
        if (!refused) return skip('not offered');
        expect(await kindOf(refused)).toBe('credentials');
        trial.supplier.misbehave('throttles');
        expect(await kindOf(Promise.resolve(call(provider)))).toBe('rate-limited');
        expect(trial.supplier.purchases()).toEqual([]);
      },
    );

    test.for(ofSome)(
      'an eSIM of somebody else is rejected, with the key still good: %s',
      async ([, call], { skip }) => {
        const answer = call(await trial.open());
        if (!answer) return skip('not offered');
        expect(await kindOf(answer)).toBe('rejected');
        expect(trial.supplier.purchases()).toEqual([]);
      },
    );

    test.each(calls)('whatever the supplier does, reading has a kind: %s', async (_name, call) => {
      const provider = await trial.open();
      for (const [conduct, kind] of reads) {
        trial.supplier.misbehave(conduct);
        expect(await kindOf(call(provider))).toBe(kind);
        trial.supplier.behave(conduct);
      }
    });

    test('a purchase with a wrong key, or too soon, has bought nothing', async () => {
      const provider = await trial.open();
      const order = { bundle: (await cheapest(provider)).code, quantity: 1 };
      expect(await kindOf(trial.connect('wrong').placeOrder(order))).toBe('credentials');
      trial.supplier.misbehave('throttles');
      const error = await failureOf(provider.placeOrder(order));
      expect(error).toMatchObject({ kind: 'rate-limited', retryAfterMs: 1000 });
      expect(trial.supplier.purchases()).toEqual([]);
    });

    test('a page of HTML is unreadable, a busy supplier is down', async () => {
      const provider = await trial.open();
      trial.supplier.misbehave('answers-html');
      expect(await kindOf(provider.getBalance())).toBe('unreadable');
      trial.supplier.behave('answers-html');
      trial.supplier.misbehave('answers-503');
      expect(await failureOf(provider.getBalance())).toMatchObject({ kind: 'down', retryAfterMs: 1000 });
    });

    test('a supplier that cannot be reached has sold nothing', async () => {
      const provider = await trial.open();
      const order = { bundle: (await cheapest(provider)).code, quantity: 1 };
      await trial.supplier.close();
      expect(await kindOf(provider.placeOrder(order))).toBe('down');
      await trial.open(); // One that can be closed after the test.
    });

    test('an eSIM or an order of somebody else is rejected, with the key still good', async () => {
      const provider = await trial.open();
      expect(await kindOf(provider.getEsim('8944123456789012345'))).toBe('rejected');
      expect(await kindOf(provider.listAssignments('8944123456789012345'))).toBe('rejected');
      expect(await kindOf(provider.getOrder('no-such-order'))).toBe('rejected');
    });

    test('no error and no log line holds a key, a code or an ICCID', async () => {
      const provider = await trial.open();
      const bundle = await cheapest(provider);
      await provider.placeOrder({ bundle: bundle.code, quantity: 1 });
      const [iccid = ''] = trial.supplier.purchases()[0]?.iccids ?? [];
      const errors: Error[] = [];
      for (const conduct of [
        'answers-html',
        'truncates-the-answer',
        'revokes-the-key',
        'throttles',
        'answers-503',
      ]) {
        trial.supplier.misbehave(conduct);
        errors.push(await failureOf(provider.getEsim(iccid)), await failureOf(provider.getBalance()));
        errors.push(await failureOf(provider.placeOrder({ bundle: bundle.code, quantity: 1 })));
        const target = { iccid, bundle: bundle.code };
        for (const attempt of [
          () => provider.topUp?.(target),
          () => provider.revoke?.(target),
          () => provider.locate?.(iccid),
          () => provider.refresh?.(iccid),
          () => provider.listHistory?.(iccid),
          () => provider.suspend?.(iccid),
          () => provider.listTopUps?.(iccid),
          () => provider.listAssignments(iccid, { fresh: true }),
          () => provider.sendSms?.({ iccid, message: CANARY }),
        ])
          errors.push(...((await attempt()?.then(() => [], failures)) ?? []));
        trial.supplier.behave(conduct);
      }
      const seen = JSON.stringify([
        errors.map((error) => [error.message, error.stack, String(error.cause)]),
        trial.log,
      ]);
      for (const secret of [...trial.supplier.secrets(), CANARY]) expect(seen).not.toContain(secret);
      expect(trial.log).not.toEqual([]);
    });
  });
}

function failures(error: unknown): Error[] {
  if (!(error instanceof ProviderError)) throw error;
  return [error];
}

async function firstOf<T>(pages: AsyncIterable<T>): Promise<T | null> {
  for await (const page of pages) return page;
  return null;
}
