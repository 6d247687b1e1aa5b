import { db } from '../platform/db.server.ts';
import { moneyFromDecimal } from '../platform/money.ts';
import { adminOf } from '../shopify/admin.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { findVariants } from '../shopify/variants.server.ts';
import type { PreviewRow } from './price-preview.server.ts';

/**
 * Looks up what rows of a preview cost in Shopify now, and keeps what the merchant changed there. Answers the rows as
 * they are then. Throws `ShopifyError`.
 */
export async function lookAtPrices(shop: Shop, rows: PreviewRow[]): Promise<PreviewRow[]> {
  const seen = await findVariants(
    adminOf(shop.domain),
    rows.map(({ variantGid }) => variantGid),
  );
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
