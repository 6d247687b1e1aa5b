import { canTopUp } from '../esims/can-top-up.ts';
import { topUpToken } from '../esims/top-up-token.server.ts';
import { db } from '../platform/db.server.ts';
import type { Shop } from '../shopify/shops.server.ts';

/**
 * The property of an order's line that names the eSIM to top up. Its underscore keeps it from the buyer's eyes at the
 * checkout; the merchant sees it with the line.
 */
export const TOP_UP_PROPERTY = '_esim';

/**
 * Leads a traveller to the checkout with one piece of what tops up this eSIM: the variant of the bundle it was bought with,
 * else the cheapest for its destination. Null where the shop sells none, or nothing can be put on the eSIM.
 *
 * A cart permalink, since of all links to a shop it alone carries a line's properties (as base64url of JSON, to its first
 * line) without a word of theme code; the newer `/buy` links carry none.
 * https://shopify.dev/docs/apps/build/checkout/create-cart-permalinks
 */
export async function topUpLink(shop: Pick<Shop, 'id' | 'domain'>, esim: Topped): Promise<string | null> {
  if (!canTopUp(esim)) return null;
  const variant = await variantFor(shop, esim);
  if (variant === null) return null;
  const properties = JSON.stringify({ [TOP_UP_PROPERTY]: topUpToken({ id: esim.id, shopId: shop.id }) });
  const encoded = Buffer.from(properties).toString('base64url');
  return `https://${shop.domain}/cart/${variant}:1?properties=${encoded}`;
}

export interface Topped {
  id: string;
  accountId: string;
  destination: string;
  /** It was bought with. */
  bundleCode: string | null;
  status: string;
  revokedAt: Date | null;
}

/** Of the variants that sell a bundle of its supplier for its destination now; the number in its id. */
async function variantFor(shop: Pick<Shop, 'id'>, esim: Topped): Promise<string | null> {
  const destination = await destinationOf(shop, esim);
  if (destination === '') return null;
  const bundle = {
    ...{ accountId: esim.accountId, destination, withdrawnAt: null },
    account: { state: 'active' },
  };
  const onSale = await db.variantMapping.findMany({
    where: {
      ...{ shopId: shop.id, kind: 'top-up', goneAt: null, stopped: null },
      OR: [{ bundle }, { substitutes: { some: { bundle } } }],
    },
    select: { variantGid: true, priceMinor: true, shopPriceMinor: true, bundle: { select: { code: true } } },
  });
  const [best] = onSale
    .map(({ variantGid, priceMinor, shopPriceMinor, bundle: { code } }) => ({
      ...{ variantGid, isSame: code === esim.bundleCode },
      price: shopPriceMinor ?? priceMinor ?? Infinity,
    }))
    .sort(
      (a, b) =>
        Number(b.isSame) - Number(a.isSame) ||
        compare(a.price, b.price) ||
        compare(a.variantGid, b.variantGid),
    );
  return best?.variantGid.split('/').at(-1) ?? null;
}

const compare = <Value extends number | string>(a: Value, b: Value) => (a < b ? -1 : a > b ? 1 : 0);

/** Of the eSIM; of the bundle it was bought with, where it does not say. */
async function destinationOf({ id }: Pick<Shop, 'id'>, { accountId, destination, bundleCode }: Topped) {
  if (destination !== '' || bundleCode === null) return destination;
  const where = { shopId: id, accountId, code: bundleCode };
  return (await db.bundle.findFirst({ where, select: { destination: true } }))?.destination ?? '';
}
