import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { API_SECRET } from '../sandbox/sandbox.ts';
import type { Shopify } from '../sandbox/shopify/start.ts';

type Cart = Parameters<Shopify['checkout']>[1];

/** The webhook of a paid order that Shopify did not send: we send it, at our pace. */
export interface PaidWebhook {
  shop: string;
  body: string;
  hmac: string;
}

/** Pays the carts in their shops; returns their orders/paid webhooks, signed and not sent. */
export function payCarts(
  { shopify }: { shopify: Shopify },
  carts: { shop: string; cart: Cart }[],
): PaidWebhook[] {
  const before = shopify.deliveries.length;
  shopify.conducts.on('drops-webhooks');
  for (const { shop, cart } of carts) shopify.checkout(shop, cart);
  shopify.conducts.off('drops-webhooks');
  return shopify.deliveries
    .slice(before)
    .filter(({ topic }) => topic === 'orders/paid')
    .map(({ body, shop }) => ({
      shop,
      body,
      hmac: createHmac('sha256', API_SECRET).update(body).digest('base64'),
    }));
}

/**
 * Posts it as Shopify does, each time as another webhook. Throws when it is not answered 200. Not by fetch, which takes
 * more than twice as long: at full speed one would measure the sender.
 */
export async function sendPaid(url: string, { shop, body, hmac }: PaidWebhook): Promise<void> {
  const sending = request(url, {
    method: 'POST',
    agent,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Shopify-Captain-Hook',
      'x-shopify-hmac-sha256': hmac,
      'x-shopify-topic': 'orders/paid',
      'x-shopify-shop-domain': shop,
      'x-shopify-api-version': '2026-10',
      'x-shopify-webhook-id': randomUUID(),
      'x-shopify-event-id': randomUUID(),
      'x-shopify-triggered-at': new Date().toISOString(),
    },
  });
  sending.end(body);
  const [response] = (await once(sending, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  if (response.statusCode !== 200) throw new Error(`a webhook was answered ${response.statusCode}`);
}

const agent = new Agent({ keepAlive: true });
