import { Decimal } from 'decimal.js';
import { z } from 'zod';
import { db, Prisma } from '../platform/db.server.ts';
import type { Cost } from '../platform/money.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { type BundleQuery, type BundleSort } from './bundle-query.ts';
import { termQuery } from './bundle-terms.ts';
import { type BundleFacts } from './bundle.ts';

const PER_PAGE = 50;

export interface ListedBundle extends BundleFacts {
  id: string;
  accountId: string;
  code: string;
  kind: BundleQuery['kind'][number];
  /** What bundles of one place share: "FR", "europe", "global". */
  destination: string;
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
    /** Why it does not sell: a word of products/withdrawn.ts. */
    stopped: string | null;
  }[];
}

export interface BundlePage {
  bundles: ListedBundle[];
  /** What to ask for `before` to turn back, and for `after` to turn on; null at either end. */
  previous: string | null;
  next: string | null;
}

/**
 * A page of the shop's bundles. Pages hang on a bundle, not on a number: turning to the last of a thousand takes as long
 * as the first, and a bundle that comes or goes meanwhile neither doubles nor hides another.
 */
export async function findBundles(
  shop: Shop,
  query: BundleQuery,
  { perPage = PER_PAGE } = {},
): Promise<BundlePage> {
  const edge = await position(shop, query);
  const isBack = edge !== null && query.after === null;
  const found = await idsFrom(shop, query, { edge, isBack, most: perPage + 1 });
  const hasMore = found.length > perPage;
  const ids = isBack ? found.slice(0, perPage).reverse() : found.slice(0, perPage);
  return {
    bundles: await bundlesOf(shop, ids),
    previous: (isBack ? hasMore : edge !== null) ? (ids.at(0) ?? null) : null,
    next: isBack || hasMore ? (ids.at(-1) ?? null) : null,
  };
}

/** The ids of all bundles that a question finds, in its order, whatever its page; no more than `most`. */
export function matchingBundleIds(
  shop: Shop,
  query: BundleQuery,
  { most }: { most: number },
): Promise<string[]> {
  return idsFrom(shop, query, { edge: null, isBack: false, most });
}

