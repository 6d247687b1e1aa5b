import { Decimal } from 'decimal.js';
import { db } from '../platform/db.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import type { adjustable } from './adjustable.ts';
import { post } from './post.server.ts';

export interface Adjustment {
  accountId: string;
  /** From the page: one click, one entry. */
  clickId: string;
  kind: (typeof adjustable)[number];
  /** Signed. */
  amount: Decimal;
  note: string;
  by: string;
}

/** Books what a person explains a difference with. False for an account that is not the shop's, or has no currency yet. */
export async function adjust(
  shop: Shop,
  { accountId, clickId, amount, ...rest }: Adjustment,
): Promise<boolean> {
  const account = await db.supplierAccount.findFirst({
    where: { id: accountId, shopId: shop.id },
    select: { currency: true },
  });
  if (!account?.currency) return false;
  await post({
    ...{ ...rest, shopId: shop.id, accountId, key: `by hand ${clickId}` },
    amount: { amount, currency: account.currency },
  });
  return true;
}
