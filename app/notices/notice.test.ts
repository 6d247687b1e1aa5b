import fc from 'fast-check';
import { expect, test } from 'vitest';
import { once, usageMarks } from '../esims/once.ts';
import { reading, type Told } from '../esims/reading.ts';
import { after, DAY, HOUR, MINUTE } from '../platform/time.ts';
import type { BundleAssignment } from '../providers/contract.ts';
import { isWorthTelling, mayGoAt, noticeKinds, noticesOf, type NoticeFacts } from './notice.ts';

const now = new Date('2026-11-21T12:00:00Z');
const ago = (ms: number) => after(-ms, now);

const bundle = {
  ...{ key: '1', state: 'active', initialBytes: 1000n, remainingBytes: 150n },
  ...{ startsAt: ago(3 * DAY), endsAt: after(4 * DAY, now) },
};
const seen = (onceKey: string, ms = MINUTE) => ({ onceKey, at: ago(ms) });
const facts: NoticeFacts = {
  ...{ now, status: 'active', isTheirs: true, mailedAt: ago(5 * DAY), lastMailAt: ago(5 * DAY) },
  ...{ bundles: [bundle], events: [] },
};
/** What is told, of all there is to tell. */
const told = (changes: Partial<NoticeFacts>) => {
  const all = { ...facts, ...changes };
  return noticesOf(all)
    .filter((notice) => isWorthTelling(notice, all))
    .map(({ kind }) => kind);
};

test('each event is one mail, about the bundle or the eSIM it happened to', () => {
  expect(told({ events: [seen(once.usage('1', 80))] })).toEqual(['data-80']);
  expect(noticesOf({ ...facts, events: [seen(once.usage('1', 80)), seen(once.used)] })).toEqual([
    { kind: 'data-80', subject: '1' },
    { kind: 'first-use', subject: '' },
  ]);
  expect(told({ events: [seen(once.usage('1', 50)), seen(once.installed)] })).toEqual([]);
  const empty = { ...bundle, remainingBytes: 0n };
  expect(told({ status: 'used-up', bundles: [empty], events: [seen(once.usage('1', 100))] })).toEqual([
    'data-100',
  ]);
  expect(told({ bundles: [{ ...bundle, endsAt: after(20 * HOUR, now) }] })).toEqual(['expires']);
  expect(told({ status: 'new', bundles: [], mailedAt: ago(3 * DAY + HOUR) })).toEqual(['not-installed']);
});

test('what is overtaken is not told: the last data is one mail and not two', () => {
  const empty = { ...bundle, remainingBytes: 0n };
  const events = [seen(once.usage('1', 80), 2 * HOUR), seen(once.usage('1', 100))];
  expect(told({ status: 'used-up', bundles: [empty], events })).toEqual(['data-100']);
  expect(told({ status: 'expired', events: [seen(once.used)] })).toEqual([]);
  expect(told({ status: 'installed', bundles: [], mailedAt: ago(3 * DAY + HOUR) })).toEqual([]);
});

test('a bundle that another one follows ends unnoticed, and so does one for a day', () => {
  const next = { ...bundle, key: '2', state: 'queued', remainingBytes: 1000n, startsAt: null, endsAt: null };
  const ending = { ...bundle, endsAt: after(HOUR, now) };
  expect(told({ bundles: [next, ending], events: [seen(once.usage('1', 80))] })).toEqual([]);
  expect(told({ bundles: [{ ...ending, startsAt: ago(23 * HOUR) }] })).toEqual([]);
  expect(told({ bundles: [ending] })).toEqual(['expires']);
});

test('what happened a day ago, or three days and one, is history', () => {
  expect(told({ events: [seen(once.usage('1', 80), DAY)] })).toEqual([]);
  expect(told({ events: [seen(once.used, DAY - MINUTE)] })).toEqual(['first-use']);
  expect(told({ status: 'new', bundles: [], mailedAt: ago(4 * DAY) })).toEqual([]);
  expect(told({ status: 'new', bundles: [], mailedAt: ago(3 * DAY - MINUTE) })).toEqual([]);
});

test('nothing goes before the codes were mailed, nor within an hour of another mail', () => {
  expect(mayGoAt({ ...facts, mailedAt: null, lastMailAt: null }).getTime()).toBeGreaterThan(now.getTime());
  expect(mayGoAt({ ...facts, lastMailAt: ago(20 * MINUTE) })).toEqual(after(40 * MINUTE, now));
  expect(mayGoAt(facts).getTime()).toBeLessThan(now.getTime());
});

