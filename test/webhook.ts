import { createHmac, randomUUID } from 'node:crypto';
import { API_SECRET } from './sandbox/sandbox.ts';

export function sign(body: string | Uint8Array, secret = API_SECRET): string {
  return createHmac('sha256', secret).update(body).digest('base64');
}

/** The headers Shopify sends with a webhook, rightly signed; `changes` overrides some, null takes one away. */
export function webhookHeaders(
  body: string | Uint8Array,
  {
    topic = 'orders/paid',
    shop = 'nobody.myshopify.com',
    changes = {},
  }: { topic?: string; shop?: string; changes?: Record<string, string | null> } = {},
): Record<string, string> {
  const headers: Record<string, string | null> = {
    'content-type': 'application/json',
    'x-shopify-hmac-sha256': sign(body),
    'x-shopify-topic': topic,
    'x-shopify-shop-domain': shop,
    'x-shopify-api-version': '2026-10',
    'x-shopify-webhook-id': randomUUID(),
    'x-shopify-event-id': randomUUID(),
    'x-shopify-triggered-at': new Date().toISOString(),
    ...changes,
  };
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}

/** Posts a webhook to the app and answers the status. */
export async function postWebhook(
  appUrl: string,
  body: string | Uint8Array,
  options?: Parameters<typeof webhookHeaders>[1],
): Promise<number> {
  const response = await fetch(`${appUrl}/webhooks/shopify`, {
    method: 'POST',
    headers: webhookHeaders(body, options),
    body: Buffer.from(body),
  });
  await response.body?.cancel();
  return response.status;
}
