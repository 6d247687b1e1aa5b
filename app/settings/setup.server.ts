import { db } from '../platform/db.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { changeSettings, shopSettings } from './settings.server.ts';
import { currentTime } from '../platform/time.ts';

/** The way to the first sale, each step read from what is really there. */
export interface SetupProgress {
  isConnected: boolean;
  hasBundles: boolean;
  hasProducts: boolean;
  areBlocksPlaced: boolean;
  hasOrders: boolean;
}

export async function setupProgress(shop: Shop): Promise<SetupProgress> {
  const where = { shopId: shop.id };
  const select = { id: true };
  const [account, bundle, mapping, order, settings] = await Promise.all([
    db.supplierAccount.findFirst({
      where: { ...where, sells: true, state: { not: 'disconnected' } },
      select,
    }),
    db.bundle.findFirst({ where, select }),
    db.variantMapping.findFirst({ where, select }),
    db.order.findFirst({ where, select }),
    shopSettings(shop),
  ]);
  return {
    isConnected: account !== null,
    hasBundles: bundle !== null,
    hasProducts: mapping !== null,
    // Shopify tells an app nothing about blocks in the checkout editor: the merchant's word counts.
    areBlocksPlaced: settings.blocksPlacedAt !== null,
    hasOrders: order !== null,
  };
}

export async function markBlocksPlaced(shop: Shop): Promise<void> {
  await changeSettings(shop, { blocksPlacedAt: currentTime() });
}
