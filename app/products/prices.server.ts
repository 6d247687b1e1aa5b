import { db, type Prisma } from '../platform/db.server.ts';
import { priceAll, type Price, type Priceable } from './pricing.ts';
import { loadScheme } from './scheme.server.ts';

/**
 * What bundles of the shop are to cost, each by its id. They are priced beside everything the shop sells already, so that
 * the ladder holds among them all. Ids of no bundle of the shop are left out.
 */
export async function pricesFor(
  shop: { id: string; currency: string },
  bundleIds: string[],
): Promise<Map<string, Price>> {
  const bundles = await db.bundle.findMany({
    where: { shopId: shop.id, id: { in: bundleIds } },
    select: bundleFacts,
  });
  const destinations = [...new Set(bundles.map(({ destination }) => destination))];
  const [scheme, sold] = await Promise.all([loadScheme(shop), soldVariants(shop, destinations)]);
  const asked = bundles.map((bundle) => priceable(bundle.id, bundle, null));
  const prices = priceAll(scheme, [...asked, ...sold.map(({ item }) => item)]);
  return new Map(
    bundles.flatMap(({ id }) => {
      const price = prices.get(id);
      return price ? [[id, price] as const] : [];
    }),
  );
}

/** A variant the app made and prices, with the bundle it sells now. */
export interface SoldVariant {
  variantGid: string;
  productGid: string;
  productTitle: string;
  /** What we last wrote to Shopify, in minor units of `currency`. */
  priceMinor: number | null;
  currency: string | null;
  isLocked: boolean;
  /** The price Shopify had instead when we last looked. */
  foundMinor: number | null;
  /** The bundle's cost when it was linked, and when its price was last made: decimal texts. */
  mappedCost: string | null;
  pricedCost: string | null;
  bundle: PricedBundle;
  /** For `priceAll`, by the variant's id. */
  item: Priceable;
}

/** Every variant the app prices, or those of some destinations. Mapped ones have the merchant's price, and what is withdrawn is not sold: neither is here. */
export async function soldVariants(shop: { id: string }, destinations?: string[]): Promise<SoldVariant[]> {
  const bundle = { destination: { in: destinations ?? [] } };
  const rows = await db.variantMapping.findMany({
    where: {
      ...{ shopId: shop.id, origin: 'published' },
      ...(destinations && { OR: [{ bundle }, { substitutes: { some: { bundle } } }] }),
    },
    include: {
      bundle: { select: bundleFacts },
      substitutes: { orderBy: { position: 'asc' }, select: { bundle: { select: bundleFacts } } },
    },
    orderBy: [{ productTitle: 'asc' }, { productGid: 'asc' }, { id: 'asc' }],
  });
  return rows.flatMap(({ bundle: first, substitutes, ...row }) => {
    // The first that can be bought is what a sale costs.
    const bundle = [first, ...substitutes.map((each) => each.bundle)].find((each) => !each.withdrawnAt);
    if (!bundle) return [];
    const lockedAt = row.priceLocked ? (row.foundMinor ?? row.priceMinor) : null;
    return {
      ...{ variantGid: row.variantGid, productGid: row.productGid, productTitle: row.productTitle },
      ...{ priceMinor: row.priceMinor, currency: row.currency, foundMinor: row.foundMinor },
      isLocked: row.priceLocked,
      mappedCost: row.mappedCost?.toFixed() ?? null,
      pricedCost: (row.pricedCost ?? row.mappedCost)?.toFixed() ?? null,
      bundle,
      item: priceable(row.variantGid, bundle, lockedAt),
    };
  });
}

const bundleFacts = {
  ...{ id: true, accountId: true, code: true, description: true, kind: true, destination: true },
  ...{ countries: true, region: true, dataBytes: true, days: true, groups: true },
  ...{ cost: true, currency: true, withdrawnAt: true },
} as const satisfies Prisma.BundleSelect;

type PricedBundle = Prisma.BundleGetPayload<{ select: typeof bundleFacts }>;

function priceable(id: string, bundle: PricedBundle, lockedAt: number | null): Priceable {
  const { accountId, groups, kind, destination, dataBytes, days } = bundle;
  return {
    ...{ id, bundleId: bundle.id, accountId, groups, kind, destination, dataBytes, days, lockedAt },
    cost: { amount: bundle.cost.toFixed(), currency: bundle.currency },
  };
}
