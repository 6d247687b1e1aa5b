import { takeInOrder } from '../orders/intake.server.ts';
import { databaseNow, databaseNowOnce, db } from '../platform/db.server.ts';
import { log } from '../platform/log.server.ts';
import { wake } from '../platform/queue.server.ts';
import { RemoteError } from '../platform/remote-error.ts';
import { backOff, currentTime, HOUR, SECOND } from '../platform/time.ts';
import { forgetProduct } from '../products/forget.server.ts';
import { isShutOut, ShopifyError } from '../shopify/shopify-error.ts';
import { findShop, forgetInstallation } from '../shopify/shops.server.ts';
import { topics, type Topic } from '../shopify/webhook-payloads.ts';
import { afterReceipts } from './receipts.server.ts';

/** So many of a shop's receipts are worked on at once. */
const AT_ONCE = 4;
// What a newer version of the app writes down beside this one is left to it.
const known = Object.keys(topics);

/**
 * The job behind receipts: works on the oldest of a shop that are due, and asks for its next turn when there may be
 * more. Doing one twice is harmless: everything below reads Shopify's state again.
 */
export async function processNotifications(shopDomain: string): Promise<void> {
  await afterReceipts(SECOND);
  const receipts = await claimDue(shopDomain);
  if (receipts.length === 0) return;
  const done = (await Promise.all(receipts.map(work))).filter((id) => id !== null);
  await db.notification.updateMany({
    where: { id: { in: done } },
    data: { processedAt: currentTime(), problem: null },
  });
  if (receipts.length === AT_ONCE) await wake('notifications.process', shopDomain);
}

/**
 * The next try is set before the work, so a crash in the middle is tried again and not at once for ever. One that was
 * never tried is due whatever the clocks say.
 */
function claimDue(shopDomain: string): Promise<Receipt[]> {
  return db.$queryRaw<Receipt[]>`
    UPDATE "Notification" SET attempts = attempts + 1,
      "nextAttemptAt" = ${databaseNow} + make_interval(secs => least(2 * 2 ^ least(attempts, 20), 3600))
    WHERE id = ANY (ARRAY(
      SELECT id FROM "Notification"
      WHERE "processedAt" IS NULL AND "shopDomain" = ${shopDomain} AND topic = ANY(${known})
        AND ("nextAttemptAt" <= ${databaseNowOnce} OR attempts = 0)
      ORDER BY "nextAttemptAt" LIMIT ${AT_ONCE}
      FOR UPDATE SKIP LOCKED
    ))
    RETURNING id, "shopDomain", topic, subject, attempts, "triggeredAt", "receivedAt"`;
}

/** The receipt's id when its work is done; null when it is to be tried again. */
async function work(receipt: Receipt): Promise<string | null> {
  const { id, shopDomain, topic, attempts } = receipt;
  try {
    await act(receipt);
    return id;
  } catch (error) {
    log.error('notification.failed', { shop: shopDomain, notificationId: id, topic }, error);
    const problem = error instanceof RemoteError ? String(error.kind) : 'unknown';
    // The look over all orders finds out whether it is more than this one, and tells the merchant.
    if (error instanceof ShopifyError && isShutOut(error.kind)) await lookAtOrders(shopDomain);
    await db.notification.update({ where: { id }, data: { problem } });
    await wake('notifications.process', shopDomain, backOff(attempts, 2 * SECOND, HOUR));
    return null;
  }
}

async function act({ shopDomain, topic, subject, triggeredAt, receivedAt }: Receipt) {
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
      return lookAtOrders(shopDomain);
    case 'customers/data_request':
    case 'customers/redact':
    case 'shop/redact':
      return; // recorded with its due date when it came in: compliance/carry-out.server.ts finds it there
    default:
      topic satisfies never;
  }
}

async function lookAtOrders(shopDomain: string) {
  const shop = await findShop(shopDomain);
  if (shop) await wake('shops.reconcile', shop.id);
}

/** Shopify lets the app read the shop's orders again: what failed meanwhile does not wait for its time. */
export async function takeUpAgain(shopDomain: string): Promise<void> {
  await db.notification.updateMany({
    where: { shopDomain, processedAt: null, problem: { not: null } },
    data: { nextAttemptAt: currentTime() },
  });
  await wake('notifications.process', shopDomain);
}

interface Receipt {
  id: string;
  shopDomain: string;
  topic: Topic; // no other is claimed
  subject: unknown;
  /** This one counted. */
  attempts: number;
  triggeredAt: Date | null;
  receivedAt: Date;
}

/** The shops that have receipts whose work is due: for the sweeper. */
export async function dueNotifications(): Promise<string[]> {
  const shops = await db.notification.groupBy({
    by: 'shopDomain',
    where: { processedAt: null, topic: { in: known }, nextAttemptAt: { lte: currentTime() } },
  });
  return shops.map(({ shopDomain }) => shopDomain);
}
