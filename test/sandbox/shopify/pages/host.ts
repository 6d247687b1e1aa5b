import type { Shop } from '../records.ts';
import type { Shopify } from '../start.ts';

/** Where the app's own files are; the project's unless a test has others. */
export type AppFiles = {
  /** The folder that holds one folder per extension. */
  extensionsFolder: string;
  /** shopify.app.toml: application_url and scopes come from it. */
  appToml: string;
};

/** What the pages need of the sandbox's Shopify. `appUrl` is read at each request, for it may move. */
export type PagesHost = AppFiles & { shopify: ShopifyOfPages };

export type ShopifyOfPages = Pick<
  Shopify,
  'apiKey' | 'appName' | 'appUrl' | 'checkout' | 'extensionToken' | 'idToken' | 'installApp' | 'state' | 'uninstall'
>;

/** `demo` and `demo.myshopify.com` both name the shop. */
export function domainOf(name: string): string {
  return name.endsWith('.myshopify.com') ? name : `${name}.myshopify.com`;
}

export function storeNameOf(shop: Shop): string {
  return shop.domain.replace('.myshopify.com', '');
}

/** `"12.50"` as the buyer or merchant reads it. */
export function money(amount: string | number, currency: string, locale = 'en'): string {
  return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(Number(amount));
}

/** An error the pages show with its status; everything else is a bug and answers 500. */
export class PageError extends Error {
  status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
