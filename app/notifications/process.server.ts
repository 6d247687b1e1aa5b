import { takeInOrder } from '../orders/intake.server.ts';
import { db } from '../platform/db.server.ts';
import { log } from '../platform/log.server.ts';
import { wake } from '../platform/queue.server.ts';
import { after, backOff, currentTime, HOUR, SECOND } from '../platform/time.ts';
import { forgetProduct } from '../products/forget.server.ts';
import { findShop, forgetInstallation } from '../shopify/shops.server.ts';
import type { Topic } from '../shopify/webhook-payloads.ts';
import { afterReceipts } from './receipts.server.ts';

/** The job behind a receipt. Doing it twice is harmless: everything below reads Shopify's state again. */
export async function processNotification(id: string): Promise<void> {
  await afterReceipts(500);
  const receipt = await db.notification.findUniqueOrThrow({ where: { id } });
  if (receipt.processedAt) return;
  // The next try is set before the work, so a crash in the middle is tried again and not at once for ever.
  const pauseMs = backOff(receipt.attempts + 1, 2 * SECOND, HOUR);
  await db.notification.update({
    where: { id },
    data: { attempts: { increment: 1 }, nextAttemptAt: after(pauseMs) },
  });
  try {
    await act(receipt.topic as Topic, receipt); // only known topics are recorded
    await db.notification.update({ where: { id }, data: { processedAt: currentTime(), problem: null } });
  } catch (error) {
    const problem = error instanceof Error ? error.name : 'unknown';
    await db.notification.update({ where: { id }, data: { problem } });
    await wake('notifications.process', id, pauseMs);
    throw error;
  }
}

async function act(topic: Topic, { shopDomain, subject, triggeredAt, receivedAt }: Receipt) {
  switch (topic) {
    case 'orders/paid':
    case 'orders/edited':
    case 'orders/cancelled':
    case 'orders/delete':
    case 'refunds/create':
    case 'orders/risk_assessment_changed': {
      const shop = await findShop(shopDomain);
      const { orderGid } = subject as { orderGid: string }; // written by webhook-payloads for these topics
      if (shop) await takeInOrder(shop, orderGid);
      return;
    }
    case 'products/delete': {
      const shop = await findShop(shopDomain);
      const { productGid } = subject as { productGid: string }; // written by webhook-payloads for this topic
      if (shop) await forgetProduct(shop, productGid);
      return;
    }
    case 'app/uninstalled':
      return forgetInstallation(shopDomain, triggeredAt ?? receivedAt);
    case 'app/scopes_update':
      log.info('scopes.changed', { shop: shopDomain });
      return;
    case 'customers/data_request':
    case 'customers/redact':
    case 'shop/redact':
      return; // recorded with its due date when it came in; the merchant sees it under Settings → Privacy
    default:
      topic satisfies never;
  }
}

interface Receipt {
  shopDomain: string;
  subject: unknown;
  triggeredAt: Date | null;
  receivedAt: Date;
}

/** Receipts whose work is due: for the sweeper. */
export async function dueNotifications(): Promise<string[]> {
  const rows = await db.notification.findMany({
    where: { processedAt: null, nextAttemptAt: { lte: currentTime() } },
    select: { id: true },
    orderBy: { receivedAt: 'asc' },
    take: 500,
  });
  return rows.map(({ id }) => id);
}
