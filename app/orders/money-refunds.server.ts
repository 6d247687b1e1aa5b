import type { Transaction } from '../platform/db.server.ts';
import { decimalFromMoney } from '../platform/money.ts';
import type { ShopifyRefund } from '../shopify/refunds.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { record } from './events.server.ts';

/**
 * Tells the merchant once of each refund that gave back money and named no piece: no eSIM is taken for it. In the
 * transaction that holds the order's row.
 */
export async function noteRefunds(
  tx: Transaction,
  { shop, orderId }: { shop: Shop; orderId: string },
  all: ShopifyRefund[],
): Promise<void> {
  const refunds = all.filter(({ pieces, amount }) => pieces.size === 0 && amount.amount > 0);
  if (refunds.length === 0) return;
  const told = await tx.orderEvent.findMany({
    where: { shopId: shop.id, orderId, kind: 'refund.money' },
    select: { detail: true },
  });
  const known = new Set(told.map(({ detail }) => (detail as { refund?: string }).refund)); // written below
  const events = refunds
    .map(({ refundGid, amount }) => ({ refund: refundGid.split('/').at(-1) ?? '', amount }))
    .filter(({ refund }) => !known.has(refund))
    .map(({ refund, amount }) => ({
      ...{ shopId: shop.id, orderId, kind: 'refund.money' as const },
      detail: { refund, amount: decimalFromMoney(amount), currency: amount.currency },
    }));
  await record(events, tx);
}
