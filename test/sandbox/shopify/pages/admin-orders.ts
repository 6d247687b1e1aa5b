import type { Express, Request } from 'express';
import { times } from '../money.ts';
import { currentTotalOf, isUnpaid, owedOf, receivedOf, refundedOf, unfulfilledQuantity } from '../orders.ts';
import type { Order, OrderLine, Shop } from '../records.ts';
import type { AdminParts } from './admin.ts';
import { adminExtension } from './extension-frame.ts';
import { field, fields, param, quantity } from './forms.ts';
import type { PagesHost } from './host.ts';
import { PageError, money, storeNameOf } from './host.ts';
import type { Html } from './html.ts';
import { html } from './html.ts';
import { statusPath } from './order-pages.ts';

/** Orders as Shopify's admin shows them, with the acts a merchant has there. */
export function mountAdminOrders(app: Express, { host, shopOf, send }: AdminParts): void {
  const { state } = host;
  const orderOf = (request: Request, shop: Shop): Order => {
    const order = state.findOrder(shop, Number(param(request, 'orderId')));
    if (!order) throw new PageError(404, 'There is no such order.');
    return order;
  };

  app.get('/admin/store/:shop/orders', (request, response) => {
    const shop = shopOf(request);
    send(response, shop, { place: 'orders', title: 'Orders', body: orderList(shop) });
  });

  app.get('/admin/store/:shop/orders/:orderId', (request, response) => {
    const shop = shopOf(request);
    const order = orderOf(request, shop);
    send(response, shop, {
      place: 'orders',
      title: order.name,
      body: orderBody(host, shop, order),
      scripts: orderScripts,
    });
  });

  app.post('/admin/store/:shop/orders/:orderId', (request, response) => {
    const shop = shopOf(request);
    const order = orderOf(request, shop);
    act(shop, order, request.body);
    const orders = `/admin/store/${storeNameOf(shop)}/orders`;
    response.redirect(303, shop.orders.includes(order) ? `${orders}/${String(order.id)}` : orders);
  });

  function act(shop: Shop, order: Order, form: unknown): void {
    switch (field(form, 'act')) {
      case 'refund': {
        const wanted = fields(form, 'refund');
        const lines = order.lines
          .map((line, index) => ({
            lineItemId: line.id,
            quantity: Math.min(quantity(wanted[index] ?? '', 0), line.currentQuantity),
          }))
          .filter((line) => line.quantity > 0);
        if (lines.length > 0) state.refundOrder(shop.domain, order.id, { lines });
        return;
      }
      case 'edit': {
        const lines = order.lines.map((line) => ({
          lineItemId: line.id,
          quantity: quantity(field(form, `edit-${String(line.id)}`), line.currentQuantity),
        }));
        const variantId = Number(field(form, 'add'));
        const add = variantId > 0 ? [{ variantId, quantity: 1 }] : [];
        refusable(() => state.editOrder(shop.domain, order.id, { lines, add }));
        return;
      }
      case 'delete':
        refusable(() => {
          state.deleteOrder(shop.domain, order.id);
        });
        return;
      case 'refund-amount': {
        const amount = field(form, 'amount');
        if (/^\d+(\.\d{1,2})?$/.test(amount)) state.refundOrder(shop.domain, order.id, { lines: [], amount });
        return;
      }
      case 'chargeback':
        state.dispute(shop.domain, order.id, { initiatedAs: 'CHARGEBACK', status: 'NEEDS_RESPONSE' });
        return;
      case 'chargeback-won':
        state.dispute(shop.domain, order.id, { initiatedAs: 'CHARGEBACK', status: 'WON' });
        return;
      case 'cancel':
        state.cancelOrder(shop.domain, order.id, 'STAFF');
        return;
      case 'mark-paid':
        state.markPaid(shop.domain, order.id);
        return;
      case 'high-risk':
        state.assessRisk(shop.domain, order.id, { level: 'HIGH', recommendation: 'CANCEL' });
        return;
      case 'medium-risk':
        state.assessRisk(shop.domain, order.id, { level: 'MEDIUM', recommendation: 'INVESTIGATE' });
        return;
      case 'low-risk':
        state.assessRisk(shop.domain, order.id, { level: 'LOW', recommendation: 'ACCEPT' });
        return;
      default:
        throw new PageError(400, 'The admin does not know this act.');
    }
  }
}

