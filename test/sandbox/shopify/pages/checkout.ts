import type { Express, Request } from 'express';
import type { Customer, Shop } from '../records.ts';
import { signIn, signedIn } from './buyer.ts';
import type { CartLine } from './cart.ts';
import { linesOf, readCart, writeCart } from './cart.ts';
import { field, fields, quantity, ticked } from './forms.ts';
import type { PagesHost } from './host.ts';
import { money } from './host.ts';
import type { Html } from './html.ts';
import { html, raw } from './html.ts';
import { storePage } from './store-layout.ts';
import { cartLines, cartTotal, requireShop } from './storefront.ts';

const languages = { en: 'English', de: 'Deutsch', fr: 'Français', es: 'Español', ja: '日本語' };

/** One page from cart to paid order. */
export function mountCheckout(app: Express, { state }: PagesHost): void {
  const page = (request: Request, shop: Shop, refusal: string | null): string => {
    const lines = linesOf(state, shop, readCart(request, shop));
    const customer =
      refusal === null
        ? signedIn(state, request, shop)
        : state.findCustomer(shop, Number(field(request.body, 'customer')));
    return storePage({
      shop,
      customer,
      cartCount: lines.reduce((total, line) => total + line.quantity, 0),
      title: 'Checkout',
      body:
        lines.length === 0
          ? nothingToBuy(shop)
          : checkoutBody({ shop, lines, customer, refusal, typed: request.body }),
    });
  };

  app.get('/store/:shop/checkout', (request, response) => {
    response.send(page(request, requireShop(state, request), null));
  });

  app.post('/store/:shop/checkout', (request, response) => {
    const shop = requireShop(state, request);
    const wanted = fields(request.body, 'quantity');
    const lines = linesOf(state, shop, readCart(request, shop))
      .map((line, index) => ({ ...line, quantity: quantity(wanted[index] ?? '', line.quantity) }))
      .filter((line) => line.quantity > 0);
    const customer = state.findCustomer(shop, Number(field(request.body, 'customer')));
    signIn(response, shop, customer);

    if (field(request.body, 'act') === 'update') {
      writeCart(response, shop, lines);
      response.redirect(303, request.path);
      return;
    }
    const email = field(request.body, 'email').trim();
    const phone = field(request.body, 'phone').trim();
    const refusal =
      lines.length === 0
        ? 'There is nothing to pay for.'
        : email === '' && phone === ''
          ? 'Enter an email or a phone number.'
          : email !== '' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)
            ? 'Enter a valid email.'
            : null;
    if (refusal !== null) {
      response.status(422).send(page(request, shop, refusal));
      return;
    }

    const language = field(request.body, 'language');
    const order = state.createOrder(shop.domain, {
      lines: lines.map(({ variantId, quantity: count, note, properties = [] }) => ({
        variantId,
        quantity: count,
        properties: [...properties, ...(note === '' ? [] : [{ name: 'Note', value: note }])],
      })),
      email: email === '' ? null : email,
      customerId: customer?.id ?? null,
      locale: language in languages ? language : shop.locale,
      test: ticked(request.body, 'test'),
      paid: field(request.body, 'payment') === '' || field(request.body, 'payment') === 'card',
      authorised: field(request.body, 'payment') === 'authorised',
    });
    writeCart(response, shop, []);
    response.redirect(303, `/store/${shop.domain}/thank-you/${order.checkoutToken ?? ''}`);
  });
}

function nothingToBuy(shop: Shop): Html {
  return html`<div class="narrow">
    <h1>Your cart is empty</h1>
    <a class="button primary" href="/store/${shop.domain}">Continue shopping</a>
  </div>`;
}

type Checkout = {
  shop: Shop;
  lines: CartLine[];
  customer: Customer | null;
  refusal: string | null;
  /** The form as it was sent, when it was refused: nothing the buyer typed is lost. */
  typed: unknown;
};

function checkoutBody({ shop, lines, customer, refusal, typed }: Checkout): Html {
  const language = field(typed, 'language') || (customer?.locale ?? shop.locale);
  const email = refusal === null ? (customer?.email ?? '') : field(typed, 'email');
  const total = money(cartTotal(shop, lines), shop.currency);
  return html`<form method="post" class="checkout" novalidate>
    <section>
      <h1>Checkout</h1>
      ${refusal === null ? null : html`<p class="refusal" role="alert">${refusal}</p>`}
      <fieldset>
        <legend>Contact</legend>
        <label class="stack">
          Log-in
          <select name="customer" data-testid="customer">
            <option value="">Continue as a guest</option>
            ${shop.customers.map(
              (candidate) =>
                html`<option
                  value="${candidate.id}"
                  ${candidate.id === customer?.id ? raw('selected') : null}
                >
                  ${candidate.firstName} ${candidate.lastName}
                </option>`,
            )}
          </select>
        </label>
        <label class="stack">
          Email
          <input type="email" name="email" autocomplete="off" value="${email}" data-testid="email" />
        </label>
        <label class="stack">
          Phone (instead of an email)
          <input
            type="tel"
            name="phone"
            autocomplete="off"
            value="${field(typed, 'phone')}"
            data-testid="phone"
          />
        </label>
        <label class="stack">
          Language
          <select name="language" data-testid="language">
            ${Object.entries(languages).map(
              ([code, name]) =>
                html`<option value="${code}" ${code === language ? raw('selected') : null}>${name}</option>`,
            )}
          </select>
        </label>
      </fieldset>
      <fieldset>
        <legend>Payment</legend>
        <label class="stack">
          Method
          <select name="payment" data-testid="payment">
            <option value="card">Bogus card ending in 1</option>
            <option value="authorised">Bogus card, captured by the merchant later</option>
            <option value="pending">Bank deposit: pay later</option>
          </select>
        </label>
        <label class="row"
          ><input
            type="checkbox"
            name="test"
            value="1"
            ${ticked(typed, 'test') ? raw('checked') : null}
            data-testid="test-order"
          />
          This is a test order</label
        >
      </fieldset>
      <button class="button primary wide" name="act" value="pay" data-testid="pay-now">Pay now</button>
    </section>
    <aside>
      <h2>Order summary</h2>
      ${cartLines(shop, lines)}
      <p class="total">Total <strong data-testid="checkout-total">${total}</strong></p>
      <p class="actions">
        <a href="/store/${shop.domain}" data-testid="add-more">Add another product</a>
        <button class="button" name="act" value="update" data-testid="update-checkout">
          Update quantities
        </button>
      </p>
    </aside>
  </form>`;
}
