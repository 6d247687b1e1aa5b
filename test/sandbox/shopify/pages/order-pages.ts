import type { Express, Request, Response } from 'express';
import { times } from '../money.ts';
import { isUnpaid, refundedOf, totalOf, unfulfilledQuantity } from '../orders.ts';
import type { Order, Shop } from '../records.ts';
import { hasSeenThankYou, rememberThankYou, signedIn } from './buyer.ts';
import { readCart } from './cart.ts';
import { extensionBlock } from './extension-frame.ts';
import type { Placements } from './extensions.ts';
import { param } from './forms.ts';
import type { PagesHost } from './host.ts';
import { PageError, money } from './host.ts';
import type { Html } from './html.ts';
import { html } from './html.ts';
import { findProvedOrder } from './order-proof.ts';
import { storePage } from './store-layout.ts';
import { requireShop } from './storefront.ts';

/** What a buyer sees after paying: thank-you once, then the order status page, and the account with all orders. */
export function mountOrderPages(app: Express, host: PagesHost, placements: Placements): void {
  const { state } = host;

  const send = (
    request: Request,
    response: Response,
    shop: Shop,
    page: { title: string; body: Html },
  ): void => {
    const cartCount = readCart(request, shop).reduce((total, item) => total + item.quantity, 0);
    response.set('Cache-Control', 'no-store');
    response.send(storePage({ shop, cartCount, customer: signedIn(state, request, shop), ...page }));
  };

  app.get('/store/:shop/thank-you/:checkoutToken', (request, response) => {
    const shop = requireShop(state, request);
    const order = findProvedOrder(state, request, shop);
    if (hasSeenThankYou(request, order)) {
      response.redirect(302, statusPath(shop, order));
      return;
    }
    rememberThankYou(response, order);
    const customer = state.findCustomer(shop, order.customerId ?? 0);
    const body = html`<div class="after-order" data-testid="thank-you" data-order-id="${order.id}">
      <p class="subdued">Confirmation #${order.confirmationNumber}</p>
      <h1>✓ Thank you${customer === null ? '' : `, ${customer.firstName}`}!</h1>
      <p>
        Your order <strong data-testid="order-name">${order.name}</strong> is confirmed.
        ${order.email === null ? null : html`We write to <span data-testid="order-email">${order.email}</span>.`}
      </p>
      ${extensionBlock(host, placements, {
        handle: 'thank-you',
        shop,
        proof: { checkoutToken: order.checkoutToken ?? '' },
      })}
      ${summary(order)}
      <p class="actions">
        <a href="${statusPath(shop, order)}" data-testid="order-status-link">Order status</a>
        <a class="button" href="/store/${shop.domain}" data-testid="continue-shopping">Continue shopping</a>
      </p>
    </div>`;
    send(request, response, shop, { title: 'Thank you', body });
  });

  app.get('/store/:shop/orders/:orderId', (request, response) => {
    const shop = requireShop(state, request);
    const order = findProvedOrder(state, request, shop);
    const customer = signedIn(state, request, shop);
    const here = `/store/${shop.domain}/orders/${String(order.id)}`;
    const body = html`<div class="after-order" data-testid="order-status" data-order-id="${order.id}">
      <p class="subdued">Placed ${order.processedAt.slice(0, 10)}</p>
      <h1>Order ${order.name}</h1>
      <p><span class="badge" data-testid="order-state">${buyerWord(order)}</span></p>
      ${
        customer === null
          ? html`<p class="notice">
              You are not logged in.
              <a href="/store/${shop.domain}/login?return=${encodeURIComponent(here)}" data-testid="log-in"
                >Log in</a
              >
              to see everything that belongs to this order.
            </p>`
          : null
      }
      ${extensionBlock(host, placements, {
        handle: 'order-status',
        shop,
        proof: { order: String(order.id), key: order.token },
      })}
      ${summary(order)}
    </div>`;
    send(request, response, shop, { title: `Order ${order.name}`, body });
  });

  app.get('/store/:shop/account', (request, response) => {
    const shop = requireShop(state, request);
    const customer = signedIn(state, request, shop);
    if (customer === null) {
      response.redirect(302, `/store/${shop.domain}/login?return=${encodeURIComponent(request.path)}`);
      return;
    }
    const orders = shop.orders.filter((order) => order.customerId === customer.id).reverse();
    const body = html`<div class="narrow">
      <h1>Orders</h1>
      <p class="subdued">
        ${customer.firstName} ${customer.lastName} ·
        <a href="/store/${shop.domain}/login">Change or log out</a>
      </p>
      ${orders.length === 0 ? html`<p>No orders yet.</p>` : null}
      <ul class="lines">
        ${orders.map(
          (order) =>
            html`<li>
              <a class="grow" href="/store/${shop.domain}/orders/${order.id}" data-testid="order-${order.id}"
                >${order.name}</a
              >
              <span>${buyerWord(order)}</span>
              <span class="amount">${money(totalOf(order), order.currency)}</span>
            </li>`,
        )}
      </ul>
    </div>`;
    send(request, response, shop, { title: 'Orders', body });
  });

  // The address Shopify puts into its mails and into `Order.statusPageUrl`.
  const mailed = '/:shopId(\\d+)/orders/:token/authenticate';
  app.get([mailed, `/store/:shop${mailed}`], (request, response) => {
    const shop = state.shops().find(({ id }) => String(id) === param(request, 'shopId'));
    const order = shop?.orders.find(({ token }) => token === param(request, 'token'));
    if (!shop || !order) throw new PageError(404, 'There is no such order.');
    response.redirect(302, statusPath(shop, order));
  });
}

export function statusPath(shop: Shop, order: Order): string {
  return `/store/${shop.domain}/orders/${String(order.id)}?key=${order.token}`;
}

function buyerWord(order: Order): string {
  if (order.cancelledAt !== null) return 'Cancelled';
  if (isUnpaid(order)) return 'Payment pending';
  if (order.financialStatus === 'REFUNDED') return 'Refunded';
  const open = order.lines.reduce((total, line) => total + unfulfilledQuantity(order, line), 0);
  return open === 0 && order.fulfillments.length > 0 ? 'Fulfilled' : 'Confirmed';
}

function summary(order: Order): Html {
  return html`<section class="summary">
    <h2>Order summary</h2>
    <ul class="lines">
      ${order.lines.map(
        (line) =>
          html`<li data-testid="order-line">
            <span class="grow"
              ><strong>${line.title}</strong>
              ${line.variantTitle === null ? null : html`<small>${line.variantTitle}</small>`}
              ${line.properties.map(({ name, value }) => html`<small>${name}: ${value}</small>`)}</span
            >
            <span>× ${line.quantity}</span>
            <span class="amount"
              >${money(times(line.unitPrice, line.quantity, order.currency), order.currency)}</span
            >
          </li>`,
      )}
    </ul>
    ${order.refunds.length === 0 ? null : html`<p class="total">Refunded <strong>${money(refundedOf(order), order.currency)}</strong></p>`}
    <p class="total">Total <strong>${money(totalOf(order), order.currency)}</strong></p>
  </section>`;
}
