import { z } from 'zod';
import { db } from '../platform/db.server.ts';
import { log } from '../platform/log.server.ts';
import { after, currentTime, HOUR } from '../platform/time.ts';
import { eraseOrders, eraseSoldElsewhere } from './erase-orders.server.ts';
import { eraseShop } from './erase-shop.server.ts';

/**
 * The job of a privacy request that asks to erase: does it, and closes the request when nothing is left to do. What still
 * has work under way is looked at again every hour. Repeating it is harmless: what is erased is not there any more.
 */
export async function carryOutRequest(id: string): Promise<void> {
  const request = await db.complianceRequest.findUnique({ where: { id } });
  if (!request || request.closedAt !== null) return;
  await db.complianceRequest.update({ where: { id }, data: { nextTryAt: after(HOUR) } });
  const { shopDomain: domain, topic } = request;
  switch (topic) {
    case 'customers/redact': {
      const { customerId, orderIds, emailHash } = Subject.parse(request.subject);
      const shop = await db.shop.findUnique({ where: { domain } });
      const left = shop ? await eraseOrders({ shopId: shop.id, orderIds }) : 0;
      const leftElsewhere =
        shop && emailHash !== null ? await eraseSoldElsewhere({ shopId: shop.id, emailHash }) : 0;
      if (left + leftElsewhere > 0) return;
      if (customerId !== null) await forgetRequestsOf(domain, customerId);
      break;
    }
    case 'shop/redact': {
      const outcome = await eraseShop(domain);
      log.info('shop.erased', { shop: domain, status: outcome });
      break;
    }
    default:
      return; // of a person, or of a newer version of the app
  }
  // Who asked is not kept longer than it takes.
  await db.complianceRequest.update({
    where: { id },
    data: { closedAt: currentTime(), subject: nobody },
  });
}

const Subject = z.object({
  customerId: z.string().nullable(),
  orderIds: z.array(z.string()),
  // Of one that came before it was kept.
  emailHash: z.string().nullable().default(null),
});
const nobody = { about: 'privacy', customerId: null, orderIds: [], emailHash: null };

async function forgetRequestsOf(shopDomain: string, customerId: string): Promise<void> {
  await db.complianceRequest.updateMany({
    where: { shopDomain, closedAt: { not: null }, subject: { path: ['customerId'], equals: customerId } },
    data: { subject: nobody },
  });
}

/** What is to be erased now: for the sweeper. */
export async function dueRequests(): Promise<string[]> {
  const rows = await db.complianceRequest.findMany({
    where: {
      topic: { in: ['customers/redact', 'shop/redact'] },
      closedAt: null,
      nextTryAt: { lte: currentTime() },
    },
    select: { id: true },
    take: 100,
  });
  return rows.map(({ id }) => id);
}
