import { countryName } from '../catalogue/bundle.ts';
import { destinationName } from '../catalogue/bundle-words.ts';
import { catalogueChoices } from '../catalogue/choices.server.ts';
import { db } from '../platform/db.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import type { Scope } from './price-rule.ts';

/** What a rule can be for, by its scope: the value it stores and its name. */
export type Places = Record<Exclude<Scope, 'everything' | 'bundle'>, { value: string; label: string }[]>;

export async function placesOf(shop: Shop): Promise<Places> {
  const [suppliers, { groups, countries }, destinations] = await Promise.all([
    db.supplierAccount.findMany({ where: { shopId: shop.id }, select: { id: true, label: true } }),
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
      .map((each) => ({ value: each.destination, label: destinationName(each, 'en') }))
      .sort(byLabel),
    country: countries.map((code) => ({ value: code, label: countryName(code) })).sort(byLabel),
  };
}

const byLabel = (a: { label: string }, b: { label: string }) => a.label.localeCompare(b.label, 'en');
