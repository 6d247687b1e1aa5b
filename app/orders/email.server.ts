import { db } from '../platform/db.server.ts';
import { unseal } from '../platform/secrets.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { record } from './events.server.ts';

/** The buyer's address in full, for a merchant who asked. The asking is recorded. Null when there is none to show. */
export async function showEmail(
  shop: Shop,
  { orderId, by }: { orderId: string; by: string },
): Promise<string | null> {
  const order = await db.order.findFirst({
    where: { id: orderId, shopId: shop.id },
    select: { email: true },
  });
  if (order?.email == null) return null;
  await record([{ shopId: shop.id, orderId, kind: 'email.shown', detail: { by } }]);
  return openEmail(shop, orderId, order.email);
}

export function openEmail(shop: Pick<Shop, 'id'>, orderId: string, sealed: string): string {
  return unseal(sealed, { table: 'Order', column: 'email', shopId: shop.id, rowId: orderId });
}
