import type { Customer, Shop } from '../records.ts';
import type { Html } from './html.ts';
import { html } from './html.ts';

type StorePage = {
  shop: Shop;
  title: string;
  customer: Customer | null;
  cartCount: number;
  body: Html;
  /** BCP 47 of the page's own text; the sandbox's pages are English, the extensions follow the buyer. */
  lang?: string;
};

export function storePage({ shop, title, customer, cartCount, body, lang = 'en' }: StorePage): string {
  const base = `/store/${shop.domain}`;
  return html`<!doctype html>
    <html lang="${lang}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · ${shop.name}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/sandbox-pages/store.css" />
      </head>
      <body>
        <header class="shop-header">
          <a class="shop-name" href="${base}">${shop.name}</a>
          <nav aria-label="Shop">
            ${
              customer === null
                ? html`<a href="${base}/login" data-testid="login-link">Log in</a>`
                : html`<a href="${base}/account" data-testid="account-link"
                    >${customer.firstName}’s orders</a
                  >`
            }
            <a href="${base}/cart" data-testid="cart-link"
              >Cart (<span data-testid="cart-count">${cartCount}</span>)</a
            >
          </nav>
        </header>
        <main>${body}</main>
        <footer class="shop-footer">Sandbox shop · nothing here is charged</footer>
      </body>
    </html>`.markup;
}
