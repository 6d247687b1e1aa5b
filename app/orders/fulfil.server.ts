import { db } from '../platform/db.server.ts';
import { failpoint } from '../platform/failpoint.server.ts';
import { log } from '../platform/log.server.ts';
import { after, backOff, currentTime, HOUR, SECOND } from '../platform/time.ts';
import { transact } from '../platform/transaction.server.ts';
import { writeCosts } from '../products/cost.server.ts';
import { adminOf } from '../shopify/admin.server.ts';
import { fulfilLines, tagOrder } from '../shopify/orders.server.ts';
import { ShopifyError } from '../shopify/shopify-error.ts';
import { shopById, type Shop } from '../shopify/shops.server.ts';
import { record } from './events.server.ts';

/**
 * Tells Shopify what was delivered: the eSIM lines fulfilled, the order tagged, the cost on the variant. All of it
 * reads Shopify's state first or says the same thing twice, so a repeat is harmless.
 */
export async function fulfilOrder(orderId: string): Promise<void> {
  const order = await db.order.findUniqueOrThrow({
    where: { id: orderId },
    include: { units: { include: { attempt: true } } },
  });
  const delivered = order.units.filter(({ state }) => state === 'delivered');
  if (order.fulfilState !== 'waiting' || delivered.length === 0) return;
  const { shopId } = order;
  const shop = await shopById(shopId);
  // It stays to be done: a shop that comes back is told then.
  if (!shop.isInstalled) return;
  try {
    const admin = adminOf(shop.domain);
    const perLine = new Map<string, number>();
    for (const { lineItemGid } of delivered) perLine.set(lineItemGid, (perLine.get(lineItemGid) ?? 0) + 1);
    failpoint('fulfil.before');
    const outcome = await fulfilLines(admin, order.shopifyGid, perLine);
    failpoint('fulfil.done');
    await tagOrder(admin, order.shopifyGid, ['eSIM']);
    await writeCosts(admin, shopId, costsOf(shop, delivered));
    if (outcome === 'on-hold') {
      await tryLater(order, 'on-hold');
      return;
    }
    await transact(async (tx) => {
      const told = delivered.map(({ id }) => id);
      // Those delivered while Shopify was told of the others are told with the next look.
      const untold = { id: { notIn: told }, state: 'delivered', fulfilledAt: null };
      const { count } = await tx.order.updateMany({
        where: { id: orderId, shopId, fulfilState: 'waiting', units: { none: untold } },
        data: { fulfilState: 'done', fulfilProblem: null, deliverAfter: null },
      });
      if (count === 0) return;
      await tx.unit.updateMany({
        where: { id: { in: told }, orderId, shopId, fulfilledAt: null },
        data: { fulfilledAt: currentTime() },
      });
      await record([{ shopId, orderId, kind: 'order.fulfilled', detail: { count: delivered.length } }], tx);
    });
    failpoint('fulfil.committed');
  } catch (error) {
    if (!(error instanceof ShopifyError)) throw error;
    log.warn('fulfilment.failed', { orderId, shop: shop.domain, reason: error.kind }, error);
    await tryLater(order, error.kind);
  }
}

interface OrderRow {
  id: string;
  shopId: string;
  deliverTries: number;
}

// About a day of tries; then the merchant sees it and can fulfil by hand. The buyer has the eSIM either way.
const MOST_TRIES = 30;

async function tryLater({ id, shopId, deliverTries }: OrderRow, problem: string) {
  const state = deliverTries + 1 >= MOST_TRIES ? { fulfilState: 'failed' } : {};
  await db.order.update({
    where: { id, shopId },
    data: {
      fulfilProblem: problem,
      deliverTries: { increment: 1 },
      deliverAfter: after(backOff(deliverTries + 1, 2 * SECOND, HOUR)),
      ...state,
    },
  });
}

/** What one piece of each variant cost, where the supplier's currency is the shop's: Shopify's field has no other. */
function costsOf(
  shop: Shop,
  units: {
    variantGid: string | null;
    attempt: {
      total: { div: (n: number) => { toFixed: (digits: number) => string } } | null;
      currency: string | null;
      quantity: number;
    } | null;
  }[],
) {
  const costs = new Map<string, string>();
  for (const { variantGid, attempt } of units) {
    if (variantGid === null || !attempt?.total || attempt.currency !== shop.currency) continue;
    costs.set(variantGid, attempt.total.div(attempt.quantity).toFixed(2));
  }
  return costs;
}
