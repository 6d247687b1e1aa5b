import { db } from '../platform/db.server.ts';
import { currentTime } from '../platform/time.ts';
import { readWritten } from './written.ts';

/**
 * The merchant deleted a product in Shopify: its variants sell nothing any more. A product the app made is kept as
 * `deleted` and offered again, never made again by itself. Doing it twice changes nothing.
 */
export async function forgetProduct(shop: { id: string }, productGid: string): Promise<void> {
  const where = { shopId: shop.id, productGid };
  await db.$transaction(async (tx) => {
    const sold = await tx.variantMapping.findMany({ where, select: { bundleId: true } });
    const product = await tx.product.findFirst({ where: { ...where, state: 'live' } });
    await tx.variantMapping.deleteMany({ where });
    if (!product) return;
    const written = { ...readWritten(product.written), bundleIds: sold.map(({ bundleId }) => bundleId) };
    await tx.product.update({
      where: { id: product.id },
      data: { state: 'deleted', written, checkedAt: currentTime() },
    });
  });
}

/** The merchant deleted variants in Shopify: they sell nothing any more. */
export async function forgetVariants(shop: { id: string }, variantGids: string[]): Promise<void> {
  if (variantGids.length === 0) return;
  await db.variantMapping.deleteMany({ where: { shopId: shop.id, variantGid: { in: variantGids } } });
}
