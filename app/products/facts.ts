import { destinationName } from '../catalogue/bundle-words.ts';
import { countryName } from '../catalogue/bundle.ts';
import type { Language } from '../platform/language.ts';
import { dataValue, daysValue, type ShapeBundle, type ShapedProduct } from './shapes.ts';

export interface FactBundle extends ShapeBundle {
  kind: string;
  description: string;
  /** ISO 3166-1 alpha-2. */
  countries: string[];
  region: string | null;
  fairUse: string | null;
  autostart: boolean;
}

/** What is known of a product: the fields of its templates, and what its metafields say. All text is for reading. */
export interface ProductFacts {
  destination: string;
  destination_en: string;
  countries: string[];
  country_codes: string[];
  country_count: number;
  kind: string;
  data: string[];
  days: string[];
  plans: { data: string; days: string }[];
  speeds: string[];
  networks: string[];
  fair_use: string;
  /** When the validity begins. */
  activation: Activation;
  /** Of `mixed`: the plans whose validity begins with the purchase. */
  from_purchase: string[];
  single: boolean;
  code: string;
  shop: string;
}

/** At the first connection there, with the purchase, or one with some plans and the other with the rest. */
export type Activation = 'first-use' | 'purchase' | 'mixed';

/** The facts of a product's variants in a language; null when it has none. `networksIn` names those of a country. */
export function factsOf<Bundle extends FactBundle>(
  { shape, variants }: Pick<ShapedProduct<Bundle>, 'shape' | 'variants'>,
  about: {
    language: Language;
    shop: string;
    networksIn: (accountId: string, country: string) => readonly string[];
  },
): ProductFacts | null {
  const { language } = about;
  const bundles = variants.map(({ bundle }) => bundle);
  const [first] = bundles;
  if (!first) return null;
  const codes = unique(bundles.flatMap(({ countries }) => countries));
  // A region of one supplier may hold a country that another's lacks: the place is what the first says.
  const place = { countries: first.countries, region: first.region, description: first.description };
  const plans = bundles.map((bundle) => ({
    data: dataValue(bundle, language),
    days: daysValue(bundle.days, language),
  }));
  const fromPurchase = plans.filter((_, index) => bundles[index]?.autostart === false);
  const isMixed = fromPurchase.length > 0 && fromPurchase.length < plans.length;
  return {
    destination: destinationName(place, language),
    destination_en: destinationName(place, 'en'),
    countries: codes.map((code) => countryName(code, language)).sort((a, b) => a.localeCompare(b, language)),
    country_codes: codes.sort(),
    country_count: codes.length,
    kind: first.kind,
    data: unique(plans.map(({ data }) => data)),
    days: unique(bundles.toSorted((a, b) => a.days - b.days).map(({ days }) => daysValue(days, language))),
    plans,
    speeds: unique(bundles.flatMap(({ speeds }) => speeds)).sort(),
    networks: unique(
      bundles.flatMap(({ accountId, countries }) =>
        countries.flatMap((country) => about.networksIn(accountId, country)),
      ),
    ).sort((a, b) => a.localeCompare(b)),
    fair_use: bundles.find(({ fairUse }) => fairUse !== null)?.fairUse ?? '',
    activation: fromPurchase.length === 0 ? 'first-use' : isMixed ? 'mixed' : 'purchase',
    from_purchase: isMixed ? fromPurchase.map(({ data, days }) => `${data}, ${days}`) : [],
    single: shape === 'bundle',
    code: first.code,
    shop: about.shop,
  };
}

/** What themes, filters and search can use: the definitions of these are in shopify.app.toml. */
export function metafieldsOf(facts: ProductFacts, key: string): Metafield[] {
  const lists = {
    countries: facts.countries,
    country_codes: facts.country_codes,
    data: facts.data,
    days: facts.days,
    speeds: facts.speeds,
    networks: facts.networks,
  };
  const texts = { activation: facts.activation, kind: facts.kind, made_for: key };
  return [
    ...Object.entries(lists)
      .filter(([, list]) => list.length > 0)
      .map(([name, list]) => ({
        ...{ namespace: '$app' as const, key: name, type: 'list.single_line_text_field' },
        value: JSON.stringify(list.slice(0, MOST_IN_A_LIST)),
      })),
    ...Object.entries(texts)
      .filter(([, text]) => text !== '')
      .map(([name, value]) => ({
        ...{ namespace: '$app' as const, key: name, type: 'single_line_text_field', value },
      })),
  ];
}

export interface Metafield {
  namespace: '$app';
  key: string;
  type: string;
  value: string;
}

/** Of values in a metafield's list, says Shopify. A global bundle may have more countries. */
const MOST_IN_A_LIST = 128;

const unique = (values: string[]) => [...new Set(values)];
