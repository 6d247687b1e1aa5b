import { db } from '../platform/db.server.ts';
import { currentTime } from '../platform/time.ts';

/**
 * The merchant deleted a product in Shopify: its variants sell nothing any more. A product the app made is kept as
 * `deleted` and offered again, never made again by itself. Doing it twice changes nothing.
 */
export async function forgetProduct(shop: { id: string }, productGid: string): Promise<void> {
  const where = { shopId: shop.id, productGid };
  await db.$transaction([
    db.variantMapping.deleteMany({ where }),
    db.product.updateMany({ where, data: { state: 'deleted', checkedAt: currentTime() } }),
  ]);
}
