import { expect, test } from 'vitest';
import type { DeskKind } from './deed.ts';
import { offersFor } from './offers.ts';

const abilities: DeskKind[] = [
  ...(['refresh', 'sms', 'top-up', 'reference', 'revoke', 'replace'] as const),
  ...(['suspend', 'unsuspend', 'remove'] as const),
];
const sold = { status: 'active', unitId: 'unit', formerUnitId: null, isSuspended: false };
const all = { abilities, isReplaceable: true };

test('an eSIM in use can be helped in every way its supplier is able to', () => {
  expect(offersFor(sold, all)).toEqual([
    ...['resend', 'refresh', 'sms', 'top-up', 'reference', 'revoke', 'replace', 'suspend'],
  ]);
});

test('what the supplier lacks is not offered', () => {
  expect(offersFor(sold, { ...all, abilities: ['refresh'] })).toEqual(['resend', 'refresh']);
  expect(offersFor(sold, { ...all, abilities: [] })).toEqual(['resend']);
});

test('nothing is done with an eSIM that was taken back, but to give another one instead', () => {
  for (const status of ['revoked', 'gone']) {
    expect(offersFor({ ...sold, status }, all)).toEqual(['replace']);
    expect(offersFor({ ...sold, status }, { ...all, isReplaceable: false })).toEqual([]);
  }
});

test('what is left on an eSIM that was replaced can only be taken back', () => {
  const replaced = { status: 'active', unitId: null, formerUnitId: 'unit', isSuspended: null };
  expect(offersFor(replaced, { ...all, isReplaceable: false })).toEqual(['revoke']);
});

test('an eSIM that was adopted has no e-mail to send again', () => {
  expect(offersFor(adopted, { ...all, isReplaceable: false })).not.toContain('resend');
});

const adopted = { status: 'new', unitId: null, formerUnitId: null, isSuspended: null };

test('an eSIM is suspended or let back as it stands, or either where nobody tells', () => {
  const offered = (isSuspended: boolean | null) =>
    offersFor({ ...sold, isSuspended }, all).filter((offer) => offer.endsWith('suspend'));
  expect([true, false, null].map(offered)).toEqual([['unsuspend'], ['suspend'], ['suspend', 'unsuspend']]);
});

test('only what no order was ever served with is removed for good', () => {
  expect(offersFor(adopted, all)).toContain('remove');
  expect(offersFor(sold, all)).not.toContain('remove');
  expect(offersFor({ ...sold, unitId: null, formerUnitId: 'unit' }, all)).not.toContain('remove');
});
