import { bundleTitle } from '../catalogue/bundle.ts';
import type { Display } from '../ui/display.ts';
import { coverageOf } from './coverage.ts';
import type { Obstacle } from './first-to-buy.ts';
import type { ListedMapping, ListedOnMapping } from './mapping-list.server.ts';

/** A mapped variant as its pages say it. (An alias, because Polaris asks for an index signature.) */
export type MappingRow = ReturnType<typeof mappingRow>;
export type MappedBundle = ReturnType<typeof mappedBundle>;

export function mappingRow(mapping: ListedMapping, show: Display) {
  const { variantGid, title, sku, kind, choosing, isPublished, price, isGone, bundles } = mapping;
  const { sells, passesFirst } = mapping;
  return {
    ...{ id: variantIdOf(variantGid), variantGid, title, sku, kind, choosing, isPublished, isGone },
    price: price && show.money(price),
    bundles: bundles.map((bundle) => mappedBundle(bundle, show)),
    /** What is bought now, where that is not the first of the list. */
    substitute:
      sells === null || passesFirst === null
        ? null
        : { title: titleOf(bundles, sells, show.locale), isCheaper: passesFirst === 'cost' },
    sellsNothing: sells === null,
  };
}

function mappedBundle(bundle: ListedOnMapping, show: Display) {
  const { id, code, supplier, cost, obstacle, isAbovePrice } = bundle;
  const texts = { id, code, supplier, title: bundleTitle(bundle, show.locale), cost: show.cost(cost) };
  return { ...texts, obstacle, isAbovePrice, covers: coverageOf(bundle) };
}

export const obstacleWords: Record<Obstacle, string> = {
  withdrawn: 'Withdrawn',
  'no-supplier': 'Supplier disconnected',
  'key-refused': 'Key refused',
  'supplier-down': 'Supplier does not answer',
};

/** gid://shopify/ProductVariant/42 → 42 */
export function variantIdOf(variantGid: string): string {
  return variantGid.split('/').at(-1) ?? '';
}

export function variantGidOf(id: string): string {
  return `gid://shopify/ProductVariant/${id}`;
}

function titleOf(bundles: ListedOnMapping[], id: string, locale: string): string {
  const bundle = bundles.find((each) => each.id === id);
  return bundle ? bundleTitle(bundle, locale) : '';
}
