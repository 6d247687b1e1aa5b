import { readerLocale, type Language } from '../platform/language.ts';

/** Where a bundle works: `countries` are ISO 3166-1 alpha-2 codes, `region` is the supplier's English name. */
export interface Destination {
  countries: string[];
  region: string | null;
  description: string;
}

/**
 * One country gives its name in the reader's language, several give their region, or else "12 countries".
 * The supplier's own description is the last resort for a bundle without countries.
 */
export function destinationName(
  { countries, region, description }: Destination,
  locale: string | null,
): string {
  const only = countries.length === 1 ? countries[0] : undefined;
  if (only !== undefined) return countryName(only, locale) ?? (description || only);
  if (region !== null && region !== '') return regionName(region, locale);
  if (countries.length === 0) return description;
  return countOf('country', countries.length, locale);
}

/** Decimal bytes as "5 GB", "500 MB" (fr: "5 Go"); null is unlimited. Rounded down: never more than was bought. */
export function dataLabel(bytes: bigint | null, locale: string | null): string {
  const { language, tag } = readerLocale(locale);
  if (bytes === null) return WORDS[language].unlimited;
  const unit = bytes >= GIGABYTE ? ({ size: GIGABYTE, name: 'gigabyte' } as const) : MEGABYTE_UNIT;
  const amount = Number((bytes * 100n) / unit.size) / 100;
  return new Intl.NumberFormat(tag, {
    style: 'unit',
    unit: unit.name,
    unitDisplay: 'short',
    maximumFractionDigits: 2,
  }).format(amount);
}

/** "1 day", "7 days", "7日間". */
export function daysLabel(days: number, locale: string | null): string {
  return countOf('day', days, locale);
}

const MEGABYTE_UNIT = { size: 1_000_000n, name: 'megabyte' } as const;
const GIGABYTE = 1_000_000_000n;

function countryName(code: string, locale: string | null): string | null {
  const { language, tag } = readerLocale(locale);
  // `of` throws on anything that is not shaped like a region code.
  if (!/^[A-Z]{2}$/.test(code)) return null;
  // The long names of Hong Kong and Macao are "special administrative regions"; Japanese readers say アメリカ.
  const isShort = code === 'HK' || code === 'MO' || (code === 'US' && language === 'ja');
  const names = new Intl.DisplayNames(tag, {
    type: 'region',
    style: isShort ? 'short' : 'long',
    fallback: 'none',
  });
  return names.of(code) ?? null;
}

/** The supplier's English name of a region in the reader's language, where it is a region the world agrees on. */
function regionName(region: string, locale: string | null): string {
  const { language, tag } = readerLocale(locale);
  const key = region.trim().toLowerCase();
  if (key === 'global' || key === 'world' || key === 'worldwide') return WORDS[language].worldwide;
  const area = UN_AREAS.get(key);
  if (area === undefined) return region;
  return (
    WORDS[language].spokenAreas?.[area] ?? new Intl.DisplayNames(tag, { type: 'region' }).of(area) ?? region
  );
}

/** UN M49 area codes, which `Intl.DisplayNames` knows in every language. */
const UN_AREAS = new Map([
  ['africa', '002'],
  ['americas', '019'],
  ['asia', '142'],
  ['caribbean', '029'],
  ['central america', '013'],
  ['europe', '150'],
  ['latam', '419'],
  ['latin america', '419'],
  ['north america', '003'],
  ['oceania', '009'],
  ['south america', '005'],
  ['south-east asia', '035'],
  ['southeast asia', '035'],
]);

function countOf(thing: 'country' | 'day', count: number, locale: string | null): string {
  const { language, tag } = readerLocale(locale);
  const forms = WORDS[language][thing];
  const isOne = new Intl.PluralRules(tag).select(count) === 'one';
  return (isOne ? forms.one : forms.other).replace('#', new Intl.NumberFormat(tag).format(count));
}

interface BundleWords {
  unlimited: string;
  worldwide: string;
  country: { one: string; other: string };
  day: { one: string; other: string };
  /** By UN M49 code, where people say it shorter than `Intl.DisplayNames`. */
  spokenAreas?: Partial<Record<string, string>>;
}

const WORDS: Record<Language, BundleWords> = {
  en: {
    unlimited: 'Unlimited data',
    worldwide: 'Worldwide',
    country: { one: '# country', other: '# countries' },
    day: { one: '# day', other: '# days' },
  },
  de: {
    unlimited: 'Unbegrenzte Daten',
    worldwide: 'Weltweit',
    country: { one: '# Land', other: '# Länder' },
    day: { one: '# Tag', other: '# Tage' },
  },
  fr: {
    unlimited: 'Données illimitées',
    worldwide: 'Monde entier',
    country: { one: '# pays', other: '# pays' },
    day: { one: '# jour', other: '# jours' },
  },
  es: {
    unlimited: 'Datos ilimitados',
    worldwide: 'Todo el mundo',
    country: { one: '# país', other: '# países' },
    day: { one: '# día', other: '# días' },
  },
  ja: {
    unlimited: 'データ無制限',
    worldwide: '全世界',
    country: { one: '#か国', other: '#か国' },
    day: { one: '#日間', other: '#日間' },
    spokenAreas: { '003': '北米', '005': '南米', '013': '中米', '029': 'カリブ海地域', '419': '中南米' },
  },
};
