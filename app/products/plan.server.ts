import { db, type Prisma } from '../platform/db.server.ts';
import type { Money } from '../platform/money.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { factsOf, metafieldsOf, type FactBundle, type Metafield, type ProductFacts } from './facts.ts';
import { networkNames } from './networks.server.ts';
import { pricesFor } from './prices.server.ts';
import type { Price } from './pricing.ts';
import type { RefusalReason } from './refusal-words.ts';
import { productKey, shapeProducts, type Alternatives, type Shape, type ShapedProduct } from './shapes.ts';
import { renderTexts, type Rendered } from './template.ts';
import { productTemplate, type ProductTemplate } from './template.server.ts';
import { readWritten, type Written } from './written.ts';

/** What is asked to be published. */
export interface PublishWish {
  bundleIds: string[];
  shape: Shape;
  alternatives: Alternatives;
}

/** What would come of it. Nothing is read from Shopify. */
export interface Plan {
  products: PlannedProduct[];
  refused: { bundleId: string; reason: RefusalReason }[];
}

export interface PlannedProduct extends ShapedProduct<PlannedBundle> {
  facts: ProductFacts;
  rendered: Rendered;
  metafields: Metafield[];
  /** The product the app made for the same place or bundle before. */
  known: KnownProduct | null;
}

export interface PlannedBundle extends FactBundle {
  /** The supplier's cost as decimal text, for the price guard. */
  cost: string;
  /** In the shop's currency; null for what the product sells already: its price is not touched. */
  priced: { price: Money; cost: Money } | null;
}

export interface KnownProduct {
  id: string;
  productGid: string;
  handle: string;
  title: string;
  state: 'live' | 'deleted';
  written: Written;
  pictureGid: string | null;
}

/**
 * The products that the bundles make, together with what those products sell already; and the bundles that cannot be
 * sold, with the reason.
 */
export async function planProducts(shop: Shop, wish: PublishWish): Promise<Plan> {
  const { shape } = wish;
  const wanted = [...new Set(wish.bundleIds)];
  const [template, found] = await Promise.all([productTemplate(shop), bundlesWith(shop, wanted)]);
  const keys = found.map((row) => productKey(shape, shape === 'bundle' ? row.id : placeOf(row)));
  const known = await knownProducts(shop, [...new Set(keys)]);
  const sold = await soldWith(shop, [...known.values()]);
  const isSold = new Set(sold.map(({ id }) => id));
  const fresh = found.filter(({ id }) => !isSold.has(id));
  const prices = await pricesFor(
    shop,
    fresh.map(({ cost, currency, ...row }) => ({ ...row, cost: { amount: cost, currency } })),
  );
  const judged = fresh.map((row) => judge(row, prices.get(row.id)));
  const { products, leftOut } = shapeProducts(
    [...sold, ...judged.flatMap((each) => (each.status === 'fit' ? [each.bundle] : []))],
    {
      ...{ shape, language: template.language },
      alternatives: (destination) => {
        const options = known.get(productKey(shape, destination))?.written.options ?? [];
        return options.length === 0 ? wish.alternatives : options.length > 2 ? 'option' : 'substitutes';
      },
    },
  );
  return {
    products: await completed(shop, template, products, known),
    refused: [
      ...wanted
        .filter((id) => !found.some((row) => row.id === id))
        .map((bundleId) => ({ bundleId, reason: 'unknown-bundle' as const })),
      ...judged
        .flatMap((each) => (each.status === 'fit' ? [] : [each]))
        .map(({ bundleId, reason }) => ({ bundleId, reason })),
      ...leftOut.map(({ id }) => ({ bundleId: id, reason: 'too-many-variants' as const })),
    ],
  };
}

/** The plan of a product as if these bundles had not been asked for; null when nothing is left of it. */
export async function withoutBundles(
  shop: Shop,
  template: ProductTemplate,
  product: PlannedProduct,
  bundleIds: ReadonlySet<string>,
): Promise<PlannedProduct | null> {
  const variants = product.variants.filter(({ bundle }) => !bundleIds.has(bundle.id));
  const known = new Map(product.known ? [[product.key, product.known]] : []);
  const [left] = await completed(shop, template, [{ ...product, variants }], known);
  return left ?? null;
}

