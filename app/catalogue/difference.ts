import type { ProviderBundle } from '../providers/contract.ts';
import { destinationOf } from './bundle.ts';

/** A bundle as its row keeps it, in plain values: what two syncs compare. */
export interface KeptBundle {
  code: string;
  description: string;
  kind: string;
  destination: string;
  countries: string[];
  roaming: string[];
  region: string | null;
  /** Decimal, since JSON has no whole numbers of that size. */
  dataBytes: string | null;
  fairUse: string | null;
  days: number;
  speeds: string[];
  groups: string[];
  autostart: boolean;
  allowances: ProviderBundle['allowances'];
  /** Decimal, with every digit. */
  cost: string;
  currency: string;
  imageUrl: string | null;
}

export function keep(bundle: ProviderBundle): KeptBundle {
  const { code, countries, roaming, days, autostart, allowances, cost, imageUrl } = bundle;
  const region = bundle.region === null ? null : storableText(bundle.region);
  return {
    ...{ code, countries, roaming, region, days, autostart, allowances },
    ...destinationOf({ countries, region }),
    description: storableText(bundle.description),
    dataBytes: bundle.dataBytes?.toString() ?? null,
    fairUse: bundle.fairUse === null ? null : storableText(bundle.fairUse),
    speeds: bundle.speeds.map(storableText),
    groups: bundle.groups.map(storableText),
    cost: cost.amount.toFixed(),
    currency: cost.currency,
    imageUrl: imageUrl === null ? null : storableText(imageUrl),
  };
}

/** Text as PostgreSQL can hold it: neither NUL nor half of a surrogate pair. */
export function storableText(text: string): string {
  return text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\ufffd');
}

/** What changed of a bundle, by field. */
export interface Change {
  field: (typeof fields)[number];
  old: unknown;
  new: unknown;
}

// What follows from these (the destination) is not told beside them.
export const fields = [
  ...(['cost', 'dataBytes', 'fairUse', 'days', 'countries', 'roaming', 'region', 'speeds'] as const),
  ...(['groups', 'allowances', 'autostart', 'description', 'imageUrl'] as const),
];

/** The fields that differ, in a fixed order. */
export function changesBetween(old: KeptBundle, now: KeptBundle): Change[] {
  return fields.flatMap((field) => {
    const [before, after] = [valueOf(old, field), valueOf(now, field)];
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ field, old: before, new: after }];
  });
}

function valueOf(bundle: KeptBundle, field: Change['field']) {
  return field === 'cost' ? { amount: bundle.cost, currency: bundle.currency } : bundle[field];
}
