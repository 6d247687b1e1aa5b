import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fits, skuPattern, type NamedBundle, type SkuFacts } from './sku-pattern.ts';

const read = (pattern: string, sku: string): SkuFacts | null => {
  const parsed = skuPattern(pattern);
  if (parsed.status === 'wrong') throw new Error(parsed.sentence);
  return parsed.read(sku);
};

const facts = fc.record({
  place: fc.constantFrom('FR', 'JP', 'EUROPE', 'United Kingdom'),
  hundredths: fc.option(fc.integer({ min: 1, max: 500_00 })),
  days: fc.integer({ min: 1, max: 365 }),
});
const literal = fc.stringMatching(/^[-_/.+*()$^|[\]\\ #A-Z]{1,6}$/);
const gigabytes = (hundredths: number | null) => (hundredths === null ? 'UL' : String(hundredths / 100));

test('what a pattern writes into a SKU, it reads from it, whatever stands between', () => {
  fc.assert(
    fc.property(
      facts,
      fc.tuple(literal, literal, literal, literal),
      ({ place, hundredths, days }, between) => {
        // A letter beside a placeholder could belong to either side.
        const [a, b, c, d] = between.map((text) => `-${text}-`);
        const pattern = `${String(a)}{country}${String(b)}{gb}${String(c)}{days}${String(d)}`;
        const sku = `${String(a)}${place}${String(b)}${gigabytes(hundredths)}${String(c)}${String(days)}${String(d)}`;
        const dataBytes = hundredths === null ? null : BigInt(hundredths) * 10_000_000n;
        expect(read(pattern, sku)).toEqual({ place, dataBytes, days });
        expect(read(pattern, `${sku}!`)).toBeNull();
      },
    ),
  );
});

test('no text a merchant may type breaks it, as a pattern or as a SKU', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (pattern, sku) => {
      const parsed = skuPattern(pattern);
      if (parsed.status === 'wrong') expect(parsed.sentence).not.toBe('');
      else parsed.read(sku);
    }),
  );
});

const france: NamedBundle = {
  ...{ code: 'esim_1GB_7D_FR_V2', countries: ['FR'], region: null },
  ...{ dataBytes: 1_000_000_000n, days: 7 },
};
const europe = {
  ...france,
  code: 'esim_UL_7D_REU',
  countries: ['FR', 'DE'],
  region: 'Europe+',
  dataBytes: null,
};

test.each([
  ['ESIM-{country}-{gb}GB-{days}D', 'ESIM-FR-1GB-7D', france, true],
  ['ESIM-{country}-{gb}GB-{days}D', 'esim-france-1gb-7d', france, true],
  ['ESIM-{country}-{mb}MB-{days}D', 'ESIM-FR-1000MB-7D', france, true],
  ['ESIM-{country}-{gb}GB-{days}D', 'ESIM-FR-2GB-7D', france, false],
  ['{country} {gb} {days} {any}', 'EUROPE UL 7 black', europe, true],
  ['{country}-{gb}-{days}', 'FR-UL-7', europe, false],
  ['{code}', 'esim_1GB_7D_FR_V2', france, true],
  ['{code}', 'ESIM_1gb_7D_FR_V2', france, false],
  ['X{code}', 'Xesim_1GB_7D_FR_V2', france, true],
] as const)('%s reads %s', (pattern, sku, bundle, isFit) => {
  const found = read(pattern, sku);
  expect(found !== null && fits(found, bundle)).toBe(isFit);
});

test.each([
  ['', 'Write how'],
  ['ESIM-{land}', '{land} is no placeholder'],
  ['ESIM-{country', 'A brace stands alone'],
  ['{country}-{country}', 'twice'],
  ['{country}{gb}', 'touch'],
  ['{country}-{gb}-{mb}', 'not both'],
  ['ESIM-{gb}', 'needs {code}'],
])('%s is refused with a reason', (pattern, words) => {
  expect(skuPattern(pattern)).toMatchObject({
    status: 'wrong',
    sentence: expect.stringContaining(words) as string,
  });
});
