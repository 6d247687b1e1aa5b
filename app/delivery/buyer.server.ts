import { timingSafeEqual } from 'node:crypto';
import { esimsOfOrder } from './codes.server.ts';
import { checkoutTokenHash } from '../orders/intake.server.ts';
import { db } from '../platform/db.server.ts';
import { log } from '../platform/log.server.ts';
import type { Shop } from '../shopify/shops.server.ts';

/**
 * What a buyer may see of an order, or null when they have not proved that it is theirs: a session token of this
 * shop, and either the checkout token of that very order or to be the logged-in customer who owns it.
 */
export async function esimsForBuyer(
  shop: Shop,
  {
    orderId,
    checkoutToken,
    customerGid,
  }: { orderId: string; checkoutToken: string | null; customerGid: string | null },
) {
  const numeric = /^(?:gid:\/\/shopify\/Order(?:Identity)?\/)?(\d{1,20})$/.exec(orderId)?.[1];
  if (numeric === undefined) return null;
  const order = await db.order.findUnique({
    where: { shopId_shopifyGid: { shopId: shop.id, shopifyGid: `gid://shopify/Order/${numeric}` } },
  });
  if (!order) return null;
  const hasToken =
    checkoutToken !== null &&
    order.checkoutTokenHash !== null &&
    isEqual(checkoutTokenHash(checkoutToken), order.checkoutTokenHash);
  const isOwner =
    customerGid !== null && order.customerGid !== null && isEqual(customerGid, order.customerGid);
  if (!hasToken && !isOwner) {
    log.warn('buyer.refused', {
      shop: shop.domain,
      orderId: order.id,
      reason: checkoutToken === null ? 'not-owner' : 'checkout-token',
    });
    return null;
  }
  const esims = await esimsOfOrder({ shopId: shop.id, orderId: order.id });
  const states = new Set(esims.map(({ state }) => state));
  const status =
    esims.length === 0
      ? 'none'
      : states.has('preparing')
        ? 'preparing'
        : states.has('problem')
          ? 'problem'
          : 'ready';
  return {
    status,
    retryAfterMs: status === 'preparing' ? 500 : null,
    esims: esims.map(({ unitId, lineItemGid, dataBytes, ...esim }) => ({
      ...esim,
      id: unitId,
      lineItemId: lineItemGid,
      // JSON has no bigint; a bundle's bytes are far below 2^53.
      dataBytes: dataBytes === null ? null : Number(dataBytes),
    })),
  } as const;
}

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
