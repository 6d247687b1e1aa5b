/** The life of one paid unit. Money moves only on the arrow into `bought`. */
export const transitions = {
  paid: ['held', 'buying', 'cancelled'],
  held: ['paid', 'buying', 'cancelled'], // not bought yet, always with a reason, released by itself or by a person
  buying: ['paid', 'held', 'preparing', 'bought', 'parked', 'cancelled'],
  preparing: ['bought', 'parked'], // bought, and the supplier has not listed the eSIM yet
  parked: ['paid', 'preparing', 'bought', 'cancelled'], // the supplier may have bought: a person decides, from evidence
  bought: ['delivered', 'parked'], // parked: the order was cancelled before the eSIM was sent
  // a person replaces its eSIM by another one; its piece was refunded, and the supplier took the eSIM back
  delivered: ['paid', 'cancelled'],
  cancelled: [],
} as const satisfies Record<string, readonly string[]>;

export type UnitState = keyof typeof transitions;

/** Why a unit is held: nothing was bought for it. */
export type HoldReason =
  | 'no-bundle' // its variant is not mapped to a bundle
  | 'top-up' // it tops up an eSIM, and does not say which: only a person knows, or may buy a new one instead
  | 'no-supplier' // the bundle's supplier account was disconnected
  | 'key-refused' // the supplier refused the key; resumes with a new one
  | 'funds' // the balance is too low; looked at again every few minutes
  | 'reserve' // buying would leave less than the merchant's reserve; looked at again like `funds`
  | 'bundle-unavailable' // the supplier does not sell this bundle any more
  | 'rejected' // the supplier said no for another reason
  | 'branding' // the supplier does not know the branding profile of the settings; looked at again when they are saved
  | 'incompatible' // the top-up does not go with the eSIM it names
  | 'risk' // Shopify advises against the order, or to look into it
  | 'delay' // the merchant gives Shopify time to judge the risk
  | 'quantity' // more eSIMs in one order than the merchant allows
  | 'loss' // it would cost more than the sale brings
  | 'price' // the supplier's price rose by more than the merchant allows
  | 'test-order'; // Shopify marked the order as a test; nothing is bought for it

/** Why a unit is parked: something may have been bought for it, and no timer will decide. */
export type ParkReason =
  | 'no-such-order' // the answer was lost, and the supplier lists no order that fits
  | 'ambiguous' // the answer was lost, and several orders fit
  | 'not-assigned' // bought, but the supplier lists no eSIM for it
  | 'short' // the supplier gave fewer eSIMs than were ordered
  | 'bad-code' // bought, but the supplier's install code cannot be right
  | 'duplicate-iccid' // the supplier gave an eSIM that is somebody else's
  | 'gone' // bought, and the buyer's piece was cancelled or refunded meanwhile: not sent
  | 'database-restored'; // the database was restored, and something was bought that may be this one's

/** Holds that end by themselves: looked at again when the account works, has funds, or the delay is over. */
export const passingHolds: readonly HoldReason[] = [
  'no-supplier',
  'key-refused',
  'funds',
  'reserve',
  'delay',
];

/** Whether a person has to name the eSIM that a held top-up is for, or do without it. */
export function needsAnEsim(reason: string | null): boolean {
  return reason === 'top-up' || reason === 'incompatible';
}

/** Whether the buyer's money for a piece is kept: it is still in the order, and was sold or may still be. */
export function isPaid({
  state,
  soldAt,
  goneAt,
}: {
  state: string;
  soldAt: Date | null;
  goneAt: Date | null;
}) {
  return goneAt === null && (soldAt !== null || state !== 'cancelled');
}

export function isUnitState(state: string): state is UnitState {
  return Object.hasOwn(transitions, state);
}

export function canMove(from: UnitState, to: UnitState): boolean {
  return (transitions[from] as readonly UnitState[]).includes(to);
}

/** One word for an order from the states of its units, the most pressing first. */
export function orderState(
  units: readonly UnitState[],
): 'none' | 'attention' | 'preparing' | 'delivered' | 'cancelled' {
  if (units.length === 0) return 'none';
  if (units.some((state) => state === 'parked' || state === 'held')) return 'attention';
  if (
    units.some(
      (state) => state === 'paid' || state === 'buying' || state === 'preparing' || state === 'bought',
    )
  )
    return 'preparing';
  return units.every((state) => state === 'cancelled') ? 'cancelled' : 'delivered';
}
