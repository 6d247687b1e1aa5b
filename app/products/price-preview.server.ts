import { createHash } from 'node:crypto';
import { bundleTitle } from '../catalogue/bundle.ts';
import { soldVariants, type SoldVariant } from './prices.server.ts';
import { marginTeller, priceAll, type Margin, type Price, type Scheme } from './pricing.ts';
import { loadScheme } from './scheme.server.ts';

/** A variant beside the price the rules make of it. */
export interface PreviewRow extends SoldVariant {
  /** "France 1 GB, 7 days" */
  title: string;
  next: Price;
  /** What is left of the price it has now; null where it has none in this currency, or no cost. */
  now: Margin | null;
  /** What would be left of the new one; null where there is none. */
  after: Margin | null;
  change: Change;
}

/** Up or down: the price would change. Cost: only the cost that Shopify shows. */
export type Change = 'up' | 'down' | 'cost' | 'none' | 'refused';

export interface Preview {
  scheme: Scheme;
  /** By product. */
  rows: PreviewRow[];
  /** Changes with any price: who applies what they saw names it. */
  version: string;
}

/** What applying the rules would do to every variant the app prices, places named in a language. Changes nothing. */
export async function previewPrices(shop: { id: string; currency: string }, locale = 'en'): Promise<Preview> {
  const [scheme, sold] = await Promise.all([loadScheme(shop), soldVariants(shop)]);
  const prices = priceAll(
    scheme,
    sold.map(({ item }) => item),
  );
  const tell = marginTeller(scheme);
  const rows = sold.map((variant) => {
    const { variantGid, priceMinor, currency, item } = variant;
    const old = currency === scheme.currency ? priceMinor : null;
    const next: Price = prices.get(variantGid) ?? { status: 'refused', reason: 'no-cost' };
    const now = old === null ? null : tell(item, old);
    const after = next.status === 'priced' ? tell(item, next.price.amount) : null;
    const change = changeOf(variant, old, next);
    return {
      ...variant,
      priceMinor: old,
      title: bundleTitle(variant.bundle, locale),
      next,
      now,
      after,
      change,
    };
  });
  return { scheme, rows, version: versionOf(rows) };
}

function changeOf({ pricedCost, item }: SoldVariant, old: number | null, next: Price): Change {
  if (next.status === 'refused') return 'refused';
  if (next.decidedBy.by !== 'lock' && next.price.amount !== old)
    return old === null || next.price.amount > old ? 'up' : 'down';
  return pricedCost !== null && pricedCost !== item.cost.amount ? 'cost' : 'none';
}

function versionOf(rows: PreviewRow[]): string {
  const facts = rows.map(({ variantGid, priceMinor, next }) => [
    variantGid,
    priceMinor,
    next.status === 'priced' ? next.price.amount : null,
  ]);
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64url').slice(0, 16);
}
