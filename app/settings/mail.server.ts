import { config } from '../platform/config.server.ts';
import type { Shop } from '../shopify/shops.server.ts';

/** Whom a buyer sees as the sender of an eSIM. */
export function mailSender(shop: Shop): { name: string; address: string } {
  return { name: shop.name, address: /<([^<>]+)>/.exec(config.MAIL_FROM)?.[1] ?? config.MAIL_FROM };
}
