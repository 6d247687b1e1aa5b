import { SECOND } from '../platform/time.ts';

/** What Shopify says of a shop's bucket of points with every answer. */
export interface ThrottleStatus {
  maximumAvailable: number;
  currentlyAvailable: number;
  /** Points a second. */
  restoreRate: number;
}

/** What one shop's bucket holds, as far as this process knows: other processes spend from it too. */
export interface Budget {
  /** How long until `cost` points are there and the share `keep` of the bucket stays; 0 is now. */
  msUntil(cost: number, keep: number): number;
  /** Points that are on their way. The function returned ends that, with what the answer said. */
  spend(cost: number): (status: ThrottleStatus | null) => void;
}

/** `now` in milliseconds, by a clock that nobody sets. */
export function openBudget(now: () => number): Budget {
  // As Shopify's smallest plan has it, until the first answer says.
  let bucket: ThrottleStatus = { maximumAvailable: 2000, currentlyAvailable: 2000, restoreRate: 100 };
  let at = now();
  let underway = 0;

  const available = () =>
    Math.min(
      bucket.maximumAvailable,
      bucket.currentlyAvailable + ((now() - at) / SECOND) * bucket.restoreRate,
    );
  return {
    msUntil(cost, keep) {
      // Nobody waits for more than a full bucket.
      const needed = Math.min(cost + keep * bucket.maximumAvailable, bucket.maximumAvailable);
      // What is under way may be in the figure already: that errs on the slow side, and only by a few requests.
      const short = needed - (available() - underway);
      return Math.max(0, (short / bucket.restoreRate) * SECOND);
    },
    spend(cost) {
      underway += cost;
      return (status) => {
        underway -= cost;
        bucket = status ?? { ...bucket, currentlyAvailable: Math.max(0, available() - cost) };
        at = now();
      };
    },
  };
}
