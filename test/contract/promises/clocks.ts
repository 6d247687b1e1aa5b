import { describe, expect, test } from 'vitest';
import { CLOCK_PADDING_MS } from '../../../app/purchases/evidence.ts';
import { buyOne, cheapest } from './asking.ts';
import type { AnyTrial, Hand } from './hand.ts';
import type { Trial } from './trial.ts';

const SEVEN_MINUTES = 7 * 60;
const skews = [
  ['behind', -SEVEN_MINUTES],
  ['ahead', SEVEN_MINUTES],
] as const;
/** Far less than the clocks differ by, and more than any answer takes. */
const NEAR_MS = 3 * 60_000;

export function promiseClocks(trial: AnyTrial, { anEsim, travel }: Hand) {
  describe.each(skews)('a supplier whose clock is minutes %s', (_way, seconds) => {
    test('is asked no more often for that, and tells what is in use', async () => {
      const asked: number[] = [];
      for (const skew of [0, seconds]) {
        if (asked.length > 0) await trial.supplier.close();
        const provider = await trial.open();
        trial.supplier.pass(skew);
        const iccid = await anEsim();
        await travel(iccid);
        for (let looked = 0; looked < 3; looked += 1) {
          expect(await provider.getEsim(iccid)).toMatchObject({ iccid });
          expect(await provider.listAssignments(iccid)).toMatchObject([{ state: 'active' }]);
        }
        asked.push(trial.supplier.requestCount());
      }
      expect(asked[1]).toBe(asked[0]);
    });

    test('tells its own instants, and none of them is mended', async () => {
      const provider = await trial.open();
      trial.supplier.pass(seconds);
      const iccid = await anEsim();
      await travel(iccid);
      const [plan] = await provider.listAssignments(iccid);
      for (const at of [plan?.assignedAt, plan?.startsAt])
        if (at) expect(Math.abs(at.getTime() - trial.supplier.now().getTime())).toBeLessThan(NEAR_MS);
    });

    test('is asked to wait for as long as it means', async () => {
      const provider = await trial.open();
      const iccid = await anEsim();
      trial.supplier.pass(seconds);
      trial.supplier.misbehave('throttles-by-date');
      await expect(provider.getEsim(iccid)).rejects.toMatchObject({
        ...{ kind: 'rate-limited', retryAfterMs: 90_000 },
      });
    });
  });

  test('what brought us in is too old at the supplier before it is here, and is renewed', async () => {
    const provider = await trial.open();
    const iccid = await anEsim();
    await provider.getEsim(iccid);
    trial.supplier.pass(2 * 3600);
    expect(await provider.getEsim(iccid)).toMatchObject({ iccid });
  });
}

export function promiseClocksOfSellers(trial: Trial) {
  const inWindow = CLOCK_PADDING_MS / 1000 - 20;
  test.each([-inWindow, inWindow])(
    'a purchase is read back in the window that is looked in, by a clock that is %d seconds off',
    async (seconds) => {
      const provider = await trial.open();
      const { code: bundle } = await cheapest(provider);
      trial.supplier.pass(seconds);
      const sentAt = Date.now();
      await provider.placeOrder({ bundle, quantity: 1 });
      const window = {
        since: new Date(sentAt - CLOCK_PADDING_MS),
        until: new Date(Date.now() + CLOCK_PADDING_MS),
      };
      const found: string[] = [];
      for await (const { orderReference } of provider.listPurchases(window)) found.push(orderReference);
      expect(found).toEqual(trial.supplier.purchases().map(({ orderReference }) => orderReference));
      expect(found).toHaveLength(1);
    },
  );

  test.for(skews)('a call of a supplier whose clock is minutes %s is read', async ([, seconds], { skip }) => {
    const provider = await trial.open();
    const { supplier } = trial;
    supplier.pass(seconds);
    const { iccid } = await buyOne(provider);
    if (!supplier.callAbout) return skip('never calls');
    if (supplier.callsAt !== undefined) await provider.subscribe?.(supplier.callsAt);
    const callback = provider.readCallback?.(await supplier.callAbout('profile-change', iccid));
    expect(callback).toMatchObject({ kind: 'profile-change', iccid, isSigned: true });
    if (callback?.at)
      expect(Math.abs(callback.at.getTime() - supplier.now().getTime())).toBeLessThan(NEAR_MS);
  });
}
