import type { MoneyAccount } from '../balance/accounts.server.ts';
import type { ProviderError } from '../providers/contract.ts';
import { releaseWaiting } from '../purchases/funds.server.ts';
import { testSupplier } from '../settings/suppliers.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { lookAgainAtCancelling } from './cancel-order.server.ts';
import { lookAgainAtCharge } from './card.server.ts';
import { lookAgainAtRefund } from './stock.server.ts';

/**
 * Asks the supplier for the balance, and for what else it tells: whether a charge, a refund or a cancellation in doubt happened
 * after all, and whether there is money for what waits. Returns why it could not be asked.
 */
export async function askBalance(shop: Shop, { id, balance }: MoneyAccount): Promise<ProviderError | null> {
  const told = await testSupplier(shop, id);
  if (told instanceof Error) return told;
  const account = { shopId: shop.id, accountId: id };
  await lookAgainAtCharge(account);
  await lookAgainAtRefund(account);
  await lookAgainAtCancelling(account);
  if (told && (balance === null || told.amount.gt(balance))) await releaseWaiting(account);
  return null;
}
