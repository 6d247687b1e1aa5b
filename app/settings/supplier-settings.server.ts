import { Decimal } from 'decimal.js';
import { db } from '../platform/db.server.ts';
import type { Shop } from '../shopify/shops.server.ts';

/** How the app may buy with a supplier account. */
export interface SupplierSettings {
  accountId: string;
  label: string;
  /** ISO 4217, of the reserve; null while the supplier never told a balance. */
  currency: string | null;
  /** Buying must leave so much. */
  reserve: Decimal;
  stockFirst: boolean;
  rebuyAfterProof: boolean;
}

/** Of each account that is connected. */
export async function supplierSettings(shop: Shop): Promise<SupplierSettings[]> {
  const accounts = await db.supplierAccount.findMany({
    where: { shopId: shop.id, state: { not: 'disconnected' } },
    orderBy: { createdAt: 'asc' },
  });
  return accounts.map(({ id, label, currency, reserve, stockFirst, rebuyAfterProof }) => ({
    ...{ accountId: id, label, currency, stockFirst, rebuyAfterProof },
    reserve: new Decimal(reserve.toFixed()),
  }));
}

/** An account that is not the shop's is passed over. */
export async function saveSupplierSettings(
  shop: Shop,
  accounts: Omit<SupplierSettings, 'label' | 'currency'>[],
): Promise<void> {
  await db.$transaction(
    accounts.map(({ accountId, reserve, stockFirst, rebuyAfterProof }) =>
      db.supplierAccount.updateMany({
        where: { id: accountId, shopId: shop.id },
        data: { reserve: reserve.toFixed(), stockFirst, rebuyAfterProof },
      }),
    ),
  );
}
