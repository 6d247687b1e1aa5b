import type { BundleFacts } from '../catalogue/bundle.ts';
import { db, Prisma } from '../platform/db.server.ts';
import { priceAll, type Price, type Priceable } from './pricing.ts';
import { loadScheme } from './scheme.server.ts';

/** A bundle of the shop, as far as its price depends on it. */
export type BundleToPrice = Omit<Priceable, 'bundleId' | 'cost' | 'lockedAt'> & {
  cost: { amount: { toFixed: () => string }; currency: string };
};

/**
 * What bundles of the shop are to cost, each by its id. They are priced beside everything the shop sells already, so that
 * the ladder holds among them all.
 */
export async function pricesFor(
  shop: { id: string; currency: string },
  bundles: BundleToPrice[],
): Promise<Map<string, Price>> {
  const destinations = [...new Set(bundles.map(({ destination }) => destination))];
  const [scheme, sold] = await Promise.all([loadScheme(shop), soldVariants(shop, destinations)]);
  const asked = bundles.map(({ cost: { amount, currency }, ...bundle }) => ({
    ...{ ...bundle, bundleId: bundle.id, lockedAt: null },
    cost: { amount: amount.toFixed(), currency },
  }));
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
  bundle: BundleFacts & { id: string; code: string; kind: string; destination: string };
  /** For `priceAll`, by the variant's id. */
  item: Priceable;
}

/** Every variant the app prices, or those of some destinations. Mapped ones have the merchant's price, and what is withdrawn is not sold: neither is here. */
export async function soldVariants(shop: { id: string }, destinations?: string[]): Promise<SoldVariant[]> {
  // A variant's bundle, and those that take its place in their order: the first that can be bought is what a sale costs. The
  // shop is asked for beside it: a condition in here, and PostgreSQL would read all lists to find those of one bundle.
  const lists = Prisma.sql`(
    SELECT id AS "mappingId", 0 AS position, "bundleId" FROM "VariantMapping"
    UNION ALL SELECT "mappingId", position, "bundleId" FROM "MappingSubstitute")`;
  // Found from the bundles: from the mappings each bundle would be read. An array, since of rows PostgreSQL expects so many
  // that it would read all variants beside them.
  const there = (places: string[]) => Prisma.sql`AND m.id = ANY (ARRAY(
    SELECT list."mappingId" FROM "Bundle" b JOIN ${lists} AS list ON list."bundleId" = b.id
    WHERE b."shopId" = ${shop.id} AND b.destination = ANY(${places})))`;
  const rows = await db.$queryRaw<SoldRow[]>`
    SELECT DISTINCT ON (m."productTitle", m."productGid", m.id)
      m."variantGid", m."productGid", m."productTitle", m."priceMinor", m.currency, m."foundMinor",
      m."priceLocked" AS "isLocked", trim_scale(m."mappedCost")::text AS "mappedCost",
      trim_scale(coalesce(m."pricedCost", m."mappedCost"))::text AS "pricedCost",
      b.id AS "bundleId", b."accountId", b.code, b.description, b.kind, b.destination, b.countries, b.region,
      b."dataBytes", b.days, b.groups, trim_scale(b.cost)::text AS cost, b.currency AS "costCurrency"
    FROM "VariantMapping" m JOIN ${lists} AS list ON list."mappingId" = m.id
      JOIN "Bundle" b ON b.id = list."bundleId" AND b."withdrawnAt" IS NULL
    WHERE m."shopId" = ${shop.id} AND m.origin = 'published' ${destinations ? there(destinations) : Prisma.empty}
    ORDER BY m."productTitle", m."productGid", m.id, list.position`;
  return rows.map(toSold);
}

/** A variant beside the bundle it sells now. */
type SoldRow = Omit<SoldVariant, 'bundle' | 'item'> &
  Omit<SoldVariant['bundle'], 'id'> &
  Omit<Priceable, 'id' | 'cost' | 'lockedAt'> & { cost: string; costCurrency: string };

function toSold({ cost, costCurrency, ...row }: SoldRow): SoldVariant {
  const { bundleId, accountId, groups, kind, destination, dataBytes, days } = row;
  const { code, description, countries, region, ...variant } = row;
  return {
    ...variant,
    bundle: {
      id: bundleId,
      code,
      description,
      kind,
      destination,
      countries,
      region,
      dataBytes,
      days,
      groups,
    },
    item: {
      ...{ id: row.variantGid, bundleId, accountId, groups, kind, destination, dataBytes, days },
      cost: { amount: cost, currency: costCurrency },
      lockedAt: row.isLocked ? (row.foundMinor ?? row.priceMinor) : null,
    },
  };
}
