import type { Decimal } from 'decimal.js';
import { minorDigits, type Cost } from '../../platform/money.ts';

/** An amount with every digit it has: a supplier's price goes below a cent, and a sum must show that. */
export function exactly({ amount, currency }: Cost, locale: string): string {
  const digits = Math.max(minorDigits(currency), amount.decimalPlaces());
  return new Intl.NumberFormat(locale, {
    ...{ style: 'currency', currency },
    ...{ minimumFractionDigits: digits, maximumFractionDigits: digits },
    // As text: a number would lose digits. (The type of an older standard knows numbers only.)
  }).format(amount.toFixed() as unknown as number);
}

/** The same with a plus before what came in. */
export function signed(cost: { amount: Decimal; currency: string }, locale: string): string {
  return `${cost.amount.gt(0) ? '+' : ''}${exactly(cost, locale)}`;
}
