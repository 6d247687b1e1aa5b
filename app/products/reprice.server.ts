import { Decimal } from 'decimal.js';
import { db } from '../platform/db.server.ts';
import { decimalFromMoney, type Money } from '../platform/money.ts';
import { adminOf, type Admin } from '../shopify/admin.server.ts';
import { writeVariants, type ProductRef } from '../shopify/products.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { priceRule } from './price-rule.server.ts';
import { costText, priceFor } from './pricing.ts';
import { currentTime } from '../platform/time.ts';

export interface Repriced {
  changed: number;
  /** Products that Shopify would not change (deleted there) or whose bundle cannot be priced. */
  refused: number;
  /** Products not reached in time: repricing again goes on with these. */
  remaining: number;
}

/**
 * Gives the products the app made the price of the shop's rule, as many as can be done until `deadline`. Mapped
 * variants keep the merchant's price. What was done is written down product by product, so a repeat does the rest.
 * Throws `ShopifyError` when Shopify fails.
 */
export async function repricePublished(shop: Shop, { deadline }: { deadline: Date }): Promise<Repriced> {
  const due = await outdatedPrices(shop);
  const admin = adminOf(shop.domain);
  const result: Repriced = { changed: 0, refused: due.unpriced, remaining: due.products.length };
  for (const product of due.products) {
    if (currentTime() > deadline) break;
    result.remaining--;
    if (await write(shop, admin, product)) result.changed++;
    else result.refused++;
  }
  return result;
}

interface OutdatedPrice extends ProductRef {
  price: Money;
  cost: string;
}

/** Products whose price is not what the rule says, and how many cannot be priced at all. */
export async function outdatedPrices(shop: Shop): Promise<{ products: OutdatedPrice[]; unpriced: number }> {
  const rule = await priceRule(shop);
  const rows = await db.variantMapping.findMany({
    where: { shopId: shop.id, origin: 'published' },
    select: {
      ...{ variantGid: true, productGid: true, priceMinor: true, currency: true },
      bundle: { select: { cost: true, currency: true } },
    },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  const products: OutdatedPrice[] = [];
  let unpriced = 0;
  for (const { variantGid, productGid, priceMinor, currency, bundle } of rows) {
    const cost = { amount: new Decimal(bundle.cost.toFixed()), currency: bundle.currency };
    const priced = priceFor(rule, cost);
    if (priced.status === 'refused') unpriced++;
    else if (priced.price.amount !== priceMinor || priced.price.currency !== currency) {
      products.push({ variantGid, productGid, price: priced.price, cost: costText(cost) });
    }
  }
  return { products, unpriced };
}

async function write(shop: Shop, admin: Admin, { price, cost, ...ref }: OutdatedPrice): Promise<boolean> {
  const refused = await writeVariants(admin, ref.productGid, [
    { variantGid: ref.variantGid, price: decimalFromMoney(price), cost },
  ]);
  if (refused.length > 0) return false;
  await db.variantMapping.updateMany({
    where: { shopId: shop.id, variantGid: ref.variantGid, origin: 'published' },
    data: { priceMinor: price.amount, currency: price.currency, mappedCost: cost },
  });
  return true;
}
