import { db } from '../platform/db.server.ts';
import { adminOf } from '../shopify/admin.server.ts';
import { findVariant } from '../shopify/products.server.ts';
import type { Shop } from '../shopify/shops.server.ts';

/** Which bundle each variant sells, and at which supplier account. Variants that sell none are left out. */
export async function bundlesForVariants(
  shopId: string,
  variantGids: string[],
): Promise<Map<string, { bundleId: string; accountId: string }>> {
  const rows = await db.variantMapping.findMany({
    where: { shopId, variantGid: { in: variantGids } },
    select: { variantGid: true, bundleId: true, bundle: { select: { accountId: true } } },
  });
  return new Map(
    rows.map(({ variantGid, bundleId, bundle }) => [variantGid, { bundleId, accountId: bundle.accountId }]),
  );
}

export type Mapped =
  /** `asksForAddress`: the variant counts as a physical product, so that the checkout asks where to ship it. */
  | { status: 'mapped'; title: string; asksForAddress: boolean }
  | { status: 'refused'; reason: 'unknown-bundle' | 'withdrawn' | 'unknown-variant' | 'gift-card' };

/**
 * From now on the variant sells the bundle, whatever it sold before. Its price stays the merchant's.
 * Throws `ShopifyError` when the variant cannot be read.
 */
export async function mapVariant(
  shop: Shop,
  { variantGid, bundleId }: { variantGid: string; bundleId: string },
): Promise<Mapped> {
  const bundle = await db.bundle.findFirst({
    where: { id: bundleId, shopId: shop.id },
    select: { withdrawnAt: true, cost: true },
  });
  if (!bundle) return { status: 'refused', reason: 'unknown-bundle' };
  if (bundle.withdrawnAt) return { status: 'refused', reason: 'withdrawn' };
  const variant = await findVariant(adminOf(shop.domain), variantGid);
  if (!variant) return { status: 'refused', reason: 'unknown-variant' };
  // A gift card is money: buying one must not buy an eSIM.
  if (variant.isGiftCard) return { status: 'refused', reason: 'gift-card' };
  const key = { shopId: shop.id, variantGid: variant.variantGid };
  const facts = { productGid: variant.productGid, productTitle: variant.title };
  const known = await db.variantMapping.findUnique({ where: { shopId_variantGid: key } });
  const isSame = known?.bundleId === bundleId;
  // Linking again is how the merchant accepts a cost that rose.
  const mappedCost = bundle.cost;
  const data = {
    ...facts,
    bundleId,
    mappedCost,
    ...(!isSame && { origin: 'mapped', priceMinor: null, currency: null }),
  };
  await db.variantMapping.upsert({
    where: { shopId_variantGid: key },
    create: { ...key, ...facts, bundleId, mappedCost, origin: 'mapped' },
    update: data,
  });
  return { status: 'mapped', title: variant.title, asksForAddress: variant.requiresShipping };
}

/** The variant sells no bundle any more: orders of it are held. False when it sold none. */
export async function unmapVariant(shop: Shop, variantGid: string): Promise<boolean> {
  const { count } = await db.variantMapping.deleteMany({ where: { shopId: shop.id, variantGid } });
  return count > 0;
}

export interface MappedVariant {
  variantGid: string;
  productGid: string;
  productTitle: string;
  bundleId: string;
  origin: string;
  bundle: { code: string; description: string; withdrawnAt: Date | null };
}

/** The shop's variants that sell bundles, newest first, and how many there are. `page` counts from 1. */
export async function listMappings(
  shop: Shop,
  { page, perPage = 50 }: { page: number; perPage?: number },
): Promise<{ mappings: MappedVariant[]; total: number }> {
  const where = { shopId: shop.id };
  const [mappings, total] = await Promise.all([
    db.variantMapping.findMany({
      where,
      select: {
        ...{ variantGid: true, productGid: true, productTitle: true, bundleId: true, origin: true },
        bundle: { select: { code: true, description: true, withdrawnAt: true } },
      },
      orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
      skip: (page - 1) * perPage,
      take: perPage,
    }),
    db.variantMapping.count({ where }),
  ]);
  return { mappings, total };
}

/** How many products the app has made in the shop. */
export function countPublished(shop: Shop): Promise<number> {
  return db.variantMapping.count({ where: { shopId: shop.id, origin: 'published' } });
}
