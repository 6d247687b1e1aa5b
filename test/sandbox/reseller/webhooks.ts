import { createHmac } from 'node:crypto';
import type { Account, Delivery, Webhook } from './state.ts';
import { json, nextNumber, paged, refuse, textOf, type Answer, type Call, type Vendor } from './vendor.ts';

const EVENTS = ['ORDER_STATUS', 'ESIM_STATUS'];
const MOST_DELIVERIES_KEPT = 1_000;

/** `GET /webhooks` */
export function listWebhooks(call: Call): Answer {
  const wanted = call.query.get('status');
  const rows = ownWebhooks(call).filter(({ status }) => wanted === null || status === wanted);
  return paged(call, { key: 'webhooks', rows }, webhookOnTheWire);
}

/** `POST /webhooks`, "with automatic test". Assumed: one whose test is not answered is not made. */
export async function createWebhook(call: Call): Promise<Answer> {
  const { vendor, account } = call;
  const webhook: Webhook = {
    ...{ id: `wh-${String(nextNumber(vendor))}`, accountId: account.id, status: 'active' },
    ...{ name: '', url: '', events: [], secret: '', timeoutSeconds: 30, retryCount: 3 },
  };
  const wrong = fill(webhook, call.body);
  if (wrong) return wrong;
  const delivery = await send(vendor, webhook, 'TEST', {});
  if (!isTaken(delivery)) return refuse(400, 'Webhook test failed: the endpoint did not answer 2xx');
  vendor.state.webhooks.push(webhook);
  vendor.touch();
  return json({ webhook: webhookOnTheWire(webhook) }, { status: 201, executed: true });
}

/** `GET /webhooks/{id}` */
export function getWebhook(call: Call): Answer {
  const webhook = find(call);
  return webhook ? json({ webhook: webhookOnTheWire(webhook) }) : noSuchWebhook;
}

/** `PUT /webhooks/{id}` */
export function updateWebhook(call: Call): Answer {
  const webhook = find(call);
  if (!webhook) return noSuchWebhook;
  const wrong = fill(webhook, { ...webhookOnTheWire(webhook), secret: webhook.secret, ...call.body });
  if (wrong) return wrong;
  call.vendor.touch();
  return json({ webhook: webhookOnTheWire(webhook) });
}

/** `DELETE /webhooks/{id}` */
export function deleteWebhook(call: Call): Answer {
  const webhook = find(call);
  if (!webhook) return noSuchWebhook;
  const { webhooks } = call.vendor.state;
  webhooks.splice(webhooks.indexOf(webhook), 1);
  call.vendor.touch();
  return json({ message: 'Webhook deleted successfully' });
}

/** `POST /webhooks/{id}/test` */
export async function testWebhook(call: Call): Promise<Answer> {
  const webhook = find(call);
  if (!webhook) return noSuchWebhook;
  const delivery = await send(call.vendor, webhook, 'TEST', {});
  webhook.status = isTaken(delivery) ? 'active' : 'failed';
  call.vendor.touch();
  return isTaken(delivery) ? json({ message: 'Test webhook sent' }) : refuse(400, 'Webhook test failed');
}

/** `GET /webhooks/{id}/logs` */
export function listDeliveries(call: Call): Answer {
  const webhook = find(call);
  if (!webhook) return noSuchWebhook;
  const rows = call.vendor.state.deliveries.filter(({ webhookId }) => webhookId === webhook.id).reverse();
  return paged(call, { key: 'deliveries', rows }, (delivery) => ({
    event_type: delivery.event,
    status: isTaken(delivery) ? 'success' : 'failed',
    response_code: delivery.status,
    attempts: delivery.attempts,
    created_at: new Date(delivery.at).toISOString(),
  }));
}

/** Sends an event to every webhook of the account that wants it. */
export async function callWebhooks(
  vendor: Vendor,
  account: Account,
  event: string,
  data: object,
): Promise<Delivery[]> {
  const wanted = vendor.state.webhooks.filter(
    ({ accountId, events, status }) =>
      accountId === account.id && events.includes(event) && status === 'active',
  );
  const times = vendor.conducts.strike('calls-back-twice') ? 2 : 1;
  const deliveries: Delivery[] = [];
  for (const webhook of wanted)
    for (let sent = 0; sent < times; sent += 1) deliveries.push(await send(vendor, webhook, event, data));
  return deliveries;
}

/** Tries until it is taken, once more than `retry_count`. Assumed: body and signature, of which nothing is published. */
async function send(vendor: Vendor, webhook: Webhook, event: string, data: object): Promise<Delivery> {
  const timestamp = new Date(vendor.now()).toISOString();
  const body = JSON.stringify({ event_type: event, webhook_id: webhook.id, timestamp, data });
  const signature = createHmac('sha256', webhook.secret).update(body).digest('hex');
  const proof: Record<string, string> = vendor.conducts.strike('calls-with-the-bare-secret')
    ? { 'x-webhook-secret': webhook.secret }
    : { 'x-webhook-signature': `sha256=${signature}` };
  const delivery: Delivery = {
    ...{ webhookId: webhook.id, event, status: null, attempts: 0, body, at: vendor.now() },
  };
  while (!isTaken(delivery) && delivery.attempts <= webhook.retryCount) {
    delivery.attempts += 1;
    delivery.status = await fetch(webhook.url, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json', ...proof }, body },
      signal: AbortSignal.timeout(webhook.timeoutSeconds * 1000),
    }).then(
      (response) => response.status,
      () => null,
    );
  }
  vendor.state.deliveries.push(delivery);
  if (vendor.state.deliveries.length > MOST_DELIVERIES_KEPT) vendor.state.deliveries.shift();
  vendor.touch();
  return delivery;
}

function isTaken({ status }: Delivery): boolean {
  return status !== null && status >= 200 && status < 300;
}

function ownWebhooks({ vendor, account }: Call): Webhook[] {
  return vendor.state.webhooks.filter(({ accountId }) => accountId === account.id);
}

function find(call: Call): Webhook | undefined {
  return ownWebhooks(call).find(({ id }) => id === call.params.id);
}

const noSuchWebhook = refuse(404, 'Webhook not found');

/** Writes what was posted onto a webhook; answers what is wrong with it. */
function fill(webhook: Webhook, body: Record<string, unknown>): Answer | null {
  const events = Array.isArray(body.event_types) ? body.event_types.map(textOf) : [];
  if (!URL.canParse(textOf(body.endpoint_url))) return refuse(400, 'endpoint_url must be an address');
  if (events.length === 0 || !events.every((event) => EVENTS.includes(event)))
    return refuse(400, `event_types must be of ${EVENTS.join(', ')}`);
  if (textOf(body.secret) === '') return refuse(400, 'secret is required');
  webhook.name = textOf(body.name);
  webhook.url = textOf(body.endpoint_url);
  webhook.events = events;
  webhook.secret = textOf(body.secret);
  webhook.timeoutSeconds = Number(body.timeout_seconds ?? 30);
  webhook.retryCount = Number(body.retry_count ?? 3);
  return null;
}

function webhookOnTheWire({ id, name, url, events, timeoutSeconds, retryCount, status }: Webhook) {
  return {
    ...{ id, name, endpoint_url: url, event_types: events, status },
    ...{ timeout_seconds: timeoutSeconds, retry_count: retryCount },
  };
}
