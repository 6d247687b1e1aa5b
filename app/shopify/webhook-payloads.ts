import { z } from 'zod';

/** What we keep of a webhook: ids. The order itself is read again when it is worked on. */
export type Subject =
  | { about: 'order'; orderGid: string }
  | { about: 'product'; productGid: string }
  | { about: 'app' }
  | { about: 'privacy'; customerId: string | null; orderIds: string[]; emailHash: string | null };

/** What a body tells: of a customer the address too, of which no more than a blind index is kept. */
export type Told =
  Exclude<Subject, { about: 'privacy' }> | (Omit<PrivacySubject, 'emailHash'> & { email: string | null });

export type PrivacySubject = Extract<Subject, { about: 'privacy' }>;

// Ids arrive as numbers in most payloads and as text in some; beyond 2^53 a number would be another order's.
const id = z.union([z.string().regex(/^\d+$/), z.int().nonnegative().transform(String)]);
const orderGid = (orderId: string) => `gid://shopify/Order/${orderId}`;

const order = z.object({ id }).transform((body): Told => ({ about: 'order', orderGid: orderGid(body.id) }));
const ofOrder = z
  .object({ order_id: id })
  .transform((body): Told => ({ about: 'order', orderGid: orderGid(body.order_id) }));
const ofEdit = z
  .object({ order_edit: z.object({ order_id: id }) })
  .transform((body): Told => ({ about: 'order', orderGid: orderGid(body.order_edit.order_id) }));
const product = z
  .object({ id })
  .transform((body): Told => ({ about: 'product', productGid: `gid://shopify/Product/${body.id}` }));
const app = z.looseObject({}).transform((): Told => ({ about: 'app' }));
const privacy = z
  .object({
    customer: z.object({ id, email: z.string().nullish().catch(null) }).nullish(),
    orders_requested: z.array(id).nullish(),
    orders_to_redact: z.array(id).nullish(),
  })
  .transform((body): Told => ({
    about: 'privacy',
    email: body.customer?.email ?? null,
    customerId: body.customer?.id ?? null,
    orderIds: body.orders_requested ?? body.orders_to_redact ?? [],
  }));

/** The topics of shopify.app.toml and the little we read of each body. */
export const topics = {
  'orders/paid': order,
  'orders/edited': ofEdit,
  'orders/cancelled': order,
  'orders/delete': order,
  'refunds/create': ofOrder,
  'orders/risk_assessment_changed': ofOrder,
  'products/delete': product,
  'app/uninstalled': app,
  'app/scopes_update': app,
  'customers/data_request': privacy,
  'customers/redact': privacy,
  'shop/redact': privacy,
} satisfies Record<string, z.ZodType<Told>>;

export type Topic = keyof typeof topics;

/** The topics by which Shopify tells of orders: whatever they say, the order is read again. */
export const orderTopics = [
  'orders/paid',
  'orders/edited',
  'orders/cancelled',
  'orders/delete',
  'refunds/create',
  'orders/risk_assessment_changed',
] as const satisfies readonly Topic[];

export function isTopic(topic: string): topic is Topic {
  return Object.hasOwn(topics, topic);
}
