import type { Decimal } from './records.ts';

export function toMinor(amount: Decimal, currency: string): number {
  return Math.round(Number(amount) * 10 ** digits(currency));
}

export function fromMinor(minor: number, currency: string): Decimal {
  return (minor / 10 ** digits(currency)).toFixed(digits(currency));
}

/** Rewrites an amount with the currency's digits: `"9.5"` in EUR becomes `"9.50"`. */
export function decimal(amount: string | number, currency: string): Decimal {
  return fromMinor(toMinor(String(amount), currency), currency);
}

export function sum(amounts: Decimal[], currency: string): Decimal {
  return fromMinor(
    amounts.reduce((total, amount) => total + toMinor(amount, currency), 0),
    currency,
  );
}

export function times(amount: Decimal, quantity: number, currency: string): Decimal {
  return fromMinor(toMinor(amount, currency) * quantity, currency);
}

// A new format for each amount would be a seventh of all the work of this Shopify.
const digitsOf = new Map<string, number>();

function digits(currency: string): number {
  const known = digitsOf.get(currency);
  if (known !== undefined) return known;
  const options = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions();
  const count = options.maximumFractionDigits ?? 2;
  digitsOf.set(currency, count);
  return count;
}
