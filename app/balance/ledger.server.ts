import { Decimal } from 'decimal.js';
import { endOfDay, startOfDayOf } from '../platform/day.ts';
import { db, Prisma, utc } from '../platform/db.server.ts';
import type { Cost } from '../platform/money.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { isEntryKind, type EntryKind } from './entry.ts';
import type { LedgerQuery } from './ledger-query.ts';

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

/** A page of an account's ledger, the newest first. */
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
  const direction = isBack ? Prisma.sql`ASC` : Prisma.sql`DESC`;
  const found = await db.$queryRaw<Row[]>`
    SELECT e.id, e.kind, e.at, e.amount, e.currency, e.reference, e."orderId", o.name AS "orderName", e.destination,
      e.note, e.by
    FROM "BalanceEntry" e LEFT JOIN "Order" o ON o.id = e."orderId" AND o."shopId" = e."shopId"
    WHERE e."shopId" = ${shop.id} AND e."accountId" = ${accountId} ${narrowed(shop, query)} ${beyond}
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

function narrowed(shop: Shop, { kind, search, from, until }: LedgerQuery): Prisma.Sql {
  const like = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
  const parts = [
    ...(kind ? [Prisma.sql`e.kind = ${kind}`] : []),
    ...(from ? [Prisma.sql`e.at >= ${utc(startOfDayOf(from, shop.timezone))}`] : []),
    ...(until ? [Prisma.sql`e.at < ${utc(endOfDay(until, shop.timezone))}`] : []),
    ...(search === ''
      ? []
      : [Prisma.sql`(e.reference ILIKE ${like} OR e.note ILIKE ${like} OR o.name ILIKE ${like})`]),
  ];
  return parts.length === 0 ? Prisma.empty : Prisma.sql`AND ${Prisma.join(parts, ' AND ')}`;
}

/** The sum of all entries up to each of these. What lies below the page is summed once. */
async function standingsOf(
  shop: Shop,
  accountId: string,
  rows: { id: string; at: Date }[],
): Promise<Map<string, Decimal>> {
  const [top, bottom] = [rows[0], rows.at(-1)];
  if (!top || !bottom) return new Map();
  const sums = await db.$queryRaw<{ id: string; standing: Decimal }[]>`
    WITH below AS (
      SELECT coalesce(sum(amount), 0) AS amount FROM "BalanceEntry"
      WHERE "accountId" = ${accountId} AND "shopId" = ${shop.id} AND (at, id) < (${utc(bottom.at)}, ${bottom.id})
    ), shown AS (
      SELECT id, sum(amount) OVER (ORDER BY at, id) AS amount FROM "BalanceEntry"
      WHERE "accountId" = ${accountId} AND "shopId" = ${shop.id}
        AND (at, id) >= (${utc(bottom.at)}, ${bottom.id}) AND (at, id) <= (${utc(top.at)}, ${top.id})
    )
    SELECT shown.id, below.amount + shown.amount AS standing FROM shown, below
    WHERE shown.id IN (${Prisma.join(rows.map(({ id }) => id))})`;
  return new Map(sums.map(({ id, standing }) => [id, new Decimal(standing.toFixed())]));
}
