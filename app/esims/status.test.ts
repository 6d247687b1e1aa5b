import fc from 'fast-check';
import { expect, test } from 'vitest';
import { esimStatuses, mainBundle, statusOf, useOf, type HeldBundle } from './status.ts';

const now = new Date('2026-11-21T12:00:00Z');
const hours = (count: number) => new Date(now.getTime() + count * 3_600_000);

const fresh = { profileStatus: 'released', installedAt: null };
const onPhone = { profileStatus: 'installed', installedAt: hours(-48) };
const waiting: HeldBundle = { state: 'queued', remainingBytes: 1000n, startsAt: null, endsAt: null };
const inUse: HeldBundle = { state: 'active', remainingBytes: 400n, startsAt: hours(-24), endsAt: hours(48) };
const empty: HeldBundle = { ...inUse, state: 'depleted', remainingBytes: 0n };
const over: HeldBundle = { ...inUse, state: 'expired', endsAt: hours(-1) };
const takenBack: HeldBundle = { ...waiting, state: 'revoked' };

test.each([
  ['bought and not yet on a phone', fresh, [waiting], 'new'],
  ['on a phone, at home', onPhone, [waiting], 'installed'],
  ['in use', onPhone, [inUse], 'active'],
  ['in use, with another bundle behind', onPhone, [waiting, inUse], 'active'],
  ['used up, with another bundle behind', onPhone, [waiting, empty], 'installed'],
  ['used up', onPhone, [empty], 'used-up'],
  ['used up long ago', onPhone, [{ ...empty, endsAt: hours(-100) }], 'used-up'],
  ['over', onPhone, [over], 'expired'],
  ['over, though the supplier still calls it active', onPhone, [{ ...inUse, endsAt: hours(-1) }], 'expired'],
  ['never used in time', fresh, [{ ...waiting, state: 'lapsed' }], 'expired'],
  ['its only bundle taken back', fresh, [takenBack], 'revoked'],
  ['one of its two bundles taken back', onPhone, [takenBack, inUse], 'active'],
  ['a top-up taken back after the first was used up', onPhone, [takenBack, empty], 'used-up'],
  ['without any bundle', fresh, [], 'new'],
  ['deleted', { ...onPhone, profileStatus: 'deleted' }, [inUse], 'gone'],
  ['not the account’s any more', null, [inUse], 'gone'],
] as const)('an eSIM that is %s', (_, profile, bundles, status) => {
  expect(statusOf({ profile, bundles: [...bundles], now })).toBe(status);
});

const instant = fc.option(fc.date({ noInvalidDate: true }), { nil: null });
const word = fc.oneof(
  fc.constantFrom('processing', 'queued', 'active', 'depleted', 'expired', 'revoked', 'lapsed', 'unknown'),
  fc.string(),
);
const bundle: fc.Arbitrary<HeldBundle> = fc.record({
  state: word,
  remainingBytes: fc.option(fc.bigInt({ min: -1n, max: 10n ** 12n }), { nil: null }),
  startsAt: instant,
  endsAt: instant,
});
const profile = fc.option(
  fc.record({
    profileStatus: fc.oneof(fc.constantFrom('released', 'installed', 'unavailable', 'deleted'), fc.string()),
    installedAt: instant,
  }),
  { nil: null },
);

test('whatever words the supplier uses, an eSIM has a status', () => {
  fc.assert(
    fc.property(profile, fc.array(bundle), fc.date({ noInvalidDate: true }), (held, bundles, at) => {
      expect(esimStatuses).toContain(statusOf({ profile: held, bundles, now: at }));
    }),
  );
});

test('nothing is in use that has ended, is empty or was taken back', () => {
  fc.assert(
    fc.property(bundle, (held) => {
      const isDead = held.remainingBytes === 0n || (held.endsAt !== null && held.endsAt <= now);
      if (isDead || held.state === 'revoked')
        expect(['used-up', 'expired', 'revoked']).toContain(useOf(held, now));
    }),
  );
});

test('time alone never brings a bundle back', () => {
  fc.assert(
    fc.property(bundle, fc.nat(10 ** 10), (held, later) => {
      const [before, after] = [useOf(held, now), useOf(held, new Date(now.getTime() + later))];
      if (before !== 'waiting' && before !== 'in-use') expect(after).toBe(before);
    }),
  );
});

test('the figures shown are those of a bundle the eSIM has, and of one in use where there is one', () => {
  fc.assert(
    fc.property(fc.array(bundle, { minLength: 1 }), (bundles) => {
      const main = mainBundle(bundles, now);
      expect(bundles).toContain(main);
      const isAnyInUse = bundles.some((held) => useOf(held, now) === 'in-use');
      if (main && isAnyInUse) expect(useOf(main, now)).toBe('in-use');
    }),
  );
  expect(mainBundle([], now)).toBeNull();
});
