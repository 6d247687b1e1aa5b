import { Decimal } from 'decimal.js';
import { db } from '../platform/db.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { loadScheme } from './scheme.server.ts';
import type { PriceRule, Rounding } from './pricing.ts';

/** The shop's rule for everything, for the pages that know no other yet. */
export async function priceRule(shop: Shop): Promise<PriceRule> {
  const { rules, rounding } = await loadScheme(shop);
  const rule = rules.find(({ scope, method }) => scope === 'everything' && method === 'percent');
  const markupPercent = new Decimal(rule?.method === 'percent' ? rule.percent : 40);
  return { markupPercent, rounding, currency: shop.currency };
}

/** Keeps a new rule. Published products keep their price until `repricePublished`. */
export async function changePriceRule(
  shop: Shop,
  { markupPercent, rounding }: { markupPercent: Decimal; rounding: Rounding },
): Promise<void> {
  const everything = { shopId: shop.id, scope: 'everything', method: 'percent' };
  const value = { percent: markupPercent.toFixed() };
  await db.$transaction([
    db.priceRule.deleteMany({ where: everything }),
    db.priceRule.create({ data: { ...everything, value } }),
    db.pricingSettings.upsert({
      where: { shopId: shop.id },
      create: { shopId: shop.id, rounding },
      update: { rounding },
    }),
  ]);
}
