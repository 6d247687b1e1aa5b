import { randomUUID } from 'node:crypto';
import { databaseNow, db, Prisma, type Transaction } from '../platform/db.server.ts';
import { moneyFromDecimal } from '../platform/money.ts';
import { adminOf } from '../shopify/admin.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { findVariants, type SeenVariant } from '../shopify/variants.server.ts';
import { choosingOf, type Choosing } from './first-to-buy.ts';
import type { Sells } from './mapping-check.ts';
import { kindOf, type MappingKind } from './mapping.ts';
import { putBack } from './withdrawn.server.ts';
import { currentTime } from '../platform/time.ts';

export interface MappingWish {
  variantGid: string;
  /** In the order in which they are tried. At least one. */
  bundleIds: string[];
  kind: MappingKind;
  /** How it is chosen among them; left out, that stays as it is. */
  choosing?: Choosing | undefined;
}

export type Mapped =
  /** `asksForAddress`: the variant counts as a physical product, so that the checkout asks where to ship it. */
  | { status: 'mapped'; title: string; asksForAddress: boolean }
  | { status: 'refused'; reason: 'unknown-bundle' | 'withdrawn' | 'unknown-variant' | 'gift-card' };

/**
 * From now on the variant sells these bundles, whatever it sold before. Its price stays the merchant's. A bundle that
 * was withdrawn may stay on a list, and comes on none. Throws `ShopifyError` when the variant cannot be read.
 */
export async function saveMapping(
  shop: Shop,
  { variantGid, bundleIds, kind, choosing }: MappingWish,
): Promise<Mapped> {
  const [bundles, known] = await Promise.all([
    db.bundle.findMany({
      where: { id: { in: bundleIds }, shopId: shop.id },
      select: { id: true, withdrawnAt: true },
    }),
    knownMappings(shop, [variantGid]),
  ]);
  const listed = known.get(variantGid)?.bundleIds ?? [];
  const list = [...new Set(bundleIds)];
  if (list.length === 0 || bundles.length < list.length)
    return { status: 'refused', reason: 'unknown-bundle' };
  if (bundles.some(({ id, withdrawnAt }) => withdrawnAt !== null && !listed.includes(id)))
    return { status: 'refused', reason: 'withdrawn' };
  const [variant] = await findVariants(adminOf(shop.domain), [variantGid]);
  if (!variant) return { status: 'refused', reason: 'unknown-variant' };
  // A gift card is money: buying one must not buy an eSIM.
  if (variant.isGiftCard) return { status: 'refused', reason: 'gift-card' };
  await db.$transaction(async (tx) => {
    await lockMappings(tx, shop);
    await writeMappings(tx, shop, [{ variant, bundleIds: list, kind, choosing }]);
  });
  return { status: 'mapped', title: variant.title, asksForAddress: variant.requiresShipping };
}

/** The bundle comes first on the variant's list; a list it already leads stays, and its costs count as accepted. */
export async function mapVariant(
  shop: Shop,
  { variantGid, bundleId }: { variantGid: string; bundleId: string },
): Promise<Mapped> {
  const known = (await knownMappings(shop, [variantGid])).get(variantGid);
  const wish = known?.bundleIds[0] === bundleId ? known : { bundleIds: [bundleId], kind: 'esim' as const };
  return saveMapping(shop, { variantGid, ...wish });
}

/** A variant the shop has not mapped, to be mapped; null when Shopify has none of this id. Throws `ShopifyError`. */
export async function findShopVariant(shop: Shop, variantGid: string) {
  const [variant] = await findVariants(adminOf(shop.domain), [variantGid]);
  return variant ? { ...variant, price: moneyFromDecimal(variant.price, shop.currency) } : null;
}

/**
 * The variant sells no bundle any more: orders of it are held. False when it sold none. One that was stopped because its
 * bundle was withdrawn is put back as it was before. Throws `ShopifyError`; nothing is unmapped then.
 */
export async function unmapVariant(shop: Shop, variantGid: string): Promise<boolean> {
  await putBack(shop, variantGid);
  const { count } = await db.variantMapping.deleteMany({ where: { shopId: shop.id, variantGid } });
  return count > 0;
}

export interface Draft {
  variant: SeenVariant;
  /** In order, each once; looked at before. */
  bundleIds: string[];
  kind: MappingKind;
  /** Left out, it stays as it is. */
  choosing?: Choosing | undefined;
}

