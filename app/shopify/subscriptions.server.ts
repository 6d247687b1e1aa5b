import { z } from 'zod';
import { config } from '../platform/config.server.ts';
import type { Admin } from './admin.server.ts';
import { operation } from './operation.ts';
import type { Topic } from './webhook-payloads.ts';

const subscriptionsTo = operation<{ uri: string }>()(
  `query SubscriptionsTo($uri: String!) {
    webhookSubscriptions(first: 100, uri: $uri) { nodes { topic } }
  }`,
  z.object({ webhookSubscriptions: z.object({ nodes: z.array(z.object({ topic: z.string() })) }) }),
);

const createSubscription = operation<{ topic: string; uri: string }>()(
  `mutation Subscribe($topic: WebhookSubscriptionTopic!, $uri: String!) {
    webhookSubscriptionCreate(topic: $topic, webhookSubscription: { uri: $uri, format: JSON }) {
      webhookSubscription { id }
      userErrors { field message }
    }
  }`,
  z.object({
    webhookSubscriptionCreate: z.object({ webhookSubscription: z.object({ id: z.string() }) }),
  }),
);

/**
 * Subscribes this one shop to the topics, where it has no subscription of its own to our address, and answers which
 * were made. For a shop that was not told of its orders: the subscriptions of shopify.app.toml belong to the app, no
 * shop lists them, and where they do work the same event comes twice, which the order's own keys make harmless.
 * Shopify deletes a shop's own subscription after eight failed deliveries in a row. Throws `ShopifyError`.
 */
export async function ensureSubscription(admin: Admin, topics: Topic[]): Promise<Topic[]> {
  const uri = `${config.SHOPIFY_APP_URL}/webhooks/shopify`;
  const { webhookSubscriptions } = await admin.run(subscriptionsTo, { uri });
  const known = new Set(webhookSubscriptions.nodes.map(({ topic }) => topic));
  const missing = topics.filter((topic) => !known.has(enumName(topic)));
  for (const topic of missing) await admin.run(createSubscription, { topic: enumName(topic), uri });
  return missing;
}

// GraphQL's word for a topic: ORDERS_PAID for orders/paid.
function enumName(topic: Topic): string {
  return topic.toUpperCase().replaceAll('/', '_');
}
