import type { BundleAssignment, EsimProfile, NetworkSighting } from '../providers/contract.ts';
import { bundleKeys } from './bundle-key.ts';
import { once, usageMarks } from './once.ts';
import { isInstalled, mainBundle, statusOf, type EsimStatus } from './status.ts';

/** What the supplier told of an eSIM in one look. */
export interface Told {
  /** Null: it says that the eSIM is not the account's. */
  profile: EsimProfile | null;
  /** Newest first. */
  assignments: BundleAssignment[];
  /** Undefined where it was not asked, or could not tell. */
  network: NetworkSighting | null | undefined;
}

/** What was on record of the eSIM before. */
export interface Known {
  unitId: string | null;
  revokedAt: Date | null;
  installedAt: Date | null;
  startedAt: Date | null;
  network: KeptNetwork | null;
  bundles: { key: string; initialBytes: bigint | null; remainingBytes: bigint | null }[];
}

/** A sighting as JSON keeps it; `seenAt` in ISO 8601. */
export interface KeptNetwork {
  name: string;
  brand: string | null;
  country: string | null;
  seenAt: string | null;
}

export interface KeptBundle {
  key: string;
  assignmentId: string | null;
  bundleCode: string;
  state: string;
  initialBytes: bigint | null;
  remainingBytes: bigint | null;
  assignedAt: Date | null;
  startsAt: Date | null;
  endsAt: Date | null;
  reference: string | null;
}

export interface Reading {
  columns: {
    status: EsimStatus;
    profileStatus: string | null;
    installedAt: Date | null;
    usedBytes: bigint | null;
    totalBytes: bigint | null;
    isUnlimited: boolean;
    startedAt: Date | null;
    endsAt: Date | null;
    network: KeptNetwork | null;
    isSuspended: boolean | null;
    customerRef: string | null;
  };
  /** Null where the supplier told nothing of them: what is on record stays. */
  bundles: KeptBundle[] | null;
  happened: Happening[];
}

export interface Happening {
  kind: 'esim.installed' | 'esim.used' | 'esim.country-changed' | 'esim.usage' | 'esim.deleted';
  onceKey: string;
  at: Date;
  detail?: Record<string, string | number>;
}

/** What an eSIM is after a look, and what happened since the one before. */
export function reading({ profile, assignments, network }: Told, known: Known, now: Date): Reading | null {
  if (!profile) return null;
  const keys = bundleKeys(assignments);
  const bundles = assignments.map((assignment, position): KeptBundle => {
    const { id, bundle, ...rest } = assignment;
    return { key: keys[position] ?? bundle, assignmentId: id, bundleCode: bundle, ...rest };
  });
  const main = mainBundle(bundles, now);
  const hasFigures = main !== null && main.initialBytes !== null && main.remainingBytes !== null;
  const starts = bundles.flatMap(({ startsAt }) => (startsAt === null ? [] : [startsAt]));
  const ends = bundles.flatMap(({ endsAt, state }) =>
    endsAt === null || state === 'revoked' ? [] : [endsAt],
  );
  const kept = network ? keptNetwork(network) : known.network;
  const columns: Reading['columns'] = {
    status: known.revokedAt ? 'revoked' : statusOf({ profile, bundles, now }),
    profileStatus: profile.profileStatus,
    installedAt: profile.installedAt ?? known.installedAt ?? (isInstalled(profile) ? now : null),
    usedBytes: hasFigures ? used(main) : null,
    totalBytes: main?.initialBytes ?? null,
    isUnlimited: main !== null && main.initialBytes === null,
    startedAt: earliest([...starts, ...(known.startedAt ? [known.startedAt] : [])]),
    endsAt: latest(ends),
    network: kept,
    isSuspended: profile.isSuspended,
    customerRef: profile.tag === known.unitId ? null : profile.tag,
  };
  return { columns, bundles, happened: happenings({ columns, bundles }, known, now) };
}

function happenings(
  { columns, bundles }: { columns: Reading['columns']; bundles: KeptBundle[] },
  known: Known,
  now: Date,
): Happening[] {
  const { installedAt, startedAt, network, status } = columns;
  const happened: Happening[] = [];
  if (installedAt && !known.installedAt)
    happened.push({ kind: 'esim.installed', onceKey: once.installed, at: installedAt });
  if (startedAt && !known.startedAt) happened.push({ kind: 'esim.used', onceKey: once.used, at: startedAt });
  const [from, to] = [known.network?.country ?? null, network?.country ?? null];
  if (from !== null && to !== null && from !== to) {
    const at = network?.seenAt == null ? now : new Date(network.seenAt);
    happened.push({
      kind: 'esim.country-changed',
      onceKey: once.country(to, at),
      at,
      detail: { country: to },
    });
  }
  for (const bundle of bundles) {
    const before = known.bundles.find(({ key }) => key === bundle.key);
    const passed = usageMarks.filter((mark) => percentUsed(bundle) >= mark);
    const mark = passed.at(-1);
    if (mark === undefined || (before && percentUsed(before) >= mark)) continue;
    happened.push({
      kind: 'esim.usage',
      onceKey: once.usage(bundle.key, mark),
      at: now,
      detail: { percent: mark, bundle: bundle.bundleCode },
    });
  }
  if (status === 'gone') happened.push({ kind: 'esim.deleted', onceKey: once.deleted, at: now });
  return happened;
}

/** Whole percent of a bundle's data that are used; 0 where that means nothing. */
export function percentUsed(bundle: { initialBytes: bigint | null; remainingBytes: bigint | null }): number {
  const { initialBytes, remainingBytes } = bundle;
  if (initialBytes === null || remainingBytes === null || initialBytes <= 0n) return 0;
  return Number((used({ initialBytes, remainingBytes }) * 100n) / initialBytes);
}

// A supplier's figures may be odd for a moment: never less than nothing is used.
function used({
  initialBytes,
  remainingBytes,
}: {
  initialBytes: bigint | null;
  remainingBytes: bigint | null;
}) {
  const difference = (initialBytes ?? 0n) - (remainingBytes ?? 0n);
  return difference < 0n ? 0n : difference;
}

function keptNetwork({ name, brand, country, seenAt }: NetworkSighting): KeptNetwork {
  return { name, brand, country, seenAt: seenAt?.toISOString() ?? null };
}

const earliest = (dates: Date[]) => dates.reduce<Date | null>((a, b) => (a !== null && a <= b ? a : b), null);
const latest = (dates: Date[]) => dates.reduce<Date | null>((a, b) => (a !== null && a >= b ? a : b), null);
