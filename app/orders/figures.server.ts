import { Decimal } from 'decimal.js';
import { db } from '../platform/db.server.ts';
import type { Cost, Money } from '../platform/money.ts';
import { DAY } from '../platform/time.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { startOfDay } from '../platform/day.ts';

export interface Figures {
  soldToday: number;
  soldLately: number;
  /** Of the last 30 days, one sum for each currency. */
  paid: Money[];
  costs: Cost[];
}

/** What the shop sold: eSIMs that were bought for buyers, what those paid, and what the supplier took. */
export async function keyFigures(shop: Shop, now: Date): Promise<Figures> {
  const lately = new Date(now.getTime() - 30 * DAY);
  const count = (since: Date) => db.esim.count({ where: { shopId: shop.id, createdAt: { gte: since } } });
  const [soldToday, soldLately, paid, costs] = await Promise.all([
    count(startOfDay(now, shop.timezone)),
    count(lately),
    paidSince(shop, lately),
    costSince(shop, lately),
  ]);
  return { soldToday, soldLately, paid, costs };
}

// The column has no zone: as text, the instant is compared in UTC whatever the connection's zone is.
const text = (instant: Date) => instant.toISOString();

async function paidSince(shop: Shop, since: Date): Promise<Money[]> {
  return db.$queryRaw<Money[]>`
    SELECT o.currency, sum(u."priceMinor")::float8 AS amount
    FROM "Esim" e JOIN "Unit" u ON u.id = e."unitId" JOIN "Order" o ON o.id = u."orderId"
    WHERE e."shopId" = ${shop.id} AND e."createdAt" >= ${text(since)}::timestamp
    GROUP BY o.currency ORDER BY amount DESC`;
}

async function costSince(shop: Shop, since: Date): Promise<Cost[]> {
  const rows = await db.$queryRaw<{ currency: string; amount: string }[]>`
    SELECT a.currency, sum(a.total / a.quantity)::text AS amount
    FROM "Esim" e JOIN "Unit" u ON u.id = e."unitId" JOIN "PurchaseAttempt" a ON a.id = u."attemptId"
    WHERE e."shopId" = ${shop.id} AND e."createdAt" >= ${text(since)}::timestamp
      AND a.total IS NOT NULL AND a.currency IS NOT NULL
    GROUP BY a.currency`;
  return rows.map(({ currency, amount }) => ({ currency, amount: new Decimal(amount) }));
}
