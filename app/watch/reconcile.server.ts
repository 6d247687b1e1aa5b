import { takeUpAgain } from '../notifications/process.server.ts';
import { takeInOrder } from '../orders/intake.server.ts';
import { db } from '../platform/db.server.ts';
import { withLease } from '../platform/lease.server.ts';
import { log } from '../platform/log.server.ts';
import { after, currentTime, DAY, MINUTE, msSince } from '../platform/time.ts';
import { adminOf } from '../shopify/admin.server.ts';
import { isShutOut } from '../shopify/shopify-error.ts';
import { listOrders } from '../shopify/orders.server.ts';
import { contactOf, findShop, type Shop } from '../shopify/shops.server.ts';
import { ensureSubscription } from '../shopify/subscriptions.server.ts';
import { orderTopics } from '../shopify/webhook-payloads.ts';
import { ordersToRead, type ListedOrder } from './compare.ts';
import { recordRun } from './runs.server.ts';

/** How often Shopify's orders are compared with ours, and how far the nightly look goes back. */
export const RECONCILE_EVERY_MS = 10 * MINUTE;
const NIGHTLY_DAYS = 7;
// Shopify's list is a search index behind its orders, and clocks differ.
const OVERLAP_MS = 15 * MINUTE;
// A webhook that is a little late is not one that never came.
const LATE_MS = 2 * MINUTE;

/**
 * The job of a shop: compares the orders Shopify changed since the last look with ours, and reads again what we never
 * heard of or have an older reading of. When webhooks did not come, the shop is subscribed by itself. Throws
 * `ShopifyError`; the next look begins where this one did.
 */
export async function reconcileShop(shopId: string): Promise<void> {
  const row = await db.shop.findUniqueOrThrow({ where: { id: shopId } });
  const shop = await findShop(row.domain);
  if (!shop) return;
  const startedAt = currentTime();
  const isWeekly = isOlder(row.reconciledWeekAt, DAY);
  const since = isWeekly
    ? after(-NIGHTLY_DAYS * DAY, startedAt)
    : after(-OVERLAP_MS, row.reconciledUpTo ?? row.installedAt);
  await withLease(`reconcile ${shopId}`, async () => {
    const wasShutOut = isShutOut(await lastProblem(shopId));
    let newest = row.reconciledUpTo;
    await recordRun({ kind: isWeekly ? 'reconcile-week' : 'reconcile', shopId }, async () => {
      // On record before it is needed: when Shopify lets the app in no more, it cannot be asked whom to tell.
      if (isWeekly || row.contactEmail === null) await contactOf(shop);
      return compare(shop, { since, soldSince: row.installedAt }, (updatedAt) => {
        if (newest === null || updatedAt > newest) newest = updatedAt;
      });
    });
    await db.shop.update({
      where: { id: shopId },
      data: {
        // By Shopify's clock: ours may be ahead of it.
        reconciledUpTo: newest,
        reconciledAt: startedAt,
        ...(isWeekly && { reconciledWeekAt: startedAt }),
      },
    });
    if (wasShutOut) await takeUpAgain(shop.domain);
  });
}

/** The kind of the failure that stopped the last look that ended. */
async function lastProblem(shopId: string): Promise<string | null> {
  const last = await db.watchRun.findFirst({
    where: { shopId, kind: { in: ['reconcile', 'reconcile-week'] }, finishedAt: { not: null } },
    orderBy: { startedAt: 'desc' },
  });
  return last?.problem ?? null;
}

/**
 * Compares the orders Shopify changed since an instant with ours. What was sold before `soldSince`, such as before the
 * app came, is not the app's to buy. Throws `ShopifyError`.
 */
export async function compare(
  shop: Shop,
  { since, soldSince = null }: { since: Date; soldSince?: Date | null },
  onSeen: (updatedAt: Date) => void = () => undefined,
) {
  const findings = { seen: 0, unknown: 0, changed: 0, resubscribed: 0 };
  let isMissingWebhooks = false;
  for await (const listed of listOrders(adminOf(shop.domain, 'patient'), { updatedSince: since })) {
    findings.seen += listed.length;
    for (const { updatedAt } of listed) onSeen(updatedAt);
    const known = await knownOrders(shop, listed);
    const { unknown: unheard, changed } = ordersToRead(listed, known);
    const unknown = await withoutThoseWorkedOn(shop, unheard);
    findings.unknown += unknown.length;
    findings.changed += changed.length;
    for (const { orderGid } of [...unknown, ...changed]) {
      await takeInOrder(shop, orderGid, { soldSince });
    }
    isMissingWebhooks ||= await areUnannounced(shop, unknown);
  }
  if (isMissingWebhooks) {
    const made = await ensureSubscription(adminOf(shop.domain), [...orderTopics]);
    findings.resubscribed = made.length;
    log.warn('webhooks.missing', { shop: shop.domain, count: made.length });
  }
  return findings;
}

async function knownOrders(shop: Shop, listed: ListedOrder[]) {
  const rows = await db.order.findMany({
    where: { shopId: shop.id, shopifyGid: { in: listed.map(({ orderGid }) => orderGid) } },
    select: { shopifyGid: true, shopifyUpdatedAt: true },
  });
  return new Map(rows.map(({ shopifyGid, shopifyUpdatedAt }) => [shopifyGid, { shopifyUpdatedAt }]));
}

/**
 * An order without eSIMs leaves no row here. One that a webhook told of, and that was read after it changed last, need
 * not be read again at every look.
 */
async function withoutThoseWorkedOn(shop: Shop, orders: ListedOrder[]): Promise<ListedOrder[]> {
  const told = await workedOnAt(shop, orders);
  return orders.filter(({ orderGid, updatedAt }) => !((told.get(orderGid) ?? new Date(0)) > updatedAt));
}

/** Whether one of these orders has eSIMs, is old enough to have been announced, and no webhook about it came. */
async function areUnannounced(shop: Shop, unknown: ListedOrder[]): Promise<boolean> {
  const old = unknown.filter(({ updatedAt }) => isOlder(updatedAt, LATE_MS));
  const told = await workedOnAt(shop, old);
  const silent = old.filter(({ orderGid }) => !told.has(orderGid)).map(({ orderGid }) => orderGid);
  return (await db.order.count({ where: { shopId: shop.id, shopifyGid: { in: silent } } })) > 0;
}

/** When the webhooks about these orders were worked on; no entry for an order no webhook told of. */
async function workedOnAt(shop: Shop, orders: ListedOrder[]): Promise<Map<string, Date>> {
  const rows = await db.$queryRaw<{ orderGid: string; at: Date | null }[]>`
    SELECT subject->>'orderGid' AS "orderGid", max("processedAt") AS at FROM "Notification"
    WHERE "shopDomain" = ${shop.domain} AND subject->>'orderGid' = ANY(${orders.map(({ orderGid }) => orderGid)})
    GROUP BY 1`;
  return new Map(rows.map(({ orderGid, at }) => [orderGid, at ?? new Date(0)]));
}

/** Shops whose orders should be compared now: for the sweeper. */
export async function dueReconciliations(): Promise<string[]> {
  const rows = await db.shop.findMany({
    where: {
      uninstalledAt: null,
      currency: { not: null },
      OR: [{ reconciledAt: null }, { reconciledAt: { lt: after(-RECONCILE_EVERY_MS) } }],
    },
    select: { id: true },
    take: 100,
  });
  return rows.map(({ id }) => id);
}

function isOlder(date: Date | null, ms: number): boolean {
  return date === null || msSince(date) > ms;
}
