import { z } from 'zod';

/**
 * A refund that a person asked for on our page. The supplier takes the eSIMs back first (`revoking`), and only for those it
 * took Shopify gives money back (`refunding`).
 */
export const refundStates = [
  'revoking',
  'refunding',
  'done',
  'refused', // nothing was taken back, so nothing was refunded
  'failed', // taken back, and Shopify gave nothing: a person tries again
] as const;
export type RefundState = (typeof refundStates)[number];

/** What came of taking back one eSIM. */
const outcomes = [
  'revoked',
  'closed', // nothing had been bought for it
  'installed', // left alone, as asked
  'used',
  'kept', // the supplier refused
  'down', // the supplier could not be asked
  'doubted', // the answer was lost
  'moved', // somebody was faster
] as const;
export type RefundOutcome = (typeof outcomes)[number];

/** By unit. One without an entry is still to be done. */
export const RefundOutcomes = z.record(z.string(), z.enum(outcomes));
export type RefundOutcomes = z.output<typeof RefundOutcomes>;

/** The units whose price is given back: all that are taken, and none that is not. */
export function refundable(unitIds: readonly string[], of: RefundOutcomes): string[] {
  return unitIds.filter((id) => of[id] === 'revoked' || of[id] === 'closed');
}
