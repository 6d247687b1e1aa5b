import type { Fact } from '../catalogue/bundle-facts.ts';
import { bundleTitle } from '../catalogue/bundle.ts';
import { db } from '../platform/db.server.ts';
import type { Cost, Money } from '../platform/money.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { decidedWords, shareText } from './preview-lines.ts';
import { describeMethod, liftWords } from './price-words.ts';
import type { PriceRule } from './price-rule.ts';
import { pricesFor, type BundleToPrice } from './prices.server.ts';
import { marginTeller, type Lift, type PriceRefusal, type Priced } from './pricing.ts';
import { ruleNamer } from './rule-names.server.ts';
import { loadScheme } from './scheme.server.ts';

/** What a bundle is to cost by the shop's rules, in words: price, what is left of it, and which rule decided. */
export async function bundlePrice(
  shop: Shop,
  bundle: BundleToPrice & { cost: Cost },
  { money, locale }: { money: (money: Money) => string; locale: string },
): Promise<{ facts: Fact[]; refused: PriceRefusal | null }> {
  const [price, scheme] = await Promise.all([
    pricesFor(shop, [bundle]).then((prices) => prices.get(bundle.id)),
    loadScheme(shop),
  ]);
  if (price?.status !== 'priced')
    return { facts: [{ term: 'Price by your rules', description: '–' }], refused: price?.reason ?? null };
  const left = marginTeller(scheme)(
    { cost: { amount: bundle.cost.amount.toFixed(), currency: bundle.cost.currency } },
    price.price.amount,
  );
  return {
    refused: null,
    facts: [
      { term: 'Price by your rules', description: money(price.price) },
      ...(left
        ? [
            {
              term: 'Margin',
              description: `${money(left.margin)} (${shareText(left.marginShare)}), after ${money(left.cost)} of cost and ${money(left.fee)} of fee`,
            },
          ]
        : []),
      { term: 'Decided by', description: await whatDecided(shop, scheme.rules, price, locale) },
    ],
  };
}

/** "Country: France: Cost + 40%, raised to the floor" */
async function whatDecided(
  shop: Shop,
  rules: PriceRule[],
  { decidedBy, lifts }: Priced,
  locale: string,
): Promise<string> {
  const rule = decidedBy.by === 'rule' ? rules.find(({ id }) => id === decidedBy.ruleId) : undefined;
  const named = rule
    ? [
        {
          ...{ id: rule.id, place: (await ruleNamer(shop, [rule], locale))(rule) },
          method: describeMethod(rule, shop.currency),
        },
      ]
    : [];
  const above = await titleAbove(shop, lifts, locale);
  return [decidedWords(decidedBy, named), ...lifts.map((lift) => liftWords(lift, above))].join(', ');
}

/** The bundle of the variant that the ladder raised the price above. */
async function titleAbove(shop: Shop, lifts: Lift[], locale: string): Promise<string | undefined> {
  const lift = lifts.find((each) => each.step === 'ladder');
  if (!lift) return undefined;
  const variant = await db.variantMapping.findFirst({
    where: { shopId: shop.id, variantGid: lift.above },
    select: { bundle: true },
  });
  return variant ? bundleTitle(variant.bundle, locale) : undefined;
}
