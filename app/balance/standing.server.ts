import { Decimal } from 'decimal.js';
import { db } from '../platform/db.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import type { MoneyAccount } from './accounts.server.ts';
import { isUnpriced } from './open-lines.server.ts';

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
  const [booked, unpriced, strange] = await Promise.all([
    bookedIn(where, account.currency),
    db.purchaseAttempt.count({ where: await isUnpriced(where) }),
    db.unclaimedOrder.findMany({
      where: { ...where, total: null, ...(opening && { orderedAt: { gt: opening.bookedAt } }) },
      select: { orderReference: true, orderedAt: true },
      orderBy: { orderedAt: 'desc' },
      take: 20,
    }),
  ]);
  return {
    since: opening?.at ?? null,
    booked,
    difference: opening && account.balance ? account.balance.minus(booked) : null,
    unpriced,
    strange: strange.map(({ orderReference: reference, orderedAt }) => ({ reference, orderedAt })),
  };
}

/** What the balance that was told last has more than the ledger makes, or less; null before the ledger began. */
export async function differenceOf(account: { shopId: string; accountId: string }): Promise<Decimal | null> {
  const { shopId, accountId } = account;
  const opening = await db.balanceEntry.count({ where: { ...account, key: 'opening' } });
  const { balance, currency } = await db.supplierAccount.findFirstOrThrow({
    where: { id: accountId, shopId },
    select: { balance: true, currency: true },
  });
  if (opening === 0 || balance === null) return null;
  return new Decimal(balance.toFixed()).minus(await bookedIn(account, currency));
}

/** By how much what the ledger does not explain has grown since it differed by so much. */
export async function grownBy(
  account: { shopId: string; accountId: string },
  { difference }: { difference: string | null },
): Promise<Decimal | null> {
  const now = difference === null ? null : await differenceOf(account);
  return now && difference !== null ? now.minus(difference) : null;
}

/** What the entries of an account make: the sum of its days. */
async function bookedIn(account: { shopId: string; accountId: string }, currency: string | null) {
  const { _sum } = await db.balanceDay.aggregate({
    where: { ...account, ...(currency !== null && { currency }) },
    _sum: { amount: true },
  });
  return new Decimal(_sum.amount?.toFixed() ?? 0);
}
