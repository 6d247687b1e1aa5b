import { db } from '../platform/db.server.ts';
import { adminOf } from '../shopify/admin.server.ts';
import { readProduct } from '../shopify/product-state.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { openCounter, orRefusal, refused, type Outcome } from './counter.server.ts';
import { forgetProduct } from './forget.server.ts';
import { planOf } from './refresh.server.ts';
import { productTemplate } from './template.server.ts';
import { updateProduct } from './update.server.ts';
import {
  comparedFields,
  fieldChanges,
  ownerOf,
  readWritten,
  type ComparedField,
  type Owner,
} from './written.ts';

/** A text of a product: what buyers read now, what the app would write, and whose it is. */
export interface OwnedText {
  field: ComparedField;
  /** As Shopify has it now; the description as HTML. */
  now: string | string[];
  /** What the template makes; null when it makes nothing of this product. */
  template: string | string[] | null;
  /** That is something else than Shopify has, or made of it when it was written. */
  differs: boolean;
  /** The merchant's choice for this product; null: as for all. */
  own: Owner | null;
  ofAll: Owner;
}

/** The texts of a product that the app made; null when there is none, or no more. Throws `ShopifyError`. */
export async function ownedTexts(
  shop: Shop,
  productId: string,
): Promise<{ title: string; productGid: string; texts: OwnedText[] } | null> {
  const product = await liveProduct(shop, productId);
  if (!product) return null;
  const { key, productGid } = product;
  const [state, planned, template] = await Promise.all([
    readProduct(adminOf(shop.domain), productGid),
    planOf(shop, [key]),
    productTemplate(shop),
  ]);
  if (!state) {
    await forgetProduct(shop, productGid);
    return null;
  }
  const written = readWritten(product.written);
  const rendered = planned.get(key)?.rendered;
  const made = rendered?.status === 'rendered' ? rendered.texts : null;
  const { changes, kept } = fieldChanges(made ?? state.fields, state.fields, written, template);
  const texts = comparedFields.map((field) => ({
    ...{ field, now: state.fields[field], template: made && made[field] },
    differs: field in changes || kept.includes(field),
    ...{ own: written.owners[field] ?? null, ofAll: ownerOf(field, template) },
  }));
  return { title: state.fields.title, productGid, texts };
}

/**
 * Keeps whose the texts of a product are, and writes those that are the app's. Null when there is no such product. The
 * choice stays when Shopify fails: the next look at the product follows it. Throws `ShopifyError`.
 */
export async function chooseOwners(
  shop: Shop,
  productId: string,
  owners: Partial<Record<ComparedField, Owner>>,
): Promise<Outcome | null> {
  const key = await db.$transaction(async (tx) => {
    // Locked: a look under way writes what it saw into the same column.
    const [row] = await tx.$queryRaw<{ key: string; written: unknown }[]>`
      SELECT key, written FROM "Product"
      WHERE id = ${productId} AND "shopId" = ${shop.id} AND state = 'live' FOR UPDATE`;
    if (!row) return null;
    const written = { ...readWritten(row.written), owners };
    await tx.product.update({ where: { id: productId }, data: { written } });
    return row.key;
  });
  if (key === null) return null;
  const [counter, planned] = await Promise.all([openCounter(shop), planOf(shop, [key])]);
  const product = planned.get(key);
  if (product?.known?.state !== 'live') return refused('no-variants');
  return orRefusal(updateProduct(counter, product, product.known));
}

function liveProduct(shop: Shop, id: string) {
  return db.product.findFirst({
    where: { id, shopId: shop.id, state: 'live' },
    select: { key: true, productGid: true, written: true },
  });
}
