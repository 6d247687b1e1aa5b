import { config } from '../platform/config.server.ts';

/** The address of a page of the app inside the Shopify admin of a shop: for links in e-mails. */
export function appPage(shopDomain: string, page: string): string {
  const [handle = ''] = shopDomain.split('.');
  return `${config.SHOPIFY_ADMIN_URL}/store/${handle}/apps/${config.SHOPIFY_API_KEY}${page}`;
}
