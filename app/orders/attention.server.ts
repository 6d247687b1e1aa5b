import { db } from '../platform/db.server.ts';
import type { Shop } from '../shopify/shops.server.ts';

export interface OrderAttention {
  /** Units that wait, by reason. A reason that resumes by itself is among them: the merchant may speed it up. */
  waiting: { state: string; reason: string | null; count: number }[];
  /** Purchases at the supplier that belong to no order here. */
  unclaimed: number;
  /** eSIMs whose piece was refunded after they were sent, and nobody has seen to. */
  refunded: number;
  /** Payments that a bank questions, and nobody has seen to. */
  disputes: number;
  /** Refunds of eSIMs that are revoked, and for which Shopify gave nothing back. */
  failedRefunds: number;
  /** Paid units of a supplier that is disconnected: nothing buys them until it is connected again. */
  withoutSupplier: number;
  failedMails: number;
  failedFulfilments: number;
}

/** What of the shop's orders needs the merchant. */
export async function orderAttention(shop: Shop): Promise<OrderAttention> {
  const disconnected = await db.supplierAccount.findMany({
    where: { shopId: shop.id, state: 'disconnected' },
    select: { id: true },
  });
  const [
    waiting,
    unclaimed,
    refunded,
    disputes,
    failedRefunds,
    withoutSupplier,
    failedMails,
    failedFulfilments,
  ] = await Promise.all([
    db.unit.groupBy({
      by: ['state', 'reason'],
      where: { shopId: shop.id, state: { in: ['held', 'parked'] } },
      _count: { id: true },
      // What may have cost money comes first.
      orderBy: [{ state: 'desc' }, { reason: 'asc' }],
    }),
    db.unclaimedOrder.count({ where: { shopId: shop.id, state: 'open' } }),
    db.unit.count({
      where: { shopId: shop.id, state: 'delivered', goneAt: { not: null }, holdUntil: null, note: null },
    }),
    db.orderDispute.count({ where: { shopId: shop.id, seenAt: null } }),
    db.shopRefund.count({ where: { shopId: shop.id, state: 'failed' } }),
    db.unit.count({
      where: { shopId: shop.id, state: 'paid', accountId: { in: disconnected.map(({ id }) => id) } },
    }),
    db.order.count({ where: { shopId: shop.id, mailState: 'failed' } }),
    db.order.count({ where: { shopId: shop.id, fulfilState: 'failed' } }),
  ]);
  return {
    waiting: waiting.map(({ state, reason, _count }) => ({ state, reason, count: _count.id })),
    ...{ unclaimed, refunded, disputes, failedRefunds, withoutSupplier, failedMails, failedFulfilments },
  };
}
