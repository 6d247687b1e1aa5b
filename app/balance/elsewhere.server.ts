import { db } from '../platform/db.server.ts';
import type { Cost } from '../platform/money.ts';
import { post } from './post.server.ts';

/** An order at the supplier that no purchase of the app claims. */
export interface StrangeOrder {
  shopId: string;
  accountId: string;
  reference: string;
  /** Null where the supplier does not say: then nothing is booked, and the ledger differs from the balance by it. */
  total: Cost | null;
  orderedAt: Date;
}

/** Books what was bought with the account but not by the app, once. What was bought before the ledger began is in its opening. */
export async function postElsewhere({
  reference,
  total,
  orderedAt,
  ...account
}: StrangeOrder): Promise<void> {
  if (!total || total.amount.isZero()) return;
  const opening = await db.balanceEntry.findUnique({
    where: { accountId_key: { accountId: account.accountId, key: 'opening' }, shopId: account.shopId },
    select: { bookedAt: true },
  });
  if (!opening || orderedAt <= opening.bookedAt) return;
  await post({
    ...{ ...account, kind: 'elsewhere', key: `order ${reference}`, reference, at: orderedAt },
    amount: { ...total, amount: total.amount.neg() },
  });
}
