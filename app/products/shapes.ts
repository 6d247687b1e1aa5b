import { dataLabel, daysLabel } from '../catalogue/bundle-words.ts';
import type { Language } from '../platform/language.ts';

/** One product of all chosen bundles of a place, with options to choose from; or one product of each bundle. */
export const shapes = ['destination', 'bundle'] as const;
export type Shape = (typeof shapes)[number];

/**
 * What becomes of bundles of one place with the same data and days: the cheapest is sold and the others stand in for it
 * when it cannot be bought, or a third option lets buyers choose.
 */
export const alternatives = ['substitutes', 'option'] as const;
export type Alternatives = (typeof alternatives)[number];

export interface ShapeBundle {
  id: string;
  code: string;
  /** The supplier account, and how the merchant calls it. */
  accountId: string;
  supplier: string;
  /** What bundles of one place share. */
  destination: string;
  dataBytes: bigint | null;
  days: number;
  speeds: readonly string[];
  groups: readonly string[];
  /** Minor units of the shop's currency: cheaper comes first. */
  costMinor: number;
}

export interface ShapedVariant<Bundle extends ShapeBundle> {
  bundle: Bundle;
  /** Bought in this order when it cannot be. */
  substitutes: Bundle[];
  /** One for each option. */
  values: string[];
}

export interface ShapedProduct<Bundle extends ShapeBundle> {
  /** The same for the same place or bundle, whatever else is chosen. */
  key: string;
  shape: Shape;
  destination: string;
  /** Names of the options; none when there is a single variant and nothing to choose. */
  options: string[];
  variants: ShapedVariant<Bundle>[];
}

/** What Shopify takes in one product. */
export const MOST_VARIANTS = 2048;

/**
 * Products of bundles: options small to large, unlimited last, in the language of the shop's texts. Every bundle is in
 * exactly one product, as a variant or as somebody's substitute; `leftOut` are those beyond Shopify's limit.
 */
export function shapeProducts<Bundle extends ShapeBundle>(
  bundles: Bundle[],
  how: { shape: Shape; alternatives: (destination: string) => Alternatives; language: Language },
): { products: ShapedProduct<Bundle>[]; leftOut: Bundle[] } {
  if (how.shape === 'bundle') return { products: bundles.map(alone), leftOut: [] };
  const products: ShapedProduct<Bundle>[] = [];
  const leftOut: Bundle[] = [];
  for (const [destination, members] of groupBy(bundles, (bundle) => bundle.destination)) {
    const made = together(members, how.language, how.alternatives(destination));
    leftOut.push(...made.variants.slice(MOST_VARIANTS).flatMap(everyBundle));
    products.push({
      key: productKey('destination', destination),
      shape: 'destination',
      destination,
      options: made.options,
      variants: made.variants.slice(0, MOST_VARIANTS),
    });
  }
  return { products, leftOut };
}

/** The values of each option as buyers see them: small to large. */
export function optionValues<Bundle extends ShapeBundle>({
  options,
  variants,
}: Pick<ShapedProduct<Bundle>, 'options' | 'variants'>): string[][] {
  return options.map((_, index) => {
    // Data and plans come in order; days are in order only within the same data.
    const inOrder =
      index === DAYS ? variants.toSorted((a, b) => compare(a.bundle.days, b.bundle.days)) : variants;
    return [...new Set(inOrder.map(({ values }) => values[index] ?? ''))];
  });
}

/** The place of the validity among the options. */
const DAYS = 1;

export const productKey = (shape: Shape, of: string) => `${shape} ${of}`;

export function everyBundle<Bundle extends ShapeBundle>({
  bundle,
  substitutes,
}: Pick<ShapedVariant<Bundle>, 'bundle' | 'substitutes'>): Bundle[] {
  return [bundle, ...substitutes];
}

function alone<Bundle extends ShapeBundle>(bundle: Bundle): ShapedProduct<Bundle> {
  return {
    ...{ key: productKey('bundle', bundle.id), shape: 'bundle', destination: bundle.destination },
    ...{ options: [], variants: [{ bundle, substitutes: [], values: [] }] },
  };
}

