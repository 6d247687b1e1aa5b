import type { Express, Request, Response } from 'express';
import type { Product, Shop, Variant } from '../records.ts';
import { isInStock } from '../products.ts';
import { gid } from '../records.ts';
import { declareDefinitions } from '../definitions.ts';
import type { AdminParts } from './admin.ts';
import { readAppSettings, readExtension } from './extensions.ts';
import { field, fields, param } from './forms.ts';
import { PageError, storeNameOf } from './host.ts';
import type { Html } from './html.ts';
import { html } from './html.ts';

/** The embedded app inside the admin, and what App Bridge asks the admin for. */
export function mountAdminApp(app: Express, { host, placements, shopOf, send }: AdminParts): void {
  const { state } = host;
  const requireApp = (request: Request): Shop => {
    const shop = shopOf(request);
    if (param(request, 'apiKey') !== host.apiKey)
      throw new PageError(404, 'No app with this client id is here.');
    return shop;
  };
  const scopesOf = (shop: Shop) => {
    const { scopes } = readAppSettings(host.appToml);
    return { granted: shop.app?.scopes ?? [], required: scopes, optional: [] };
  };

  app.post('/admin/store/:shop/apps/:apiKey/id-token', (request, response, next) => {
    const shop = requireApp(request);
    if (shop.app === null) throw new PageError(403, 'The app is not installed.');
    host.adminIdToken(shop.domain).then((idToken) => {
      response.set('Cache-Control', 'no-store');
      response.json({ idToken });
    }, next);
  });

  app.get('/admin/store/:shop/apps/:apiKey/picker', (request, response) => {
    const shop = requireApp(request);
    const query = `${field(request.query, 'query')} ${field(request.query, 'filter')}`.trim();
    const hidden = [
      field(request.query, 'draft') === 'false' ? 'DRAFT' : '',
      field(request.query, 'archived') === 'false' ? 'ARCHIVED' : '',
    ];
    const found = shop.products.filter(
      (product) => !hidden.includes(product.status) && matches(product, query.toLowerCase()),
    );
    response.json(found.slice(0, 250).map((product) => pickedProduct(shop, product)));
  });

  app.get('/admin/store/:shop/apps/:apiKey/scopes', (request, response) => {
    response.json(scopesOf(requireApp(request)));
  });

  app.post('/admin/store/:shop/apps/:apiKey/scopes', (request, response) => {
    const shop = requireApp(request);
    const { granted, required } = scopesOf(shop);
    const revoked = fields(request.body, 'revoke').filter((scope) => !required.includes(scope));
    const wanted = new Set([...granted, ...fields(request.body, 'grant')]);
    state.installApp(
      shop.domain,
      [...wanted].filter((scope) => !revoked.includes(scope)),
    );
    response.json(scopesOf(shop));
  });

  app.get('/admin/store/:shop/apps/:apiKey/extensions', (request, response) => {
    const shop = requireApp(request);
    const found = (['thank-you', 'order-status'] as const).flatMap((handle) => {
      const extension = readExtension(host.extensionsFolder, handle);
      if (extension === null) return [];
      const activations = placements.isPlaced(shop, handle) ? [{ target: extension.target }] : [];
      return [{ handle, type: 'ui_extension', activations }];
    });
    response.json(found);
  });

  app.post('/admin/store/:shop/apps/:apiKey/install', (request, response) => {
    const shop = requireApp(request);
    state.installApp(shop.domain, readAppSettings(host.appToml).scopes);
    declareDefinitions(state, shop, host.appToml);
    response.redirect(303, `/admin/store/${storeNameOf(shop)}/apps/${host.apiKey}`);
  });

  // Old addresses and those in mails lead to the same place.
  app.get('/admin/oauth/install', (_request, response) => {
    const first = state.shops()[0];
    if (!first) throw new PageError(404, 'The sandbox has no shop.');
    response.redirect(302, `/admin/store/${storeNameOf(first)}/apps/${host.apiKey}`);
  });

  app.get(
    ['/admin/store/:shop/apps/:apiKey/*', '/admin/store/:shop/apps/:apiKey'],
    (request, response, next) => {
      showApp(request, response).catch(next);
    },
  );

  async function showApp(request: Request, response: Response): Promise<void> {
    const shop = requireApp(request);
    const { name, scopes } = readAppSettings(host.appToml);
    if (shop.app === null) {
      send(response, shop, {
        place: 'app',
        title: `Install ${name}`,
        body: installPage(shop, host.apiKey, name, scopes),
      });
      return;
    }
    const path = `/${param(request, '0') || 'app'}`;
    const source = new URL(`${host.appUrl}${path}`);
    for (const [key, value] of new URL(request.originalUrl, 'http://admin').searchParams) {
      source.searchParams.append(key, value);
    }
    const own = `${source.pathname}${source.search}`;
    source.searchParams.set('shop', shop.domain);
    source.searchParams.set('host', hostParameter(shop));
    source.searchParams.set('embedded', '1');
    source.searchParams.set('locale', 'en');
    source.searchParams.set('timestamp', String(Math.floor(Date.now() / 1000)));
    source.searchParams.set('id_token', await host.adminIdToken(shop.domain));

    const base = `/admin/store/${storeNameOf(shop)}/apps/${host.apiKey}`;
    const body = html`<main
      id="app"
      data-app-origin="${source.origin}"
      data-api="${base}"
      data-app-base="${base}"
      data-store="${shop.name}"
      data-app-name="${name}"
      data-path="${own}"
    >
      <div id="loading" data-testid="loading" role="progressbar" aria-label="Loading the app"></div>
      <div id="title-bar" data-testid="title-bar">
        <span class="app-icon" aria-hidden="true"></span>
        <span class="breadcrumb"></span>
        <h1>${name}</h1>
        <span class="actions"></span>
      </div>
      <iframe
        id="app-frame"
        name="app-iframe"
        data-testid="app-frame"
        title="${name}"
        data-src="${source.href}"
        allow="clipboard-write"
      ></iframe>
    </main>`;
    send(response, shop, {
      place: 'app',
      title: name,
      body,
      scripts: html`<script src="/sandbox-pages/admin-frame.js"></script>`,
    });
  }
}

