import type { Request, Response } from 'express';
import { isInStock, isOnSale } from '../products.ts';
import type { Id, Product, Shop, Variant } from '../records.ts';
import type { ShopifyState } from '../state.ts';
import { readCookie, writeCookie } from './cookies.ts';

/** What the buyer put in the cart. Two lines of one variant stay apart when their notes differ, as in Shopify. */
export type CartItem = { variantId: Id; quantity: number; note: string };

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
  const same = items.find((item) => item.variantId === added.variantId && item.note === added.note);
  if (!same) return [...items, added];
  return items.map((item) => (item === same ? { ...item, quantity: item.quantity + added.quantity } : item));
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