function together<Bundle extends ShapeBundle>(
  bundles: Bundle[],
  language: Language,
  between: Alternatives,
): { options: string[]; variants: ShapedVariant<Bundle>[] } {
  const { data, validity, plan } = OPTION_NAMES[language];
  const cell = (bundle: Bundle) => [dataValue(bundle, language), daysValue(bundle.days, language)];
  const cells = [...groupBy(bundles.toSorted(bySize), (bundle) => cell(bundle).join(' / ')).values()];
  if (between === 'option' && cells.some(({ length }) => length > 1)) {
    const planOf = tellingApart(cells);
    return {
      options: [data, validity, plan],
      variants: cells.flatMap((members) =>
        members.map((bundle) => ({ bundle, substitutes: [], values: [...cell(bundle), planOf(bundle)] })),
      ),
    };
  }
  return {
    options: [data, validity],
    variants: cells.flatMap(([bundle, ...substitutes]) =>
      bundle ? [{ bundle, substitutes, values: cell(bundle) }] : [],
    ),
  };
}

/** "5 GB", "Unlimited data", "Unlimited data Lite": a supplier sells several kinds of unlimited, told apart by their group. */
export function dataValue(
  { dataBytes, groups }: Pick<ShapeBundle, 'dataBytes' | 'groups'>,
  language: Language,
): string {
  const label = plain(dataLabel(dataBytes, language));
  if (dataBytes !== null) return label;
  const kind = groups.map((group) => /unlimited\s+(.+)$/i.exec(group)?.[1]).find((name) => name);
  return kind === undefined ? label : `${label} ${kind}`;
}

export const daysValue = (days: number, language: Language): string => plain(daysLabel(days, language));

// Merchants search for what they see, and nobody types a space that does not break.
const plain = (label: string) => label.replace(/[\u00a0\u202f]/g, ' ');

function bySize(a: ShapeBundle, b: ShapeBundle): number {
  return (
    compare(a.dataBytes === null, b.dataBytes === null) ||
    compare(a.dataBytes ?? 0n, b.dataBytes ?? 0n) ||
    // All days of one kind of unlimited together.
    (a.dataBytes === null ? compare(dataValue(a, 'en'), dataValue(b, 'en')) : 0) ||
    compare(a.days, b.days) ||
    compare(a.costMinor, b.costMinor) ||
    compare(a.code, b.code) ||
    compare(a.id, b.id)
  );
}

/** By supplier, group or speed: the first of them that tells apart what shares data and days; else by the supplier's code. */
function tellingApart<Bundle extends ShapeBundle>(cells: Bundle[][]): (bundle: Bundle) => string {
  const ways: ((bundle: Bundle) => string)[] = [
    ({ supplier }) => supplier,
    ({ groups }) => (groups[0] ?? '').replace(/^standard /i, ''),
    ({ speeds }) => speeds.join(' / '),
    ({ code }) => code,
  ];
  const fits = (way: (bundle: Bundle) => string) =>
    cells.every((members) => {
      const names = members.map(way);
      return names.every((name) => name !== '') && new Set(names).size === names.length;
    });
  // Two accounts of one supplier may sell the same code.
  return ways.find(fits) ?? (({ supplier, code, id }) => `${supplier} ${code} ${id.slice(0, 4)}`);
}

const OPTION_NAMES: Record<Language, { data: string; validity: string; plan: string }> = {
  en: { data: 'Data', validity: 'Validity', plan: 'Plan' },
  de: { data: 'Datenvolumen', validity: 'Gültigkeit', plan: 'Tarif' },
  fr: { data: 'Données', validity: 'Validité', plan: 'Forfait' },
  es: { data: 'Datos', validity: 'Validez', plan: 'Plan' },
  ja: { data: 'データ容量', validity: '有効期間', plan: 'プラン' },
};

function compare<Value extends bigint | number | string | boolean>(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function groupBy<Item>(items: Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
