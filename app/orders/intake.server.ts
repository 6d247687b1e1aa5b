import { randomUUID } from 'node:crypto';
import { db, type Transaction } from '../platform/db.server.ts';
import { failpoint } from '../platform/failpoint.server.ts';
import { wake } from '../platform/queue.server.ts';
import { blindIndex, seal } from '../platform/secrets.server.ts';
import { bundlesForVariants } from '../products/mapping.server.ts';
import { recogniseEsims } from '../products/recognise.server.ts';
import { adminOf } from '../shopify/admin.server.ts';
import { readOrder, type ShopifyOrder } from '../shopify/orders.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { record } from './events.server.ts';
import { planUnits, type PlannedUnit } from './units.ts';

/**
 * Reads an order again from Shopify and brings our rows to it: a unit for each paid eSIM, none for what was
 * cancelled or refunded before it was bought. The webhook that led here may be late, doubled or out of order: only
 * what Shopify says now counts, and the unique keys make a second pass change nothing. Throws `ShopifyError`.
 */
export async function takeInOrder(shop: Shop, orderGid: string): Promise<void> {
  const order = await readOrder(adminOf(shop.domain), orderGid);
  if (!order) return;
  const known = await db.order.findUnique({
    where: { shopId_shopifyGid: { shopId: shop.id, shopifyGid: orderGid } },
  });
  if (!known && (!order.isPaid || order.cancelledAt !== null)) return;

  const planned =
    order.isPaid && order.cancelledAt === null
      ? planUnits(order.lines, await knownVariants(shop, order), order.test)
      : [];
  if (!known && planned.length === 0) return;
  await db.$transaction(async (tx) => {
    const orderId = await upsertOrder(tx, shop, order);
    await addUnits(tx, shop, orderId, planned);
    await cancelUnits(tx, shop, orderId, order);
  });
  failpoint('order.taken-in');
  for (const accountId of new Set(planned.map(({ accountId }) => accountId))) {
    if (accountId !== null) await wake('purchases.buy', accountId);
  }
  failpoint('order.woken');
}

async function knownVariants(shop: Shop, order: ShopifyOrder) {
  const variants = order.lines.flatMap(({ variantGid }) => variantGid ?? []);
  const productGids = order.lines.flatMap(({ productGid }) => productGid ?? []);
  const skus = order.lines.flatMap(({ sku }) => sku ?? []);
  return {
    bundles: await bundlesForVariants(shop.id, variants),
    ...(await recogniseEsims(shop.id, { productGids, skus })),
  };
}

async function upsertOrder(tx: Transaction, shop: Shop, order: ShopifyOrder): Promise<string> {
  const key = { shopId: shop.id, shopifyGid: order.orderGid };
  // Two passes at once: the second insert finds the first one's row and only reads its id.
  await tx.order.createMany({
    data: { id: randomUUID(), ...key, name: order.name, currency: order.currency },
    skipDuplicates: true,
  });
  const { id, paidAt } = await tx.order.findUniqueOrThrow({ where: { shopId_shopifyGid: key } });
  const email =
    order.email === null
      ? null
      : seal(order.email, { table: 'Order', column: 'email', shopId: shop.id, rowId: id });
  await tx.order.update({
    where: { id, shopId: shop.id },
    data: {
      name: order.name,
      email,
      locale: order.locale,
      customerGid: order.customerGid,
      checkoutTokenHash: order.checkoutToken === null ? null : checkoutTokenHash(order.checkoutToken),
      test: order.test,
      paidAt: paidAt ?? order.processedAt,
      cancelledAt: order.cancelledAt,
    },
  });
  if (paidAt === null)
    await record(
      [{ shopId: shop.id, orderId: id, kind: 'order.received', detail: { name: order.name } }],
      tx,
    );
  return id;
}

async function addUnits(tx: Transaction, shop: Shop, orderId: string, planned: PlannedUnit[]) {
  const before = await tx.unit.findMany({
    where: { orderId, shopId: shop.id },
    select: { lineItemGid: true, unitIndex: true },
  });
  const keys = new Set(before.map(({ lineItemGid, unitIndex }) => `${lineItemGid} ${String(unitIndex)}`));
  const fresh = planned
    .filter(({ lineItemGid, unitIndex }) => !keys.has(`${lineItemGid} ${String(unitIndex)}`))
    .map((unit) => ({ id: randomUUID(), shopId: shop.id, orderId, ...unit }));
  const { count } = await tx.unit.createMany({ data: fresh, skipDuplicates: true });
  if (count !== fresh.length) return; // another pass was faster, and told its own events
  await record(
    fresh
      .filter(({ state }) => state === 'held')
      .map(({ id, reason }) => ({
        shopId: shop.id,
        orderId,
        unitId: id,
        kind: 'unit.held',
        detail: { reason },
      })),
    tx,
  );
}

/** Units not bought yet whose piece is gone: the order was cancelled, or the line shrank by a refund or an edit. */
async function cancelUnits(tx: Transaction, shop: Shop, orderId: string, order: ShopifyOrder) {
  const quantities = new Map(order.lines.map(({ lineItemGid, quantity }) => [lineItemGid, quantity]));
  const units = await tx.unit.findMany({
    where: { orderId, shopId: shop.id, state: { not: 'cancelled' } },
    orderBy: { unitIndex: 'asc' },
  });
  for (const lineItemGid of new Set(units.map((unit) => unit.lineItemGid))) {
    const ofLine = units.filter((unit) => unit.lineItemGid === lineItemGid);
    const wanted = order.cancelledAt === null ? (quantities.get(lineItemGid) ?? 0) : 0;
    // The pieces that were not bought go first: a refund of one of three must not waste a bought one.
    const gone = ofLine
      .filter(({ state }) => state === 'paid' || state === 'held')
      .reverse()
      .slice(0, Math.max(0, ofLine.length - wanted));
    for (const { id, state } of gone) {
      const { count } = await tx.unit.updateMany({
        where: { id, shopId: shop.id, state },
        data: { state: 'cancelled', reason: null },
      });
      if (count === 1) await record([{ shopId: shop.id, orderId, unitId: id, kind: 'unit.cancelled' }], tx);
    }
  }
}

/** How a checkout token is kept: enough to compare, not to use. */
export function checkoutTokenHash(token: string): string {
  return blindIndex('checkout-token', token);
}
