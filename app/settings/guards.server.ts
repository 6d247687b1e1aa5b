import type { Guards } from '../orders/guards.ts';
import { db, type Transaction } from '../platform/db.server.ts';
import type { Shop } from '../shopify/shops.server.ts';

export interface GuardSettings extends Guards {
  /** Hold when the supplier's price rose by more since the variant was linked; null for never. */
  priceGuardPercent: number | null;
}

const defaults: GuardSettings = {
  riskHold: 'high',
  buyDelayMinutes: 0,
  mostPerOrder: null,
  priceGuardPercent: 20,
  buyTestOrders: false,
};

/** What the shop wants stopped before money moves. */
export async function guardsOf(shop: { id: string }, from: Transaction = db): Promise<GuardSettings> {
  const row = await from.shopSettings.findUnique({ where: { shopId: shop.id } });
  if (!row) return defaults;
  const { buyDelayMinutes, mostPerOrder, priceGuardPercent, buyTestOrders, riskHold } = row;
  return {
    riskHold: riskHold === 'off' || riskHold === 'medium' ? riskHold : 'high',
    buyDelayMinutes,
    mostPerOrder,
    priceGuardPercent,
    buyTestOrders,
  };
}

export async function saveGuards(shop: Shop, guards: GuardSettings, tx: Transaction): Promise<void> {
  await tx.shopSettings.upsert({
    where: { shopId: shop.id },
    create: { shopId: shop.id, ...guards },
    update: guards,
  });
}
