import type { Margin } from './pricing.ts';

/** A supplier's price: a decimal text with every digit it gave. */
interface Price {
  amount: string;
  currency: string;
}

/** A piece that somebody paid for. */
export interface Sold {
  /** Minor units of the shop's currency, before any discount: what the merchant gives away is their own choice. */
  price: number;
  /** What its variant's first bundle costs now, and what it cost when it was linked, or the price was last made. */
  first: { now: Price; whenLinked: Price };
}

/**
 * What a sale would lose, in minor units, if a bundle were bought for it: cost and payment fee beyond its price. Null where
 * it loses nothing, where no rate tells, and where the merchant loses on purpose: with a price of nothing, or with one that
 * the first bundle's cost was above already, as long as the bundle costs no more than that first one.
 */
export function lossOf(
  tell: (item: { cost: Price }, price: number) => Margin | null,
  { price, first }: Sold,
  cost: Price,
): number | null {
  if (price <= 0) return null;
  const left = (of: Price) => tell({ cost: of }, price)?.margin.amount ?? null;
  const margin = left(cost);
  if (margin === null || margin >= 0) return null;
  const [meant, usual] = [left(first.whenLinked), left(first.now)];
  const isOnPurpose = meant !== null && meant < 0 && usual !== null && margin >= usual;
  return isOnPurpose ? null : -margin;
}
