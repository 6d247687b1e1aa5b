import type { DeskKind } from './deed.ts';

/** What of an eSIM says what can still be done with it. */
export interface Condition {
  status: string;
  unitId: string | null;
  formerUnitId: string | null;
  /** Kept off the networks; null where nobody tells. */
  isSuspended: boolean | null;
}

/** Everything the page offers for one eSIM. A name that is missing is a button that is absent. */
export type Offer = 'resend' | DeskKind;

/** Whether a traveller may still use it: the account has it, and nobody got another one instead. */
export function isServing({
  status,
  unitId,
  formerUnitId,
}: Pick<Condition, 'status' | 'unitId' | 'formerUnitId'>): boolean {
  return status !== 'revoked' && status !== 'gone' && !(unitId === null && formerUnitId !== null);
}

/**
 * What can be done with an eSIM: what its supplier is able to (`abilities`), and what still makes sense. `isReplaceable`: it
 * serves a piece of an order that could be bought again, which also helps whoever has an eSIM that is gone.
 */
export function offersFor(
  esim: Condition,
  { abilities, isReplaceable }: { abilities: readonly DeskKind[]; isReplaceable: boolean },
): Offer[] {
  const isUsable = isServing(esim);
  const isLeft = esim.status !== 'revoked' && esim.status !== 'gone';
  const makesSense: Record<Offer, boolean> = {
    resend: isUsable && esim.unitId !== null,
    refresh: isUsable,
    sms: isUsable,
    'top-up': isUsable,
    reference: isUsable,
    // What is left on one that was replaced can still be taken back.
    revoke: isLeft,
    replace: isReplaceable,
    suspend: isUsable && esim.isSuspended !== true,
    unsuspend: isUsable && esim.isSuspended !== false,
    // What was bought for an order is taken back, and its order told.
    remove: isLeft && esim.unitId === null && esim.formerUnitId === null,
  };
  const able = new Set<Offer>(['resend', ...abilities]);
  // The keys of `makesSense` are its type's.
  return (Object.keys(makesSense) as Offer[]).filter((offer) => makesSense[offer] && able.has(offer));
}
