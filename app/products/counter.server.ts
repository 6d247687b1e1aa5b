import { adminOf, type Admin } from '../shopify/admin.server.ts';
import { listSalesChannels } from '../shopify/product-set.server.ts';
import { ShopifyError } from '../shopify/shopify-error.ts';
import type { Shop } from '../shopify/shops.server.ts';
import type { RefusalReason } from './refusal-words.ts';
import { productTemplate, type ProductTemplate } from './template.server.ts';

/** What making and changing products needs to know of a shop, read once for many of them. */
export interface Counter {
  shop: Shop;
  admin: Admin;
  template: ProductTemplate;
  /** Ids of the sales channels that new products are put in; none when the shop has no online store. */
  channels: string[];
  /** Handles that products under way at this counter are about to take, with the key of each. */
  reserved: Map<string, string>;
}

/** Throws `ShopifyError`. */
export async function openCounter(shop: Shop): Promise<Counter> {
  const admin = adminOf(shop.domain, 'patient');
  const [template, channels] = await Promise.all([productTemplate(shop), listSalesChannels(admin)]);
  const chosen = channels.filter(({ id }) => template.publications.includes(id));
  const usual = channels.filter(({ name }) => name === 'Online Store');
  return {
    shop,
    admin,
    template,
    channels: (chosen.length > 0 ? chosen : usual).map(({ id }) => id),
    reserved: new Map(),
  };
}

/** What came of one product. */
export type Outcome =
  | {
      status: 'made' | 'changed' | 'unchanged';
      productGid: string;
      /** How many variants were added. */
      added: number;
      /** How many variants the merchant deleted in Shopify: they are not made again by themselves. */
      gone: number;
      /** How many variants the merchant made, with the same options: they stay the merchant's. */
      taken: number;
      /** Texts that stay because the merchant changed them. */
      kept: string[];
    }
  | { status: 'refused'; reason: RefusalReason; messages: string[] };

export const refused = (reason: RefusalReason, messages: string[] = []): Outcome => ({
  ...{ status: 'refused', reason, messages },
});

/** An act on one product: what Shopify says no to is an answer; all else climbs. */
export async function orRefusal(act: Promise<Outcome>): Promise<Outcome> {
  try {
    return await act;
  } catch (error) {
    if (error instanceof ShopifyError && error.kind === 'user-errors')
      return refused('shopify', error.userMessages);
    throw error;
  }
}
