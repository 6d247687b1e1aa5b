import { randomUUID } from 'node:crypto';
import type { Express, Request } from 'express';
import { totalOf } from '../orders.ts';
import { times } from '../money.ts';
import type { Customer, Order, OrderLine, Shop } from '../records.ts';
import { gid } from '../records.ts';
import { signedIn } from './buyer.ts';
import type { Extension, ExtensionHandle, Placements } from './extensions.ts';
import { isExtensionHandle, readAppSettings, readExtension } from './extensions.ts';
import { field } from './forms.ts';
import type { PagesHost } from './host.ts';
import { PageError, storeNameOf } from './host.ts';
import type { Html } from './html.ts';
import { embedded, html } from './html.ts';
import { findProvedOrder } from './order-proof.ts';
import { requireShop } from './storefront.ts';

/** The page inside the frame: the built bundle, the `s-*` elements and the `shopify` global it expects. */
export function mountExtensionFrame(app: Express, host: PagesHost): void {
  // Whose block a frame is. Browsers may keep cookies from what a frame asks for, and a block has no cookie anyway.
  const frames = new Map<string, number | null>();

  app.get('/store/:shop/extension-frame', (request, response) => {
    const shop = requireShop(host.state, request);
    const order = findProvedOrder(host.state, request, shop);
    const extension = readExtension(host.extensionsFolder, handleIn(request));
    if (extension === null) throw new PageError(404, 'The app has no such extension.');
    const customer = signedIn(host.state, request, shop);
    response.set('Cache-Control', 'no-store');
    const frame = randomUUID();
    frames.set(frame, customer?.id ?? null);
    response.send(framePage(host, { shop, order, extension, customer, frame }));
  });

  app.get('/admin/store/:shop/orders/:orderId/extension-frame', (request, response) => {
    const shop = requireShop(host.state, request);
    const order = host.state.findOrder(shop, Number(request.params['orderId']));
    const extension = readExtension(host.extensionsFolder, handleIn(request));
    if (!order || extension === null) throw new PageError(404, 'There is no such order or extension.');
    response.set('Cache-Control', 'no-store');
    response.send(framePage(host, { shop, order, extension, customer: null, frame: '' }));
  });

  app.get('/store/:shop/extension-bundle/:handle.js', (request, response) => {
    const extension = readExtension(host.extensionsFolder, handleIn(request));
    if (extension?.bundle == null) throw new PageError(404, 'This extension is not built.');
    response.set('Cache-Control', 'no-store');
    response.type('text/javascript').send(extension.bundle);
  });

  app.post('/store/:shop/session-token', (request, response, next) => {
    const shop = requireShop(host.state, request);
    const { frame } = request.query;
    const customerId = typeof frame === 'string' ? frames.get(frame) : undefined;
    if (customerId === undefined) throw new PageError(403, 'No block of this page asks for a token.');
    host.buyerSessionToken(shop.domain, customerId).then((token) => {
      response.set('Cache-Control', 'no-store');
      response.json({ token });
    }, next);
  });
}

/**
 * The block as part of a page: a frame with the running extension, a sentence when it is not built, nothing when the
 * merchant has not placed it.
 */
export function extensionBlock(
  host: PagesHost,
  placements: Placements,
  { handle, shop, proof }: { handle: ExtensionHandle; shop: Shop; proof: Record<string, string> },
): Html | null {
  if (!placements.isPlaced(shop, handle)) return null;
  const extension = readExtension(host.extensionsFolder, handle);
  if (extension?.bundle == null) {
    return html`<p class="notice" data-testid="extension-missing">
      The block “${handle}” is not built: extensions/${handle}/dist/${handle}.js is missing. Run
      <code>npx shopify app build</code> (it needs no network and no log-in), then load this page again.
    </p>`;
  }
  const source = `/store/${shop.domain}/extension-frame?${new URLSearchParams({ handle, ...proof }).toString()}`;
  return html`<iframe
    class="extension"
    title="${readAppSettings(host.appToml).name}"
    data-testid="extension-${handle}"
    src="${source}"
  ></iframe>`;
}

/** The same on Shopify's own page of an order in the admin: `admin-order` is placed there, the other opens over it. */
export function adminExtension(
  host: PagesHost,
  { handle, shop, order }: { handle: ExtensionHandle; shop: Shop; order: Order },
): Html {
  if (readExtension(host.extensionsFolder, handle)?.bundle == null)
    return html`<p class="notice" data-testid="extension-missing">
      The extension “${handle}” is not built: run <code>npx shopify app build</code>.
    </p>`;
  const page = `/admin/store/${storeNameOf(shop)}/orders/${String(order.id)}`;
  return html`<iframe
    class="extension"
    title="${readAppSettings(host.appToml).name}"
    data-testid="extension-${handle}"
    data-src="${page}/extension-frame?handle=${handle}"
  ></iframe>`;
}

