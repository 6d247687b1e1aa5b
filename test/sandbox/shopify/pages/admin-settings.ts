import type { Express } from 'express';
import type { Shop } from '../records.ts';
import type { AdminParts } from './admin.ts';
import type { ExtensionHandle } from './extensions.ts';
import { readAppSettings, readExtension } from './extensions.ts';
import { field, param } from './forms.ts';
import { PageError, storeNameOf } from './host.ts';
import type { Html } from './html.ts';
import { html } from './html.ts';

const pagesWithBlocks: { handle: ExtensionHandle; page: string }[] = [
  { handle: 'thank-you', page: 'Thank you' },
  { handle: 'order-status', page: 'Order status' },
];

/** Settings: the app (uninstall, scopes), the checkout editor, requests about personal data. */
export function mountAdminSettings(app: Express, { host, placements, shopOf, send }: AdminParts): void {
  const { state } = host;

  app.get('/admin/store/:shop/settings', (request, response) => {
    const shop = shopOf(request);
    const { name } = readAppSettings(host.appToml);
    send(response, shop, { place: 'settings', title: 'Settings', body: settingsBody(shop, name) });
  });

  app.post('/admin/store/:shop/settings', (request, response) => {
    const shop = shopOf(request);
    const customerId = Number(field(request.body, 'customer'));
    switch (field(request.body, 'act')) {
      case 'uninstall':
        state.uninstallApp(shop.domain);
        break;
      case 'redact-shop':
        state.redactShop(shop.domain);
        break;
      case 'redact-customer':
        state.redactCustomer(shop.domain, customerId);
        break;
      case 'customer-data':
        state.requestCustomerData(shop.domain, customerId);
        break;
      default:
        throw new PageError(400, 'The admin does not know this act.');
    }
    response.redirect(303, `/admin/store/${storeNameOf(shop)}/settings`);
  });

  app.get('/admin/store/:shop/settings/checkout*', (request, response) => {
    const shop = shopOf(request);
    const rows = pagesWithBlocks.map(({ handle, page }) => {
      const extension = readExtension(host.extensionsFolder, handle);
      const placed = placements.isPlaced(shop, handle);
      return html`<section class="card">
        <h2>${page} page</h2>
        <p>
          ${
            extension === null
              ? `The app has no block for this page.`
              : html`<code>${extension.target}</code>
                  <span class="badge" data-testid="placed-${handle}"
                    >${placed ? 'Placed' : 'Not placed'}</span
                  >
                  ${extension.bundle === null ? html`<span class="badge attention">Not built</span>` : null}`
          }
        </p>
        <form method="post" action="/admin/store/${storeNameOf(shop)}/settings/checkout/editor/${handle}">
          <button class="button" name="placed" value="${placed ? '' : '1'}" data-testid="place-${handle}">
            ${placed ? 'Remove the block' : 'Add the block'}
          </button>
        </form>
      </section>`;
    });
    const body = html`<main class="page">
      <h1>Checkout editor</h1>
      ${rows}
    </main>`;
    send(response, shop, { place: 'settings', title: 'Checkout editor', body });
  });

  app.post('/admin/store/:shop/settings/checkout/editor/:handle', (request, response) => {
    const shop = shopOf(request);
    const found = pagesWithBlocks.find(({ handle }) => handle === param(request, 'handle'));
    if (!found) throw new PageError(404, 'The app has no such block.');
    placements.place(shop, found.handle, field(request.body, 'placed') !== '');
    response.redirect(303, `/admin/store/${storeNameOf(shop)}/settings/checkout/editor`);
  });
}

function settingsBody(shop: Shop, appName: string): Html {
  return html`<main class="page">
    <h1>Settings</h1>
    <section class="card">
      <h2>Store</h2>
      <p>${shop.name} · ${shop.domain}</p>
      <p class="subdued">${shop.currency} · ${shop.timezone} · ${shop.email}</p>
    </section>
    <section class="card">
      <h2>Apps</h2>
      ${
        shop.app === null
          ? html`<p>${appName} is not installed.</p>`
          : html`<p>${appName}, installed ${shop.app.installedAt.slice(0, 10)}</p>
              <p class="subdued">${shop.app.scopes.join(', ')}</p>
              <form method="post">
                <button class="button critical" name="act" value="uninstall" data-testid="uninstall-app">
                  Uninstall
                </button>
              </form>`
      }
    </section>
    <section class="card">
      <h2>Checkout</h2>
      <p>
        <a href="/admin/store/${storeNameOf(shop)}/settings/checkout/editor" data-testid="checkout-editor"
          >Checkout editor</a
        >
      </p>
    </section>
    <section class="card">
      <h2>Customer privacy</h2>
      <form method="post">
        <select class="field" name="customer" aria-label="Customer">
          ${shop.customers.map(({ id, firstName, lastName }) => html`<option value="${id}">${firstName} ${lastName}</option>`)}
        </select>
        <p class="actions">
          <button class="button" name="act" value="customer-data" data-testid="customer-data">
            Request the customer’s data
          </button>
          <button class="button" name="act" value="redact-customer" data-testid="redact-customer">
            Erase the customer’s data
          </button>
          <button class="button" name="act" value="redact-shop" data-testid="redact-shop">
            Erase the shop’s data
          </button>
        </p>
      </form>
    </section>
  </main>`;
}
