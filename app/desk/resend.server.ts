import { db } from '../platform/db.server.ts';
import type { Shop } from '../shopify/shops.server.ts';

/** The order whose e-mail shows this eSIM; null for one that is no buyer's (any more), and for another shop's. */
export async function orderToResend(shop: Pick<Shop, 'id'>, esimId: string): Promise<string | null> {
  const esim = await db.esim.findFirst({
    where: { id: esimId, shopId: shop.id, unitId: { not: null } },
    select: { orderId: true },
  });
  return esim?.orderId ?? null;
}
