import type { BadgeProps } from '@shopify/polaris';
import { countryName } from '../catalogue/bundle.ts';
import type { BundleUse, EsimStatus } from '../esims/status.ts';
import {
  EXPIRING_WITHIN_DAYS,
  INSTALLED_WITHIN_DAYS,
  type Concern,
  type EsimQuery,
  type EsimSort,
} from './esim-query.ts';

export interface StatusWords {
  label: string;
  tone?: Exclude<BadgeProps['tone'], undefined>;
}

export const statusWords: Record<EsimStatus, StatusWords> = {
  new: { label: 'Not installed', tone: 'attention' },
  installed: { label: 'Installed', tone: 'info' },
  active: { label: 'In use', tone: 'success' },
  'used-up': { label: 'Used up', tone: 'warning' },
  expired: { label: 'Expired' },
  revoked: { label: 'Taken back' },
  gone: { label: 'Gone', tone: 'critical' },
};

/** A status that only a newer version knows is shown as it is. */
export function wordsOf(status: string): StatusWords {
  return isStatus(status) ? statusWords[status] : { label: status };
}

const isStatus = (status: string): status is EsimStatus => Object.hasOwn(statusWords, status);

export const stageWords: Record<BundleUse, StatusWords> = {
  waiting: { label: 'Not started', tone: 'info' },
  'in-use': { label: 'In use', tone: 'success' },
  'used-up': { label: 'Used up', tone: 'warning' },
  expired: { label: 'Expired' },
  revoked: { label: 'Taken back' },
};

export const concernWords: Record<Concern, string> = {
  'not-installed': `Not installed after ${String(INSTALLED_WITHIN_DAYS)} days`,
  'used-up': 'Used up',
  expiring: `Ends within ${String(EXPIRING_WITHIN_DAYS)} days`,
  problem: 'Could not be read, or gone',
};

export const sortWords: Record<EsimSort, { label: string; asc: string; desc: string }> = {
  added: { label: 'Bought', asc: 'Oldest first', desc: 'Newest first' },
  end: { label: 'End', asc: 'Ends soonest first', desc: 'Ends last first' },
};

export type FilterKey = 'concern' | 'status' | 'destination' | 'account';

export const filterNames: Record<FilterKey, string> = {
  concern: 'Worth a look',
  status: 'State',
  destination: 'Destination',
  account: 'Supplier',
};

/** What takes each filter away. */
export const nothing: Record<FilterKey, Partial<EsimQuery>> = {
  concern: { concern: null },
  status: { status: [] },
  destination: { destination: [] },
  account: { account: [] },
};

/** "State: Used up or Expired", with the question without it. */
export function filterChips(
  query: EsimQuery,
  names: { destinations: Map<string, string>; accounts: Map<string, string> },
): { key: FilterKey; label: string; without: Partial<EsimQuery> }[] {
  const values: Record<FilterKey, string[]> = {
    concern: query.concern === null ? [] : [concernWords[query.concern]],
    status: query.status.map((status) => statusWords[status].label),
    destination: query.destination.map((key) => names.destinations.get(key) ?? key),
    account: query.account.map((id) => names.accounts.get(id) ?? 'unknown'),
  };
  // The keys of `nothing` are its type's.
  return (Object.keys(nothing) as FilterKey[]).flatMap((key) =>
    values[key].length === 0
      ? []
      : [{ key, label: `${filterNames[key]}: ${values[key].join(' or ')}`, without: nothing[key] }],
  );
}

/** A destination (`Bundle.destination`) in words; `regions` has the supplier's name of each region. */
export function destinationLabel(key: string, regions: Map<string, string>, locale: string): string {
  if (/^[A-Z]{2}$/.test(key)) return countryName(key, locale);
  if (key === 'global') return 'Worldwide';
  return regions.get(key) ?? (key === '' ? 'Unknown destination' : key);
}

/** Decimal bytes as "1.2 GB" or "350 MB". */
export function bytesLabel(bytes: bigint, locale: string): string {
  const isLarge = bytes >= 1_000_000_000n;
  const figure = Number(bytes) / (isLarge ? 1e9 : 1e6);
  const format = new Intl.NumberFormat(locale, { maximumFractionDigits: isLarge ? 2 : 0 });
  return `${format.format(figure)} ${isLarge ? 'GB' : 'MB'}`;
}

export interface UsageView {
  /** "0.6 of 1 GB used" */
  label: string;
  /** 0 to 100; null where there is no end to it, or nothing is known. */
  percent: number | null;
}

/** How much of a bundle is used, in words. */
export function usageView(
  {
    usedBytes,
    totalBytes,
    isUnlimited,
  }: { usedBytes: bigint | null; totalBytes: bigint | null; isUnlimited: boolean },
  locale: string,
): UsageView {
  if (isUnlimited) return { label: 'Unlimited data', percent: null };
  if (usedBytes === null || totalBytes === null || totalBytes <= 0n)
    return { label: 'Not known', percent: null };
  return {
    label: `${bytesLabel(usedBytes, locale)} of ${bytesLabel(totalBytes, locale)} used`,
    percent: Math.min(100, Number((usedBytes * 100n) / totalBytes)),
  };
}
