import { Decimal } from 'decimal.js';
import { minorDigits, type Cost, type Money } from '../platform/money.ts';
import type { Rounding } from './rounding.ts';

/** How the shop makes a price of a cost. */
export interface PriceRule {
  /** Added to the cost: 40 makes 14 of 10. Zero or more. */
  markupPercent: Decimal;
  rounding: Rounding;
  /** ISO 4217: the shop's. */
  currency: string;
}

export type Price =
  | { status: 'priced'; price: Money }
  /** The supplier charges in another currency than the shop sells in; an invented rate would be the merchant's loss. */
  | { status: 'refused'; reason: 'currency-differs' }
  /** A cost that is no cost, or a price too high to be one. */
  | { status: 'refused'; reason: 'no-cost' };

/** Cost plus markup, rounded up to the next price of the rule's kind: never below the cost. */
export function priceFor({ markupPercent, rounding, currency }: PriceRule, cost: Cost): Price {
  if (cost.currency !== currency) return { status: 'refused', reason: 'currency-differs' };
  if (!cost.amount.isFinite() || cost.amount.lessThanOrEqualTo(0))
    return { status: 'refused', reason: 'no-cost' };
  const digits = minorDigits(currency);
  const { step, ending } = grid(rounding, digits);
  const markup = Exact.max(markupPercent, 0).div(100).plus(1);
  const minor = new Exact(cost.amount).times(markup).times(Exact.pow(10, digits));
  const amount = minor.minus(ending).div(step).ceil().times(step).plus(ending);
  if (amount.greaterThan(MOST_MINOR)) return { status: 'refused', reason: 'no-cost' };
  return { status: 'priced', price: { amount: amount.toNumber(), currency } };
}

// A cost may have thirty digits after the point, and rounding them away would round below the cost.
const Exact = Decimal.clone({ precision: 100 });

/** Prices are stored as 32-bit integers. */
const MOST_MINOR = 2_147_483_647;

/** The prices of a kind, in minor units: every `step`, shifted by `ending`. */
function grid(rounding: Rounding, digits: number): { step: Decimal; ending: Decimal } {
  const whole = Exact.pow(10, digits);
  switch (rounding) {
    case 'none':
      return { step: new Exact(1), ending: new Exact(0) };
    case 'whole':
      return { step: whole, ending: new Exact(0) };
    case '.99':
    case '.49':
      // Yen have no hundredths: there, the last two figures of the price take their place (¥1,099).
      if (digits === 0) return { step: new Exact(100), ending: new Exact(rounding.slice(1)) };
      return { step: whole, ending: whole.times(`0${rounding}`) };
    default:
      return rounding satisfies never;
  }
}

/** A cost as Shopify takes it, "1.24" for 1.2311: rounded up, so that no report shows more profit than there is. */
export function costText({ amount, currency }: Cost): string {
  const digits = minorDigits(currency);
  return amount.toDecimalPlaces(digits, Decimal.ROUND_CEIL).toFixed(digits);
}
