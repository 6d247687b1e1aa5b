import { db } from '../platform/db.server.ts';
import type { Shop } from '../shopify/shops.server.ts';

/** What the bundles of a shop have, for the filters to choose from: of those on sale. */
export interface CatalogueChoices {
  /** How many bundles are on sale, and how many were withdrawn. */
  onSale: number;
  withdrawn: number;
  /** ISO codes. */
  countries: string[];
  regions: string[];
  groups: string[];
  speeds: string[];
  /** Places that bundles share: `key` is their `destination`, `region` the supplier's English name, null for a country. */
  destinations: { key: string; region: string | null }[];
}

/**
 * Kept in memory until a bundle of the shop is written: to find out means to read all of them, and every page of the
 * catalogue asks.
 */
export async function catalogueChoices(shop: Shop): Promise<CatalogueChoices> {
  const stamp = await lastWritten(shop);
  const kept = keptChoices.get(shop.id);
  if (kept?.stamp === stamp) return kept.choices;
  const choices = readChoices(shop);
  if (keptChoices.size >= MOST_SHOPS) keptChoices.clear();
  keptChoices.set(shop.id, { stamp, choices });
  choices.catch(() => keptChoices.delete(shop.id));
  return choices;
}

const MOST_SHOPS = 200;
const keptChoices = new Map<string, { stamp: string; choices: Promise<CatalogueChoices> }>();

// Both: a transaction that commits late may write an earlier time than one before it, and ends before its import does.
async function lastWritten({ id }: Shop): Promise<string> {
  const [row] = await db.$queryRaw<{ stamp: string }[]>`
    SELECT concat_ws(' ', (SELECT max("updatedAt") FROM "Bundle" WHERE "shopId" = ${id}),
      (SELECT max("syncedAt") FROM "SupplierAccount" WHERE "shopId" = ${id})) AS stamp`;
  return row?.stamp ?? '';
}

async function readChoices({ id }: Shop): Promise<CatalogueChoices> {
  const [row] = await db.$queryRaw<CatalogueChoices[]>`
    WITH mine AS MATERIALIZED (
      SELECT countries, region, groups, speeds, destination FROM "Bundle" WHERE "shopId" = ${id} AND "withdrawnAt" IS NULL
    )
    SELECT
      (SELECT count(*) FROM mine)::int AS "onSale",
      (SELECT count(*) FROM "Bundle" WHERE "shopId" = ${id} AND "withdrawnAt" IS NOT NULL)::int AS withdrawn,
      ARRAY(SELECT DISTINCT unnest(countries) FROM (SELECT DISTINCT countries FROM mine) AS places) AS countries,
      ARRAY(SELECT DISTINCT region FROM mine WHERE region IS NOT NULL ORDER BY region) AS regions,
      ARRAY(SELECT DISTINCT unnest(groups) AS name FROM mine ORDER BY name) AS groups,
      ARRAY(SELECT DISTINCT unnest(speeds) AS name FROM mine ORDER BY name) AS speeds,
      (SELECT coalesce(jsonb_agg(DISTINCT jsonb_build_object('key', destination, 'region', region)), '[]') FROM (
        SELECT destination, min(region) AS region FROM mine WHERE destination <> '' GROUP BY destination) AS places) AS destinations`;
  return (
    row ?? { onSale: 0, withdrawn: 0, countries: [], regions: [], groups: [], speeds: [], destinations: [] }
  );
}
