import { db } from '../platform/db.server.ts';
import { moneyFromDecimal } from '../platform/money.ts';
import { adminOf } from '../shopify/admin.server.ts';
import { ShopifyError } from '../shopify/shopify-error.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { findVariants } from '../shopify/variants.server.ts';
import type { PreviewRow } from './price-preview.server.ts';

/**
 * Looks up what rows of a preview cost in Shopify now, and keeps what the merchant changed there. Answers the rows as
 * they are then, and null when Shopify cannot be asked: what the merchant changed is not known then.
 */
export async function lookAtPrices(shop: Shop, rows: PreviewRow[]): Promise<PreviewRow[] | null> {
  const seen = await findVariants(
    adminOf(shop.domain),
    rows.map(({ variantGid }) => variantGid),
  ).catch((error: unknown) => {
    if (error instanceof ShopifyError) return null;
    throw error;
  });
  if (!seen) return null;
  const prices = new Map(seen.map(({ variantGid, price }) => [variantGid, price]));
  const looked: PreviewRow[] = [];
  for (const row of rows) {
    const { variantGid, priceMinor } = row;
    const price = prices.get(variantGid);
    const current = price === undefined ? null : moneyFromDecimal(price, shop.currency).amount;
    const foundMinor = priceMinor === null || current === priceMinor ? null : current;
    if (foundMinor !== row.foundMinor)
      await db.variantMapping.updateMany({ where: { shopId: shop.id, variantGid }, data: { foundMinor } });
    looked.push({ ...row, foundMinor });
  }
  return looked;
}
