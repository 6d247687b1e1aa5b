import type { Transaction } from '../platform/db.server.ts';
import type { Cost } from '../platform/money.ts';
import { post } from './post.server.ts';

export interface BookedPurchase {
  shopId: string;
  accountId: string;
  attemptId: string;
  bundleCode: string;
  /** The supplier's order. */
  reference: string;
  total: Cost;
  orderId: string | null;
  esimId?: string | null;
  by?: string | undefined;
  /** When it left for the supplier. */
  at: Date;
}

/**
 * Books what the app bought, once for each attempt. An order of the supplier's that was taken for somebody else's until
 * now is booked back.
 */
export async function postPurchase(
  { shopId, accountId, attemptId, bundleCode, reference, total, ...rest }: BookedPurchase,
  tx: Transaction,
): Promise<void> {
  const { orderId, esimId, by, at } = rest;
  const bundle = await tx.bundle.findFirst({
    where: { shopId, accountId, code: bundleCode },
    select: { destination: true },
  });
  await post(
    {
      ...{ shopId, accountId, kind: 'purchase', key: `attempt ${attemptId}`, reference, orderId, at },
      ...{ esimId: esimId ?? null, by: by ?? null, destination: bundle?.destination ?? null },
      amount: { ...total, amount: total.amount.neg() },
    },
    tx,
  );
  const strange = await tx.balanceEntry.findUnique({
    where: { accountId_key: { accountId, key: `order ${reference}` }, shopId },
  });
  if (!strange) return;
  await post(
    {
      ...{ shopId, accountId, kind: 'elsewhere', key: `claimed ${reference}`, reference, orderId },
      amount: { amount: total.amount, currency: total.currency },
      note: 'It was the app’s own purchase after all',
    },
    tx,
  );
}
