/** What becomes of an eSIM, in the order of its life; `gone`: the supplier has it no more. */
export const esimStatuses = ['new', 'installed', 'active', 'used-up', 'expired', 'revoked', 'gone'] as const;
export type EsimStatus = (typeof esimStatuses)[number];

/** A bundle on an eSIM, as far as its state depends on it. The words are `BundleAssignment`'s, or newer ones. */
export interface HeldBundle {
  state: string;
  /** Decimal bytes; null when unlimited, or not known. */
  remainingBytes: bigint | null;
  startsAt: Date | null;
  endsAt: Date | null;
}

/**
 * What an eSIM is, from its profile and its bundles, newest first. Null for `profile`: the supplier says that it is not the
 * account's. A word that is not known is judged by the figures beside it.
 */
export function statusOf({
  profile,
  bundles,
  now,
}: {
  profile: { profileStatus: string; installedAt: Date | null } | null;
  bundles: HeldBundle[];
  now: Date;
}): EsimStatus {
  if (!profile || profile.profileStatus === 'deleted') return 'gone';
  const uses = bundles.map((bundle) => useOf(bundle, now));
  if (uses.includes('in-use')) return 'active';
  if (uses.includes('waiting') || uses.length === 0) return isInstalled(profile) ? 'installed' : 'new';
  return uses.find((use) => use === 'used-up' || use === 'expired') ?? 'revoked';
}

export type BundleUse = 'waiting' | 'in-use' | 'used-up' | 'expired' | 'revoked';

/** What a bundle is good for now. Its end counts, whatever the supplier still calls it. */
export function useOf({ state, remainingBytes, startsAt, endsAt }: HeldBundle, now: Date): BundleUse {
  if (state === 'revoked') return 'revoked';
  if (state === 'depleted' || remainingBytes === 0n) return 'used-up';
  if (state === 'expired' || state === 'lapsed' || (endsAt !== null && endsAt <= now)) return 'expired';
  if (state === 'active') return 'in-use';
  return startsAt !== null && startsAt <= now ? 'in-use' : 'waiting';
}

const installed = ['installed', 'enabled', 'disabled'];

/** Whether a phone has it, or had it. */
export function isInstalled(profile: { profileStatus: string; installedAt: Date | null }): boolean {
  return profile.installedAt !== null || installed.includes(profile.profileStatus);
}

/** The bundle whose figures tell how the traveller is doing: what is in use, else what comes next, else the newest. */
export function mainBundle<Bundle extends HeldBundle>(bundles: Bundle[], now: Date): Bundle | null {
  const by = (use: BundleUse) => bundles.filter((bundle) => useOf(bundle, now) === use);
  // Newest first: the oldest of those that wait is used next.
  return by('in-use').at(-1) ?? by('waiting').at(-1) ?? bundles[0] ?? null;
}
