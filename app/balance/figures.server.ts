import { Decimal } from 'decimal.js';
import { daysLater, endOfDay, startOfDayOf } from '../platform/day.ts';
import { db, Prisma, utc } from '../platform/db.server.ts';
import { minorDigits } from '../platform/money.ts';
import { euroRatesBetween } from '../rates/queries.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { addUp, ratesByDay, type DayAmount, type RateOn, type Totals } from './figures.ts';
import { daysOf, type Period } from './period.ts';

export interface Figures extends Totals {
  /** Of the eSIMs made for buyers in the period. */
  made: number;
  installed: number;
}

/**
 * What the shop sold in a period, what that cost, and what became of it. A sale counts on the day on which its eSIM was
 * ordered at the supplier, which is where the ledger books the cost; a piece that was refunded is none, and neither is a
 * test. The cost is what purchases took from the balances, less what came back for them.
 */
export async function figuresOf(shop: Shop, period: Period): Promise<Figures> {
  const [sales, costs, esims] = await Promise.all([
    salesOf(shop, period),
    costsOf(shop, period),
    installedOf(shop, period),
  ]);
  const rateOn = await ratesFor(shop, period, [...sales, ...costs]);
  return { ...addUp({ sales, costs }, rateOn), ...esims };
}

/** The rates of a period's days into the shop's currency, from those that amounts are in. */
export async function ratesFor(
  { currency }: Shop,
  { from, until }: Pick<Period, 'from' | 'until'>,
  amounts: readonly { currency: string }[],
): Promise<RateOn> {
  const foreign = new Set(amounts.map((amount) => amount.currency).filter((each) => each !== currency));
  if (foreign.size === 0) return ratesByDay(currency, []);
  const days = { from: new Date(daysLater(from, -7)), until: new Date(until) };
  return ratesByDay(currency, await euroRatesBetween({ ...days, currencies: [currency, ...foreign] }));
}

interface Bucket {
  bucket: number;
  destination: string | null;
  currency: string;
  minor: bigint;
  count: bigint;
}

async function salesOf(shop: Shop, period: Period): Promise<DayAmount[]> {
  const rows = await db.$queryRaw<Bucket[]>`
    SELECT ${bucketOf(Prisma.sql`"soldAt"`, shop, period)} AS bucket, "soldDestination" AS destination,
      "soldCurrency" AS currency, sum("priceMinor")::bigint AS minor, count(*) FILTER (WHERE kind = 'esim') AS count
    FROM "Unit"
    WHERE "shopId" = ${shop.id} AND ${within(Prisma.sql`"soldAt"`, shop, period)} AND "goneAt" IS NULL
    GROUP BY 1, 2, 3`;
  const days = daysOf(period);
  return rows.map(({ bucket, destination, currency, minor, count }) => ({
    ...{ day: days[bucket - 1] ?? period.from, destination, currency, count: Number(count) },
    amount: new Decimal(minor.toString()).div(Decimal.pow(10, minorDigits(currency))),
  }));
}

/** The days of the ledger are added up already. */
async function costsOf(shop: Shop, { from, until }: Period): Promise<DayAmount[]> {
  const rows = await db.$queryRaw<{ day: string; destination: string; currency: string; amount: Decimal }[]>`
    SELECT day::text AS day, destination, currency, -sum(amount) AS amount FROM "BalanceDay"
    WHERE "shopId" = ${shop.id} AND day BETWEEN ${from}::date AND ${until}::date AND kind IN ('purchase', 'refund')
    GROUP BY 1, 2, 3`;
  return rows.map(({ destination, amount, ...row }) => ({
    ...{ ...row, destination: destination === '' ? null : destination, count: 0 },
    amount: new Decimal(amount.toFixed()),
  }));
}

async function installedOf(shop: Shop, period: Period): Promise<{ made: number; installed: number }> {
  const [row] = await db.$queryRaw<{ made: bigint; installed: bigint }[]>`
    SELECT count(*) AS made, count("installedAt") AS installed FROM "Esim"
    WHERE "shopId" = ${shop.id} AND ${within(Prisma.sql`"createdAt"`, shop, period)} AND "orderId" IS NOT NULL`;
  return { made: Number(row?.made ?? 0), installed: Number(row?.installed ?? 0) };
}

/** Whether a column's instant is of the period. */
export function within(column: Prisma.Sql, { timezone }: Shop, { from, until }: Period): Prisma.Sql {
  return Prisma.sql`${column} >= ${utc(startOfDayOf(from, timezone))} AND ${column} < ${utc(endOfDay(until, timezone))}`;
}

/** Which of the period's days a column's instant is of, from 1. Days are as long as the shop's clock makes them. */
function bucketOf(column: Prisma.Sql, { timezone }: Shop, period: Period): Prisma.Sql {
  const starts = daysOf(period).map((day) => utc(startOfDayOf(day, timezone)));
  return Prisma.sql`width_bucket(${column}, ARRAY[${Prisma.join(starts)}])`;
}
