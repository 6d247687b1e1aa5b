import { z } from 'zod';
import { db } from '../platform/db.server.ts';
import { currentTime, DAY } from '../platform/time.ts';
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
    /** Null when Shopify named no customer, as for a whole shop, and once a customer is erased. */
    customerId: Subject.safeParse(about).data?.customerId ?? null,
  }));
}

const Subject = z.object({
  customerId: z.string().nullish(),
  orderIds: z.array(z.string()).default([]),
  emailHash: z.string().nullish(),
});

/** A customer's request to see what is kept; null where the shop has none of this id. */
export async function findDataRequest(shop: Shop, id: string) {
  const row = await db.complianceRequest.findFirst({
    where: { id, shopDomain: shop.domain, topic: 'customers/data_request' },
  });
  if (!row) return null;
  const { customerId = null, orderIds, emailHash = null } = Subject.parse(row.subject);
  return { receivedAt: row.receivedAt, customerId, orderIds, emailHash };
}

/** The merchant has sent the customer what is kept. False where there is no such request that is open. */
export async function closeDataRequest(shop: Shop, id: string): Promise<boolean> {
  const { count } = await db.complianceRequest.updateMany({
    where: { id, shopDomain: shop.domain, topic: 'customers/data_request', closedAt: null },
    data: { closedAt: currentTime() },
  });
  return count > 0;
}

/** How many open requests are due within a week, or overdue. */
export async function countRequestsNearDue(shop: Shop, now: Date): Promise<number> {
  const within = new Date(now.getTime() + 7 * DAY);
  return db.complianceRequest.count({
    where: { shopDomain: shop.domain, closedAt: null, dueAt: { lte: within } },
  });
}
