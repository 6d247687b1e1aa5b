import { isInstalled, useOf, type HeldBundle } from '../esims/status.ts';

/** What a refunded eSIM is worth taking back, the least loss first. `missing`: the supplier has it no more. */
export const conditions = ['missing', 'unused', 'installed', 'used'] as const;
export type Condition = (typeof conditions)[number];

/** Why the merchant is asked about an eSIM whose piece was refunded, instead of the supplier. */
export type AskReason =
  | 'refund-asks' // the merchant wants to be asked
  | 'refund-installed'
  | 'refund-used'
  | 'refund-money' // the money went back, and no piece was named
  | 'refund-edited' // the piece was edited out of the order, and no refund names it
  | 'refund-deleted' // Shopify has the order no more
  | 'refund-kept' // the supplier gives nothing for it, or takes nothing back
  | 'refund-doubted'; // the answer was lost, and the supplier could not tell in time

/**
 * What became of an eSIM, as it was last read at the supplier; `bundles` are those of the refunded piece. Of a top-up
 * only its own bundle counts: the eSIM was there before. A profile that is in no known state may be on a phone.
 */
export function conditionOf(
  esim: { status: string; profileStatus: string | null; installedAt: Date | null },
  bundles: HeldBundle[],
  { isTopUp, now }: { isTopUp: boolean; now: Date },
): Condition {
  if (esim.status === 'gone' || esim.status === 'revoked') return 'missing';
  const uses = bundles.map((bundle) => useOf(bundle, now));
  if (bundles.length > 0 && uses.every((use) => use === 'revoked')) return 'missing';
  // What lapsed before anybody used it expired too; the supplier then says what it gives for it.
  if (bundles.some(hasStarted) || uses.some((use) => use === 'in-use' || use === 'used-up')) return 'used';
  if (isTopUp) return 'unused';
  const profile = { profileStatus: esim.profileStatus ?? '', installedAt: esim.installedAt };
  return isInstalled(profile) || profile.profileStatus !== 'released' ? 'installed' : 'unused';
}

function hasStarted({ state, startsAt }: HeldBundle): boolean {
  return state !== 'revoked' && startsAt !== null;
}

/** An eSIM of a line of which pieces were refunded. */
export interface Candidate {
  id: string;
  unitIndex: number;
  /** Counted as the refunded one so far. */
  isGone: boolean;
  condition: Condition;
}

/**
 * Which of a line's eSIMs are the refunded ones: as many as are counted so far, the least used first. Of two that are
 * alike the one counted so far stays, so that looking again changes nothing.
 */
export function chooseRefunded(candidates: readonly Candidate[]): string[] {
  return [...candidates]
    .sort(
      (a, b) =>
        conditions.indexOf(a.condition) - conditions.indexOf(b.condition) ||
        Number(b.isGone) - Number(a.isGone) ||
        b.unitIndex - a.unitIndex,
    )
    .slice(0, candidates.filter(({ isGone }) => isGone).length)
    .map(({ id }) => id);
}
