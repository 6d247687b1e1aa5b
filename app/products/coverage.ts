import { countryName, dataLabel, daysLabel } from '../catalogue/bundle.ts';

/** What a traveller gets with a bundle, as far as another one may stand in for it. `dataBytes` is decimal text; null is unlimited. */
export interface Coverage {
  countries: string[];
  dataBytes: string | null;
  days: number;
  groups: string[];
}

/**
 * What a traveller would miss who gets `other` where `promised` was sold: "it does not work in Japan and has 1 GB instead of
 * 3 GB". Countries by their names in a language. Null when it covers as much in every respect.
 */
export function coverageGap(promised: Coverage, other: Coverage, locale = 'en'): string | null {
  const missing = promised.countries.filter((country) => !other.countries.includes(country));
  const parts = [
    ...(missing.length > 0 ? [`does not work in ${namesOf(missing, locale)}`] : []),
    ...(isLess(other.dataBytes, promised.dataBytes)
      ? [`has ${label(other)} instead of ${label(promised)}`]
      : []),
    ...(other.days < promised.days
      ? [`lasts ${daysLabel(other.days)} instead of ${daysLabel(promised.days)}`]
      : []),
  ];
  return parts.length === 0 ? null : `it ${listed.format(parts)}`;
}

/** What stands in for a bundle of the catalogue in its order, each with its gap. */
export function standIns<Bundle extends Covering>(
  { bundle, substitutes }: { bundle: Bundle; substitutes: readonly Bundle[] },
  locale?: string,
): { bundle: Bundle; gap: string | null }[] {
  const promised = coverageOf(bundle);
  return substitutes.map((each) => ({
    ...{ bundle: each, gap: coverageGap(promised, coverageOf(each), locale) },
  }));
}

/** A bundle as far as it is covered by another one. */
interface Covering {
  countries: readonly string[];
  dataBytes: bigint | null;
  days: number;
  groups: readonly string[];
}

/** As it can be sent to a page. */
export function coverageOf({ countries, dataBytes, days, groups }: Covering): Coverage {
  return {
    ...{ countries: [...countries], dataBytes: dataBytes === null ? null : String(dataBytes) },
    ...{ days, groups: [...groups] },
  };
}

/** What helps against it. */
export const coverageTodo = 'Choose one that covers as much, or buyers may get less than they paid for.';

function isLess(data: string | null, promised: string | null): boolean {
  if (data === null) return false;
  return promised === null || BigInt(data) < BigInt(promised);
}

function label({ dataBytes, groups }: Coverage): string {
  return dataLabel({ dataBytes: dataBytes === null ? null : BigInt(dataBytes), groups });
}

// The sentence is English, whatever the names in it are.
const listed = new Intl.ListFormat('en');

const MOST_NAMED = 3;

function namesOf(countries: string[], locale: string): string {
  const names = countries.slice(0, MOST_NAMED).map((country) => countryName(country, locale));
  const rest = countries.length - names.length;
  return listed.format(rest > 0 ? [...names, `${String(rest)} more`] : names);
}
