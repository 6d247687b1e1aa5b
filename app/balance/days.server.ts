import { Decimal } from 'decimal.js';
import { dayOf, daysLater, startOfDayOf } from '../platform/day.ts';
import { db, Prisma, utc } from '../platform/db.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import type { SpentDay } from './burn.ts';

/** What purchases took from an account on each day with any, less what came back for them, for so many days to today. */
export async function spentByDay(
  shop: Shop,
  { accountId, days, now }: { accountId: string; days: number; now: Date },
): Promise<SpentDay[]> {
  const first = daysLater(dayOf(now, shop.timezone), 1 - days);
  const rows = await db.$queryRaw<{ day: string; spent: Decimal }[]>`
    SELECT day::text AS day, -sum(amount) AS spent FROM "BalanceDay"
    WHERE "shopId" = ${shop.id} AND "accountId" = ${accountId} AND day >= ${first}::date
      AND kind IN ('purchase', 'refund', 'elsewhere')
    GROUP BY 1 ORDER BY 1`;
  return rows.map(({ day, spent }) => ({ day, spent: new Decimal(spent.toFixed()) }));
}

/** The last balance that the supplier told on each day on which it changed, and the one before the first of them. */
export async function balanceByDay(
  shop: Shop,
  { accountId, days, now }: { accountId: string; days: number; now: Date },
): Promise<{ day: string; balance: Decimal }[]> {
  const since = startOfDayOf(daysLater(dayOf(now, shop.timezone), 1 - days), shop.timezone);
  const [before, rows] = await Promise.all([
    db.balancePoint.findFirst({
      where: { accountId, shopId: shop.id, at: { lt: since } },
      orderBy: { at: 'desc' },
    }),
    db.$queryRaw<{ day: string; balance: Decimal }[]>`
      SELECT DISTINCT ON (1) ${shopDay(Prisma.sql`at`, shop)} AS day, balance FROM "BalancePoint"
      WHERE "shopId" = ${shop.id} AND "accountId" = ${accountId} AND at >= ${utc(since)}
      ORDER BY 1, at DESC`,
  ]);
  return [
    ...(before ? [{ day: daysLater(dayOf(since, shop.timezone), -1), balance: before.balance }] : []),
    ...rows,
  ].map(({ day, balance }) => ({ day, balance: new Decimal(balance.toFixed()) }));
}

/** The day of a column's instant on the shop's clock, ISO 8601. */
function shopDay(column: Prisma.Sql, { timezone }: Shop): Prisma.Sql {
  return Prisma.sql`to_char(${column} AT TIME ZONE 'UTC' AT TIME ZONE ${timezone}, 'YYYY-MM-DD')`;
}
