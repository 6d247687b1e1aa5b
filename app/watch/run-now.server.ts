import { db } from '../platform/db.server.ts';
import { wake } from '../platform/queue.server.ts';
import type { Shop } from '../shopify/shops.server.ts';

/** Asks for a look now. One that runs already is not doubled: each holds a lease. */
export async function reconcileNow(shop: Shop): Promise<void> {
  await wake('shops.reconcile', shop.id);
}

/** False when the shop has no such account, or one that cannot be asked. */
export async function auditNow(shop: Shop, accountId: string): Promise<boolean> {
  const account = await db.supplierAccount.findFirst({
    where: { id: accountId, shopId: shop.id, sells: true, state: 'active' },
    select: { id: true },
  });
  if (!account) return false;
  await wake('accounts.audit', accountId);
  return true;
}

export async function sweepNow(): Promise<void> {
  await wake('watch.sweep', 'sweep');
}
