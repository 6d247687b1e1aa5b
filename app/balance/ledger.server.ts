import { Decimal } from 'decimal.js';
import { endOfDay, startOfDayOf } from '../platform/day.ts';
import { db, Prisma, utc } from '../platform/db.server.ts';
import type { Cost } from '../platform/money.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { isEntryKind, type EntryKind } from './entry.ts';
import { orderNames, type LedgerQuery } from './ledger-query.ts';

export interface LedgerLine {
  id: string;
  kind: EntryKind;
  at: Date;
  amount: Cost;
  /** What the ledger says the account held after this entry; entries left out by a filter count. */
  standing: Decimal;
  reference: string | null;
  orderId: string | null;
  orderName: string | null;
  destination: string | null;
  note: string | null;
  by: string | null;
}

export interface LedgerPage {
  lines: LedgerLine[];
  /** What to ask for `before` to turn back, and for `after` to turn on; null at either end. */
  previous: string | null;
  next: string | null;
}

const PER_PAGE = 50;

/** A page of what is booked in an account's ledger, the newest first. */
export async function ledgerPage(
  shop: Shop,
  accountId: string,
  query: LedgerQuery,
  { perPage = PER_PAGE }: { perPage?: number } = {},
): Promise<LedgerPage> {
  const isBack = query.before !== null;
  const edge = await edgeOf(shop, accountId, query.before ?? query.after);
  const beyond = edge
    ? Prisma.sql`AND (e.at, e.id) ${isBack ? Prisma.sql`>` : Prisma.sql`<`} (${utc(edge.at)}, ${edge.id})`
    : Prisma.empty;
  const narrowing = await narrowed(shop, query);
  const direction = isBack ? Prisma.sql`ASC` : Prisma.sql`DESC`;
  const found = await db.$queryRaw<Row[]>`
    SELECT e.id, e.kind, e.at, e.amount, e.currency, e.reference, e."orderId", o.name AS "orderName", e.destination,
      e.note, e.by
    FROM "BalanceEntry" e LEFT JOIN "Order" o ON o.id = e."orderId" AND o."shopId" = e."shopId"
    WHERE e."shopId" = ${shop.id} AND e."accountId" = ${accountId} ${narrowing} ${beyond}
    ORDER BY e.at ${direction}, e.id ${direction} LIMIT ${perPage + 1}`;
  const hasMore = found.length > perPage;
  const rows = found.slice(0, perPage);
  if (isBack) rows.reverse();
  const standings = await standingsOf(shop, accountId, rows);
  return {
    lines: rows.map((row) => lineOf(row, standings)),
    previous: (isBack ? hasMore : edge !== null) ? (rows[0]?.id ?? null) : null,
    next: isBack || hasMore ? (rows.at(-1)?.id ?? null) : null,
  };
}

interface Row extends Omit<LedgerLine, 'kind' | 'amount' | 'standing'> {
  kind: string;
  amount: Decimal;
  currency: string;
}

function lineOf({ amount, currency, kind, ...row }: Row, standings: Map<string, Decimal>): LedgerLine {
  return {
    ...row,
    kind: isEntryKind(kind) ? kind : 'adjustment',
    amount: { amount: new Decimal(amount.toFixed()), currency },
    standing: standings.get(row.id) ?? new Decimal(0),
  };
}

function edgeOf(shop: Shop, accountId: string, id: string | null) {
  if (id === null) return null;
  return db.balanceEntry.findFirst({
    where: { id, accountId, shopId: shop.id },
    select: { id: true, at: true },
  });
}

async function narrowed(shop: Shop, { kind, search, from, until }: LedgerQuery): Promise<Prisma.Sql> {
  const parts = [
    ...(kind ? [Prisma.sql`e.kind = ${kind}`] : []),
    ...(from ? [Prisma.sql`e.at >= ${utc(startOfDayOf(from, shop.timezone))}`] : []),
    ...(until ? [Prisma.sql`e.at < ${utc(endOfDay(until, shop.timezone))}`] : []),
    ...(search === '' ? [] : [await found(shop, search)]),
  ];
  return parts.length === 0 ? Prisma.empty : Prisma.sql`AND ${Prisma.join(parts, ' AND ')}`;
}

/** Each part by an index of its own: none finds what stands in the middle of a million references. */
async function found(shop: Shop, search: string): Promise<Prisma.Sql> {
  const literal = search.replace(/[\\%_]/g, '\\$&');
  const orders = await db.order.findMany({
    where: { shopId: shop.id, name: { in: orderNames(search) } },
    select: { id: true },
    take: MOST_ORDERS,
  });
  return Prisma.sql`(lower(e.reference) LIKE ${`${literal.toLowerCase()}%`} OR e.note ILIKE ${`%${literal}%`}
    OR e."orderId" = ANY(${orders.map(({ id }) => id)}))`;
}

/** A shop may have several orders of a name, though not many. */
const MOST_ORDERS = 100;

/** No clock is further from UTC. */
const MOST_OFF = Prisma.sql`interval '15 hours'`;

/** The sum of all entries up to each of these: of the days before its own, and of its day up to it. */
async function standingsOf(
  shop: Shop,
  accountId: string,
  rows: { id: string }[],
): Promise<Map<string, Decimal>> {
  if (rows.length === 0) return new Map();
  const ids = rows.map(({ id }) => id);
  const own = Prisma.sql`"shopId" = ${shop.id} AND "accountId" = ${accountId}`;
  const sums = await db.$queryRaw<{ id: string; standing: Decimal }[]>`
    WITH clock AS MATERIALIZED (SELECT known_zone(timezone) AS zone FROM "Shop" WHERE id = ${shop.id}),
    shown AS MATERIALIZED (
      SELECT day_on(zone, at) AS day, max(at) AS until FROM "BalanceEntry", clock
      WHERE id = ANY(${ids}) AND ${own} GROUP BY 1
    )
    SELECT counted.id, before.amount + counted.amount AS standing
    FROM shown
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(amount), 0) AS amount FROM "BalanceDay" WHERE ${own} AND day < shown.day
    ) AS before
    CROSS JOIN LATERAL (
      SELECT id, sum(amount) OVER (ORDER BY at, id) AS amount FROM "BalanceEntry", clock
      WHERE ${own} AND at >= shown.day - ${MOST_OFF} AND at <= shown.until AND day_on(zone, at) = shown.day
    ) AS counted
    WHERE counted.id = ANY(${ids})`;
  return new Map(sums.map(({ id, standing }) => [id, new Decimal(standing.toFixed())]));
}
