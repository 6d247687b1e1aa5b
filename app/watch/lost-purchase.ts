import type { ProviderPurchase } from '../providers/contract.ts';

export interface Account {
  id: string;
  shopId: string;
}

/** An order at the supplier as the purchase it was made by, but for the units. */
export function asPurchase({ id: accountId, shopId }: Account, purchase: ProviderPurchase) {
  return {
    ...{ shopId, accountId },
    how: purchase.isPurchase ? ('order' as const) : ('stock' as const),
    esimId: null,
    bundleCode: purchase.items[0]?.bundle ?? '',
    quantity: quantityOf(purchase),
    sentAt: purchase.createdAt,
  };
}

export function quantityOf({ items }: ProviderPurchase): number {
  return items.reduce((sum, { quantity }) => sum + quantity, 0);
}