/** How many bundles a question finds. It stops counting at `most`, which then means "or more". */
export async function countMatching(
  shop: Shop,
  query: BundleQuery,
  { most }: { most: number },
): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM (SELECT FROM "Bundle" WHERE ${condition(shop, query)} LIMIT ${most}) AS counted`;
  return row?.count ?? 0;
}

/** Those of the shop's bundles, in the order of the ids. */
export async function bundlesOf(shop: Shop, ids: string[]): Promise<ListedBundle[]> {
  const rows = await db.bundle.findMany({ where: { shopId: shop.id, id: { in: ids } }, select });
  const byId = new Map(rows.map((row) => [row.id, listed(row)]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

export interface BundleDetails extends ListedBundle {
  /** The label of the supplier account. */
  supplier: string;
  /** Those of `countries` that are reached by roaming. */
  roaming: string[];
  /** What unlimited means, in the supplier's words. */
  fairUse: string | null;
  autostart: boolean;
  /** Minutes or messages; null is unlimited. */
  allowances: { kind: 'voice' | 'sms'; amount: number | null }[];
}

/** One bundle with the variants that sell it; null when the shop has no such bundle. */
export async function findBundle(shop: Shop, bundleId: string): Promise<BundleDetails | null> {
  const row = await db.bundle.findFirst({
    where: { id: bundleId, shopId: shop.id },
    select: {
      ...select,
      ...{ roaming: true, fairUse: true, autostart: true, allowances: true },
      account: { select: { state: true, label: true } },
    },
  });
  if (!row) return null;
  const { roaming, fairUse, autostart, allowances, account, ...rest } = row;
  return {
    ...listed({ ...rest, account }),
    ...{ supplier: account.label, roaming, fairUse, autostart },
    allowances: Allowances.catch([]).parse(allowances),
  };
}

const Allowances = z.array(z.object({ kind: z.enum(['voice', 'sms']), amount: z.number().nullable() }));

export interface Network {
  /** ISO 3166-1 alpha-2. */
  country: string;
  name: string;
  brand: string | null;
  speeds: string[];
}

/** The mobile networks that a bundle's supplier uses in its countries, in no order of countries. */
export function networksOf(
  shop: Shop,
  bundle: Pick<BundleDetails, 'accountId' | 'countries'>,
): Promise<Network[]> {
  return db.countryNetwork.findMany({
    where: { shopId: shop.id, accountId: bundle.accountId, country: { in: bundle.countries } },
    select: { country: true, name: true, brand: true, speeds: true },
    orderBy: [{ name: 'asc' }, { mnc: 'asc' }],
  });
}

// More than any supplier sells for one place; a page that is longer compares nothing.
const MOST_COMPARED = 1000;

/** What is on sale for a destination, of all supplier accounts, small data first. */
export async function bundlesFor(shop: Shop, destination: string): Promise<ListedBundle[]> {
  const rows = await db.bundle.findMany({
    where: { shopId: shop.id, destination, withdrawnAt: null },
    select,
    orderBy: [
      { dataBytes: { sort: 'asc', nulls: 'last' } },
      { days: 'asc' },
      { cost: 'asc' },
      { code: 'asc' },
    ],
    take: MOST_COMPARED,
  });
  return rows.map(listed);
}

const select = {
  ...{
    id: true,
    accountId: true,
    code: true,
    description: true,
    countries: true,
    region: true,
    kind: true,
    destination: true,
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
      stopped: true,
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
    // Only the import writes the column, and it writes these words.
    kind: row.kind as ListedBundle['kind'],
    cost: { amount: new Decimal(cost.toFixed()), currency },
    isConnected: account.state !== 'disconnected',
  };
}

// For few rows the planner would walk the order and pass over what does not fit, as if that lay evenly in it. But regions
// stand last, and large data is never cheap: such a walk may pass over the whole catalogue. Prepared for more rows it begins
// from what fits, unless much does. No more are read than are asked for.
const PLANNED_FOR = 2000;

interface Edge {
  /** Where the bundle stands in the order asked for. */
  value: string;
  id: string;
}

/** Where the page begins or ends; null for the first page, and for a bundle that is gone or another shop's. */
async function position(shop: Shop, { sort, after, before }: BundleQuery): Promise<Edge | null> {
  const id = after ?? before;
  if (id === null) return null;
  const [row] = await db.$queryRaw<{ value: string }[]>`
    SELECT (${orders[sort].by})::text AS value FROM "Bundle" WHERE id = ${id} AND "shopId" = ${shop.id}`;
  return row ? { value: row.value, id } : null;
}

async function idsFrom(
  shop: Shop,
  query: BundleQuery,
  { edge, isBack, most }: { edge: Edge | null; isBack: boolean; most: number },
): Promise<string[]> {
  const { by, type } = orders[query.sort];
  const isUp = (query.order === 'asc') !== isBack;
  const compare = isUp ? Prisma.sql`>` : Prisma.sql`<`;
  const direction = isUp ? Prisma.sql`ASC` : Prisma.sql`DESC`;
  const beyond = edge
    ? Prisma.sql`AND (${by}, id) ${compare} (${edge.value}::${type}, ${edge.id})`
    : Prisma.empty;
  const rows = await db.$queryRaw<{ id: string }[]>`
    WITH matching AS MATERIALIZED (
      SELECT id FROM "Bundle" WHERE ${condition(shop, query)} ${beyond}
      ORDER BY ${by} ${direction}, id ${direction} LIMIT ${Math.max(most, PLANNED_FOR)}
    )
    SELECT id FROM matching LIMIT ${most}`;
  return rows.map(({ id }) => id);
}

const UNLIMITED = Prisma.sql`9223372036854775807`;

/** How bundles are put in order: each as an index of the migration bundle_list has it, letter for letter. */
const orders: Record<BundleSort, { by: Prisma.Sql; type: Prisma.Sql }> = {
  place: { by: Prisma.sql`place`, type: Prisma.sql`text` },
  cost: { by: Prisma.sql`cost`, type: Prisma.sql`numeric` },
  'cost-per-gb': {
    by: Prisma.sql`coalesce(cost * 1000000000 / nullif("dataBytes", 0), 'Infinity')`,
    type: Prisma.sql`numeric`,
  },
  data: { by: Prisma.sql`coalesce("dataBytes", ${UNLIMITED})`, type: Prisma.sql`bigint` },
  days: { by: Prisma.sql`days`, type: Prisma.sql`int` },
  name: { by: Prisma.sql`description`, type: Prisma.sql`text` },
  added: { by: Prisma.sql`"createdAt"`, type: Prisma.sql`timestamp` },
};

function condition(shop: Shop, query: BundleQuery): Prisma.Sql {
  const terms = termQuery(shop.id, query);
  const { dataMin, dataMax, daysMin, daysMax, costMin, costMax } = query;
  const showsWithdrawn = query.withdrawn === 'yes' || (query.withdrawn === null && query.sold === 'yes');
  const isSold = Prisma.sql`EXISTS (SELECT FROM "VariantMapping" AS sold WHERE sold."bundleId" = "Bundle".id AND sold."shopId" = ${shop.id})`;
  const when = (asked: boolean, sql: Prisma.Sql) => (asked ? [sql] : []);
  return Prisma.join(
    [
      Prisma.sql`"shopId" = ${shop.id}`,
      ...when(terms !== null, Prisma.sql`terms @@ ${terms}::tsquery`),
      ...when(!showsWithdrawn, Prisma.sql`"withdrawnAt" IS NULL`),
      ...when(query.withdrawn === 'yes', Prisma.sql`"withdrawnAt" IS NOT NULL`),
      ...when(query.sold === 'yes', isSold),
      ...when(query.sold === 'no', Prisma.sql`NOT ${isSold}`),
      ...when(query.speed.length > 0, Prisma.sql`speeds && ${query.speed}::text[]`),
      ...when(query.account.length > 0, Prisma.sql`"accountId" = ANY(${query.account}::text[])`),
      ...when(query.unlimited === 'yes', Prisma.sql`${orders.data.by} = ${UNLIMITED}`),
      ...when(query.unlimited === 'no', Prisma.sql`${orders.data.by} < ${UNLIMITED}`),
      ...when(dataMin !== null, Prisma.sql`${orders.data.by} >= ${bytesOf(dataMin)}::bigint`),
      ...when(dataMax !== null, Prisma.sql`${orders.data.by} <= ${bytesOf(dataMax)}::bigint`),
      ...when(daysMin !== null, Prisma.sql`days >= ${daysMin}`),
      ...when(daysMax !== null, Prisma.sql`days <= ${daysMax}`),
      ...when(costMin !== null, Prisma.sql`cost >= ${costMin}::numeric`),
      ...when(costMax !== null, Prisma.sql`cost <= ${costMax}::numeric`),
    ],
    ' AND ',
  );
}

const bytesOf = (gigabytes: string | null) => new Decimal(gigabytes ?? 0).times(1e9).toFixed(0);
