import { db } from '../platform/db.server.ts';

/** What the shop wants done when the supplier withdraws what it sells; a word of products/withdrawn.ts. */
export async function withdrawnRuleOf(shop: { id: string }): Promise<string> {
  const row = await db.shopSettings.findUnique({
    where: { shopId: shop.id },
    select: { withdrawnRule: true },
  });
  return row?.withdrawnRule ?? 'out-of-stock';
}

export async function saveWithdrawnRule(shop: { id: string }, withdrawnRule: string): Promise<void> {
  await db.shopSettings.upsert({
    where: { shopId: shop.id },
    create: { shopId: shop.id, withdrawnRule },
    update: { withdrawnRule },
  });
}
