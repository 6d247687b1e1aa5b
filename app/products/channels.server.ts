import { adminOf } from '../shopify/admin.server.ts';
import { listSalesChannels, type SalesChannel } from '../shopify/product-set.server.ts';

/** Where the shop can sell. Throws `ShopifyError`. */
export function salesChannels({ domain }: { domain: string }): Promise<SalesChannel[]> {
  return listSalesChannels(adminOf(domain));
}
