import { z } from 'zod';
import { db } from '../platform/db.server.ts';
import { DAY } from '../platform/time.ts';
import type { Shop } from '../shopify/shops.server.ts';

/** The privacy requests Shopify passed on for a shop: open ones first, the nearest due date first. */
export async function listComplianceRequests(shop: Shop) {
  const rows = await db.complianceRequest.findMany({
    where: { shopDomain: shop.domain },
    select: { id: true, topic: true, subject: true, receivedAt: true, dueAt: true, closedAt: true },
    orderBy: [{ closedAt: { sort: 'asc', nulls: 'first' } }, { dueAt: 'asc' }],
    take: 200,
  });
  return rows.map(({ subject: about, ...row }) => ({
    ...row,
    /** Null when Shopify named no customer, as for a whole shop. */
    customerId: subject.safeParse(about).data?.customerId ?? null,
  }));
}

const subject = z.object({ customerId: z.string().nullish() });

/** How many open requests are due within a week, or overdue. */
export async function countRequestsNearDue(shop: Shop, now: Date): Promise<number> {
  const within = new Date(now.getTime() + 7 * DAY);
  return db.complianceRequest.count({
    where: { shopDomain: shop.domain, closedAt: null, dueAt: { lte: within } },
  });
}
