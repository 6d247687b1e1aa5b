import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseRefunded, conditionOf, conditions, type Candidate } from './refunded.ts';

const candidates = fc.uniqueArray(
  fc.record({
    id: fc.uuid(),
    unitIndex: fc.nat(30),
    isGone: fc.boolean(),
    condition: fc.constantFrom(...conditions),
  }),
  { selector: ({ id }) => id, maxLength: 12 },
);
const loss = ({ condition }: Candidate) => conditions.indexOf(condition);

test('as many eSIMs are taken as pieces were refunded, and none that is kept lost the shop less', () => {
  fc.assert(
    fc.property(candidates, (all) => {
      const chosen = chooseRefunded(all);
      expect(new Set(chosen).size).toBe(chosen.length);
      expect(chosen).toHaveLength(all.filter(({ isGone }) => isGone).length);
      const taken = all.filter(({ id }) => chosen.includes(id));
      const kept = all.filter(({ id }) => !chosen.includes(id));
      for (const one of taken) for (const other of kept) expect(loss(one)).toBeLessThanOrEqual(loss(other));
    }),
  );
});

test('whatever order they are listed in, the same are chosen, and looking again changes nothing', () => {
  fc.assert(
    fc.property(candidates, (all) => {
      const distinct = all.map((each, unitIndex) => ({ ...each, unitIndex }));
      const chosen = chooseRefunded(distinct).sort();
      expect(chooseRefunded([...distinct].reverse()).sort()).toEqual(chosen);
      const again = distinct.map((each) => ({ ...each, isGone: chosen.includes(each.id) }));
      expect(chooseRefunded(again).sort()).toEqual(chosen);
    }),
  );
});

test('of three with one refunded the one that nobody installed is taken', () => {
  const of = (id: string, condition: Candidate['condition'], isGone = false): Candidate => ({
    ...{ id, condition, isGone, unitIndex: Number(id) },
  });
  expect(chooseRefunded([of('0', 'used'), of('1', 'unused'), of('2', 'installed', true)])).toEqual(['1']);
  expect(chooseRefunded([of('0', 'unused'), of('1', 'unused'), of('2', 'unused', true)])).toEqual(['2']);
});

const now = new Date('2026-11-21T12:00:00Z');
const fresh = { status: 'new', profileStatus: 'released', installedAt: null };
const bundle = { state: 'queued', remainingBytes: 1_000n, startsAt: null, endsAt: null };
const of = (esim: Partial<Parameters<typeof conditionOf>[0]>, changes = {}, isTopUp = false) =>
  conditionOf({ ...fresh, ...esim }, [{ ...bundle, ...changes }], { isTopUp, now });

test('only what is provably on no phone and not begun counts as unused', () => {
  expect(of({})).toBe('unused');
  expect(of({ profileStatus: 'unknown' })).toBe('installed');
  expect(of({ profileStatus: null })).toBe('installed');
  expect(of({ installedAt: now })).toBe('installed');
  expect(of({ status: 'installed', profileStatus: 'enabled' })).toBe('installed');
  expect(of({}, { state: 'active', startsAt: now })).toBe('used');
  expect(of({}, { state: 'unknown', startsAt: new Date(now.getTime() + 1) })).toBe('used');
  expect(of({}, { state: 'depleted' })).toBe('used');
  expect(of({}, { state: 'revoked' })).toBe('missing');
  expect(of({ status: 'gone' })).toBe('missing');
});

test('an unused top-up is unused though its eSIM is on a phone', () => {
  const phone = { status: 'active', profileStatus: 'enabled', installedAt: now };
  expect(of(phone, {}, true)).toBe('unused');
  expect(of(phone, { state: 'active', startsAt: now }, true)).toBe('used');
});
