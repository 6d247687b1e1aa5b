import type { ProviderPurchase } from '../providers/contract.ts';
import { isForeign, weigh, type Asked, type Known } from '../purchases/evidence.ts';

/** An attempt whose outcome is not known: in doubt, or parked because no order was found. */
export type OpenAttempt = Asked & { id: string };

/**
 * Compares what the supplier sold with what the ledger claims. `adopt` pairs an attempt with the one order that fits
 * it, where that order fits no other attempt; `orphans` are orders nobody claims: money spent, nothing delivered.
 * One from another address counts as ours where a lost purchase looks like it: our own address may have changed.
 */
export function audit(
  purchases: readonly ProviderPurchase[],
  open: readonly OpenAttempt[],
  known: Known,
): {
  adopt: { attemptId: string; purchase: ProviderPurchase }[];
  orphans: { purchase: ProviderPurchase; isOurs: boolean }[];
} {
  const wanted = new Map<string, string[]>();
  const suspected = new Set<string>();
  const single = new Map<string, ProviderPurchase>();
  for (const attempt of open) {
    const { fits, foreign } = weigh(purchases, attempt, known);
    for (const { orderReference } of foreign) suspected.add(orderReference);
    for (const { orderReference } of fits) {
      wanted.set(orderReference, [...(wanted.get(orderReference) ?? []), attempt.id]);
    }
    const [only, ...others] = fits;
    if (only && others.length === 0) single.set(attempt.id, only);
  }
  const adopt = [...single]
    .filter(([, { orderReference }]) => wanted.get(orderReference)?.length === 1)
    .map(([attemptId, purchase]) => ({ attemptId, purchase }));
  const adopted = new Set(adopt.map(({ purchase }) => purchase.orderReference));
  const orphans = purchases
    .filter(
      ({ orderReference, isPurchase }) =>
        isPurchase && !known.claimed.has(orderReference) && !adopted.has(orderReference),
    )
    .map((purchase) => ({
      purchase,
      isOurs: !isForeign(purchase.sourceIp, known.sources) || suspected.has(purchase.orderReference),
    }));
  return { adopt, orphans };
}