function handleIn(request: Request): ExtensionHandle {
  const handle = request.params['handle'] ?? field(request.query, 'handle');
  if (!isExtensionHandle(handle)) throw new PageError(404, 'The app has no such extension.');
  return handle;
}

type Frame = { shop: Shop; order: Order; extension: Extension; customer: Customer | null; frame: string };

function framePage(host: PagesHost, frame: Frame): string {
  const { shop, order, extension } = frame;
  const language = extension.target.startsWith('admin.') ? 'en' : (order.customerLocale ?? shop.locale);
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <title>${extension.target}</title>
        <link rel="stylesheet" href="/sandbox-pages/extension.css" />
        ${embedded('extension-data', frameData(host, frame))}
        <script src="/sandbox-pages/qrcode.js" defer></script>
        <script src="/sandbox-pages/elements.js" defer></script>
        <script src="/sandbox-pages/extension-host.js" defer></script>
        <script src="/store/${shop.domain}/extension-bundle/${extension.handle}.js" defer></script>
      </head>
      <body></body>
    </html>`.markup;
}

/** What extension-host.js turns into the `shopify` global; shapes after @shopify/ui-extensions 2026-07. */
function frameData(
  host: PagesHost,
  { shop, order, extension, customer, frame }: Frame,
): Record<string, unknown> {
  const { applicationUrl } = readAppSettings(host.appToml);
  const appBase = `/admin/store/${storeNameOf(shop)}/apps/${host.apiKey}`;
  const isAdmin = extension.target.startsWith('admin.');
  const amount = (decimal: string) => ({ amount: Number(decimal), currencyCode: order.currency });
  return {
    target: extension.target,
    apiVersion: extension.apiVersion,
    mayFetch: extension.mayFetch || isAdmin,
    appBase,
    locales: extension.locales,
    defaultLanguage: extension.defaultLanguage,
    language: isAdmin ? 'en' : (order.customerLocale ?? shop.locale),
    currency: order.currency,
    timezone: shop.timezone,
    applicationUrl,
    appUrl: host.appUrl,
    tokenPath: isAdmin ? `${appBase}/id-token` : `/store/${shop.domain}/session-token?frame=${frame}`,
    loginPath: `/store/${shop.domain}/login?return=${encodeURIComponent(`/store/${shop.domain}/orders/${String(order.id)}`)}`,
    shop: {
      id: gid('Shop', shop.id),
      name: shop.name,
      myshopifyDomain: shop.domain,
      storefrontUrl: `https://${shop.domain}`,
    },
    order: {
      id: gid('Order', order.id),
      // The checkout's name for the order; the Admin API calls the same number an Order.
      identity: `gid://shopify/OrderIdentity/${String(order.id)}`,
      name: order.name,
      confirmationNumber: order.confirmationNumber,
      processedAt: order.processedAt,
      cancelledAt: order.cancelledAt,
      isFirst: shop.orders.filter(({ customerId }) => customerId === order.customerId).length === 1,
      note: order.note,
    },
    checkoutToken: order.checkoutToken,
    customer:
      customer === null
        ? null
        : {
            id: gid('Customer', customer.id),
            email: customer.email ?? undefined,
            firstName: customer.firstName,
            lastName: customer.lastName,
            fullName: `${customer.firstName} ${customer.lastName}`,
          },
    total: amount(totalOf(order)),
    lines: order.lines.map((line) =>
      cartLine(line, extension.handle, amount(times(line.unitPrice, line.quantity, order.currency))),
    ),
  };
}

function cartLine(line: OrderLine, handle: ExtensionHandle, totalAmount: unknown): Record<string, unknown> {
  return {
    id: handle === 'thank-you' ? `gid://shopify/CartLine/${String(line.id)}` : gid('LineItem', line.id),
    quantity: line.quantity,
    cost: { totalAmount },
    attributes: line.properties.map(({ name, value }) => ({ key: name, value })),
    discountAllocations: [],
    lineComponents: [],
    parentRelationship: null,
    merchandise: {
      type: 'variant',
      id: line.variantId === null ? '' : gid('ProductVariant', line.variantId),
      title: line.title,
      subtitle: line.variantTitle ?? undefined,
      selectedOptions: [],
      product: {
        id: line.productId === null ? '' : gid('Product', line.productId),
        vendor: line.vendor ?? '',
        productType: '',
      },
      requiresShipping: line.requiresShipping,
      sku: line.sku ?? undefined,
    },
  };
}
