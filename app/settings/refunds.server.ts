import { z } from 'zod';
import { db, type Transaction } from '../platform/db.server.ts';
import { transact } from '../platform/transaction.server.ts';
import { noteChange } from './changes.server.ts';
import { chargebackRules, refundRules, type RefundSettings } from './refund-rules.ts';

/** What the shop wants done with an unused eSIM whose buyer has the money back. */
export async function refundSettingsOf(
  shop: { id: string },
  from: Transaction = db,
): Promise<RefundSettings> {
  const row = await from.shopSettings.findUnique({
    where: { shopId: shop.id },
    select: { refundRule: true, chargebackRule: true },
  });
  return Saved.parse(row ?? {});
}

// What only a newer version of the app knows, beside this one, is read as what a shop begins with.
const Saved = z.object({
  refundRule: z.enum(refundRules).catch('revoke'),
  chargebackRule: z.enum(chargebackRules).catch('ask'),
});

/** Saves it, and writes down who changed what. */
export async function saveRefundSettings(
  shop: { id: string },
  { by, ...chosen }: RefundSettings & { by: string },
): Promise<void> {
  await transact(async (tx) => {
    const before = await refundSettingsOf(shop, tx);
    await tx.shopSettings.upsert({
      where: { shopId: shop.id },
      create: { shopId: shop.id, ...chosen },
      update: chosen,
    });
    await noteChange(tx, { shopId: shop.id, page: 'refunds', by, before: { ...before }, after: chosen });
  });
}
