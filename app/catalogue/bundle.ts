/** What a bundle is, as far as its name goes. `dataBytes` null is unlimited. */
export interface BundleFacts {
  description: string;
  /** ISO 3166-1 alpha-2, upper case. */
  countries: string[];
  /** The supplier's English name, set when the bundle covers more than one country. */
  region: string | null;
  dataBytes: bigint | null;
  days: number;
  groups: string[];
}

/** "France 1 GB, 7 days", "Europe 500 MB, 1 day", "Japan Unlimited Lite, 15 days". */
export function bundleTitle(bundle: BundleFacts, locale = 'en'): string {
  return `${placeLabel(bundle, locale)} ${dataLabel(bundle)}, ${daysLabel(bundle.days)}`;
}

/** Where it works, in a few words; the supplier's description when it names no place. */
export function placeLabel(
  bundle: Pick<BundleFacts, 'countries' | 'region' | 'description'>,
  locale = 'en',
): string {
  if (bundle.region !== null) return bundle.region;
  const [only, ...more] = bundle.countries;
  if (only === undefined) return bundle.description;
  return more.length === 0 ? countryName(only, locale) : `${String(more.length + 1)} countries`;
}

export type DestinationKind = 'country' | 'region' | 'global';

/**
 * What bundles of one place share, whatever their size: the ISO code of the country, the name of the region as a slug
 * ("Europe+" → europe-plus), or "global".
 */
export function destinationOf({ countries, region }: Pick<BundleFacts, 'countries' | 'region'>): {
  kind: DestinationKind;
  destination: string;
} {
  const [only, ...more] = countries;
  if (region === null && only !== undefined && more.length === 0)
    return { kind: 'country', destination: only };
  const name = slug(region ?? '');
  return /^(global|world(wide)?)$/.test(name) || name === ''
    ? { kind: 'global', destination: 'global' }
    : { kind: 'region', destination: name };
}

function slug(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll('+', ' plus')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
}

/** Decimal bytes as "5 GB" or "500 MB", rounded down: never more than was bought. */
export function dataLabel({ dataBytes, groups }: Pick<BundleFacts, 'dataBytes' | 'groups'>): string {
  // A supplier sells several kinds of unlimited for one place and time, and only the group tells them apart.
  if (dataBytes === null)
    return groups.find((group) => /unlimited/i.test(group))?.replace(/^standard /i, '') ?? 'Unlimited';
  const isLarge = dataBytes >= GIGABYTE;
  const hundredths = (dataBytes * 100n) / (isLarge ? GIGABYTE : MEGABYTE);
  return `${String(Number(hundredths) / 100)} ${isLarge ? 'GB' : 'MB'}`;
}

const MEGABYTE = 1_000_000n;
const GIGABYTE = 1_000_000_000n;

export function daysLabel(days: number): string {
  return days === 1 ? '1 day' : `${String(days)} days`;
}

/** The name of an ISO 3166-1 country in a language; the code itself where nobody knows it. */
export function countryName(code: string, locale = 'en'): string {
  // `of` throws on anything that is not shaped like a region code.
  if (!/^[A-Z]{2}$/.test(code)) return code;
  // Their long names say "SAR China".
  const style = code === 'HK' || code === 'MO' ? 'short' : 'long';
  return namesIn(locale, style).of(code) ?? code;
}

/**
 * Countries whose name in a language, or in English, holds the text ("land" → IS, IE, CH, …; of one or two letters: has a
 * word that begins so), or that have it as their code. Accents do not matter.
 */
export function countriesNamed(text: string, locale = 'en'): string[] {
  const wanted = folded(text.trim());
  const isShort = /^[a-z]{1,2}$/.test(wanted);
  const holds = (name: string) =>
    isShort ? name.split(/[^\p{L}]+/u).some((word) => word.startsWith(wanted)) : name.includes(wanted);
  return foldedNames(locale)
    .filter(({ code, names }) => code.toLowerCase() === wanted || names.some(holds))
    .map(({ code }) => code);
}

const folded = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

const foldedByLocale = new Map<string, { code: string; names: string[] }[]>();

function foldedNames(locale: string): { code: string; names: string[] }[] {
  const known = foldedByLocale.get(locale);
  if (known) return known;
  const names = codesByName().map((code) => ({
    code,
    names: [...new Set([countryName(code, locale), countryName(code)])].map(folded),
  }));
  // A language is what a request says it is: whoever invents many fills no memory.
  if (foldedByLocale.size >= MOST_LANGUAGES) foldedByLocale.clear();
  foldedByLocale.set(locale, names);
  return names;
}

/** Every code that has a name, sorted by its English name. Codes of countries that are no more are among them. */
export function codesByName(): string[] {
  sortedCodes ??= sortCodes();
  return sortedCodes;
}

let sortedCodes: string[] | undefined;

// The language has no list of regions: a code is one when it has a name.
function sortCodes(): string[] {
  const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index));
  const named = letters
    .flatMap((first) => letters.map((second) => first + second))
    .map((code) => ({ code, name: countryName(code) }))
    .filter(({ code, name }) => name !== code);
  return named.sort((a, b) => a.name.localeCompare(b.name, 'en')).map(({ code }) => code);
}

const MOST_LANGUAGES = 50;

const displayNames = new Map<string, Intl.DisplayNames>();

function namesIn(locale: string, style: 'short' | 'long'): Intl.DisplayNames {
  const key = `${locale} ${style}`;
  const names =
    displayNames.get(key) ??
    new Intl.DisplayNames([locale, 'en'], { type: 'region', style, fallback: 'none' });
  if (displayNames.size >= MOST_LANGUAGES) displayNames.clear();
  displayNames.set(key, names);
  return names;
}
