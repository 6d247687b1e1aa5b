import { Decimal } from 'decimal.js';

/** What a shop charges: integer minor units of an ISO 4217 currency (1050 USD = $10.50, 1050 JPY = ¥1050). */
export interface Money {
  amount: number;
  currency: string;
}

/** What a supplier charges: a decimal with every digit it gave, because wholesale prices go below a cent. */
export interface Cost {
  amount: Decimal;
  currency: string;
}

/** How many digits follow the point in a currency: 2 for USD, 0 for JPY, 3 for KWD. */
export function minorDigits(currency: string): number {
  const known = digitsOf.get(currency);
  if (known !== undefined) return known;
  const options = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions();
  const digits = options.maximumFractionDigits ?? 2;
  digitsOf.set(currency, digits);
  return digits;
}

// Making a format takes a tenth of a millisecond, and every line of every order asks.
const digitsOf = new Map<string, number>();

/** `Money` from a decimal text such as Shopify's "10.50". Digits beyond the minor unit are rounded half up. */
export function moneyFromDecimal(amount: Decimal.Value, currency: string): Money {
  const shifted = new Decimal(amount).times(Decimal.pow(10, minorDigits(currency)));
  return { amount: shifted.toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toNumber(), currency };
}

/** The decimal text Shopify's API takes: {1050, USD} → "10.50". */
export function decimalFromMoney({ amount, currency }: Money): string {
  const digits = minorDigits(currency);
  return new Decimal(amount).div(Decimal.pow(10, digits)).toFixed(digits);
}

/** For people: "$10.50", "10,50 €". */
export function formatMoney(money: Money, locale: string): string {
  return formatCost({ amount: new Decimal(decimalFromMoney(money)), currency: money.currency }, locale);
}

/** A supplier's cost for people, rounded to the currency's digits. */
export function formatCost({ amount, currency }: Cost, locale: string): string {
  return formatIn(locale, currency).format(amount.toNumber());
}

const MOST_FORMATS = 100;
const formats = new Map<string, Intl.NumberFormat>();

function formatIn(locale: string, currency: string): Intl.NumberFormat {
  const key = `${locale} ${currency}`;
  const format = formats.get(key) ?? new Intl.NumberFormat(locale, { style: 'currency', currency });
  // A language is what a request says it is: whoever invents many fills no memory.
  if (formats.size >= MOST_FORMATS) formats.clear();
  formats.set(key, format);
  return format;
}
