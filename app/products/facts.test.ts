import { expect, test } from 'vitest';
import { LANGUAGES } from '../platform/language.ts';
import { defaultTemplates, fieldHelp } from './default-templates.ts';
import { factsOf, metafieldsOf, type FactBundle, type ProductFacts } from './facts.ts';
import { shapeProducts } from './shapes.ts';
import { renderTexts } from './template.ts';

const GB = 1_000_000_000n;
const bundle = (facts: Partial<FactBundle>): FactBundle => ({
  ...{
    id: facts.code ?? 'a',
    code: 'esim_1GB_7D_FR_V2',
    accountId: 'a',
    supplier: 'eSIM Go',
    destination: 'FR',
  },
  ...{ dataBytes: GB, days: 7, speeds: ['4G', '5G'], groups: ['Standard Fixed'], costMinor: 100 },
  ...{ kind: 'country', description: '', countries: ['FR'], region: null, fairUse: null, autostart: true },
  ...facts,
});

function facts(
  bundles: FactBundle[],
  language: (typeof LANGUAGES)[number] = 'en',
  shape: 'destination' | 'bundle' = 'destination',
): ProductFacts {
  const [product] = shapeProducts(bundles, { shape, alternatives: () => 'substitutes', language }).products;
  const made = product && factsOf(product, { language, shop: 'Reise', networksIn: () => ['Orange', 'SFR'] });
  if (!made) throw new Error('no product');
  return made;
}

const france = [
  bundle({}),
  bundle({ code: 'b', dataBytes: 5n * GB, days: 30 }),
  bundle({ code: 'c', dataBytes: 3n * GB }),
];

test('the facts of a product are those of its variants, small to large, in a language', () => {
  expect(facts(france, 'de')).toMatchObject({
    ...{
      destination: 'Frankreich',
      destination_en: 'France',
      countries: ['Frankreich'],
      country_codes: ['FR'],
    },
    ...{ data: ['1 GB', '3 GB', '5 GB'], days: ['7 Tage', '30 Tage'], speeds: ['4G', '5G'] },
    ...{ networks: ['Orange', 'SFR'], activation: 'first-use', fair_use: '', single: false, shop: 'Reise' },
    plans: [
      { data: '1 GB', days: '7 Tage' },
      { data: '3 GB', days: '7 Tage' },
      { data: '5 GB', days: '30 Tage' },
    ],
  });
});

test.each(LANGUAGES)('the texts a shop begins with fit every shape in %s', (language) => {
  const europe = [
    bundle({ destination: 'europe', kind: 'region', region: 'Europe', countries: ['FR', 'DE', 'AX'] }),
  ];
  const unlimited = [
    bundle({ dataBytes: null, fairUse: 'Up to 1 GB a day at full speed', speeds: [], autostart: false }),
  ];
  const mixed = [...france, ...unlimited];
  for (const bundles of [france, europe, unlimited, mixed]) {
    for (const shape of ['destination', 'bundle'] as const) {
      const rendered = renderTexts(defaultTemplates(language), facts(bundles, language, shape));
      if (rendered.status !== 'rendered') throw new Error(JSON.stringify(rendered.fields));
      const { title, description, handle, tags, vendor } = rendered.texts;
      expect(title).toContain('eSIM');
      expect(handle).toMatch(/^(france|europe)-esim/);
      expect(tags[0]).toBe('eSIM');
      expect(vendor).toBe('Reise');
      expect(description).not.toMatch(/\{[{%]|undefined|: *<\/li>/);
    }
  }
});

test.each([
  { autostart: [true, true], activation: 'first-use', says: /first connects/, not: /as soon as/ },
  {
    autostart: [false, false],
    activation: 'purchase',
    says: /as soon as you receive/,
    not: /first connects/,
  },
  {
    ...{ autostart: [true, false], activation: 'mixed' },
    ...{ says: /first connects.*as soon as you receive the eSIM: 5 GB, 30 days\./, not: /1 GB, 7 days/ },
  },
])('a product says when its validity begins: $activation', ({ autostart, activation, says, not }) => {
  const [first = false, second = false] = autostart;
  const made = facts([
    bundle({ autostart: first }),
    bundle({ code: 'b', dataBytes: 5n * GB, days: 30, autostart: second }),
  ]);
  expect(made.activation).toBe(activation);
  const rendered = renderTexts(defaultTemplates('en'), made);
  const description = rendered.status === 'rendered' ? rendered.texts.description : '';
  expect(description).toMatch(says);
  expect(description).not.toMatch(not);
});

test('each field that is offered is there, and each that is there is offered', () => {
  expect(fieldHelp.map(({ name }) => name).sort()).toEqual(Object.keys(facts(france)).sort());
});

test('metafields say the same in lists that Shopify takes', () => {
  const codes = Array.from(
    { length: 150 },
    (_, index) => `${'ABCDEFGHIJ'[index % 10] ?? ''}${String.fromCharCode(65 + Math.floor(index / 10))}`,
  );
  const world = facts([
    bundle({ destination: 'global', kind: 'global', region: 'Global', countries: codes, autostart: false }),
  ]);
  const fields = new Map(metafieldsOf(world, 'destination global').map(({ key, value }) => [key, value]));
  expect(JSON.parse(fields.get('country_codes') ?? '')).toHaveLength(128);
  expect(fields.get('kind')).toBe('global');
  expect(fields.get('made_for')).toBe('destination global');
  expect(fields.get('activation')).toBe('purchase');
});
