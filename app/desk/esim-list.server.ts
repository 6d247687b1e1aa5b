import { db, Prisma } from '../platform/db.server.ts';
import { after, currentTime, DAY } from '../platform/time.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { buyerOf, buyerSelect, type Buyer } from './buyer.server.ts';
import {
  EXPIRING_WITHIN_DAYS,
  INSTALLED_WITHIN_DAYS,
  type Concern,
  type EsimQuery,
  type EsimSort,
} from './esim-query.ts';

const PER_PAGE = 50;

export interface ListedEsim {
  id: string;
  accountId: string;
  iccidLast4: string;
  status: string;
  destination: string;
  bundleCode: string | null;
  usedBytes: bigint | null;
  totalBytes: bigint | null;
  isUnlimited: boolean;
  startedAt: Date | null;
  endsAt: Date | null;
  createdAt: Date;
  lookedAt: Date | null;
  lookProblem: string | null;
  orderReference: string;
  order: { id: string; name: string } | null;
  buyer: Buyer | null;
}

export interface EsimPage {
  esims: ListedEsim[];
  /** What to ask for `before` to turn back, and for `after` to turn on; null at either end. */
  previous: string | null;
  next: string | null;
}

/** A page of the shop's eSIMs. Pages hang on an eSIM, not on a number, as those of the catalogue do. */
export async function findEsims(
  shop: Pick<Shop, 'id'>,
  query: EsimQuery,
  { perPage = PER_PAGE } = {},
): Promise<EsimPage> {
  const edge = await position(shop, query);
  const isBack = edge !== null && query.after === null;
  const found = await idsFrom(shop, query, { edge, isBack, most: perPage + 1 });
  const hasMore = found.length > perPage;
  const ids = isBack ? found.slice(0, perPage).reverse() : found.slice(0, perPage);
  return {
    esims: await listedEsims(shop, ids),
    previous: (isBack ? hasMore : edge !== null) ? (ids.at(0) ?? null) : null,
    next: isBack || hasMore ? (ids.at(-1) ?? null) : null,
  };
}

/** The ids of all eSIMs that a question finds, in its order, whatever its page; no more than `most`. */
export function matchingEsimIds(
  shop: Pick<Shop, 'id'>,
  query: EsimQuery,
  { most }: { most: number },
): Promise<string[]> {
  return idsFrom(shop, query, { edge: null, isBack: false, most });
}

