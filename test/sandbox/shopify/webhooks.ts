import { createHmac, randomUUID } from 'node:crypto';
import type { ServerConducts } from '../conducts.ts';
import type { Id, ShopEvent } from './records.ts';
import { covers } from './scopes.ts';
import type { ShopifyState } from './state.ts';
import { payloadOf } from './webhook-payloads.ts';

/** One webhook on its way to one address. */
export type Delivery = {
  /** `X-Shopify-Webhook-Id`: the same at every attempt. */
  id: string;
  eventId: string;
  topic: string;
  shop: string;
  url: string;
  /** The shop's own subscription behind it; null for one of the app's settings. */
  subscriptionId: Id | null;
  body: string;
  attempts: { at: string; status: number | null; error: string | null }[];
  state: 'delivered' | 'dropped' | 'given-up' | 'waiting';
};

/** The subscriptions of the app's own settings (`shopify.app.toml`). */
export type AppWebhooks = { url: string; topics?: string[] };

export const defaultTopics = [
  'app/scopes_update',
  'app/uninstalled',
  'customers/data_request',
  'customers/redact',
  'orders/cancelled',
  'orders/delete',
  'orders/edited',
  'orders/paid',
  'orders/risk_assessment_changed',
  'products/delete',
  'refunds/create',
  'shop/redact',
];

/** Eight retries over four hours, in minutes after the attempt before; Shopify publishes only the sum. */
const retryMinutes = [1, 2, 4, 8, 15, 30, 60, 120];
const patienceMs = 5000;

export type Webhooks = {
  readonly deliveries: Delivery[];
  /** Where the app's own subscriptions are sent from now on. */
  pointAt(subscriptions: AppWebhooks): void;
  /** Sends a recorded delivery once more, with its old id. */
  resend(id: string): Promise<void>;
  /** Resolves when no attempt is under way; retries that wait for their time do not count. */
  quiet(): Promise<void>;
  close(): void;
};

/** Listens to the shops and delivers what the app subscribed to. What waits for a retry is lost at a restart. */
export function openWebhooks(options: {
  state: ShopifyState;
  apiSecret: string;
  conducts: ServerConducts;
  subscriptions: AppWebhooks | null;
  /** How long a minute of Shopify's retry schedule lasts here. */
  retryScaleMs?: number;
  apiVersion?: string;
}): Webhooks {
  const { state, conducts } = options;
  const deliveries: Delivery[] = [];
  const underWay = new Set<Promise<void>>();
  const timers = new Set<NodeJS.Timeout>();
  let subscriptions = options.subscriptions;
  let isClosed = false;

  const attempt = async (delivery: Delivery): Promise<void> => {
    const at = state.now().toISOString();
    try {
      const response = await fetch(delivery.url, {
        method: 'POST',
        body: delivery.body,
        redirect: 'manual',
        signal: AbortSignal.timeout(patienceMs),
        headers: {
          'Content-Type': 'application/json',
          // The app closes what is left open and idle, perhaps the moment somebody in this process uses it again.
          Connection: 'close',
          'User-Agent': 'Shopify-Captain-Hook',
          'X-Shopify-Hmac-Sha256': createHmac('sha256', options.apiSecret)
            .update(delivery.body)
            .digest('base64'),
          'X-Shopify-Topic': delivery.topic,
          'X-Shopify-Shop-Domain': delivery.shop,
          'X-Shopify-API-Version': options.apiVersion ?? '2026-07',
          'X-Shopify-Webhook-Id': delivery.id,
          'X-Shopify-Event-Id': delivery.eventId,
          'X-Shopify-Triggered-At': at,
        },
      });
      await response.body?.cancel();
      delivery.attempts.push({ at, status: response.status, error: null });
      if (response.ok) delivery.state = 'delivered';
    } catch (error) {
      // No connection or no answer in time; whatever it was, Shopify tries again.
      delivery.attempts.push({
        at,
        status: null,
        error: error instanceof Error ? error.message : String(error),
      });
    }
    if (delivery.state !== 'delivered') retryLater(delivery);
  };

  const start = (delivery: Delivery): Promise<void> => {
    const attempted = attempt(delivery).finally(() => underWay.delete(attempted));
    underWay.add(attempted);
    return attempted;
  };

  const retryLater = (delivery: Delivery): void => {
    const minutes = retryMinutes[delivery.attempts.length - 1];
    if (minutes === undefined) {
      delivery.state = 'given-up';
      removeSubscription(state, delivery);
      return;
    }
    if (isClosed) return;
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        void start(delivery);
      },
      minutes * (options.retryScaleMs ?? 60_000),
    );
    timers.add(timer);
  };

  state.listen((event) => {
    const forgets = conducts.isOn('forgets-app-subscriptions');
    for (const { url, subscriptionId } of addressesFor(state, event, forgets ? null : subscriptions)) {
      const delivery: Delivery = {
        id: randomUUID(),
        eventId: event.eventId,
        topic: event.topic,
        shop: event.shop,
        url,
        subscriptionId,
        body: JSON.stringify(payloadOf(state, event, { hidesCustomerData: conducts.isOn('hides-email') })),
        attempts: [],
        state: 'waiting',
      };
      deliveries.push(delivery);
      if (conducts.strike('drops-webhooks', `POST ${event.topic}`)) {
        delivery.state = 'dropped';
        continue;
      }
      void start(delivery);
      if (conducts.strike('sends-webhooks-twice', `POST ${event.topic}`)) void start(delivery);
    }
  });

  return {
    deliveries,
    pointAt(wanted) {
      subscriptions = wanted;
    },
    async resend(id) {
      const delivery = deliveries.find((each) => each.id === id);
      if (!delivery) throw new Error(`No delivery ${id}.`);
      await start(delivery);
    },
    async quiet() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    close() {
      isClosed = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

/** Who is told: the app's own subscriptions, then those it made through the Admin API. */
function addressesFor(
  state: ShopifyState,
  event: ShopEvent,
  own: AppWebhooks | null,
): Pick<Delivery, 'subscriptionId' | 'url'>[] {
  const shop = state.shop(event.shop);
  // Compliance topics and the farewell reach an app that is no longer installed.
  const isFarewell = /^(customers\/(data_request|redact)|shop\/redact|app\/uninstalled)$/.test(event.topic);
  if (!shop.app && !isFarewell) return [];
  const needed = /^(orders|refunds)\//.test(event.topic)
    ? 'read_orders'
    : event.topic.startsWith('products/')
      ? 'read_products'
      : null;
  if (needed !== null && !covers(new Set(shop.app?.scopes), needed)) return [];
  const topic = event.topic.toUpperCase().replaceAll('/', '_');
  return [
    ...(own && (own.topics ?? defaultTopics).includes(event.topic)
      ? [{ url: own.url, subscriptionId: null }]
      : []),
    ...shop.webhookSubscriptions
      .filter((each) => each.topic === topic)
      .map(({ id, uri }) => ({ url: uri, subscriptionId: id })),
  ];
}

/** Shopify deletes a shop's own subscription whose deliveries fail in a row; those of the app's settings stay. */
function removeSubscription(state: ShopifyState, { shop: domain, subscriptionId }: Delivery): void {
  const shop = state.shop(domain);
  shop.webhookSubscriptions = shop.webhookSubscriptions.filter(({ id }) => id !== subscriptionId);
  state.changed();
}
