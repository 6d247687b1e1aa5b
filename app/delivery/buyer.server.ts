import { timingSafeEqual } from 'node:crypto';
import { esimsOfOrder, type OrderedEsim } from './codes.server.ts';
import { topUpsOfOrder } from './top-ups.server.ts';
import { checkoutTokenHash } from '../orders/intake.server.ts';
import { db } from '../platform/db.server.ts';
import { log } from '../platform/log.server.ts';
import { topUpLink } from '../products/top-up-link.server.ts';
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
  const ofOrder = { shopId: shop.id, orderId: order.id };
  const [esims, topUps] = await Promise.all([esimsOfOrder(ofOrder), topUpsOfOrder(ofOrder)]);
  const urls = await topUpUrls(shop, esims);
  const states = new Set([...esims, ...topUps].map(({ state }) => state));
  const status =
    states.size === 0
      ? 'none'
      : states.has('preparing')
        ? 'preparing'
        : states.has('problem')
          ? 'problem'
          : 'ready';
  return {
    status,
    retryAfterMs: status === 'preparing' ? 500 : null,
    esims: esims.map(({ unitId, lineItemGid, dataBytes, usage, ...esim }) => ({
      ...esim,
      id: unitId,
      lineItemId: lineItemGid,
      dataBytes: numberOf(dataBytes),
      usage: usage && {
        ...usage,
        usedBytes: numberOf(usage.usedBytes),
        totalBytes: numberOf(usage.totalBytes),
      },
      topUpUrl: urls.get(unitId) ?? null,
    })),
    topUps: topUps.map(({ unitId, lineItemGid, dataBytes, ...topUp }) => ({
      ...topUp,
      id: unitId,
      lineItemId: lineItemGid,
      dataBytes: numberOf(dataBytes),
    })),
  } as const;
}

/** Where more data is bought for each eSIM that is on a phone, by its unit. */
async function topUpUrls(shop: Shop, esims: OrderedEsim[]): Promise<Map<string, string>> {
  const inUse = esims.filter(({ usage }) => usage !== null).map(({ unitId }) => unitId);
  if (inUse.length === 0) return new Map();
  const rows = await db.esim.findMany({ where: { shopId: shop.id, unitId: { in: inUse } } });
  const urls = await Promise.all(rows.map((esim) => topUpLink(shop, esim)));
  return new Map(
    rows.flatMap(({ unitId }, position): [string, string][] => {
      const url = urls[position] ?? null;
      return unitId === null || url === null ? [] : [[unitId, url]];
    }),
  );
}

// JSON has no bigint; a bundle's bytes are far below 2^53.
const numberOf = (bytes: bigint | null) => (bytes === null ? null : Number(bytes));

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
