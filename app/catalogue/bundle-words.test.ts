import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dataLabel, daysLabel, destinationName } from './bundle-words.ts';
import { LANGUAGES } from '../platform/language.ts';

const anyLocale = fc.oneof(
  fc.constantFrom(...LANGUAGES, 'de-CH', 'fr-CA', 'pt-BR', 'zh-Hant', 'en_GB', ''),
  fc.string(),
);
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');
const europe = { countries: ['DE', 'ES', 'FR'], region: 'Europe', description: 'eSIM, 1GB, 7 Days, Europe' };

test('a traveller reads the destination in the own language', () => {
  const france = { countries: ['FR'], region: null, description: 'eSIM, 1GB, 7 Days, France' };
  expect(LANGUAGES.map((locale) => destinationName(france, locale))).toEqual([
    'France',
    'Frankreich',
    'France',
    'Francia',
    'フランス',
  ]);
  expect(LANGUAGES.map((locale) => destinationName(europe, locale))).toEqual([
    'Europe',
    'Europa',
    'Europe',
    'Europa',
    'ヨーロッパ',
  ]);
  expect(LANGUAGES.map((locale) => destinationName({ ...europe, region: null }, locale))).toEqual([
    '3 countries',
    '3 Länder',
    '3 pays',
    '3 países',
    '3か国',
  ]);
});

test('places are called what travellers call them', () => {
  const place = (code: string, locale: string) =>
    destinationName({ countries: [code], region: null, description: '' }, locale);
  expect(place('HK', 'en')).toBe('Hong Kong');
  expect(place('HK', 'ja')).toBe('香港');
  expect(place('US', 'en')).toBe('United States');
  expect(place('US', 'ja')).toBe('アメリカ');
  expect(destinationName({ ...europe, region: 'North America' }, 'ja')).toBe('北米');
  expect(destinationName({ ...europe, region: 'North America' }, 'fr')).toBe('Amérique du Nord');
});

test("a region or country nobody else knows keeps the supplier's words", () => {
  expect(destinationName({ ...europe, region: 'Europe Lite+' }, 'de')).toBe('Europe Lite+');
  expect(destinationName({ ...europe, region: 'constructor' }, 'de')).toBe('constructor');
  expect(destinationName({ ...europe, region: 'Global' }, 'de')).toBe('Weltweit');
  expect(destinationName({ countries: ['X9'], region: null, description: 'Atlantis' }, 'de')).toBe(
    'Atlantis',
  );
  expect(destinationName({ countries: [], region: null, description: 'Atlantis' }, 'de')).toBe('Atlantis');
});

test('data is worded as on the phone of the reader', () => {
  expect(LANGUAGES.map((locale) => plain(dataLabel(5_000_000_000n, locale)))).toEqual([
    '5 GB',
    '5 GB',
    '5 Go',
    '5 GB',
    '5 GB',
  ]);
  expect(plain(dataLabel(500_000_000n, 'fr'))).toBe('500 Mo');
  expect(plain(dataLabel(1_500_000_000n, 'de'))).toBe('1,5 GB');
  expect(LANGUAGES.map((locale) => dataLabel(null, locale))).toEqual([
    'Unlimited data',
    'Unbegrenzte Daten',
    'Données illimitées',
    'Datos ilimitados',
    'データ無制限',
  ]);
});

test('days are counted as the language counts', () => {
  expect(LANGUAGES.map((locale) => daysLabel(1, locale))).toEqual([
    '1 day',
    '1 Tag',
    '1 jour',
    '1 día',
    '1日間',
  ]);
  expect(LANGUAGES.map((locale) => daysLabel(30, locale))).toEqual([
    '30 days',
    '30 Tage',
    '30 jours',
    '30 días',
    '30日間',
  ]);
});

test('a language we have no words for reads one language, not two', () => {
  expect(destinationName(europe, 'pt-BR')).toBe('Europe');
  expect(destinationName({ ...europe, region: null }, 'pt-BR')).toBe('3 countries');
  expect(plain(dataLabel(1_500_000_000n, 'pt-BR'))).toBe('1.5 GB');
});

test('whatever locale a shop sends, every bundle has words, and never promises more data than was bought', () => {
  fc.assert(
    fc.property(anyLocale, fc.bigInt({ min: 0n, max: 10n ** 15n }), fc.nat(3650), (locale, bytes, days) => {
      expect(dataLabel(bytes, locale)).toMatch(/\d/);
      expect(daysLabel(days, locale)).toMatch(/\d/);
      const [, amount = '', unit] = /^([\d.,]+) (GB|MB)$/.exec(dataLabel(bytes, 'en')) ?? [];
      const promised = Number(amount.replaceAll(',', '')) * (unit === 'GB' ? 1e9 : 1e6);
      expect(promised).toBeLessThanOrEqual(Number(bytes) + 1);
      expect(Number(bytes) - promised).toBeLessThan(unit === 'GB' ? 1e7 + 1 : 1e4 + 1);
    }),
  );
  fc.assert(
    fc.property(
      anyLocale,
      fc.array(fc.string({ maxLength: 3 })),
      fc.option(fc.string()),
      fc.string({ minLength: 1 }),
      (locale, countries, region, description) => {
        expect(destinationName({ countries, region, description }, locale)).not.toBe('');
      },
    ),
  );
});
