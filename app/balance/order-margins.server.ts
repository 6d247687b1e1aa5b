import { Decimal } from 'decimal.js';
import { dayOf, endOfDay, startOfDayOf } from '../platform/day.ts';
import { db } from '../platform/db.server.ts';
import { minorDigits } from '../platform/money.ts';
import { currentTime } from '../platform/time.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { costKinds } from './entry.ts';
import { addUp, marginOf, type DayAmount } from './figures.ts';
import { ratesFor } from './figures.server.ts';
import type { Period } from './period.ts';

export interface OrderMargin {
  orderId: string;
  name: string;
  isTest: boolean;
  placedAt: Date;
  sold: number;
  /** In the shop's currency, exact. */
  sales: Decimal;
  cost: Decimal;
  /** Null where a rate is missing. */
  margin: Decimal | null;
}

export interface OrderMargins {
  orders: OrderMargin[];
  /** What to ask for `after` to turn on; null at the end. */
  next: string | null;
}

const PER_PAGE = 50;

/** Orders that were placed in a period, the newest first, with all that was sold, bought and given back for each since. */
export async function orderMargins(
  shop: Shop,
  period: Period,
  { after, perPage = PER_PAGE }: { after: string | null; perPage?: number },
): Promise<OrderMargins> {
  const edge =
    after === null
      ? null
      : await db.order.findFirst({
          where: { id: after, shopId: shop.id },
          select: { id: true, createdAt: true },
        });
  const found = await db.order.findMany({
    where: {
      shopId: shop.id,
      createdAt: {
        gte: startOfDayOf(period.from, shop.timezone),
        lt: endOfDay(period.until, shop.timezone),
      },
      ...(edge && {
        OR: [{ createdAt: { lt: edge.createdAt } }, { createdAt: edge.createdAt, id: { lt: edge.id } }],
      }),
    },
    select: { ...{ id: true, name: true, test: true, paidAt: true, createdAt: true }, currency: true },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: perPage + 1,
  });
  const orders = found.slice(0, perPage);
  const amounts = await amountsOf(
    shop,
    orders.map(({ id }) => id),
  );
  const rateOn = await ratesFor(
    shop,
    { from: period.from, until: dayOf(currentTime(), shop.timezone) },
    [...amounts.values()].flatMap(({ sales, costs }) => [...sales, ...costs]),
  );
  return {
    orders: orders.map(({ id, name, test, paidAt, createdAt }) => {
      const own = amounts.get(id) ?? { sales: [], costs: [] };
      const totals = addUp(own, rateOn);
      return {
        ...{ orderId: id, name, isTest: test, placedAt: paidAt ?? createdAt },
        ...{ sold: totals.sold, sales: totals.sales, cost: totals.cost, margin: marginOf(totals) },
      };
    }),
    next: found.length > perPage ? (orders.at(-1)?.id ?? null) : null,
  };
}

async function amountsOf(shop: Shop, ids: string[]) {
  const [units, entries] = await Promise.all([
    db.unit.findMany({
      where: { shopId: shop.id, orderId: { in: ids }, soldAt: { not: null }, goneAt: null },
      select: { orderId: true, priceMinor: true, soldAt: true, soldCurrency: true, kind: true },
    }),
    db.balanceEntry.findMany({
      where: { shopId: shop.id, orderId: { in: ids }, kind: { in: [...costKinds] } },
      select: { orderId: true, amount: true, currency: true, at: true },
    }),
  ]);
  const amounts = new Map(
    ids.map((id) => [id, { sales: new Array<DayAmount>(), costs: new Array<DayAmount>() }]),
  );
  for (const { orderId, priceMinor, soldAt, soldCurrency: currency, kind } of units) {
    if (soldAt === null || currency === null) continue;
    amounts.get(orderId)?.sales.push({
      ...{ day: dayOf(soldAt, shop.timezone), destination: null, currency, count: kind === 'esim' ? 1 : 0 },
      amount: new Decimal(priceMinor).div(Decimal.pow(10, minorDigits(currency))),
    });
  }
  for (const { orderId, amount, currency, at } of entries)
    amounts.get(orderId ?? '')?.costs.push({
      ...{ day: dayOf(at, shop.timezone), destination: null, currency, count: 0 },
      amount: new Decimal(amount.toFixed()).neg(),
    });
  return amounts;
}
