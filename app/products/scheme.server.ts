import { Decimal } from 'decimal.js';
import { z } from 'zod';
import { db } from '../platform/db.server.ts';
import type { Cost } from '../platform/money.ts';
import { euroRates } from '../rates/queries.server.ts';
import { fixedRates, ratesInto, type Rates } from '../rates/rates.ts';
import { scopes, type PriceRule } from './price-rule.ts';
import type { Scheme, Terms } from './pricing.ts';
import { roundings } from './rounding.ts';

/** What the merchant chose about prices, besides the rules. Percentages are decimal texts. */
export interface PricingSettings extends Omit<Scheme, 'currency' | 'rules' | 'rates'> {
  repriceBySelf: boolean;
  /** Percent: what would move by more waits for a person. */
  approveAbove: string;
  rateSource: 'ecb' | 'fixed';
  /** {"USD": "0.92"}: what one unit of it costs in the shop's currency. */
  fixedRates: Record<string, string>;
  /** Of the rates that prices were last made to follow. */
  ratesDay: Date | null;
}

/** The shop's settings; the defaults until it chose some. */
export async function pricingSettings({ id }: { id: string }): Promise<PricingSettings> {
  const row = await db.pricingSettings.findUnique({ where: { shopId: id } });
  if (!row) return defaults;
  const { feePercent, minMarginPercent, approveAbove, ...rest } = row;
  return {
    ...{ ladder: rest.ladder, repriceBySelf: rest.repriceBySelf, ratesDay: rest.ratesDay },
    ...{ feeFixedMinor: rest.feeFixedMinor, minMarginMinor: rest.minMarginMinor },
    feePercent: feePercent.toFixed(),
    minMarginPercent: minMarginPercent.toFixed(),
    approveAbove: approveAbove.toFixed(),
    ...stored.parse(rest),
  };
}

/** As the columns of prisma/schema.prisma begin. */
const defaults: PricingSettings = {
  ...{ rounding: 'none', feePercent: '0', feeFixedMinor: 0, minMarginPercent: '0', minMarginMinor: 0 },
  ...{ ladder: true, repriceBySelf: true, approveAbove: '10', rateSource: 'ecb', fixedRates: {} },
  ratesDay: null,
};

const stored = z.object({
  rounding: z.enum(roundings),
  rateSource: z.enum(['ecb', 'fixed']),
  fixedRates: z.record(z.string(), z.string()),
});

/** The shop's rules, the most specific first and then by priority. */
export async function listRules({ id }: { id: string }): Promise<PriceRule[]> {
  const rows = await db.priceRule.findMany({
    where: { shopId: id },
    orderBy: [{ priority: 'desc' }, { createdAt: 'asc' }, { id: 'asc' }],
  });
  const rules = rows.map((row) => storedRule.parse({ ...row, ...Object(row.value) }));
  return rules.sort((a, b) => scopes.indexOf(b.scope) - scopes.indexOf(a.scope));
}

const text = z.string();
const storedRule = z.intersection(
  z.object({ id: text, scope: z.enum(scopes), scopeValue: text, priority: z.number() }),
  z.discriminatedUnion('method', [
    z.object({ method: z.literal('percent'), percent: text }),
    z.object({ method: z.literal('fixed'), amount: text }),
    z.object({
      method: z.literal('tiers'),
      bands: z.array(z.object({ upTo: text.nullable(), percent: text })),
    }),
    z.object({ method: z.literal('final'), price: text }),
  ]),
);

/** Everything a price of the shop depends on, but the bundles. */
export async function loadScheme(shop: { id: string; currency: string }): Promise<Scheme> {
  const [terms, rules] = await Promise.all([loadTerms(shop), listRules(shop)]);
  return { ...terms, rules };
}

/** The same without the rules. */
export async function loadTerms(shop: { id: string; currency: string }): Promise<Terms> {
  const settings = await pricingSettings(shop);
  return { ...settings, currency: shop.currency, rates: await ratesOf(shop, settings) };
}

/** Tells what costs are in the shop's currency, at the rates it prices with; null where there is no rate. */
export async function costsInShop(shop: {
  id: string;
  currency: string;
}): Promise<(cost: Cost) => Cost | null> {
  const rates = await ratesOf(shop, await pricingSettings(shop));
  return (cost) => {
    if (cost.currency === shop.currency) return cost;
    const rate = rates.get(cost.currency);
    if (!rate) return null;
    const amount = cost.amount.times(new Decimal(String(rate.top))).div(String(rate.bottom));
    return { amount, currency: shop.currency };
  };
}

/** The rates the shop prices with; `day` asks for those of an earlier day. Empty when there are none. */
export async function ratesOf(
  { currency }: { currency: string },
  { rateSource, fixedRates: fixed }: Pick<PricingSettings, 'rateSource' | 'fixedRates'>,
  day?: Date,
): Promise<Rates> {
  if (rateSource === 'fixed') return fixedRates(fixed);
  const euro = await euroRates(day);
  return euro ? ratesInto(currency, euro) : new Map();
}
