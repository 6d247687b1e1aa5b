import { ProviderError, type ConsumptionPrice } from '../providers/contract.ts';
import { accountsAbleTo, supplierFor } from '../settings/suppliers.server.ts';
import type { Shop } from '../shopify/shops.server.ts';

/** The shop's accounts whose supplier may tell what a gigabyte costs by country, the oldest first. */
export function accountsWithPrices(shop: Shop): Promise<{ id: string; label: string }[]> {
  return accountsAbleTo(shop, 'listConsumptionPrices');
}

/**
 * The prices by the gigabyte of an account, as its supplier tells them now; null for one that does not pay by consumption.
 * Throws `ProviderError`.
 */
export async function consumptionPrices(account: {
  shopId: string;
  accountId: string;
}): Promise<ConsumptionPrice[] | null> {
  const { provider } = await supplierFor(account);
  try {
    return (await provider.listConsumptionPrices?.()) ?? null;
  } catch (error) {
    // The key is good, and the account may not ask.
    if (error instanceof ProviderError && error.kind === 'rejected') return null;
    throw error;
  }
}
