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
    headers: { ...webhookHeaders(body, options), connection: 'close' },
    body: Buffer.from(body),
  });
  await response.body?.cancel();
  return response.status;
}

/** A body with one to four bytes changed, added or taken away; the same for the same seed. */
export function damage(body: string, seed: number): Uint8Array {
  let state = seed * 2_654_435_761;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
  const bytes = [...Buffer.from(body)];
  for (let times = 1 + random(4); times > 0; times--) {
    const place = random(bytes.length);
    const act = random(3);
    if (act === 0) bytes[place] = ((bytes[place] ?? 0) + 1 + random(255)) % 256;
    else if (act === 1) bytes.splice(place, 0, random(256));
    else bytes.splice(place, 1 + random(20));
    if (bytes.length === 0) bytes.push(random(256));
  }
  return Buffer.from(bytes).equals(Buffer.from(body)) ? Buffer.from(`${body} `) : Uint8Array.from(bytes);
}
