import type { Shop } from '../records.ts';
import { storeNameOf } from './host.ts';
import type { Html } from './html.ts';
import { html } from './html.ts';

export type AdminPlace = 'app' | 'home' | 'orders' | 'products' | 'settings';

type AdminPage = {
  shop: Shop;
  shops: Shop[];
  app: { name: string; apiKey: string };
  place: AdminPlace;
  title: string;
  body: Html;
  scripts?: Html;
};

/** The admin around every page: top bar, menu, content. */
export function adminPage({ shop, shops, app, place, title, body, scripts }: AdminPage): string {
  const base = `/admin/store/${storeNameOf(shop)}`;
  const link = (to: AdminPlace, path: string, label: string): Html =>
    html`<a href="${base}${path}" ${place === to ? html`aria-current="page"` : null}>${label}</a>`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · ${shop.name}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/sandbox-pages/admin.css" />
        <script src="/sandbox-pages/admin.js" defer></script>
      </head>
      <body class="place-${place}">
        <header id="top-bar">
          <button type="button" id="nav-toggle" aria-label="Menu" aria-controls="nav">☰</button>
          <span class="brand" aria-hidden="true">sandbox admin</span>
          <div id="save-bar" data-testid="save-bar" role="region" aria-label="Unsaved changes" hidden>
            <span>Unsaved changes</span><span class="actions"></span>
          </div>
          <select id="store-switch" aria-label="Store">
            ${shops.map(
              (candidate) =>
                html`<option
                  value="/admin/store/${storeNameOf(candidate)}"
                  ${candidate === shop ? html`selected` : null}
                >
                  ${candidate.name}
                </option>`,
            )}
          </select>
        </header>
        <nav id="nav" aria-label="Admin">
          ${link('home', '', 'Home')} ${link('orders', '/orders', 'Orders')}
          ${link('products', '/products', 'Products')}
          <a href="/store/${shop.domain}" target="_blank">Online Store ↗</a>
          <p>Apps</p>
          ${link('app', `/apps/${app.apiKey}`, app.name)}
          <ul id="app-nav" data-testid="app-nav"></ul>
          ${link('settings', '/settings', 'Settings')}
        </nav>
        ${body}
        <div id="toasts" role="status" aria-live="polite" data-testid="toasts"></div>
        ${scripts}
      </body>
    </html>`.markup;
}
