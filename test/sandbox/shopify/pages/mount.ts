import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { ErrorRequestHandler, Express } from 'express';
import express from 'express';
import { mountAdmin } from './admin.ts';
import { mountCheckout } from './checkout.ts';
import { mountExtensionFrame } from './extension-frame.ts';
import { openPlacements } from './extensions.ts';
import type { Shopify } from '../start.ts';
import { gid } from '../records.ts';
import type { PagesHost } from './host.ts';
import { PageError } from './host.ts';
import { html } from './html.ts';
import { mountOrderPages } from './order-pages.ts';
import { mountStorefront } from './storefront.ts';

/** Everything of the sandbox's Shopify that people see: storefront, checkout, order pages, admin, App Bridge. */
export function mountPages(
  app: Express,
  shopify: Pick<Shopify, 'apiKey' | 'appUrl' | 'extensionToken' | 'idToken' | 'state'>,
  files: Partial<Pick<PagesHost, 'appToml' | 'extensionsFolder'>> = {},
): void {
  const host: PagesHost = {
    state: shopify.state,
    apiKey: shopify.apiKey,
    get appUrl() {
      return shopify.appUrl;
    },
    adminIdToken: (domain) => shopify.idToken(domain),
    buyerSessionToken: (domain, customerId) =>
      shopify.extensionToken(domain, customerId === null ? {} : { customerGid: gid('Customer', customerId) }),
    extensionsFolder: files.extensionsFolder ?? projectPath('extensions'),
    appToml: files.appToml ?? projectPath('shopify.app.toml'),
  };
  const folder = fileURLToPath(new URL('./public', import.meta.url));
  app.use('/sandbox-pages', express.static(folder, { maxAge: 0 }));
  app.get('/sandbox-pages/qrcode.js', (_request, response, next) => {
    qrCode().then((script) => response.type('text/javascript').send(script), next);
  });
  app.get('/app-bridge.js', (_request, response) => {
    response.set('Cache-Control', 'no-cache');
    response.sendFile('app-bridge.js', { root: folder });
  });

  const placements = openPlacements();
  const pages = ['/store', '/admin/store'];
  app.use(pages, express.urlencoded({ extended: false, limit: '100kb' }), express.json({ limit: '100kb' }));
  mountStorefront(app, host);
  mountCheckout(app, host);
  mountOrderPages(app, host, placements);
  mountExtensionFrame(app, host);
  mountAdmin(app, host, placements);
  app.use(pages, showError);
}

function projectPath(name: string): string {
  return fileURLToPath(new URL(`../../../../${name}`, import.meta.url));
}

let bundledQrCode: Promise<string> | null = null;

/** The package's browser half as one script with the global `QRCode`; bundled once, for it ships as modules only. */
function qrCode(): Promise<string> {
  bundledQrCode ??= build({
    entryPoints: [fileURLToPath(import.meta.resolve('qrcode/lib/browser.js'))],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'QRCode',
    platform: 'browser',
    logLevel: 'silent',
  }).then(({ outputFiles }) => outputFiles[0]?.text ?? '');
  return bundledQrCode;
}

const showError: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (!(error instanceof PageError)) {
    next(error);
    return;
  }
  response.status(error.status).send(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>${error.status}</title>
          <link rel="stylesheet" href="/sandbox-pages/store.css" />
        </head>
        <body>
          <main>
            <div class="narrow">
              <h1>${error.status}</h1>
              <p role="alert">${error.message}</p>
            </div>
          </main>
        </body>
      </html>`.markup,
  );
};
