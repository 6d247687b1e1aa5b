import { canTopUp } from '../esims/can-top-up.ts';
import { namedByToken } from '../esims/top-up-token.server.ts';
import { db } from '../platform/db.server.ts';
import { bundlesForVariants } from '../products/mapping.server.ts';
import { TOP_UP_PROPERTY } from '../products/top-up-link.server.ts';
import type { ShopifyLine } from '../shopify/orders.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import type { NamedEsim } from './units.ts';

/**
 * The eSIMs that lines name by a token of ours, by line. A token that is forged, mistyped or another shop's, and one of an
 * eSIM that is no more, names nothing.
 */
export async function namedEsims(shop: Shop, lines: readonly ShopifyLine[]): Promise<Map<string, NamedEsim>> {
  const named = new Map<string, NamedEsim>();
  for (const { lineItemGid, variantGid, properties } of lines) {
    const esimId = namedByToken(shop.id, properties.get(TOP_UP_PROPERTY) ?? '');
    const esim = variantGid === null ? null : await namedEsim(shop, { esimId, variantGid });
    if (esim) named.set(lineItemGid, esim);
  }
  return named;
}

/** The eSIM with what a variant sells of its own supplier; null for one that is no more, and one of another shop's. */
export async function namedEsim(
  shop: Pick<Shop, 'id'>,
  { esimId, variantGid }: { esimId: string | null; variantGid: string },
): Promise<NamedEsim | null> {
  const esim = esimId === null ? null : await db.esim.findFirst({ where: { id: esimId, shopId: shop.id } });
  if (!esim || !canTopUp(esim)) return null;
  const sales = await bundlesForVariants(shop.id, [variantGid], { accountId: esim.accountId });
  return { esimId: esim.id, sale: sales.get(variantGid) ?? null };
}
