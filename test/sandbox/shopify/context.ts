import type { AppInstall, Shop } from './records.ts';
import type { ShopifyState } from './state.ts';

/** What is known of one request to the Admin API. */
export type Context = {
  state: ShopifyState;
  shop: Shop;
  app: AppInstall;
  appInfo: AppInfo;
  scopes: ReadonlySet<string>;
  /** The app is not approved for protected customer data. */
  hidesCustomerData: boolean;
  /** Of the variants of a list the first is not to be written. */
  refusesAVariant: boolean;
  /** The payment provider declines a refund. */
  refusesTheRefund: () => boolean;
};

export type AppInfo = { apiKey: string; name: string; url: string };

/** An object as GraphQL executes it: values, or functions of the field's arguments. */
export type View = Record<string, unknown>;
