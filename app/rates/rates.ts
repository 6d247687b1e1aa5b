import { over, readFraction, type Fraction } from '../platform/fraction.ts';
import { DAY } from '../platform/time.ts';

/** What one unit of each currency costs in another one, exactly. */
export type Rates = ReadonlyMap<string, Fraction>;

/** A day's reference rates: decimal texts, units of the currency for one euro. */
export interface EuroRates {
  /** Midnight UTC of the day they are for. */
  day: Date;
  perEuro: ReadonlyMap<string, string>;
}

/** Rates into a currency through the euro. Empty when the bank has no rate for it. */
export function ratesInto(currency: string, { perEuro }: EuroRates): Rates {
  const all = new Map([...perEuro, ['EUR', '1'] as const]);
  const own = positive(all.get(currency));
  if (!own) return new Map();
  return new Map(
    [...all].flatMap(([other, text]) => {
      const rate = positive(text);
      return rate && other !== currency ? [[other, over(own, rate)] as const] : [];
    }),
  );
}

/** Rates the merchant fixed: what one unit of each currency costs in the shop's, as decimal text. */
export function fixedRates(texts: Record<string, string>): Rates {
  return new Map(
    Object.entries(texts).flatMap(([currency, text]) => {
      const rate = positive(text);
      return rate ? [[currency, rate] as const] : [];
    }),
  );
}

/** Nothing is repriced by itself with older ones. Weekends and Easter have no rates of their own, and stay below. */
const MOST_DAYS = 4;

/** Whole days since the day of the rates. */
export function ageInDays(day: Date, now: Date): number {
  return Math.floor((now.getTime() - day.getTime()) / DAY);
}

export function areOld(day: Date, now: Date): boolean {
  return ageInDays(day, now) > MOST_DAYS;
}

function positive(text: string | undefined): Fraction | null {
  const rate = text === undefined ? null : readFraction(text);
  return rate && rate.top > 0n ? rate : null;
}
