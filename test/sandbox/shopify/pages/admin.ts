import type { Express, Request, Response } from 'express';
import type { Shop } from '../records.ts';
import { mountAdminApp } from './admin-app.ts';
import type { AdminPlace } from './admin-layout.ts';
import { adminPage } from './admin-layout.ts';
import { mountAdminOrders } from './admin-orders.ts';
import { mountAdminProducts } from './admin-products.ts';
import { mountAdminSettings } from './admin-settings.ts';
import type { Placements } from './extensions.ts';
import { readAppSettings } from './extensions.ts';
import type { PagesHost } from './host.ts';
import { storeNameOf } from './host.ts';
import type { Html } from './html.ts';
import { html } from './html.ts';
import { requireShop } from './storefront.ts';

export type SendAdminPage = (
  response: Response,
  shop: Shop,
  page: { place: AdminPlace; title: string; body: Html; scripts?: Html },
) => void;

export type AdminParts = {
  host: PagesHost;
  placements: Placements;
  shopOf: (request: Request) => Shop;
  send: SendAdminPage;
};

/** Shopify's admin: the frame around the app, and enough of Shopify's own pages to play the merchant. */
export function mountAdmin(app: Express, host: PagesHost, placements: Placements): void {
  const parts: AdminParts = {
    host,
    placements,
    shopOf: (request) => requireShop(host.state, request),
    send: (response, shop, page) => {
      const { name } = readAppSettings(host.appToml);
      response.set('Cache-Control', 'no-store');
      response.send(
        adminPage({ shop, shops: host.state.shops(), app: { name, apiKey: host.apiKey }, ...page }),
      );
    },
  };

  app.get('/admin', (_request, response) => {
    const first = host.state.shops()[0];
    response.redirect(302, first ? `/admin/store/${storeNameOf(first)}` : '/');
  });

  app.get('/admin/store/:shop', (request, response) => {
    const shop = parts.shopOf(request);
    parts.send(response, shop, { place: 'home', title: 'Home', body: home(shop, host) });
  });

  mountAdminApp(app, parts);
  mountAdminOrders(app, parts);
  mountAdminProducts(app, parts);
  mountAdminSettings(app, parts);
}

function home(shop: Shop, host: PagesHost): Html {
  const base = `/admin/store/${storeNameOf(shop)}`;
  const { name } = readAppSettings(host.appToml);
  return html`<main class="page">
    <h1>${shop.name}</h1>
    <section class="card">
      <h2>Apps</h2>
      <p>
        <a class="app-link" href="${base}/apps/${host.apiKey}" data-testid="open-app">${name}</a>
        <span class="badge">${shop.app === null ? 'Not installed' : 'Installed'}</span>
      </p>
    </section>
    <section class="card">
      <h2>Shop</h2>
      <p>
        <a href="${base}/orders">${shop.orders.length} orders</a> ·
        <a href="${base}/products">${shop.products.length} products</a>
      </p>
      <p><a href="/store/${shop.domain}">Open the storefront</a></p>
    </section>
  </main>`;
}
