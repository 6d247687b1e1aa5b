import { Decimal } from 'decimal.js';
import { minorDigits, type Cost } from '../platform/money.ts';
import { daysBetween } from '../platform/day.ts';
import { ratesInto, type EuroRates } from '../rates/rates.ts';

/** What was sold, or what it cost, on a day in a place and a currency. */
export interface DayAmount {
  /** ISO 8601, on the shop's clock. */
  day: string;
  /** `Bundle.destination`; null where it is not known. */
  destination: string | null;
  currency: string;
  /** In whole units of the currency: 10.5 is $10.50. */
  amount: Decimal;
  /** eSIMs sold; 0 for a cost. */
  count: number;
}

/** Sums in the shop's currency, exact. */
export interface Sums {
  sold: number;
  sales: Decimal;
  cost: Decimal;
}

export interface Totals extends Sums {
  byDay: Map<string, Sums>;
  /** '' where it is not known. */
  byDestination: Map<string, Sums>;
  /** What is in no sum, for want of a rate: one for each currency. */
  unknown: { sales: Cost[]; costs: Cost[] };
  /** The currencies that were converted. */
  converted: string[];
}

/** What one unit of a currency was worth in the shop's on a day, `top / bottom`; null when nobody said. */
export type RateOn = (day: string, currency: string) => Rate | null;

interface Rate {
  top: Decimal;
  bottom: Decimal;
}

/** Adds up what was sold and what it cost. What cannot be converted is in none of the sums, and is said beside them. */
export function addUp(
  { sales, costs }: { sales: readonly DayAmount[]; costs: readonly DayAmount[] },
  rateOn: RateOn,
): Totals {
  const totals: Totals = {
    ...nothing(),
    ...{ byDay: new Map(), byDestination: new Map() },
    ...{ unknown: { sales: [], costs: [] }, converted: [] },
  };
  const converted = new Set<string>();
  const unknown = { sales: new Map<string, Decimal>(), costs: new Map<string, Decimal>() };
  const add = (row: DayAmount, kind: 'sales' | 'costs') => {
    const rate = rateOn(row.day, row.currency);
    if (rate === null) {
      const before = unknown[kind].get(row.currency) ?? new Decimal(0);
      unknown[kind].set(row.currency, before.plus(row.amount));
    } else if (!rate.top.eq(rate.bottom)) converted.add(row.currency);
    // Divided last: a rate written out would be cut off somewhere.
    const worth = rate ? row.amount.times(rate.top).div(rate.bottom) : new Decimal(0);
    for (const sums of [
      totals,
      entryOf(totals.byDay, row.day),
      entryOf(totals.byDestination, row.destination ?? ''),
    ]) {
      sums.sold += row.count;
      if (kind === 'sales') sums.sales = sums.sales.plus(worth);
      else sums.cost = sums.cost.plus(worth);
    }
  };
  for (const row of sales) add(row, 'sales');
  for (const row of costs) add(row, 'costs');
  const list = (amounts: Map<string, Decimal>) =>
    [...amounts].map(([currency, amount]) => ({ currency, amount }));
  totals.unknown = { sales: list(unknown.sales), costs: list(unknown.costs) };
  totals.converted = [...converted].sort();
  return totals;
}

const nothing = (): Sums => ({ sold: 0, sales: new Decimal(0), cost: new Decimal(0) });

function entryOf(map: Map<string, Sums>, key: string): Sums {
  const known = map.get(key);
  if (known) return known;
  const fresh = nothing();
  map.set(key, fresh);
  return fresh;
}

/** Longer weekends have no rates of their own; what is older is not the day's any more. */
const MOST_DAYS = 4;

/** Rates into the shop's currency, each day by those of the day, or of the last one before that has any. */
export function ratesByDay(shopCurrency: string, known: readonly EuroRates[]): RateOn {
  const days = known
    .map((rates) => ({ day: rates.day.toISOString().slice(0, 10), rates: ratesInto(shopCurrency, rates) }))
    .sort((a, b) => (a.day < b.day ? -1 : 1));
  return (day, currency) => {
    if (currency === shopCurrency) return { top: new Decimal(1), bottom: new Decimal(1) };
    const last = days.findLast((each) => each.day <= day);
    const rate = last && daysBetween(last.day, day) <= MOST_DAYS ? last.rates.get(currency) : undefined;
    return rate
      ? { top: new Decimal(rate.top.toString()), bottom: new Decimal(rate.bottom.toString()) }
      : null;
  };
}

/** What is left of the sales; null while a part of either could not be converted: half a sum is none. */
export function marginOf({
  sales,
  cost,
  unknown,
}: Pick<Totals, 'sales' | 'cost' | 'unknown'>): Decimal | null {
  return unknown.sales.length + unknown.costs.length > 0 ? null : sales.minus(cost);
}

/** A sum as money, rounded half up to what the currency has. */
export function rounded(amount: Decimal, currency: string): Decimal {
  return amount.toDecimalPlaces(minorDigits(currency), Decimal.ROUND_HALF_UP);
}
