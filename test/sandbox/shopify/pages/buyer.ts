import type { Request, Response } from 'express';
import type { Customer, Order, Shop } from '../records.ts';
import type { ShopifyState } from '../state.ts';
import { readCookie, writeCookie } from './cookies.ts';

/** The customer this browser is logged in as in this shop. */
export function signedIn(state: ShopifyState, request: Request, shop: Shop): Customer | null {
  const id = readCookie(request, loginCookie(shop));
  return id === null ? null : state.findCustomer(shop, Number(id));
}

export function signIn(response: Response, shop: Shop, customer: Customer | null): void {
  writeCookie(response, loginCookie(shop), customer === null ? null : String(customer.id));
}

/** Shopify shows the thank-you page once; whoever comes back gets the order status page. */
export function hasSeenThankYou(request: Request, order: Order): boolean {
  return readCookie(request, `thanked_${String(order.id)}`) !== null;
}

export function rememberThankYou(response: Response, order: Order): void {
  writeCookie(response, `thanked_${String(order.id)}`, '1');
}

function loginCookie(shop: Shop): string {
  return `customer_${String(shop.id)}`;
}
