import { Decimal } from 'decimal.js';
import { db, type Transaction } from '../platform/db.server.ts';
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
export async function supplierSettings(shop: Shop, from: Transaction = db): Promise<SupplierSettings[]> {
  const accounts = await from.supplierAccount.findMany({
    where: { shopId: shop.id, sells: true, state: { not: 'disconnected' } },
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
  tx: Transaction,
): Promise<void> {
  for (const { accountId, reserve, stockFirst, rebuyAfterProof } of accounts)
    await tx.supplierAccount.updateMany({
      where: { id: accountId, shopId: shop.id },
      data: { reserve: reserve.toFixed(), stockFirst, rebuyAfterProof },
    });
}

/** Draws the line under which the merchant is told of the balance; null tells nothing. Passes over another shop's account. */
export async function saveAlertLine(
  shop: Shop,
  { accountId, alertBelow }: { accountId: string; alertBelow: Decimal | null },
): Promise<void> {
  await db.supplierAccount.updateMany({
    where: { id: accountId, shopId: shop.id },
    data: { alertBelow: alertBelow?.toFixed() ?? null },
  });
}