type Judged =
  { status: 'fit'; bundle: PlannedBundle } | { status: 'refused'; bundleId: string; reason: RefusalReason };

function judge(row: BundleRow, price: Price | undefined): Judged {
  const refused = (reason: RefusalReason): Judged => ({ status: 'refused', bundleId: row.id, reason });
  if (row.withdrawnAt) return refused('withdrawn');
  if (row.account.state === 'disconnected') return refused('no-supplier');
  if (!price) return refused('unknown-bundle');
  if (price.status === 'refused') return refused(price.reason);
  return { status: 'fit', bundle: planned(row, { price: price.price, cost: price.cost }) };
}

function planned(row: BundleRow, priced: PlannedBundle['priced']): PlannedBundle {
  return {
    ...row,
    ...{ destination: placeOf(row), supplier: row.account.label, cost: row.cost.toFixed(), priced },
    // What is sold stays the first of its kind, however cheap a newcomer is.
    costMinor: priced?.cost.amount ?? -1,
  };
}

/** Bundles that were read before places had keys have none until the next sync. */
function placeOf({ destination, countries, region, code }: BundleRow): string {
  return destination || (countries.length === 1 ? countries[0] : null) || region || code;
}

async function completed(
  shop: Shop,
  template: ProductTemplate,
  products: ShapedProduct<PlannedBundle>[],
  known: Map<string, KnownProduct>,
): Promise<PlannedProduct[]> {
  const countries = products.flatMap(({ variants }) => variants.flatMap(({ bundle }) => bundle.countries));
  const networksIn = await networkNames(shop, countries);
  return products.flatMap((product) => {
    const facts = factsOf(product, { language: template.language, shop: shop.name, networksIn });
    if (!facts) return [];
    const rendered = renderTexts(template.templates, facts);
    const metafields = metafieldsOf(facts, product.key);
    return [{ ...product, facts, rendered, metafields, known: known.get(product.key) ?? null }];
  });
}

async function knownProducts(shop: Shop, keys: string[]): Promise<Map<string, KnownProduct>> {
  const rows = await db.product.findMany({
    where: { shopId: shop.id, key: { in: keys } },
    select: {
      ...{ id: true, key: true, productGid: true, handle: true, title: true, state: true },
      ...{ written: true, pictureGid: true },
    },
  });
  return new Map(
    rows.map(({ key, state, written, ...row }) => [
      key,
      { ...row, state: state === 'deleted' ? 'deleted' : 'live', written: readWritten(written) },
    ]),
  );
}

/** What the products sell already, by the app's own hand. */
async function soldWith(shop: Shop, products: KnownProduct[]): Promise<PlannedBundle[]> {
  const live = products.filter(({ state }) => state === 'live').map(({ id }) => id);
  const mappings = await db.variantMapping.findMany({
    where: { shopId: shop.id, productId: { in: live } },
    select: { bundle: { select: bundleFacts } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  const rows = new Map(mappings.map(({ bundle }) => [bundle.id, bundle]));
  return [...rows.values()].map((row) => planned(row, null));
}

/** The database takes some thousands of values in one question. */
const AT_ONCE = 5000;

async function bundlesWith(shop: Shop, ids: string[]): Promise<BundleRow[]> {
  const rows: BundleRow[] = [];
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const part = ids.slice(from, from + AT_ONCE);
    rows.push(
      ...(await db.bundle.findMany({ where: { shopId: shop.id, id: { in: part } }, select: bundleFacts })),
    );
  }
  return rows;
}

const bundleFacts = {
  ...{ id: true, accountId: true, code: true, description: true, kind: true, destination: true },
  ...{ countries: true, region: true, dataBytes: true, days: true, speeds: true, groups: true },
  ...{ fairUse: true, autostart: true, cost: true, currency: true, withdrawnAt: true },
  account: { select: { label: true, state: true } },
} as const satisfies Prisma.BundleSelect;

type BundleRow = Prisma.BundleGetPayload<{ select: typeof bundleFacts }>;