/** Nobody else writes the shop's mappings until this transaction ends. */
export async function lockMappings(tx: Transaction, shop: Shop): Promise<void> {
  await tx.$queryRaw`SELECT id FROM "Shop" WHERE id = ${shop.id} FOR NO KEY UPDATE`;
}

/** Writes mappings, however many, in a few statements. Today's costs are what the price guard compares with. */
export async function writeMappings(tx: Transaction, shop: Shop, drafts: Draft[]): Promise<void> {
  const gids = drafts.map(({ variant }) => variant.variantGid);
  const rows = drafts.map(({ variant, bundleIds, kind, choosing }) => ({
    ...{ id: randomUUID(), variantGid: variant.variantGid, productGid: variant.productGid },
    ...{ title: variant.title, kind, choice: choosing, bundleId: bundleIds[0], sku: variant.sku },
    price: moneyFromDecimal(variant.price, shop.currency).amount,
  }));
  // The price of a variant that sells another bundle is the merchant's from now on.
  const isSame = Prisma.sql`old."bundleId" = excluded."bundleId"`;
  const written = await tx.$executeRaw`
    INSERT INTO "VariantMapping" AS old (id, "shopId", "variantGid", "productGid", "productTitle", kind, choice,
      "bundleId", "mappedCost", origin, sku, "shopPriceMinor", "lookedAt")
    SELECT d.id, b."shopId", d."variantGid", d."productGid", d.title, d.kind,
      coalesce(d.choice, (SELECT m.choice FROM "VariantMapping" m
        WHERE m."shopId" = b."shopId" AND m."variantGid" = d."variantGid"), 'order'),
      b.id, b.cost, 'mapped', d.sku, d.price, ${databaseNow}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS d(id text, "variantGid" text, "productGid" text,
      title text, kind text, choice text, "bundleId" text, sku text, price int)
    JOIN "Bundle" b ON b.id = d."bundleId" AND b."shopId" = ${shop.id}
    ON CONFLICT ("shopId", "variantGid") DO UPDATE SET "productGid" = excluded."productGid",
      "productTitle" = excluded."productTitle", kind = excluded.kind, choice = excluded.choice,
      "bundleId" = excluded."bundleId", "mappedCost" = excluded."mappedCost", sku = excluded.sku, "shopPriceMinor" = excluded."shopPriceMinor",
      "lookedAt" = excluded."lookedAt", "goneAt" = NULL,
      origin = CASE WHEN ${isSame} THEN old.origin ELSE 'mapped' END,
      "priceMinor" = CASE WHEN ${isSame} THEN old."priceMinor" END,
      currency = CASE WHEN ${isSame} THEN old.currency END`;
  if (written !== drafts.length)
    throw new Error(`${String(drafts.length - written)} mappings name no bundle of the shop`);
  await tx.mappingSubstitute.deleteMany({
    where: { shopId: shop.id, mapping: { shopId: shop.id, variantGid: { in: gids } } },
  });
  const substitutes = drafts.flatMap(({ variant, bundleIds }) =>
    bundleIds
      .slice(1)
      .map((bundleId, at) => ({ variantGid: variant.variantGid, bundleId, position: at + 1 })),
  );
  await tx.$executeRaw`
    INSERT INTO "MappingSubstitute" ("mappingId", "shopId", position, "bundleId", "mappedCost")
    SELECT m.id, m."shopId", d.position, b.id, b.cost
    FROM jsonb_to_recordset(${JSON.stringify(substitutes)}::jsonb) AS d("variantGid" text, "bundleId" text, position int)
    JOIN "VariantMapping" m ON m."shopId" = ${shop.id} AND m."variantGid" = d."variantGid"
    JOIN "Bundle" b ON b.id = d."bundleId" AND b."shopId" = ${shop.id}`;
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

/** What variants sell by now. Those that sell none are left out. */
export async function knownMappings(
  shop: Shop,
  variantGids: string[],
  tx: Transaction = db,
): Promise<Map<string, Sells>> {
  const rows = await tx.variantMapping.findMany({
    where: { shopId: shop.id, variantGid: { in: variantGids } },
    select: {
      ...{ variantGid: true, bundleId: true, kind: true, choice: true },
      substitutes: { select: { bundleId: true }, orderBy: { position: 'asc' } },
    },
  });
  return new Map(
    rows.map(({ variantGid, bundleId, kind, choice, substitutes }) => [
      variantGid,
      {
        bundleIds: [bundleId, ...substitutes.map((each) => each.bundleId)],
        ...{ kind: kindOf(kind), choosing: choosingOf(choice) },
      },
    ]),
  );
}
