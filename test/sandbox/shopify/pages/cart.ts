import type { Request, Response } from 'express';
import { isInStock, isOnSale } from '../products.ts';
import type { Id, Product, Shop, Variant } from '../records.ts';
import type { ShopifyState } from '../state.ts';
import { readCookie, writeCookie } from './cookies.ts';

/** What the buyer put in the cart. Two lines of one variant stay apart when what is written on them differs, as in Shopify. */
export type CartItem = {
  variantId: Id;
  quantity: number;
  note: string;
  /** What a permalink wrote on the line. */
  properties?: { name: string; value: string }[];
};

export type CartLine = CartItem & { product: Product; variant: Variant };

export function readCart(request: Request, shop: Shop): CartItem[] {
  const saved = readCookie(request, cookieOf(shop));
  if (saved === null) return [];
  try {
    const items: unknown = JSON.parse(saved);
    return Array.isArray(items) ? items.filter(isCartItem) : [];
  } catch {
    // A cookie is the buyer's to spoil; a spoilt one is an empty cart.
    return [];
  }
}

export function writeCart(response: Response, shop: Shop, items: CartItem[]): void {
  writeCookie(response, cookieOf(shop), JSON.stringify(items.filter((item) => item.quantity > 0)));
}

export function addToCart(items: CartItem[], added: CartItem): CartItem[] {
  const same = items.find(
    (item) => item.variantId === added.variantId && item.note === added.note && !item.properties,
  );
  if (!same) return [...items, added];
  return items.map((item) => (item === same ? { ...item, quantity: item.quantity + added.quantity } : item));
}

/**
 * What a cart permalink puts in the cart, `123:1,456:2`; its properties, base64url of JSON, are those of the first line.
 * What cannot be read is left out, as far as is known.
 * https://shopify.dev/docs/apps/build/checkout/create-cart-permalinks
 */
export function permalinkItems(path: string, properties: string): CartItem[] {
  return path.split(',').flatMap((part, position): CartItem[] => {
    const [, variantId, count] = /^(\d+):(\d+)$/.exec(part) ?? [];
    if (variantId === undefined || count === undefined) return [];
    const written = position === 0 ? propertiesIn(properties) : [];
    return [{ variantId: Number(variantId), quantity: Number(count), note: '', properties: written }];
  });
}

function propertiesIn(encoded: string): { name: string; value: string }[] {
  try {
    const read: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString());
    if (typeof read !== 'object' || read === null) return [];
    return Object.entries(read)
      .slice(0, 25)
      .map(([name, value]) => ({ name, value: String(value) }));
  } catch {
    return [];
  }
}

/** Only what can still be bought: a product may have gone since. */
export function linesOf(state: ShopifyState, shop: Shop, items: CartItem[]): CartLine[] {
  return items.flatMap((item) => {
    const found = state.findVariant(shop, item.variantId);
    return found && isOnSale(shop, found.product) && isInStock(found.variant) ? [{ ...item, ...found }] : [];
  });
}

function cookieOf(shop: Shop): string {
  return `cart_${String(shop.id)}`;
}

function isCartItem(value: unknown): value is CartItem {
  return (
    typeof value === 'object' &&
    value !== null &&
    'variantId' in value &&
    typeof value.variantId === 'number' &&
    'quantity' in value &&
    typeof value.quantity === 'number' &&
    'note' in value &&
    typeof value.note === 'string'
  );
}