/** Says which admin embeds the app. Always Shopify's own name for it: the app's library accepts no other host. */
function hostParameter(shop: Shop): string {
  return Buffer.from(`admin.shopify.com/store/${storeNameOf(shop)}`).toString('base64url');
}

function installPage(shop: Shop, apiKey: string, name: string, scopes: string[]): Html {
  return html`<main class="page narrow">
    <h1>Install ${name}</h1>
    <section class="card">
      <p>${name} will be able to:</p>
      <ul>
        ${scopes.map((scope) => html`<li><code>${scope}</code></li>`)}
      </ul>
      <form method="post" action="/admin/store/${storeNameOf(shop)}/apps/${apiKey}/install">
        <button class="button primary" data-testid="install-app">Install</button>
      </form>
    </section>
  </main>`;
}

/** Words of the title, or `status:`, `tag:`, `product_type:`, `vendor:` with a value; all must fit. */
function matches(product: Product, query: string): boolean {
  return query
    .split(/\s+(?:and\s+)?/)
    .filter((word) => word !== '')
    .every((word) => {
      const [, key = '', value = ''] = /^(status|tag|product_type|vendor|title):"?(.*?)"?$/.exec(word) ?? [];
      switch (key) {
        case 'status':
          return product.status.toLowerCase() === value;
        case 'tag':
          return product.tags.some((tag) => tag.toLowerCase() === value);
        case 'product_type':
          return product.productType.toLowerCase() === value;
        case 'vendor':
          return product.vendor.toLowerCase() === value;
        default:
          return `${product.title} ${product.variants.map(({ sku }) => sku ?? '').join(' ')}`
            .toLowerCase()
            .includes(key === 'title' ? value : word);
      }
    });
}

/** The shape App Bridge's resource picker returns (`Product` of @shopify/app-bridge-types). */
function pickedProduct(shop: Shop, product: Product): Record<string, unknown> {
  return {
    id: gid('Product', product.id),
    title: product.title,
    handle: product.handle,
    status: product.status,
    vendor: product.vendor,
    productType: product.productType,
    tags: product.tags,
    descriptionHtml: product.descriptionHtml,
    images: product.media.map(({ id, url, alt }) => ({
      id: `gid://shopify/ProductImage/${String(id)}`,
      originalSrc: url,
      altText: alt,
    })),
    options: product.options.map(({ id, name, values }, index) => ({
      id: gid('ProductOption', id),
      name,
      position: index + 1,
      values: values.map((value) => value.name),
    })),
    hasOnlyDefaultVariant: product.variants.length === 1 && product.variants[0]?.title === 'Default Title',
    totalVariants: product.variants.length,
    totalInventory: 0,
    tracksInventory: product.variants.some(({ inventoryItem }) => inventoryItem.tracked),
    availablePublicationCount: shop.publications.length,
    templateSuffix: product.templateSuffix,
    createdAt: product.createdAt,
    updatedAt: product.updatedAt,
    publishedAt: product.publishedAt,
    variants: product.variants.map((variant, index) => pickedVariant(product, variant, index + 1)),
  };
}

function pickedVariant(product: Product, variant: Variant, position: number): Record<string, unknown> {
  return {
    id: gid('ProductVariant', variant.id),
    title: variant.title,
    displayName: `${product.title} - ${variant.title}`,
    price: variant.price,
    compareAtPrice: variant.compareAtPrice,
    sku: variant.sku,
    barcode: variant.barcode,
    position,
    availableForSale: isInStock(variant),
    inventoryItem: { id: gid('InventoryItem', variant.inventoryItem.id) },
    inventoryManagement: variant.inventoryItem.tracked ? 'SHOPIFY' : 'NOT_MANAGED',
    inventoryPolicy: variant.inventoryPolicy,
    requiresShipping: variant.inventoryItem.requiresShipping,
    selectedOptions: variant.selectedOptions.map(({ value }) => ({ value })),
    taxable: variant.taxable,
    weight: 0,
    weightUnit: 'KILOGRAMS',
    product: { id: gid('Product', product.id) },
    createdAt: variant.createdAt,
    updatedAt: variant.updatedAt,
  };
}
