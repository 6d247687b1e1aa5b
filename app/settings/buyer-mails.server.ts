import { db } from '../platform/db.server.ts';

/** The mails to travellers the merchant chose; words of notices/notice.ts, or older ones. */
export async function buyerMailsOf(shop: { id: string }): Promise<string[]> {
  const row = await db.shopSettings.findUnique({ where: { shopId: shop.id }, select: { buyerMails: true } });
  return row?.buyerMails ?? [];
}

export async function saveBuyerMails(shop: { id: string }, buyerMails: string[]): Promise<void> {
  await db.shopSettings.upsert({
    where: { shopId: shop.id },
    create: { shopId: shop.id, buyerMails },
    update: { buyerMails },
  });
}
