import { Decimal } from 'decimal.js';
import { changeSettings, shopSettings } from '../settings/settings.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { isRounding, type PriceRule, type Rounding } from './pricing.ts';

/** The shop's rule for prices. */
export async function priceRule(shop: Shop): Promise<PriceRule> {
  const { markupPercent, rounding } = await shopSettings(shop);
  return {
    markupPercent: new Decimal(markupPercent),
    rounding: isRounding(rounding) ? rounding : 'none',
    currency: shop.currency,
  };
}

/** Keeps a new rule. Published products keep their price until `repricePublished`. */
export async function changePriceRule(
  shop: Shop,
  rule: { markupPercent: Decimal; rounding: Rounding },
): Promise<void> {
  await changeSettings(shop, rule);
}
