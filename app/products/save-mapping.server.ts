import { randomUUID } from 'node:crypto';
import { db, type Transaction } from '../platform/db.server.ts';
import { moneyFromDecimal } from '../platform/money.ts';
import { adminOf } from '../shopify/admin.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { findVariants, type SeenVariant } from '../shopify/variants.server.ts';
import { kindOf, type MappingKind } from './mapping.ts';
import { currentTime } from '../platform/time.ts';

export interface MappingWish {
  variantGid: string;
  /** In the order in which they are tried. At least one. */
  bundleIds: string[];
  kind: MappingKind;
}

export type Mapped =
  /** `asksForAddress`: the variant counts as a physical product, so that the checkout asks where to ship it. */
  | { status: 'mapped'; title: string; asksForAddress: boolean }
  | { status: 'refused'; reason: 'unknown-bundle' | 'withdrawn' | 'unknown-variant' | 'gift-card' };

/**
 * From now on the variant sells these bundles, whatever it sold before. Its price stays the merchant's. A bundle that
 * was withdrawn may stay on a list, and comes on none. Throws `ShopifyError` when the variant cannot be read.
 */
export async function saveMapping(shop: Shop, { variantGid, bundleIds, kind }: MappingWish): Promise<Mapped> {
  const [bundles, known] = await Promise.all([
    db.bundle.findMany({
      where: { id: { in: bundleIds }, shopId: shop.id },
      select: { id: true, withdrawnAt: true },
    }),
    knownMapping(shop, variantGid),
  ]);
  if (bundles.length === 0 || bundles.length < new Set(bundleIds).size)
    return { status: 'refused', reason: 'unknown-bundle' };
  if (bundles.some(({ id, withdrawnAt }) => withdrawnAt !== null && !known.bundleIds.includes(id)))
    return { status: 'refused', reason: 'withdrawn' };
  const [variant] = await findVariants(adminOf(shop.domain), [variantGid]);
  if (!variant) return { status: 'refused', reason: 'unknown-variant' };
  // A gift card is money: buying one must not buy an eSIM.
  if (variant.isGiftCard) return { status: 'refused', reason: 'gift-card' };
  await db.$transaction((tx) => writeMapping(tx, shop, { variant, bundleIds, kind }));
  return { status: 'mapped', title: variant.title, asksForAddress: variant.requiresShipping };
}

/** The bundle comes first on the variant's list; a list it already leads stays, and its costs count as accepted. */
export async function mapVariant(
  shop: Shop,
  { variantGid, bundleId }: { variantGid: string; bundleId: string },
): Promise<Mapped> {
  const known = await knownMapping(shop, variantGid);
  const wish = known.bundleIds[0] === bundleId ? known : { bundleIds: [bundleId], kind: 'esim' as const };
  return saveMapping(shop, { variantGid, ...wish });
}

/** The variant sells no bundle any more: orders of it are held. False when it sold none. */
export async function unmapVariant(shop: Shop, variantGid: string): Promise<boolean> {
  const { count } = await db.variantMapping.deleteMany({ where: { shopId: shop.id, variantGid } });
  return count > 0;
}

/** Writes one mapping; its bundles were looked at before. Today's costs are what the price guard compares with. */
export async function writeMapping(
  tx: Transaction,
  shop: Shop,
  { variant, bundleIds, kind }: { variant: SeenVariant; bundleIds: string[]; kind: MappingKind },
): Promise<void> {
  const costs = new Map(
    (
      await tx.bundle.findMany({
        where: { id: { in: bundleIds }, shopId: shop.id },
        select: { id: true, cost: true },
      })
    ).map(({ id, cost }) => [id, cost]),
  );
  const [first, ...others] = [...new Set(bundleIds)].filter((id) => costs.has(id));
  if (first === undefined) throw new Error(`${variant.variantGid} would be mapped to nothing`);
  const key = { shopId: shop.id, variantGid: variant.variantGid };
  const known = await tx.variantMapping.findUnique({ where: { shopId_variantGid: key } });
  const data = {
    ...{ productTitle: variant.title, productGid: variant.productGid, kind },
    ...{ bundleId: first, mappedCost: costs.get(first) ?? null },
    ...lookOf(shop, variant),
  };
  // The price of a variant that sells another bundle is the merchant's from now on.
  const isSame = known?.bundleId === first;
  const { id } = await tx.variantMapping.upsert({
    where: { shopId_variantGid: key },
    create: { id: randomUUID(), ...key, ...data, origin: 'mapped' },
    update: { ...data, ...(!isSame && { origin: 'mapped', priceMinor: null, currency: null }) },
  });
  await tx.mappingSubstitute.deleteMany({ where: { mappingId: id, shopId: shop.id } });
  await tx.mappingSubstitute.createMany({
    data: others.map((bundleId, at) => ({
      ...{ mappingId: id, shopId: shop.id, position: at + 1, bundleId },
      mappedCost: costs.get(bundleId) ?? null,
    })),
  });
}

/** The columns that keep how a variant looked. */
export function lookOf(shop: Shop, { sku, price }: Pick<SeenVariant, 'sku' | 'price'>) {
  return {
    sku,
    shopPriceMinor: moneyFromDecimal(price, shop.currency).amount,
    lookedAt: currentTime(),
    goneAt: null,
  };
}

async function knownMapping(shop: Shop, variantGid: string): Promise<Omit<MappingWish, 'variantGid'>> {
  const known = await db.variantMapping.findUnique({
    where: { shopId_variantGid: { shopId: shop.id, variantGid } },
    select: {
      ...{ bundleId: true, kind: true },
      substitutes: { select: { bundleId: true }, orderBy: { position: 'asc' } },
    },
  });
  if (!known) return { bundleIds: [], kind: 'esim' };
  const bundleIds = [known.bundleId, ...known.substitutes.map(({ bundleId }) => bundleId)];
  return { bundleIds, kind: kindOf(known.kind) };
}