const instant = fc.integer({ min: -10 * DAY, max: 10 * DAY }).map((ms) => after(ms, now));
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const anyFacts: fc.Arbitrary<NoticeFacts> = fc.record({
  now: fc.constant(now),
  status: fc.constantFrom('new', 'installed', 'active', 'used-up', 'expired', 'revoked', 'gone', 'later'),
  isTheirs: fc.boolean(),
  mailedAt: maybe(instant),
  lastMailAt: maybe(instant),
  bundles: fc.uniqueArray(
    fc.record({
      key: fc.constantFrom('1', '2', 'esim_1GB 1'),
      state: fc.constantFrom('active', 'queued', 'depleted', 'expired', 'revoked', 'unknown'),
      initialBytes: maybe(fc.bigInt(0n, 1000n)),
      remainingBytes: maybe(fc.bigInt(0n, 1000n)),
      ...{ startsAt: maybe(instant), endsAt: maybe(instant) },
    }),
    { selector: ({ key }) => key, maxLength: 3 },
  ),
  events: fc.array(
    fc.record({
      onceKey: maybe(
        fc.oneof(
          fc.constantFrom(once.used, once.installed),
          fc
            .tuple(fc.constantFrom('1', '2', 'esim_1GB 1'), fc.constantFrom(...usageMarks))
            .map(([key, mark]) => once.usage(key, mark)),
        ),
      ),
      at: instant,
    }),
    { maxLength: 5 },
  ),
});

test('whatever happened: nobody is told of an eSIM that is not theirs, nor of what is older than a day', () => {
  fc.assert(
    fc.property(anyFacts, (any) => {
      const found = noticesOf(any);
      for (const notice of found) expect(noticeKinds).toContain(notice.kind);
      const worth = found.filter((notice) => isWorthTelling(notice, any));
      if (!any.isTheirs) expect(worth).toEqual([]);
      const aDayLater = { ...any, now: after(DAY, now), events: any.events.filter(({ at }) => at <= now) };
      // A bundle may end a day later; all else has had its time.
      for (const notice of worth.filter(({ kind }) => kind !== 'expires'))
        expect(isWorthTelling(notice, aDayLater)).toBe(false);
      // Of one bundle at most one thing is so at a time, save that it may also be about to end.
      const ofUse = worth.filter(({ kind }) => kind === 'data-80' || kind === 'data-100');
      expect(ofUse.length).toBeLessThanOrEqual(new Set(any.bundles.map(({ key }) => key)).size);
      const { mailedAt, lastMailAt } = any;
      if (mailedAt !== null) expect(mayGoAt(any)).toEqual(after(HOUR, lastMailAt ?? mailedAt));
      else expect(mayGoAt(any).getTime()).toBeGreaterThan(now.getTime());
    }),
    { numRuns: 2000 },
  );
});

test('a look at the supplier and what it found before decide the same mails, however often it looks', () => {
  const usage = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(usage, (steps) => {
      let known: Parameters<typeof reading>[1] = {
        ...{ unitId: null, revokedAt: null, installedAt: ago(DAY), startedAt: ago(DAY), network: null },
        bundles: [],
      };
      let before: NoticeFacts = { ...facts, bundles: [] };
      const toldOf: string[] = [];
      // What a traveller used grows; the looks fall where they may.
      for (const used of steps.sort((a, b) => a - b)) {
        const found = reading(tellingOf(used), known, now);
        if (!found?.bundles) throw new Error('it was told');
        before = {
          ...before,
          status: found.columns.status,
          bundles: found.bundles,
          events: [...before.events, ...found.happened],
        };
        for (const notice of noticesOf(before))
          if (isWorthTelling(notice, before)) toldOf.push(`${notice.kind} ${notice.subject}`);
        known = { ...known, bundles: found.bundles };
      }
      const most = Math.max(...steps);
      const unique = [...new Set(toldOf)];
      expect(unique.includes('data-100 7')).toBe(most === 1000);
      expect(unique.includes('data-80 7')).toBe(steps.some((used) => used >= 800 && used < 1000));
      expect(unique.length).toBeLessThanOrEqual(2);
    }),
  );
});

function tellingOf(used: number): Told {
  const assignment: BundleAssignment = {
    ...{ id: '7', bundle: 'esim_1GB_7D_FR_V2', state: used === 1000 ? 'depleted' : 'active' },
    ...{ initialBytes: 1000n, remainingBytes: 1000n - BigInt(used), reference: null },
    ...{ assignedAt: ago(2 * DAY), startsAt: ago(DAY), endsAt: after(6 * DAY, now) },
  };
  const profile = {
    ...{ iccid: '', smdpAddress: '', matchingId: '', profileStatus: 'installed' as const, tag: null },
    ...{ installedAt: ago(DAY), isSuspended: null, appleInstallUrl: null, androidInstallUrl: null },
  };
  return { profile, assignments: [assignment], network: undefined };
}
