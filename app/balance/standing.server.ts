import { Decimal } from 'decimal.js';
import { db } from '../platform/db.server.ts';
import { currentTime } from '../platform/time.ts';
import type { Shop } from '../shopify/shops.server.ts';
import type { MoneyAccount } from './accounts.server.ts';

/** The ledger of an account beside what its supplier says. */
export interface Standing {
  /** When the ledger began; null before the first balance. */
  since: Date | null;
  /** What the entries make. */
  booked: Decimal;
  /** What the supplier's balance has more than that, or less; null while the supplier tells none. */
  difference: Decimal | null;
  /** Purchases whose price is not known yet: while there are some, a difference explains itself. */
  unpriced: number;
  /** The supplier's orders since then that nobody claims and that name no price. */
  strange: { reference: string; orderedAt: Date }[];
}

export async function standingOf(shop: Shop, account: MoneyAccount): Promise<Standing> {
  const where = { shopId: shop.id, accountId: account.id };
  const opening = await db.balanceEntry.findUnique({
    where: { accountId_key: { accountId: account.id, key: 'opening' }, shopId: shop.id },
    select: { at: true, bookedAt: true },
  });
  const [sum, unpriced, strange] = await Promise.all([
    db.balanceEntry.aggregate({
      where: { ...where, ...(account.currency !== null && { currency: account.currency }) },
      _sum: { amount: true },
    }),
    db.purchaseAttempt.count({
      where: {
        ...where,
        OR: [
          { state: { in: ['sending', 'in-doubt'] } },
          {
            ...{ orderReference: { not: null }, total: null, how: { not: 'stock' } },
            sentAt: { gt: opening?.bookedAt ?? currentTime() },
          },
        ],
      },
    }),
    db.unclaimedOrder.findMany({
      where: { ...where, total: null, ...(opening && { orderedAt: { gt: opening.bookedAt } }) },
      select: { orderReference: true, orderedAt: true },
      orderBy: { orderedAt: 'desc' },
      take: 20,
    }),
  ]);
  const booked = new Decimal(sum._sum.amount?.toFixed() ?? 0);
  return {
    since: opening?.at ?? null,
    booked,
    difference: opening && account.balance ? account.balance.minus(booked) : null,
    unpriced,
    strange: strange.map(({ orderReference: reference, orderedAt }) => ({ reference, orderedAt })),
  };
}
