import { Decimal } from 'decimal.js';
import { daysBetween, daysLater } from '../platform/day.ts';

/** What purchases took on one day, less what came back for them. */
export interface SpentDay {
  /** ISO 8601, on the shop's clock. */
  day: string;
  /** Positive: money went. */
  spent: Decimal;
}

export interface Burn {
  /** What an average day takes. */
  perDay: Decimal;
  /** Over how many days, of which on how many something was sold. */
  days: number;
  daysWithSales: number;
}

/** Four whole weeks: as many Mondays as Sundays. */
export const BURN_DAYS = 28;
/** Fewer days with sales are an accident, not a rate. */
const LEAST_DAYS = 3;

/**
 * What a day takes on average, from the last four weeks before today, of which a part is still to come. A shop that began
 * to sell in that time is judged from its first day on. Null when it sold on too few days to tell, or got back what it spent.
 */
export function burnRate(days: readonly SpentDay[], today: string): Burn | null {
  const first = daysLater(today, -BURN_DAYS);
  const known = days.filter(({ day, spent }) => day >= first && day < today && !spent.isZero());
  if (known.length < LEAST_DAYS) return null;
  const began = known.reduce((least, { day }) => (day < least ? day : least), today);
  const span = daysBetween(began, today);
  const perDay = known.reduce((sum, { spent }) => sum.plus(spent), new Decimal(0)).div(span);
  return perDay.gt(0) ? { perDay, days: span, daysWithSales: known.length } : null;
}

/** For how many whole days the balance lasts, down to what the merchant wants to keep. */
export function daysOfCover(
  burn: Burn,
  { balance, reserve }: { balance: Decimal; reserve: Decimal },
): number {
  return Math.max(0, Math.floor(balance.minus(reserve).div(burn.perDay).toNumber()));
}
