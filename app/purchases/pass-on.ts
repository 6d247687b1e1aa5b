import type { HoldReason } from '../orders/line.ts';
import { HOUR, MINUTE } from '../platform/time.ts';
import { obstacleOf, sorted, type Candidate, type Choosing } from '../products/first-to-buy.ts';

/** Why a bundle is passed over for the next of its variant's list: nothing was bought, and that is proved. */
export type PassReason = (typeof passReasons)[number];
export const passReasons = [
  'funds',
  'reserve',
  'key-refused',
  'no-supplier',
  'bundle-unavailable',
  'rejected',
  'branding',
  'loss',
  'supplier-down',
] as const satisfies readonly (HoldReason | 'supplier-down')[];

/** A bundle that was tried for a unit, or would have been. */
export interface Passed {
  bundleId: string;
  accountId: string;
  why: PassReason;
  /** ISO 8601. */
  at: string;
}

export interface Plan {
  choosing: Choosing;
  list: readonly Candidate[];
}

/** Where a unit goes: bought of another bundle, or back to wait where waiting helps. */
export type Onward =
  { to: 'buy'; candidate: Candidate } | { to: 'wait'; candidate: Candidate; why: PassReason };

/** What was passed over is not tried for the same unit again for so long. */
export const PASSED_FOR_MS = HOUR;

/**
 * What becomes of a unit whose bundle was refused, `passed` being all it was refused of, the present refusal last. Null:
 * it stays where it is, with that refusal.
 */
export function onward({ choosing, list }: Plan, passed: readonly Passed[], now: Date): Onward | null {
  const last = passed.at(-1);
  // A bundle that is not on the list was a person's choice, or was taken off it: nobody said what to buy instead.
  if (!last || !list.some(({ bundleId }) => bundleId === last.bundleId)) return null;
  const next = sorted(list, choosing).find(
    (candidate) => obstacleOf(candidate) === null && !isPassedOver(candidate, passed, now),
  );
  if (next) return { to: 'buy', candidate: next };
  if (endsByItself(last.why)) return null;
  const fresh = passed.filter((one) => isFresh(one, now));
  // What ends by itself, the latest; else what a person may allow, the first on the list.
  for (const each of [
    ...fresh.filter(({ why }) => endsByItself(why)).toReversed(),
    ...fresh.filter(isLoss),
  ]) {
    if (each === last) return null;
    const candidate = list.find(({ bundleId }) => bundleId === each.bundleId);
    if (candidate) return { to: 'wait', candidate, why: each.why };
  }
  return null;
}

const isLoss = ({ why }: Passed) => why === 'loss';

/** How a unit waits for what ends; a held one is looked at again after `untilMs`, or when a person decides (null). */
export function waitFor(
  why: PassReason,
):
  | { state: 'paid'; reason: null; untilMs: null }
  | { state: 'held'; reason: HoldReason; untilMs: number | null } {
  // Nothing is bought with the account meanwhile, and all of it as soon as it answers.
  if (why === 'supplier-down') return { state: 'paid', reason: null, untilMs: null };
  if (why === 'loss') return { state: 'held', reason: why, untilMs: null };
  const isMoney = why === 'funds' || why === 'reserve';
  return { state: 'held', reason: why, untilMs: isMoney ? 5 * MINUTE : 0 };
}

/** Whether a bundle was tried for a unit not long ago, or is of an account that cannot buy. */
export function isPassedOver(candidate: Candidate, passed: readonly Passed[], now: Date): boolean {
  return passed.some((each) => isFresh(each, now) && passesOver(each, candidate));
}

function isFresh({ at }: Passed, now: Date): boolean {
  return now.getTime() - new Date(at).getTime() < PASSED_FOR_MS;
}

/** What speaks against a bundle speaks against it alone, or against everything of its account. */
function passesOver({ bundleId, accountId, why }: Passed, candidate: Candidate): boolean {
  return candidate.bundleId === bundleId || (isOfAccount(why) && candidate.accountId === accountId);
}

/** Whether it speaks against everything of the account, and not against the one bundle. */
export function isOfAccount(why: PassReason): boolean {
  return why === 'branding' || endsByItself(why);
}

/** Over when the account has money, a key, or answers again; what is refused for what was ordered stays so. */
export function endsByItself(why: PassReason): boolean {
  switch (why) {
    case 'funds':
    case 'reserve':
    case 'key-refused':
    case 'no-supplier':
    case 'supplier-down':
      return true;
    case 'bundle-unavailable':
    case 'rejected':
    case 'loss': // until prices move, or a person allows it
    case 'branding': // until a person enters another one
      return false;
    default:
      return why satisfies never;
  }
}
