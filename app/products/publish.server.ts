import { findBundle, type ListedBundle } from '../catalogue/queries.server.ts';
import { db } from '../platform/db.server.ts';
import { failpoint } from '../platform/failpoint.server.ts';
import { decimalFromMoney, type Money } from '../platform/money.ts';
import { adminOf, type Admin } from '../shopify/admin.server.ts';
import {
  findOnlineStore,
  productExists,
  publishProduct,
  writeProduct,
  type ProductRef,
} from '../shopify/products.server.ts';
import { ShopifyError, type ShopifyErrorKind } from '../shopify/shopify-error.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { pricesFor } from './prices.server.ts';
import type { Price, Priced } from './pricing.ts';
import { productHandle, productText } from './product-text.ts';
import type { RefusalReason } from './refusal-words.ts';

export type Published = { status: 'published'; productGid: string } | PublishRefused;

export interface PublishRefused {
  status: 'refused';
  reason: RefusalReason;
  /** Shopify's own sentences, when it refused. */
  userMessages: string[];
}

/**
 * Makes one product of a bundle and puts it in the online store. A bundle that is published already answers with
 * its product. Written twice (a crash before our commit) it is still one product, because the handle is the bundle's.
 * Throws `ShopifyError` when Shopify fails; trying again is then safe.
 */
export async function publishBundle(shop: Shop, bundleId: string): Promise<Published> {
  return publishOnce(await openCounter(shop, [bundleId]), bundleId);
}

export type BundlePublished = { bundleId: string } & (
  Published | { status: 'failed'; kind: ShopifyErrorKind }
);

/** Publishes bundles one after another. When Shopify fails, that bundle and the rest are `failed`: try those again. */
export async function publishBundles(shop: Shop, bundleIds: string[]): Promise<BundlePublished[]> {
  const results: BundlePublished[] = [];
  const counter = await openCounter(shop, bundleIds);
  for (const bundleId of new Set(bundleIds)) {
    const last = results.at(-1);
    results.push(
      last?.status === 'failed'
        ? { bundleId, status: 'failed', kind: last.kind }
        : await attempt(counter, bundleId),
    );
  }
  return results;
}

async function attempt(counter: Counter, bundleId: string): Promise<BundlePublished> {
  try {
    return { bundleId, ...(await publishOnce(counter, bundleId)) };
  } catch (error) {
    if (error instanceof ShopifyError) return { bundleId, status: 'failed', kind: error.kind };
    throw error;
  }
}

/** What publishing needs to know of the shop, read once for many bundles. */
interface Counter {
  shop: Shop;
  admin: Admin;
  prices: Map<string, Price>;
  /** The publication of the online store. */
  onlineStore: string | null;
}

async function openCounter(shop: Shop, bundleIds: string[]): Promise<Counter> {
  const admin = adminOf(shop.domain);
  return { shop, admin, prices: await pricesFor(shop, bundleIds), onlineStore: await findOnlineStore(admin) };
}

const underway = new Map<string, Promise<Published>>();

// Two clicks at once share one try.
function publishOnce(counter: Counter, bundleId: string): Promise<Published> {
  const key = `${counter.shop.id} ${bundleId}`;
  const publishing = underway.get(key) ?? publish(counter, bundleId).finally(() => underway.delete(key));
  underway.set(key, publishing);
  return publishing;
}

async function publish({ shop, admin, prices, onlineStore }: Counter, bundleId: string): Promise<Published> {
  const bundle = await findBundle(shop, bundleId);
  if (!bundle) return refused('unknown-bundle');
  const known = bundle.mappings.find(({ origin }) => origin === 'published');
  // The merchant may have deleted the product; then it is made anew.
  if (known && (await productExists(admin, known.productGid)))
    return { status: 'published', productGid: known.productGid };
  if (bundle.withdrawnAt) return refused('withdrawn');
  if (!bundle.isConnected) return refused('no-supplier');
  if (onlineStore === null) return refused('no-online-store');
  const priced = prices.get(bundleId);
  if (!priced) return refused('unknown-bundle');
  if (priced.status === 'refused') return refused(priced.reason);
  try {
    const made = await makeProduct(admin, bundle, priced);
    await publishProduct(admin, made.productGid, onlineStore);
    failpoint('product.published');
    await remember(shop, bundle, made, priced.price);
    return { status: 'published', productGid: made.productGid };
  } catch (error) {
    if (error instanceof ShopifyError && error.kind === 'user-errors')
      return refused('shopify', error.userMessages);
    throw error;
  }
}

function makeProduct(admin: Admin, bundle: ListedBundle, { price, cost }: Priced): Promise<ProductRef> {
  return writeProduct(admin, {
    ...productText(bundle),
    handle: productHandle(bundle),
    sku: bundle.code,
    price: decimalFromMoney(price),
    cost: decimalFromMoney(cost),
  });
}

async function remember(
  shop: Shop,
  bundle: ListedBundle,
  { productGid, variantGid }: ProductRef,
  price: Money,
): Promise<void> {
  const data = {
    ...{ productGid, bundleId: bundle.id, origin: 'published', productTitle: productText(bundle).title },
    ...{ priceMinor: price.amount, currency: price.currency, mappedCost: bundle.cost.amount.toString() },
  };
  await db.$transaction([
    // What is left of a product that the merchant deleted.
    db.variantMapping.deleteMany({
      where: { shopId: shop.id, bundleId: bundle.id, origin: 'published', variantGid: { not: variantGid } },
    }),
    db.variantMapping.upsert({
      where: { shopId_variantGid: { shopId: shop.id, variantGid } },
      create: { shopId: shop.id, variantGid, ...data },
      update: data,
    }),
  ]);
}

function refused(reason: RefusalReason, userMessages: string[] = []): PublishRefused {
  return { status: 'refused', reason, userMessages };
}