/** How many eSIMs a question finds. It stops counting at `most`, which then means "or more". */
export async function countEsims(
  shop: Pick<Shop, 'id'>,
  query: EsimQuery,
  { most }: { most: number },
): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM (SELECT FROM "Esim" WHERE ${condition(shop, query)} LIMIT ${most}) AS counted`;
  return row?.count ?? 0;
}

/** The destinations of the shop's eSIMs, found by leaping from one to the next in their index. */
export async function destinationsOf(shop: Pick<Shop, 'id'>): Promise<string[]> {
  const rows = await db.$queryRaw<{ destination: string }[]>`
    WITH RECURSIVE leap AS (
      (SELECT destination FROM "Esim" WHERE "shopId" = ${shop.id} ORDER BY destination LIMIT 1)
      UNION ALL
      SELECT (SELECT destination FROM "Esim" WHERE "shopId" = ${shop.id} AND destination > leap.destination
        ORDER BY destination LIMIT 1) FROM leap WHERE leap.destination IS NOT NULL
    )
    SELECT destination FROM leap WHERE destination <> ''`;
  return rows.map(({ destination }) => destination);
}

/** The shop's eSIMs of these ids, in their order. */
export async function listedEsims(shop: Pick<Shop, 'id'>, ids: string[]): Promise<ListedEsim[]> {
  const rows = await db.esim.findMany({
    where: { shopId: shop.id, id: { in: ids } },
    select: {
      ...{ id: true, accountId: true, iccidLast4: true, status: true, destination: true, bundleCode: true },
      ...{
        usedBytes: true,
        totalBytes: true,
        isUnlimited: true,
        startedAt: true,
        endsAt: true,
        createdAt: true,
      },
      ...{ lookedAt: true, lookProblem: true, orderReference: true },
      order: { select: { name: true, ...buyerSelect } },
    },
  });
  const byId = new Map(
    rows.map(({ order, ...row }) => [
      row.id,
      { ...row, order: order && { id: order.id, name: order.name }, buyer: order && buyerOf(order) },
    ]),
  );
  return ids.flatMap((id) => byId.get(id) ?? []);
}

// As for the catalogue: for few rows the planner would walk the order and pass over what does not fit.
const PLANNED_FOR = 500;

interface Edge {
  value: string;
  id: string;
}

/** Where the page begins or ends; null for the first page, and for an eSIM that is another shop's. */
async function position(
  shop: Pick<Shop, 'id'>,
  { sort, after: next, before }: EsimQuery,
): Promise<Edge | null> {
  const id = next ?? before;
  if (id === null) return null;
  const [row] = await db.$queryRaw<{ value: string }[]>`
    SELECT (${orders[sort]})::text AS value FROM "Esim" WHERE id = ${id} AND "shopId" = ${shop.id}`;
  return row ? { value: row.value, id } : null;
}

async function idsFrom(
  shop: Pick<Shop, 'id'>,
  query: EsimQuery,
  { edge, isBack, most }: { edge: Edge | null; isBack: boolean; most: number },
): Promise<string[]> {
  const by = orders[query.sort];
  const isUp = (query.order === 'asc') !== isBack;
  const compare = isUp ? Prisma.sql`>` : Prisma.sql`<`;
  const direction = isUp ? Prisma.sql`ASC` : Prisma.sql`DESC`;
  const beyond = edge
    ? Prisma.sql`AND (${by}, id) ${compare} (${edge.value}::timestamp, ${edge.id})`
    : Prisma.empty;
  const rows = await db.$queryRaw<{ id: string }[]>`
    WITH matching AS MATERIALIZED (
      SELECT id FROM "Esim" WHERE ${condition(shop, query)} ${beyond}
      ORDER BY ${by} ${direction}, id ${direction} LIMIT ${Math.max(most, PLANNED_FOR)}
    )
    SELECT id FROM matching LIMIT ${most}`;
  return rows.map(({ id }) => id);
}

/** How eSIMs are put in order: each as an index has it, letter for letter. */
const orders: Record<EsimSort, Prisma.Sql> = {
  added: Prisma.sql`"createdAt"`,
  end: Prisma.sql`coalesce("endsAt", 'infinity'::timestamp)`,
};

function condition(shop: Pick<Shop, 'id'>, { status, destination, account, concern }: EsimQuery): Prisma.Sql {
  return Prisma.join(
    [
      Prisma.sql`"shopId" = ${shop.id}`,
      ...oneOf(Prisma.sql`status`, status),
      ...oneOf(Prisma.sql`destination`, destination),
      ...oneOf(Prisma.sql`"accountId"`, account),
      ...(concern ? [concerning(concern)] : []),
    ],
    ' AND ',
  );
}

/** A single one is compared as such: only then do the rows come out of the index in its order. */
function oneOf(column: Prisma.Sql, [first, ...others]: string[]): Prisma.Sql[] {
  if (first === undefined) return [];
  return [
    others.length === 0
      ? Prisma.sql`${column} = ${first}`
      : Prisma.sql`${column} = ANY(${[first, ...others]})`,
  ];
}

function concerning(concern: Concern): Prisma.Sql {
  switch (concern) {
    case 'not-installed':
      return Prisma.sql`status = 'new' AND "createdAt" <= ${after(-INSTALLED_WITHIN_DAYS * DAY)}`;
    case 'used-up':
      return Prisma.sql`status = 'used-up'`;
    case 'expiring':
      return Prisma.sql`status IN ('installed', 'active') AND "endsAt" > ${currentTime()} AND "endsAt" <= ${after(EXPIRING_WITHIN_DAYS * DAY)}`;
    case 'problem':
      return Prisma.sql`("lookProblem" IS NOT NULL OR status = 'gone')`;
    default:
      return concern satisfies never;
  }
}
