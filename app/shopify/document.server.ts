import { config } from '../platform/config.server.ts';

/** What the document's head needs for App Bridge. Both are public. */
export function documentSettings(): { apiKey: string; appBridgeUrl: string } {
  return { apiKey: config.SHOPIFY_API_KEY, appBridgeUrl: config.APP_BRIDGE_URL };
}

/**
 * Who may frame a document: the shop it was opened for and the admin, or nobody. Shopify's package sends no such
 * header when the address names no shop, and lists hosts of its own development machines.
 */
export function frameAncestors(request: Request): string {
  const shop = new URL(request.url).searchParams.get('shop');
  if (shop === null || !isShopDomain(shop)) return "frame-ancestors 'none';";
  return `frame-ancestors https://${shop} ${config.SHOPIFY_ADMIN_URL};`;
}

export function isShopDomain(text: string): boolean {
  return /^[a-z0-9][a-z0-9-]*\.myshopify\.com$/.test(text);
}
