import { transact } from '../platform/transaction.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { buyingForm } from './buying-form.ts';
import { noteChange } from './changes.server.ts';
import { guardsOf, saveGuards, type GuardSettings } from './guards.server.ts';
import { saveSupplierSettings, supplierSettings, type SupplierSettings } from './supplier-settings.server.ts';

/** Saves what stops a purchase and how the accounts may buy, and writes down who changed what of it. */
export async function saveBuying(
  shop: Shop,
  {
    guards,
    accounts,
    by,
  }: { guards: GuardSettings; accounts: Omit<SupplierSettings, 'label' | 'currency'>[]; by: string },
): Promise<void> {
  await transact(async (tx) => {
    const before = buyingForm(await guardsOf(shop, tx), await supplierSettings(shop, tx));
    await saveGuards(shop, guards, tx);
    await saveSupplierSettings(shop, accounts, tx);
    const after = buyingForm(await guardsOf(shop, tx), await supplierSettings(shop, tx));
    await noteChange(tx, { shopId: shop.id, page: 'buying', by, before, after });
  });
}
