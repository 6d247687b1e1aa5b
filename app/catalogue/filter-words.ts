import type { BundleQuery, BundleSort } from './bundle-query.ts';

/** Part of a question, as the chip above the list says it, and the question without it. */
export interface FilterChip {
  key: FilterKey;
  label: string;
  without: Partial<BundleQuery>;
}

export type FilterKey =
  | 'country'
  | 'kind'
  | 'region'
  | 'group'
  | 'data'
  | 'days'
  | 'unlimited'
  | 'cost'
  | 'speed'
  | 'account'
  | 'sold'
  | 'withdrawn';

export const filterNames: Record<FilterKey, string> = {
  country: 'Country',
  kind: 'Kind of destination',
  region: 'Region',
  group: 'Group',
  data: 'Data',
  days: 'Days',
  unlimited: 'Unlimited data',
  cost: 'Cost',
  speed: 'Speed',
  account: 'Supplier',
  sold: 'In your shop',
  withdrawn: 'Withdrawn',
};

export const kindNames: Record<BundleQuery['kind'][number], string> = {
  country: 'One country',
  region: 'Region',
  global: 'Worldwide',
};

export const soldNames: Record<NonNullable<BundleQuery['sold']>, string> = {
  yes: 'Sold',
  published: 'Published by the app',
  mapped: 'Mapped by you',
  no: 'Not sold',
};

/** How orders of the list are called, upwards and downwards. */
export const sortNames: Record<BundleSort, { label: string; asc: string; desc: string }> = {
  place: { label: 'Destination', asc: 'A–Z, small data first', desc: 'Z–A' },
  cost: { label: 'Cost', asc: 'Lowest first', desc: 'Highest first' },
  'cost-per-gb': { label: 'Cost per GB', asc: 'Lowest first', desc: 'Highest first' },
  data: { label: 'Data', asc: 'Least first', desc: 'Most first' },
  days: { label: 'Days', asc: 'Fewest first', desc: 'Most first' },
  name: { label: "Supplier's name", asc: 'A–Z', desc: 'Z–A' },
  added: { label: 'Added', asc: 'Oldest first', desc: 'Newest first' },
};

/** "Country: France or Germany", "Data: 5 GB and more". The names by code and by the account's id. */
export function filterChips(
  query: BundleQuery,
  { countryNames, accountNames }: { countryNames: Map<string, string>; accountNames: Map<string, string> },
): FilterChip[] {
  const values: Record<FilterKey, string | null> = {
    country: list(query.country.map((code) => countryNames.get(code) ?? code)),
    kind: list(query.kind.map((kind) => kindNames[kind])),
    region: list(query.region),
    group: list(query.group),
    data: range(query.dataMin, query.dataMax, (figure) => `${figure} GB`),
    days: range(query.daysMin, query.daysMax, (figure) => (figure === '1' ? '1 day' : `${figure} days`)),
    unlimited: query.unlimited && (query.unlimited === 'yes' ? 'only' : 'none'),
    cost: range(query.costMin, query.costMax, (figure) => figure),
    speed: list(query.speed),
    account: list(query.account.map((id) => accountNames.get(id) ?? 'unknown')),
    sold: query.sold && soldNames[query.sold].toLowerCase(),
    withdrawn: query.withdrawn && (query.withdrawn === 'yes' ? 'only' : 'none'),
  };
  return filterKeys.flatMap((key) => {
    const value = values[key];
    return value === null ? [] : [{ key, label: `${filterNames[key]}: ${value}`, without: nothing[key] }];
  });
}

/** What takes each filter away. */
export const nothing: Record<FilterKey, Partial<BundleQuery>> = {
  country: { country: [] },
  kind: { kind: [] },
  region: { region: [] },
  group: { group: [] },
  data: { dataMin: null, dataMax: null },
  days: { daysMin: null, daysMax: null },
  unlimited: { unlimited: null },
  cost: { costMin: null, costMax: null },
  speed: { speed: [] },
  account: { account: [] },
  sold: { sold: null },
  withdrawn: { withdrawn: null },
};

// In the order in which a person narrows a list.
const filterKeys: FilterKey[] = [
  ...(['country', 'kind', 'region', 'group', 'data', 'days', 'unlimited', 'cost'] as const),
  ...(['speed', 'account', 'sold', 'withdrawn'] as const),
];

const MOST_NAMED = 3;

function list(names: string[]): string | null {
  if (names.length === 0) return null;
  if (names.length <= MOST_NAMED) return names.join(' or ');
  return `${names.slice(0, MOST_NAMED - 1).join(', ')} or ${String(names.length - MOST_NAMED + 1)} others`;
}

function range(
  least: string | number | null,
  most: string | number | null,
  words: (figure: string) => string,
): string | null {
  if (least !== null && most !== null)
    return least === most ? words(String(least)) : `${String(least)} to ${words(String(most))}`;
  if (least !== null) return `${words(String(least))} and more`;
  return most === null ? null : `up to ${words(String(most))}`;
}
