import type { Decimal } from 'decimal.js';
import type { Cost } from '../platform/money.ts';

/** What is compared of a bundle. `dataBytes` null is unlimited. */
export interface Comparable {
  id: string;
  dataBytes: bigint | null;
  days: number;
  groups: string[];
  cost: Cost;
}

/** A bundle beside others of the same destination. Figures are exact, in the currency of its cost. */
export interface Compared {
  id: string;
  /** Null for unlimited data: there is nothing to divide by. */
  perGigabyte: Decimal | null;
  perDay: Decimal;
  /** No other of the same currency costs less: for a gigabyte, for a day. */
  isCheapestPerGigabyte: boolean;
  isCheapestPerDay: boolean;
  /** There are others with as much data for as many days, and none of the same currency costs less. */
  isCheapestOfSize: boolean;
}

/** Compares bundles of one destination, in the order given. Only costs of one currency can be compared. */
export function compareBundles(bundles: Comparable[]): Compared[] {
  const rows = bundles.map((bundle) => ({
    bundle,
    size: sizeOf(bundle),
    perGigabyte: costPerGigabyte(bundle),
    perDay: bundle.cost.amount.div(bundle.days),
  }));
  const perGigabyte = new Least();
  const perDay = new Least();
  const ofSize = new Least();
  for (const row of rows) {
    const { currency, amount } = row.bundle.cost;
    if (row.perGigabyte) perGigabyte.see(currency, row.perGigabyte);
    perDay.see(currency, row.perDay);
    ofSize.see(row.size, amount);
  }
  return rows.map((row) => {
    const { currency, amount } = row.bundle.cost;
    return {
      ...{ id: row.bundle.id, perGigabyte: row.perGigabyte, perDay: row.perDay },
      isCheapestPerGigabyte: row.perGigabyte !== null && perGigabyte.is(currency, row.perGigabyte),
      isCheapestPerDay: perDay.is(currency, row.perDay),
      isCheapestOfSize: ofSize.count(row.size) > 1 && ofSize.is(row.size, amount),
    };
  });
}

export const compareSorts = ['size', 'cost', 'cost-per-gb', 'cost-per-day'] as const;
export type CompareSort = (typeof compareSorts)[number];

/** In the order asked for, lowest first, what has no such figure last; `size` keeps the order of the bundles. */
export function sortCompared(bundles: Comparable[], rows: Compared[], sort: CompareSort): Compared[] {
  const costs = new Map(bundles.map(({ id, cost }) => [id, cost.amount]));
  const figure = (row: Compared): Decimal | null => {
    switch (sort) {
      case 'size':
        return null;
      case 'cost':
        return costs.get(row.id) ?? null;
      case 'cost-per-gb':
        return row.perGigabyte;
      case 'cost-per-day':
        return row.perDay;
      default:
        return sort satisfies never;
    }
  };
  return rows.toSorted((a, b) => {
    const [left, right] = [figure(a), figure(b)];
    return left && right ? left.comparedTo(right) : Number(left === null) - Number(right === null);
  });
}

/** Cost of 10⁹ bytes; null for unlimited data. */
export function costPerGigabyte({ cost, dataBytes }: Pick<Comparable, 'cost' | 'dataBytes'>): Decimal | null {
  if (dataBytes === null || dataBytes <= 0n) return null;
  return cost.amount.times(1e9).div(dataBytes.toString());
}

// Unlimited is of several kinds, and only the group tells them apart.
function sizeOf({ dataBytes, days, groups, cost }: Comparable): string {
  const data = dataBytes === null ? `unlimited ${[...groups].sort().join(' ')}` : String(dataBytes);
  return `${cost.currency} ${data} ${String(days)}`;
}

/** The least figure seen under each key. */
class Least {
  readonly #seen = new Map<string, { least: Decimal; count: number }>();

  see(key: string, figure: Decimal) {
    const before = this.#seen.get(key);
    this.#seen.set(key, {
      least: !before || figure.lessThan(before.least) ? figure : before.least,
      count: (before?.count ?? 0) + 1,
    });
  }

  is(key: string, figure: Decimal): boolean {
    return this.#seen.get(key)?.least.equals(figure) ?? false;
  }

  count(key: string): number {
    return this.#seen.get(key)?.count ?? 0;
  }
}
