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

export interface BundlePage<Bundle = ListedBundle> {
  bundles: Bundle[];
  /** What to ask for `before` to turn back, and for `after` to turn on; null at either end. */
  previous: string | null;
  next: string | null;
}

/**
 * A page of the shop's bundles. Pages hang on a bundle, not on a number: turning to the last of a thousand takes as long
 * as the first, and a bundle that comes or goes meanwhile neither doubles nor hides another.
 */
export function findBundles(
  shop: Shop,
  query: BundleQuery,
  { perPage = PER_PAGE } = {},
): Promise<BundlePage> {
  return pageOf(shop, query, perPage, listBundles);
}

/** The same with all that is known of each bundle: several times as much to read. */
export function findBundleDetails(
  shop: Shop,
  query: BundleQuery,
  { perPage = PER_PAGE } = {},
): Promise<BundlePage<BundleDetails>> {
  return pageOf(shop, query, perPage, listDetails);
}

async function pageOf<Bundle extends ListedBundle>(
  shop: Shop,
  query: BundleQuery,
  perPage: number,
  list: (chosen: Prisma.Sql) => Promise<Bundle[]>,
): Promise<BundlePage<Bundle>> {
  const edge = await position(shop, query);
  const isBack = edge !== null && query.after === null;
  const found = matching(shop, query, { edge, isBack, most: perPage + 1 });
  const read = await list(Prisma.sql`JOIN (${found}) AS found ON found.id = b.id ORDER BY found.position`);
  const hasMore = read.length > perPage;
  const bundles = isBack ? read.slice(0, perPage).reverse() : read.slice(0, perPage);
  return {
    bundles,
    previous: (isBack ? hasMore : edge !== null) ? (bundles.at(0)?.id ?? null) : null,
    next: isBack || hasMore ? (bundles.at(-1)?.id ?? null) : null,
  };
}

/** The ids of all bundles that a question finds, in its order, whatever its page; no more than `most`. */
export async function matchingBundleIds(
  shop: Shop,
  query: BundleQuery,
  { most }: { most: number },
): Promise<string[]> {
  const found = matching(shop, query, { edge: null, isBack: false, most });
  const rows = await db.$queryRaw<{ id: string }[]>`SELECT id FROM (${found}) AS found ORDER BY position`;
  return rows.map(({ id }) => id);
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
  const [bundle] = await listDetails(Prisma.sql`WHERE b.id = ${bundleId} AND b."shopId" = ${shop.id}`);
  return bundle ?? null;
}

async function listDetails(chosen: Prisma.Sql): Promise<BundleDetails[]> {
  const rows = await db.$queryRaw<(ListedRow & Omit<BundleDetails, 'cost'>)[]>`
    SELECT ${columns}, a.label AS supplier, b.roaming, b."fairUse", b.autostart, b.allowances FROM ${tables} ${chosen}`;
  return rows.map((row) => ({
    ...row,
    ...listed(row),
    allowances: Allowances.catch([]).parse(row.allowances),
  }));
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
export function bundlesFor(shop: Shop, destination: string): Promise<ListedBundle[]> {
  return listBundles(Prisma.sql`
    WHERE b."shopId" = ${shop.id} AND b.destination = ${destination} AND b."withdrawnAt" IS NULL
    ORDER BY b."dataBytes" NULLS LAST, b.days, b.cost, b.code LIMIT ${MOST_COMPARED}`);
}

/**
 * The bundles `b` that the end of the statement chooses, with all that a list shows of them. In one statement of our own:
 * Prisma would ask once for each table, and takes longer to word that than the database to answer.
 */
async function listBundles(chosen: Prisma.Sql): Promise<ListedBundle[]> {
  return (await db.$queryRaw<ListedRow[]>`SELECT ${columns} FROM ${tables} ${chosen}`).map(listed);
}

const columns = Prisma.sql`
  b.id, b."accountId", b.code, b.description, b.countries, b.region, b.kind, b.destination, b."dataBytes", b.days, b.groups,
  b.speeds, trim_scale(b.cost)::text AS cost, b.currency, b."imageUrl", b."withdrawnAt",
  a.state <> 'disconnected' AS "isConnected",
  (SELECT coalesce(jsonb_agg(jsonb_build_object('variantGid', m."variantGid", 'productGid', m."productGid",
      'productTitle', m."productTitle", 'origin', m.origin, 'priceMinor', m."priceMinor", 'currency', m.currency,
      'stopped', m.stopped) ORDER BY m."createdAt"), '[]')
    FROM "VariantMapping" m WHERE m."bundleId" = b.id AND m."shopId" = b."shopId") AS mappings`;
const tables = Prisma.sql`"Bundle" b JOIN "SupplierAccount" a ON a.id = b."accountId"`;

type ListedRow = Omit<ListedBundle, 'cost'> & { cost: string; currency: string };

function listed({ cost, currency, ...row }: ListedRow): ListedBundle {
  return { ...row, cost: { amount: new Decimal(cost), currency } };
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

/** The ids of what fits, each with its position. */
function matching(
  shop: Shop,
  query: BundleQuery,
  { edge, isBack, most }: { edge: Edge | null; isBack: boolean; most: number },
): Prisma.Sql {
  const { by, type } = orders[query.sort];
  const isUp = (query.order === 'asc') !== isBack;
  const compare = isUp ? Prisma.sql`>` : Prisma.sql`<`;
  const direction = isUp ? Prisma.sql`ASC` : Prisma.sql`DESC`;
  const beyond = edge
    ? Prisma.sql`AND (${by}, id) ${compare} (${edge.value}::${type}, ${edge.id})`
    : Prisma.empty;
  return Prisma.sql`
    WITH matching AS MATERIALIZED (
      SELECT id FROM "Bundle" WHERE ${condition(shop, query)} ${beyond}
      ORDER BY ${by} ${direction}, id ${direction} LIMIT ${Math.max(most, PLANNED_FOR)}
    )
    SELECT id, row_number() OVER () AS position FROM matching LIMIT ${most}`;
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
  const isAskedSold = query.sold !== null && query.sold !== 'no';
  const showsWithdrawn = query.withdrawn === 'yes' || (query.withdrawn === null && isAskedSold);
  const sold = Prisma.sql`FROM "VariantMapping" AS sold WHERE sold."bundleId" = "Bundle".id AND sold."shopId" = ${shop.id}`;
  const when = (asked: boolean, sql: Prisma.Sql) => (asked ? [sql] : []);
  return Prisma.join(
    [
      Prisma.sql`"shopId" = ${shop.id}`,
      ...when(terms !== null, Prisma.sql`terms @@ ${terms}::tsquery`),
      ...when(!showsWithdrawn, Prisma.sql`"withdrawnAt" IS NULL`),
      ...when(query.withdrawn === 'yes', Prisma.sql`"withdrawnAt" IS NOT NULL`),
      ...when(query.sold === 'yes', Prisma.sql`EXISTS (SELECT ${sold})`),
      ...when(query.sold === 'published', Prisma.sql`EXISTS (SELECT ${sold} AND sold.origin = 'published')`),
      ...when(query.sold === 'mapped', Prisma.sql`EXISTS (SELECT ${sold} AND sold.origin <> 'published')`),
      ...when(query.sold === 'no', Prisma.sql`NOT EXISTS (SELECT ${sold})`),
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
