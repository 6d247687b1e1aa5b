import { Decimal } from 'decimal.js';
import { db, Prisma } from '../platform/db.server.ts';
import type { Cost } from '../platform/money.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { codesByName, countriesNamed, countryName, type BundleFacts } from './bundle.ts';

export interface BundleQuery {
  /** Words that must all be found in description, code, region or the names of its countries. */
  search?: string | undefined;
  /** ISO 3166-1 alpha-2. */
  country?: string | undefined;
  /** From 1. */
  page: number;
  perPage: number;
  /** Only bundles the shop sells: published or mapped, withdrawn ones too. */
  onlySold?: boolean | undefined;
}

export interface ListedBundle extends BundleFacts {
  id: string;
  accountId: string;
  code: string;
  cost: Cost;
  speeds: string[];
  imageUrl: string | null;
  withdrawnAt: Date | null;
  /** False when the supplier account it is bought from was disconnected. */
  isConnected: boolean;
  mappings: {
    variantGid: string;
    productGid: string;
    productTitle: string;
    origin: string;
    priceMinor: number | null;
    currency: string | null;
  }[];
}

/** One page of a shop's bundles: by country, small data first, regions last; and how many there are in all. */
export async function findBundles(
  shop: Shop,
  query: BundleQuery,
): Promise<{ bundles: ListedBundle[]; total: number }> {
  const where = condition(shop, query);
  const [ids, [counted]] = await Promise.all([
    db.$queryRaw<{ id: string }[]>`
      SELECT id FROM "Bundle" WHERE ${where}
      ORDER BY region NULLS FIRST, array_position(${codesByName()}::text[], countries[1]), "dataBytes" NULLS LAST, days, code
      LIMIT ${query.perPage} OFFSET ${(query.page - 1) * query.perPage}`,
    db.$queryRaw<{ total: number }[]>`SELECT count(*)::int AS total FROM "Bundle" WHERE ${where}`,
  ]);
  const rows = await db.bundle.findMany({
    where: { shopId: shop.id, id: { in: ids.map(({ id }) => id) } },
    select,
  });
  const byId = new Map(rows.map((row) => [row.id, listed(row)]));
  return { bundles: ids.flatMap(({ id }) => byId.get(id) ?? []), total: counted?.total ?? 0 };
}

/** One bundle with the variants that sell it; null when the shop has no such bundle. */
export async function findBundle(shop: Shop, bundleId: string): Promise<ListedBundle | null> {
  const row = await db.bundle.findFirst({ where: { id: bundleId, shopId: shop.id }, select });
  return row && listed(row);
}

/** The countries that bundles on sale cover, by name: the choices of the filter. */
export async function countriesOf(shop: Shop): Promise<{ code: string; name: string }[]> {
  const rows = await db.$queryRaw<{ code: string }[]>`
    SELECT DISTINCT unnest(countries) AS code FROM "Bundle" WHERE "shopId" = ${shop.id} AND "withdrawnAt" IS NULL`;
  return rows
    .map(({ code }) => ({ code, name: countryName(code) }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

export interface ImportProgress {
  id: string;
  accountId: string;
  state: 'queued' | 'running' | 'done' | 'failed';
  /** Bundles that are stored by now, and how many the supplier lists. */
  done: number;
  total: number | null;
  created: number;
  changed: number;
  withdrawn: number;
  /** A `ProviderErrorKind`, set when it failed. */
  problem: string | null;
  finishedAt: Date | null;
}

/** The shop's newest import. */
export async function importProgress(shop: Shop): Promise<ImportProgress | null> {
  const row = await db.catalogueImport.findFirst({
    where: { shopId: shop.id },
    orderBy: { startedAt: 'desc' },
    omit: { shopId: true, startedAt: true, heartbeatAt: true },
  });
  // Only sync.server.ts writes the column, and it writes these words.
  return row && { ...row, state: row.state as ImportProgress['state'] };
}

/** How many bundles the shop could sell now. */
export function countBundles(shop: Shop): Promise<number> {
  return db.bundle.count({ where: { shopId: shop.id, withdrawnAt: null } });
}

const select = {
  ...{
    id: true,
    accountId: true,
    code: true,
    description: true,
    countries: true,
    region: true,
    dataBytes: true,
    days: true,
  },
  ...{ groups: true, speeds: true, cost: true, currency: true, imageUrl: true, withdrawnAt: true },
  account: { select: { state: true } },
  mappings: {
    select: {
      variantGid: true,
      productGid: true,
      productTitle: true,
      origin: true,
      priceMinor: true,
      currency: true,
    },
    orderBy: { createdAt: 'asc' },
  },
} as const satisfies Prisma.BundleSelect;

function listed({
  cost,
  currency,
  account,
  ...row
}: Prisma.BundleGetPayload<{ select: typeof select }>): ListedBundle {
  return {
    ...row,
    cost: { amount: new Decimal(cost.toFixed()), currency },
    isConnected: account.state !== 'disconnected',
  };
}

function condition(shop: Shop, { search, country, onlySold }: BundleQuery): Prisma.Sql {
  const words = (search ?? '').split(/\s+/).filter(Boolean).slice(0, 8);
  return Prisma.join(
    [
      Prisma.sql`"shopId" = ${shop.id}`,
      onlySold
        ? Prisma.sql`EXISTS (SELECT FROM "VariantMapping" AS sold WHERE sold."bundleId" = "Bundle".id AND sold."shopId" = ${shop.id})`
        : Prisma.sql`"withdrawnAt" IS NULL`,
      ...(country ? [Prisma.sql`countries @> ${[country]}::text[]`] : []),
      ...words.map(matches),
    ],
    ' AND ',
  );
}

function matches(word: string): Prisma.Sql {
  const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`;
  return Prisma.sql`(description ILIKE ${pattern} OR code ILIKE ${pattern} OR region ILIKE ${pattern}
    OR countries && ${countriesNamed(word)}::text[])`;
}
