import type { ProviderErrorKind, Refused } from '../providers/contract.ts';

/** What staff ask of a supplier about one eSIM, as `DeskAction.kind` keeps it. */
export type DeskKind =
  'sms' | 'refresh' | 'reference' | 'revoke' | 'replace' | 'top-up' | 'suspend' | 'unsuspend' | 'remove';

/** Why nothing was done. */
export type Refusal =
  | Refused['reason']
  | ProviderErrorKind
  | 'unable' // the supplier does not offer this
  | 'changed' // what the person saw is not so any more
  | 'busy' // somebody else is doing the same with this eSIM this moment
  | 'doubted' // an earlier try is in doubt, and has to be looked at first
  | 'not-done'; // looked up after a lost answer: the supplier did not do it

/** Reasons and figures only: no code, no message. */
export type Facts = Record<string, string | number | boolean | null>;

/** What the supplier said, or what was found out about it later. `detail` is its own words, for the merchant. */
export type Told =
  { status: 'done'; outcome: Facts } | { status: 'refused'; reason: Refusal; detail: string | null };

/** What came of a press, also of the same one pressed again. */
export type Ended =
  | Told
  /** The supplier may have done it. It is read back where the supplier can tell, and never asked for again by itself. */
  | { status: 'in-doubt' }
  /** Pressed twice, and the first one is not over yet. */
  | { status: 'under-way' };

/** One press of a button. The id comes from the page that shows it, so that the same press twice is one. */
export interface Press {
  actionId: string;
  /** The member of staff, or what acts in their place. */
  by: string;
}
