import { expect, test } from 'vitest';
import type { BundleAssignment, EsimProfile } from '../providers/contract.ts';
import { percentUsed, reading, type Known, type Told } from './reading.ts';

const now = new Date('2026-11-21T12:00:00Z');
const hours = (count: number) => new Date(now.getTime() + count * 3_600_000);

const profile: EsimProfile = {
  iccid: '8943108165015003887',
  smdpAddress: 'rsp.example.com',
  matchingId: 'JQ-1',
  profileStatus: 'released',
  installedAt: null,
  tag: 'unit-1',
  isSuspended: null,
  appleInstallUrl: null,
  androidInstallUrl: null,
};
const waiting: BundleAssignment = {
  id: '7',
  bundle: 'esim_1GB_7D_FR_V2',
  state: 'queued',
  initialBytes: 1000n,
  remainingBytes: 1000n,
  assignedAt: hours(-72),
  startsAt: null,
  endsAt: null,
  reference: 'order-1',
};
const inUse: BundleAssignment = {
  ...waiting,
  state: 'active',
  remainingBytes: 400n,
  startsAt: hours(-24),
  endsAt: hours(48),
};
const nothing: Known = {
  unitId: 'unit-1',
  revokedAt: null,
  installedAt: null,
  startedAt: null,
  network: null,
  bundles: [],
};

function read(told: Partial<Told>, known: Partial<Known> = {}) {
  const found = reading(
    { profile, assignments: [waiting], network: undefined, ...told },
    { ...nothing, ...known },
    now,
  );
  if (!found) throw new Error('nothing was read');
  return found;
}

test('a bundle nobody has used yet', () => {
  const { columns, happened } = read({});
  expect(columns).toMatchObject({ status: 'new', usedBytes: 0n, totalBytes: 1000n, isUnlimited: false });
  expect(happened).toEqual([]);
});

test('installed, used and half of it gone since the last look: each is told once', () => {
  const told = { profile: { ...profile, profileStatus: 'installed' as const, installedAt: hours(-30) } };
  const { columns, happened } = read({ ...told, assignments: [inUse] });
  expect(columns).toMatchObject({
    status: 'active',
    usedBytes: 600n,
    startedAt: hours(-24),
    endsAt: hours(48),
  });
  expect(happened.map(({ onceKey }) => onceKey)).toEqual(['installed', 'used', 'usage 7 50']);

  const known = { installedAt: hours(-30), startedAt: hours(-24), bundles: [{ key: '7', ...inUse }] };
  expect(read({ ...told, assignments: [inUse] }, known).happened).toEqual([]);
});

test('a traveller who is seen in another country has moved; one who is seen for the first time has not', () => {
  const network = { name: 'Orange', brand: null, country: 'FR', seenAt: hours(-1) };
  expect(read({ network }).happened).toEqual([]);
  const before = { name: 'Telekom', brand: null, country: 'DE', seenAt: null };
  expect(read({ network }, { network: before }).happened).toEqual([
    {
      kind: 'esim.country-changed',
      onceKey: 'country FR 2026-11-21',
      at: hours(-1),
      detail: { country: 'FR' },
    },
  ]);
});

test('a network that was not asked for stays as it was', () => {
  const network = { name: 'Telekom', brand: null, country: 'DE', seenAt: null };
  expect(read({}, { network }).columns.network).toEqual(network);
});

test('an unlimited bundle has no figures, and never passes a share of them', () => {
  const unlimited = { ...inUse, initialBytes: null, remainingBytes: null };
  const { columns, happened } = read({ assignments: [unlimited] });
  expect(columns).toMatchObject({ isUnlimited: true, usedBytes: null, totalBytes: null });
  expect(happened.map(({ kind }) => kind)).toEqual(['esim.used']);
});

test('what the merchant gave back stays given back, whatever the supplier still lists', () => {
  expect(read({ assignments: [inUse] }, { revokedAt: hours(-1) }).columns.status).toBe('revoked');
});

test('a reference that is not ours is shown, ours is not', () => {
  expect(read({}).columns.customerRef).toBeNull();
  expect(read({ profile: { ...profile, tag: 'VIP 12' } }).columns.customerRef).toBe('VIP 12');
});

test('the same bundle twice without ids keeps both, and a third does not shift them', () => {
  const nameless = { ...waiting, id: null };
  const two = read({ assignments: [nameless, nameless] }).bundles?.map(({ key }) => key);
  const three = read({ assignments: [nameless, nameless, nameless] }).bundles?.map(({ key }) => key);
  expect(two).toEqual(['esim_1GB_7D_FR_V2 2', 'esim_1GB_7D_FR_V2 1']);
  expect(three?.slice(1)).toEqual(two);
});

test('odd figures are no use at all', () => {
  expect(percentUsed({ initialBytes: 0n, remainingBytes: 0n })).toBe(0);
  expect(percentUsed({ initialBytes: 100n, remainingBytes: 120n })).toBe(0);
  expect(percentUsed({ initialBytes: 100n, remainingBytes: 0n })).toBe(100);
});