function orderList(shop: Shop): Html {
  return html`<main class="page">
    <h1>Orders</h1>
    <section class="card flush">
      ${shop.orders.length === 0 ? html`<p class="empty">Your orders will show here.</p>` : null}
      <table data-testid="orders">
        <thead>
          <tr>
            <th>Order</th>
            <th>Date</th>
            <th>Customer</th>
            <th>Total</th>
            <th>Payment</th>
            <th>Fulfillment</th>
            <th>Tags</th>
          </tr>
        </thead>
        <tbody>
          ${shop.orders.toReversed().map(
            (order) =>
              html`<tr>
                <td>
                  <a
                    href="/admin/store/${storeNameOf(shop)}/orders/${order.id}"
                    data-testid="order-${order.id}"
                    >${order.name}</a
                  >
                  ${order.test ? html`<span class="badge">Test</span>` : null}
                </td>
                <td>${when(order.createdAt)}</td>
                <td>${buyerOf(shop, order)}</td>
                <td>${money(currentTotalOf(order), order.currency)}</td>
                <td>${paymentBadge(order)}</td>
                <td>${fulfilmentBadge(order)}</td>
                <td>${order.tags.map((tag) => html`<span class="badge">${tag}</span> `)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </section>
  </main>`;
}

const orderScripts = html`<script src="/sandbox-pages/admin-order.js"></script>`;

function orderBody(host: PagesHost, shop: Shop, order: Order): Html {
  const base = `/admin/store/${storeNameOf(shop)}`;
  return html`<main class="page" data-testid="order-page">
    <p><a href="${base}/orders">← Orders</a></p>
    <h1>
      ${order.name} ${paymentBadge(order)} ${fulfilmentBadge(order)}
      ${order.test ? html`<span class="badge">Test</span>` : null}
      ${order.cancelledAt === null ? null : html`<span class="badge critical">Cancelled</span>`}
      ${(order.disputes ?? []).map(({ initiatedAs, status }) => html`<span class="badge critical" data-testid="dispute">${initiatedAs} ${status}</span>`)}
    </h1>
    <p class="subdued">
      ${when(order.createdAt)} from ${order.sourceName} ·
      <button type="button" class="plain" data-opens="admin-order-email">
        More actions: send the eSIMs again
      </button>
    </p>
    <dialog id="action" class="modal">
      ${adminExtension(host, { handle: 'admin-order-email', shop, order })}
    </dialog>
    <div class="columns">
      <div>
        <form method="post" class="card">
          <h2>Items</h2>
          <table>
            <thead>
              <tr>
                <th>Item</th>
                <th>Quantity</th>
                <th>Unfulfilled</th>
                <th>Total</th>
                <th>Refund</th>
                <th>Edit to</th>
              </tr>
            </thead>
            <tbody>
              ${order.lines.map(
                (line) =>
                  html`<tr data-testid="order-line">
                    <td>
                      ${line.title}
                      ${line.variantTitle === null ? null : html`<br /><small>${line.variantTitle}</small>`}
                      ${line.sku === null ? null : html`<br /><small class="subdued">SKU ${line.sku}</small>`}
                    </td>
                    <td>
                      ${line.currentQuantity}${line.currentQuantity === line.quantity ? null : ` of ${String(line.quantity)}`}
                    </td>
                    <td data-testid="unfulfilled">${unfulfilledQuantity(order, line)}</td>
                    <td>${money(times(line.unitPrice, line.quantity, order.currency), order.currency)}</td>
                    <td>
                      <input
                        class="field tiny"
                        type="number"
                        name="refund"
                        min="0"
                        max="${line.currentQuantity}"
                        value="0"
                        aria-label="Refund of ${line.title}"
                      />
                    </td>
                    <td>
                      ${unfulfilledQuantity(order, line) === 0 || order.cancelledAt !== null ? html`<span class="subdued">Fulfilled</span>` : editField(order, line)}
                    </td>
                  </tr>`,
              )}
            </tbody>
          </table>
          <p>
            Paid ${money(receivedOf(order), order.currency)}
            ${order.financialStatus === 'PARTIALLY_PAID' ? html`· owed ${money(owedOf(order), order.currency)}` : null}
            ${order.refunds.length === 0 ? null : html`· refunded ${money(refundedOf(order), order.currency)}`}
          </p>
          ${order.cancelledAt === null ? editFields(shop) : null}
          <p class="actions">
            <button class="button" name="act" value="refund" data-testid="refund">Refund</button>
            ${order.cancelledAt === null ? html`<button class="button critical" name="act" value="cancel" data-testid="cancel-order">Cancel order</button>` : null}
            ${order.cancelledAt === null ? null : html`<button class="button critical" name="act" value="delete" data-testid="delete-order">Delete order</button>`}
            ${isUnpaid(order) || order.financialStatus === 'PARTIALLY_PAID' ? html`<button class="button" name="act" value="mark-paid" data-testid="mark-paid">${order.financialStatus === 'AUTHORIZED' ? 'Capture payment' : 'Mark as paid'}</button>` : null}
            <input class="field tiny" name="amount" value="1.00" aria-label="Amount to refund" />
            <button class="button" name="act" value="refund-amount" data-testid="refund-amount">
              Refund only this amount
            </button>
            <button class="button" name="act" value="chargeback" data-testid="chargeback">
              Let the bank take it back
            </button>
            ${order.disputes?.length ? html`<button class="button" name="act" value="chargeback-won" data-testid="chargeback-won">Win the dispute</button>` : null}
            <button class="button" name="act" value="high-risk" data-testid="high-risk">
              Call it high risk
            </button>
            <button class="button" name="act" value="medium-risk" data-testid="medium-risk">
              Call it medium risk
            </button>
            <button class="button" name="act" value="low-risk" data-testid="low-risk">
              Call it low risk
            </button>
          </p>
        </form>
        <section class="card">${adminExtension(host, { handle: 'admin-order', shop, order })}</section>
        <section class="card">
          <h2>Timeline</h2>
          <ol class="timeline" data-testid="timeline">
            ${timeline(order).map(({ at, text }) => html`<li><time datetime="${at}">${when(at)}</time> ${text}</li>`)}
          </ol>
        </section>
      </div>
      <div>
        <section class="card">
          <h2>Customer</h2>
          <p>${buyerOf(shop, order)}</p>
          <p>${order.email ?? 'No email'}</p>
          <p class="subdued">Language ${order.customerLocale ?? 'unknown'}</p>
          <p>
            <a href="${statusPath(shop, order)}" data-testid="status-page-link">View order status page</a>
          </p>
        </section>
        <section class="card">
          <h2>Tags</h2>
          <p data-testid="tags">
            ${order.tags.length === 0 ? html`<span class="subdued">No tags</span>` : order.tags.map((tag) => html`<span class="badge">${tag}</span> `)}
          </p>
        </section>
        <section class="card">
          <h2>Risk</h2>
          <p>${order.risk.level} · ${order.risk.recommendation}</p>
          <p><a href="${base}/apps/${host.apiKey}/app/orders">Open the app’s orders</a></p>
        </section>
      </div>
    </div>
  </main>`;
}

function editField(order: Order, line: OrderLine): Html {
  return html`<input
    class="field tiny"
    type="number"
    name="edit-${line.id}"
    min="${line.currentQuantity - unfulfilledQuantity(order, line)}"
    max="999"
    value="${line.currentQuantity}"
    aria-label="New quantity of ${line.title}"
    data-testid="edit-quantity"
  />`;
}

/** A fulfilled line stays as it is; more of it is a new line, as in Shopify. */
function editFields(shop: Shop): Html {
  return html`<p class="actions">
    <select class="field" name="add" aria-label="Item to add" data-testid="add-item">
      <option value="">Add no item</option>
      ${shop.products.flatMap((product) =>
        product.variants.map(
          (variant) =>
            html`<option value="${variant.id}">
              ${product.title}${variant.title === 'Default Title' ? '' : ` – ${variant.title}`}
            </option>`,
        ),
      )}
    </select>
    <button class="button" name="act" value="edit" data-testid="edit-order">Save the edit</button>
  </p>`;
}

/** What the order's state does not allow is the merchant's mistake, not the server's. */
function refusable(act: () => void): void {
  try {
    act();
  } catch (error) {
    throw new PageError(422, error instanceof Error ? error.message : 'The order does not allow this.');
  }
}

function timeline(order: Order): { at: string; text: string }[] {
  const cancelled =
    order.cancelledAt === null
      ? []
      : [{ at: order.cancelledAt, text: `Order cancelled (${order.cancelReason ?? 'OTHER'}).` }];
  return [
    { at: order.createdAt, text: `Order ${order.name} placed.` },
    ...order.transactions.map(({ createdAt, kind, amount }) => ({
      at: createdAt,
      text: `${kind === 'SALE' ? 'Payment received' : 'Refund paid'}: ${money(amount, order.currency)}.`,
    })),
    ...order.fulfillments.map(({ createdAt, lines, tracking }) => ({
      at: createdAt,
      text: `Fulfilled ${String(lines.reduce((total, line) => total + line.quantity, 0))} items${tracking.company === null ? '' : ` with ${tracking.company}`}.`,
    })),
    ...order.fulfillmentOrders.flatMap(({ holds, updatedAt }) =>
      holds.map(({ reason, reasonNotes }) => ({
        at: updatedAt,
        text: `Fulfilment on hold: ${reasonNotes ?? reason}.`,
      })),
    ),
    ...cancelled,
  ].sort((a, b) => b.at.localeCompare(a.at));
}

function buyerOf(shop: Shop, order: Order): string {
  const customer = shop.customers.find(({ id }) => id === order.customerId);
  return customer ? `${customer.firstName} ${customer.lastName}` : 'No customer';
}

function paymentBadge(order: Order): Html {
  const words = {
    AUTHORIZED: 'Authorized',
    PAID: 'Paid',
    PARTIALLY_PAID: 'Partially paid',
    PARTIALLY_REFUNDED: 'Partially refunded',
    PENDING: 'Payment pending',
    REFUNDED: 'Refunded',
    VOIDED: 'Voided',
  };
  return html`<span class="badge" data-testid="payment-status">${words[order.financialStatus]}</span>`;
}

function fulfilmentBadge(order: Order): Html {
  const open = order.lines.reduce((total, line) => total + unfulfilledQuantity(order, line), 0);
  const held = order.fulfillmentOrders.some(({ status }) => status === 'ON_HOLD');
  const word =
    open === 0 && order.fulfillments.length > 0
      ? 'Fulfilled'
      : held
        ? 'On hold'
        : order.fulfillments.length > 0
          ? 'Partially fulfilled'
          : 'Unfulfilled';
  const tone = word === 'Fulfilled' ? '' : 'attention';
  return html`<span class="badge ${tone}" data-testid="fulfillment-status">${word}</span>`;
}

function when(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)}`;
}
