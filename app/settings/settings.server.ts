import { db, isEmbedded } from '../platform/db.server.ts';
import type { Shop } from '../shopify/shops.server.ts';

export interface ShopSettings {
  blocksPlacedAt: Date | null;
}

export async function shopSettings(shop: Shop): Promise<ShopSettings> {
  return db.shopSettings.upsert({ where: { shopId: shop.id }, create: { shopId: shop.id }, update: {} });
}

export async function changeSettings(shop: Shop, changes: { blocksPlacedAt?: Date | null }): Promise<void> {
  await db.shopSettings.upsert({
    where: { shopId: shop.id },
    create: { shopId: shop.id, ...changes },
    update: changes,
  });
}

/** True while the app runs on the embedded database, which is not for real money. */
export const runsEmbedded = isEmbedded;
