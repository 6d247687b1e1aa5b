import { Decimal } from 'decimal.js';
import type { BundleFacts } from '../catalogue/bundle.ts';
import { db } from '../platform/db.server.ts';
import type { Cost } from '../platform/money.ts';
import { adminOf } from '../shopify/admin.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { findVariants, variantsPage } from '../shopify/variants.server.ts';
import { knownMappings, lockMappings, writeMappings, type Draft } from './save-mapping.server.ts';
import { fits, skuPattern, type SkuFacts } from './sku-pattern.ts';

/**
 * A variant whose SKU looks like the pattern. `matched`: one bundle fits. `choose`: several do, or one whose code differs
 * in capital and small letters. `unknown`: none does.
 */
export interface SkuMatch {
  variantGid: string;
  title: string;
  sku: string;
  outcome: 'matched' | 'choose' | 'unknown' | 'mapped' | 'gift-card';
  candidates: MatchedBundle[];
  asksForAddress: boolean;
}

export interface MatchedBundle extends BundleFacts {
  id: string;
  code: string;
  supplier: string;
  cost: Cost;
}

const MOST_CANDIDATES = 20;

/**
 * Reads some of the shop's variants (`after` null: the first) and finds the bundles their SKUs name; writes nothing.
 * `next` is where to go on. Throws `ShopifyError`.
 */
export async function matchSkus(
  shop: Shop,
  { pattern, after }: { pattern: string; after: string | null },
): Promise<
  | { status: 'wrong'; sentence: string }
  | { status: 'page'; matches: SkuMatch[]; looked: number; next: string | null }
> {
  const parsed = skuPattern(pattern);
  if (parsed.status === 'wrong') return parsed;
  const { variants, next } = await variantsPage(adminOf(shop.domain), { after });
  const named = variants.flatMap((variant) => {
    const facts = variant.sku === null ? null : parsed.read(variant.sku);
    return facts ? [{ variant, facts }] : [];
  });
  const [bundles, mapped] = await Promise.all([
    bundlesNamed(
      shop,
      named.map(({ facts }) => facts),
    ),
    knownMappings(
      shop,
      named.map(({ variant }) => variant.variantGid),
    ),
  ]);
  const matches = named.map(({ variant, facts }): SkuMatch => {
    const exact = bundles.filter((bundle) => fits(facts, bundle));
    const candidates = exact.length > 0 ? exact : bundles.filter((bundle) => fitsButForCase(facts, bundle));
    return {
      ...{ variantGid: variant.variantGid, title: variant.title, sku: variant.sku ?? '' },
      outcome: mapped.has(variant.variantGid)
        ? 'mapped'
        : variant.isGiftCard
          ? 'gift-card'
          : candidates.length === 0
            ? 'unknown'
            : exact.length === 1
              ? 'matched'
              : 'choose',
      candidates: candidates.slice(0, MOST_CANDIDATES),
      asksForAddress: variant.requiresShipping,
    };
  });
  return { status: 'page', matches, looked: variants.length, next };
}

/**
 * Maps variants that nobody mapped meanwhile, each to its bundle, all in one commit. Returns those it mapped; the others
 * were mapped, deleted or are gift cards, or their bundle is not sold any more. Throws `ShopifyError`.
 */
export async function mapMatches(
  shop: Shop,
  wishes: { variantGid: string; bundleId: string }[],
): Promise<{ mapped: string[]; left: number }> {
  const bundleOf = new Map(wishes.map(({ variantGid, bundleId }) => [variantGid, bundleId]));
  const [variants, bundles] = await Promise.all([
    findVariants(adminOf(shop.domain), [...bundleOf.keys()]),
    db.bundle.findMany({
      where: { shopId: shop.id, id: { in: [...bundleOf.values()] }, withdrawnAt: null },
      select: { id: true },
    }),
  ]);
  const onSale = new Set(bundles.map(({ id }) => id));
  const drafts = variants.flatMap((variant): Draft[] => {
    const bundleId = bundleOf.get(variant.variantGid);
    if (bundleId === undefined || !onSale.has(bundleId) || variant.isGiftCard) return [];
    return [{ variant, bundleIds: [bundleId], kind: 'esim' }];
  });
  const mapped = await db.$transaction(async (tx) => {
    await lockMappings(tx, shop);
    const known = await knownMappings(
      shop,
      drafts.map(({ variant }) => variant.variantGid),
      tx,
    );
    const fresh = drafts.filter(({ variant }) => !known.has(variant.variantGid));
    await writeMappings(tx, shop, fresh);
    return fresh.map(({ variant }) => variant.variantGid);
  });
  return { mapped, left: bundleOf.size - mapped.length };
}

/** The bundles on sale that any of the SKUs may mean. */
async function bundlesNamed(shop: Shop, facts: SkuFacts[]): Promise<MatchedBundle[]> {
  if (facts.length === 0) return [];
  const codes = facts.flatMap(({ code }) => (code === undefined ? [] : [code.toLowerCase()]));
  const days = facts.flatMap((each) => each.days ?? []);
  const sizes = facts.flatMap(({ dataBytes }) => (dataBytes === undefined ? [] : [dataBytes]));
  const ids =
    codes.length === 0
      ? null
      : await db.$queryRaw<{ id: string }[]>`
          SELECT id FROM "Bundle" WHERE "shopId" = ${shop.id} AND lower(code) = ANY (${codes}::text[])`;
  const rows = await db.bundle.findMany({
    where: {
      ...{ shopId: shop.id, withdrawnAt: null, account: { state: { not: 'disconnected' } } },
      ...(ids && { id: { in: ids.map(({ id }) => id) } }),
      ...(days.length > 0 && { days: { in: [...new Set(days)] } }),
      ...(sizes.length > 0 && {
        OR: [
          { dataBytes: { in: [...new Set(sizes.filter((size) => size !== null))] } },
          ...(sizes.includes(null) ? [{ dataBytes: null }] : []),
        ],
      }),
    },
    select: {
      ...{ id: true, code: true, description: true, countries: true, region: true, dataBytes: true },
      ...{ days: true, groups: true, cost: true, currency: true, account: { select: { label: true } } },
    },
    orderBy: { code: 'asc' },
  });
  return rows.map(({ cost, currency, account, ...bundle }) => ({
    ...bundle,
    supplier: account.label,
    cost: { amount: new Decimal(cost.toFixed()), currency },
  }));
}

/** A code that differs in its letters' case only is a hint, and never taken by itself. */
function fitsButForCase({ code, ...facts }: SkuFacts, bundle: MatchedBundle): boolean {
  return code !== undefined && bundle.code.toLowerCase() === code.toLowerCase() && fits(facts, bundle);
}
