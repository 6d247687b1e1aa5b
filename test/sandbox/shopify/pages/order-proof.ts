import type { Request } from 'express';
import type { Order, Shop } from '../records.ts';
import type { ShopifyState } from '../state.ts';
import { signedIn } from './buyer.ts';
import { field } from './forms.ts';
import { PageError } from './host.ts';

/**
 * The order this request may see: its checkout token or its secret key stands in the address, or the customer who
 * owns it is logged in. Throws 404 otherwise.
 */
export function findProvedOrder(state: ShopifyState, request: Request, shop: Shop): Order {
  const checkoutToken = request.params['checkoutToken'] ?? field(request.query, 'checkoutToken');
  const orderId = Number(request.params['orderId'] ?? field(request.query, 'order'));
  const key = field(request.query, 'key');
  const customer = signedIn(state, request, shop);
  const order = shop.orders.find(
    (candidate) =>
      (checkoutToken !== '' && candidate.checkoutToken === checkoutToken) ||
      (candidate.id === orderId && key === candidate.token) ||
      (candidate.id === orderId && customer !== null && candidate.customerId === customer.id),
  );
  if (!order) throw new PageError(404, 'This order is not here, or not yours. Log in to see your orders.');
  return order;
}
