import { placesOf } from './places.server.ts';
import { db, type Prisma } from '../platform/db.server.ts';
import { moneyFromDecimal } from '../platform/money.ts';
import type { Shop } from '../shopify/shops.server.ts';
import type { RuleInput, SettingsInput } from './price-form.ts';
import type { Scope } from './price-rule.ts';

export type Saved =
  | { status: 'saved' }
  /** The rule is gone, or what it is for is not the shop's. */
  | {
      status: 'refused';
      reason: 'unknown-rule' | 'no-place' | 'unknown-place' | 'several-bundles' | 'too-many';
    };

const MOST_RULES = 1000;

/** Keeps a rule; `ruleId` null makes one. No price changes until it is applied. */
export async function saveRule(shop: Shop, ruleId: string | null, input: RuleInput): Promise<Saved> {
  const { scope, priority } = input;
  const scopeValue = await resolve(shop, scope, input.scopeValue);
  if (typeof scopeValue !== 'string') return scopeValue;
  const data = { scope, scopeValue, priority, method: input.method, value: valueOf(input) };
  if (ruleId === null) {
    if ((await db.priceRule.count({ where: { shopId: shop.id } })) >= MOST_RULES)
      return { status: 'refused', reason: 'too-many' };
    await db.priceRule.create({ data: { shopId: shop.id, ...data } });
    return { status: 'saved' };
  }
  const { count } = await db.priceRule.updateMany({ where: { id: ruleId, shopId: shop.id }, data });
  return count === 1 ? { status: 'saved' } : { status: 'refused', reason: 'unknown-rule' };
}

/** Deletes a rule; false when the shop has none of this id. */
export async function deleteRule(shop: Shop, ruleId: string): Promise<boolean> {
  const { count } = await db.priceRule.deleteMany({ where: { id: ruleId, shopId: shop.id } });
  return count === 1;
}

/** Keeps how all prices are made. No price changes until it is applied. */
export async function savePricingSettings(shop: Shop, input: SettingsInput): Promise<void> {
  const { rounding, feePercent, minMarginPercent, ladder, repriceBySelf, approveAbove } = input;
  const data = {
    ...{ rounding, feePercent, minMarginPercent, ladder, repriceBySelf, approveAbove },
    feeFixedMinor: moneyFromDecimal(input.feeFixed, shop.currency).amount,
    minMarginMinor: moneyFromDecimal(input.minMargin, shop.currency).amount,
    ...{ rateSource: input.rateSource, fixedRates: input.fixedRates },
  };
  await db.pricingSettings.upsert({
    where: { shopId: shop.id },
    create: { shopId: shop.id, ...data },
    update: data,
  });
}

/** The price in Shopify stays as it is from now on, or follows the rules again. False for a variant the app does not price. */
export async function lockPrice(shop: Shop, variantGid: string, priceLocked: boolean): Promise<boolean> {
  const { count } = await db.variantMapping.updateMany({
    where: { shopId: shop.id, variantGid, origin: 'published' },
    data: { priceLocked },
  });
  return count === 1;
}

function valueOf(input: RuleInput): Prisma.InputJsonObject {
  switch (input.method) {
    case 'percent':
      return { percent: input.percent };
    case 'fixed':
      return { amount: input.amount };
    case 'final':
      return { price: input.price };
    case 'tiers':
      return { bands: input.bands };
    default:
      return input satisfies never;
  }
}

/** What is stored of the value a form names. */
async function resolve(shop: Shop, scope: Scope, value: string): Promise<string | Saved> {
  if (scope === 'everything') return '';
  if (value === '') return { status: 'refused', reason: 'no-place' };
  if (scope === 'bundle') {
    const bundles = await db.bundle.findMany({
      where: { shopId: shop.id, OR: [{ code: value }, { id: value }] },
      select: { id: true },
    });
    const [only] = bundles;
    if (bundles.length > 1) return { status: 'refused', reason: 'several-bundles' };
    return only?.id ?? { status: 'refused', reason: 'unknown-place' };
  }
  const places = (await placesOf(shop))[scope];
  return places.some((place) => place.value === value)
    ? value
    : { status: 'refused', reason: 'unknown-place' };
}
