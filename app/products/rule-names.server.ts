import { bundleTitle } from '../catalogue/bundle.ts';
import { db } from '../platform/db.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { placesOf } from './places.server.ts';
import type { PriceRule } from './price-rule.ts';
import { scopeWords } from './price-words.ts';

type Named = Pick<PriceRule, 'scope' | 'scopeValue'>;

/** Names what rules are for in a language: "Country: France". What is no more in the catalogue keeps the name it was stored by. */
export async function ruleNamer(
  shop: Shop,
  rules: Named[],
  locale: string,
): Promise<(rule: Named) => string> {
  const [places, bundles] = await Promise.all([
    placesOf(shop, locale),
    db.bundle.findMany({
      where: {
        shopId: shop.id,
        id: { in: rules.flatMap(({ scope, scopeValue }) => (scope === 'bundle' ? scopeValue : [])) },
      },
    }),
  ]);
  const titles = new Map(bundles.map((bundle) => [bundle.id, bundleTitle(bundle, locale)]));
  return ({ scope, scopeValue }) => {
    if (scope === 'everything') return scopeWords.everything;
    const label =
      scope === 'bundle'
        ? (titles.get(scopeValue) ?? 'no longer in the catalogue')
        : (places[scope].find(({ value }) => value === scopeValue)?.label ?? scopeValue);
    return `${scopeWords[scope]}: ${label}`;
  };
}
