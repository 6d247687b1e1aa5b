import type { Id, Shop } from '../records.ts';
import type { ShopifyState } from '../state.ts';

/** What the pages need of the sandbox's Shopify. */
export type PagesHost = {
  state: ShopifyState;
  apiKey: string;
  /** Where the app runs, without a slash at the end. Read at each request: tests start the app after Shopify. */
  readonly appUrl: string;
  /** An id token as the admin hands it to App Bridge: about one minute of life. */
  adminIdToken(domain: string): Promise<string>;
  /** The session token of a checkout or customer-account extension: five minutes; `sub` only with a customer. */
  buyerSessionToken(domain: string, customerId: Id | null): Promise<string>;
  /** The folder that holds one folder per extension. */
  extensionsFolder: string;
  /** shopify.app.toml: name, application_url and scopes come from it. */
  appToml: string;
};

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
