import { countryName } from '../catalogue/bundle.ts';
import { destinationName } from '../catalogue/bundle-words.ts';
import { catalogueChoices } from '../catalogue/choices.server.ts';
import { db } from '../platform/db.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import type { Scope } from './price-rule.ts';

/** What a rule can be for, by its scope: the value it stores and its name. */
export type Places = Record<Exclude<Scope, 'everything' | 'bundle'>, { value: string; label: string }[]>;

/** Named in a language, and in the order of their names. */
export async function placesOf(shop: Shop, locale = 'en'): Promise<Places> {
  const byLabel = (a: { label: string }, b: { label: string }) => a.label.localeCompare(b.label, locale);
  const [suppliers, { groups, countries }, destinations] = await Promise.all([
    db.supplierAccount.findMany({
      where: { shopId: shop.id, sells: true },
      select: { id: true, label: true },
    }),
    catalogueChoices(shop),
    db.bundle.findMany({
      where: { shopId: shop.id, kind: { not: 'country' }, destination: { not: '' } },
      distinct: ['destination'],
      select: { destination: true, countries: true, region: true, description: true },
    }),
  ]);
  return {
    supplier: suppliers.map(({ id, label }) => ({ value: id, label })),
    group: groups.map((group) => ({ value: group, label: group })),
    region: destinations
      .map((each) => ({ value: each.destination, label: destinationName(each, locale) }))
      .sort(byLabel),
    country: countries.map((code) => ({ value: code, label: countryName(code, locale) })).sort(byLabel),
  };
}
