import { db } from '../platform/db.server.ts';
import type { Money } from '../platform/money.ts';
import { lossOf } from '../products/loss.ts';
import { marginTeller } from '../products/pricing.ts';
import { loadTerms } from '../products/scheme.server.ts';

/**
 * What units would lose if they were bought as what they are to be bought as now, by their ids; those that lose nothing are
 * left out, and those of which it is not known: without a variant, or in a currency that is not the shop's any more.
 */
export async function lossesOf(shopId: string, unitIds: string[]): Promise<Map<string, Money>> {
  if (unitIds.length === 0) return new Map();
  const [{ currency }, units] = await Promise.all([
    db.shop.findUniqueOrThrow({ where: { id: shopId }, select: { currency: true } }),
    db.unit.findMany({
      where: { shopId, id: { in: unitIds } },
      select: {
        ...{ id: true, variantGid: true, bundleId: true, priceMinor: true },
        order: { select: { currency: true } },
      },
    }),
  ]);
  if (currency === null || units.length === 0) return new Map();
  const [terms, bundles, mappings] = await Promise.all([
    loadTerms({ id: shopId, currency }),
    db.bundle.findMany({
      where: { shopId, id: { in: units.flatMap(({ bundleId }) => bundleId ?? []) } },
      select: { id: true, cost: true, currency: true },
    }),
    db.variantMapping.findMany({
      where: { shopId, variantGid: { in: units.flatMap(({ variantGid }) => variantGid ?? []) } },
      select: {
        ...{ variantGid: true, mappedCost: true, bundle: { select: { cost: true, currency: true } } },
        ...{ priceMinor: true, currency: true, foundMinor: true, shopPriceMinor: true },
      },
    }),
  ]);
  const tell = marginTeller(terms);
  const losses = units.flatMap(({ id, variantGid, bundleId, priceMinor, order }): [string, Money][] => {
    const bundle = bundles.find((each) => each.id === bundleId);
    const mapping = mappings.find((each) => each.variantGid === variantGid);
    if (!bundle || !mapping || order.currency !== currency) return [];
    // Shopify tells what was paid, after discounts. Where the variant costs more than that, it was a discount.
    const price = Math.max(priceMinor, listedMinor(mapping, currency));
    const { cost, currency: of } = mapping.bundle;
    const first = { now: priceOf(cost, of), whenLinked: priceOf(mapping.mappedCost ?? cost, of) };
    const loss = lossOf(tell, { price, first }, priceOf(bundle.cost, bundle.currency));
    return loss === null ? [] : [[id, { amount: loss, currency }]];
  });
  return new Map(losses);
}

interface Listed {
  priceMinor: number | null;
  currency: string | null;
  foundMinor: number | null;
  shopPriceMinor: number | null;
}

/** The variant's price as it was last written, or seen, in Shopify; 0 where nobody knows it. */
function listedMinor(
  { priceMinor, currency, foundMinor, shopPriceMinor }: Listed,
  shopCurrency: string,
): number {
  const written = currency === shopCurrency ? priceMinor : null;
  return foundMinor ?? written ?? shopPriceMinor ?? 0;
}

const priceOf = (cost: { toFixed: () => string }, currency: string) => ({ amount: cost.toFixed(), currency });
