import { db } from '../platform/db.server.ts';
import { wake } from '../platform/queue.server.ts';
import { currentTime } from '../platform/time.ts';
import type { Shop } from '../shopify/shops.server.ts';

/** After so many tries, some ten minutes, a receipt is shown to the merchant. It is tried on, every hour, all the same. */
export const STUCK_AFTER_TRIES = 8;

/** A message of Shopify that is on record and could not be worked on. */
export interface StuckReceipt {
  id: string;
  topic: string;
  receivedAt: Date;
  attempts: number;
  nextAttemptAt: Date;
  /** The kind of the failure, or the name of our own error. */
  problem: string | null;
  /** The order it tells of, where it tells of one. */
  orderGid: string | null;
}

/** What is stuck in a shop, oldest first; at most 50. */
export async function stuckReceipts(shop: { domain: string }): Promise<StuckReceipt[]> {
  const rows = await db.notification.findMany({
    where: stuckIn(shop.domain),
    orderBy: { receivedAt: 'asc' },
    take: 50,
    omit: { eventId: true, webhookId: true, shopDomain: true, processedAt: true, triggeredAt: true },
  });
  return rows.map(({ subject, ...row }) => ({ ...row, orderGid: orderOf(subject) }));
}

/** A person wants it tried now, and not at its time. False: there is none of this id that waits. */
export async function tryAgain(shop: Shop, id: string): Promise<boolean> {
  const { count } = await db.notification.updateMany({
    where: { ...stuckIn(shop.domain), id },
    data: { nextAttemptAt: currentTime() },
  });
  if (count > 0) await wake('notifications.process', shop.domain);
  return count > 0;
}

export const stuckIn = (shopDomain: string) => ({
  ...{ shopDomain, processedAt: null },
  attempts: { gte: STUCK_AFTER_TRIES },
});

function orderOf(subject: unknown): string | null {
  if (typeof subject !== 'object' || subject === null || !('orderGid' in subject)) return null;
  return typeof subject.orderGid === 'string' ? subject.orderGid : null;
}
