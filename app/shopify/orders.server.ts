import { z } from 'zod';
import type { Money } from '../platform/money.ts';
import { moneyFromDecimal } from '../platform/money.ts';
import type { Admin } from './admin.server.ts';
import { operation } from './operation.ts';
import { riskOf, type OrderRisk } from './risk.ts';
import { ShopifyError } from './shopify-error.ts';

export interface ShopifyOrder {
  orderGid: string;
  name: string;
  /** Null when the buyer gave none, or the app is not approved for protected customer data. */
  email: string | null;
  locale: string;
  customerGid: string | null;
  /** Null when the buyer gave none, or the app is not approved for it. */
  customerName: string | null;
  checkoutToken: string | null;
  test: boolean;
  isPaid: boolean;
  /** All the money went back, or was never taken; the quantities may say otherwise. */
  isFullyRefunded: boolean;
  /** Some of the money went back, or all. */
  hasRefunds: boolean;
  /** Somebody has fulfilled all of it: we, the merchant, another app, or Shopify by itself at the payment. */
  isFulfilled: boolean;
  risk: OrderRisk;
  processedAt: Date;
  /** Of any change to the order, ours included, to the second: two changes within one leave it as it is. */
  updatedAt: Date;
  cancelledAt: Date | null;
  currency: string;
  lines: ShopifyLine[];
  disputes: ShopifyDispute[];
}

/** A payment that the buyer's bank questions. */
export interface ShopifyDispute {
  disputeGid: string;
  /** Shopify's words, in lower case: chargeback | inquiry. */
  kind: string;
  /** needs_response | under_review | won | lost | accepted | prevented … */
  status: string;
}

export interface ShopifyLine {
  lineItemGid: string;
  /** What the line is worth now, after edits and refunds of single pieces. */
  quantity: number;
  title: string;
  sku: string | null;
  productType: string | null;
  productGid: string | null;
  /** Null for gift cards, custom lines and deleted variants. */
  variantGid: string | null;
  isGiftCard: boolean;
  requiresShipping: boolean;
  unitPrice: Money;
  /** What the buyer, or a link they followed, wrote on the line. */
  properties: ReadonlyMap<string, string>;
}

const money = z.object({ shopMoney: z.object({ amount: z.string(), currencyCode: z.string() }) });
const page = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() });

const lineFields = `nodes {
  id title sku currentQuantity isGiftCard requiresShipping
  product { id productType }
  variant { id }
  customAttributes { key value }
  discountedUnitPriceAfterAllDiscountsSet { shopMoney { amount currencyCode } }
} pageInfo { hasNextPage endCursor }`;

const lines = z.object({
  nodes: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      sku: z.string().nullable(),
      currentQuantity: z.number().int(),
      isGiftCard: z.boolean(),
      requiresShipping: z.boolean(),
      product: z.object({ id: z.string(), productType: z.string() }).nullable(),
      variant: z.object({ id: z.string() }).nullable(),
      customAttributes: z.array(z.object({ key: z.string(), value: z.string().nullable() })),
      discountedUnitPriceAfterAllDiscountsSet: money,
    }),
  ),
  pageInfo: page,
});

const orderById = operation<{ id: string }>()(
  `query OrderById($id: ID!) {
    order(id: $id) {
      id name email customerLocale checkoutToken test displayFinancialStatus displayFulfillmentStatus processedAt updatedAt cancelledAt
      currencyCode
      customer { id firstName lastName }
      risk { recommendation }
      disputes { id initiatedAs status }
      lineItems(first: 100) { ${lineFields} }
    }
  }`,
  z.object({
    order: z
      .object({
        id: z.string(),
        name: z.string(),
        email: z.string().nullable(),
        customerLocale: z.string().nullable(),
        checkoutToken: z.string().nullable(),
        test: z.boolean(),
        displayFinancialStatus: z.string().nullable(),
        displayFulfillmentStatus: z.string(),
        processedAt: z.coerce.date(),
        updatedAt: z.coerce.date(),
        cancelledAt: z.coerce.date().nullable(),
        currencyCode: z.string(),
        customer: z
          .object({ id: z.string(), firstName: z.string().nullable(), lastName: z.string().nullable() })
          .nullable(),
        risk: z.object({ recommendation: z.string().nullable() }).nullable(),
        disputes: z.array(z.object({ id: z.string(), initiatedAs: z.string(), status: z.string() })),
        lineItems: lines,
      })
      .nullable(),
  }),
  // Without an e-mail address the eSIM still reaches the buyer, on the shop's own pages. (Not `displayName`: it can not be
  // null, so Shopify would keep back the whole customer with it.)
  { mayBeDenied: ['email', 'firstName', 'lastName'] },
);

const moreLines = operation<{ id: string; after: string | null }>()(
  `query MoreOrderLines($id: ID!, $after: String) {
    order(id: $id) { lineItems(first: 100, after: $after) { ${lineFields} } }
  }`,
  z.object({ order: z.object({ lineItems: lines }).nullable() }),
);

/**
 * The order as Shopify has it now; null when there is none (any more), and perhaps when it is older than the 60 days
 * that apps see without `read_all_orders`. Throws `ShopifyError`.
 */
export async function readOrder(admin: Admin, orderGid: string): Promise<ShopifyOrder | null> {
  const { order } = await admin.run(orderById, { id: orderGid });
  if (!order) return null;
  const nodes = [...order.lineItems.nodes];
  for (let { pageInfo } = order.lineItems; pageInfo.hasNextPage;) {
    const more = await admin.run(moreLines, { id: orderGid, after: pageInfo.endCursor });
    if (!more.order) break;
    nodes.push(...more.order.lineItems.nodes);
    ({ pageInfo } = more.order.lineItems);
  }
  return {
    orderGid: order.id,
    name: order.name,
    email: order.email,
    locale: order.customerLocale ?? 'en',
    customerGid: order.customer?.id ?? null,
    customerName: nameOf(order.customer),
    checkoutToken: order.checkoutToken,
    test: order.test,
    isPaid: isPaid(order.displayFinancialStatus),
    isFullyRefunded: ['REFUNDED', 'VOIDED'].includes(order.displayFinancialStatus ?? ''),
    hasRefunds: ['PARTIALLY_REFUNDED', 'REFUNDED'].includes(order.displayFinancialStatus ?? ''),
    isFulfilled: order.displayFulfillmentStatus === 'FULFILLED',
    risk: riskOf(order.risk?.recommendation ?? null),
    processedAt: order.processedAt,
    updatedAt: order.updatedAt,
    cancelledAt: order.cancelledAt,
    currency: order.currencyCode,
    disputes: order.disputes.map(({ id, initiatedAs, status }) => ({
      ...{ disputeGid: id, kind: initiatedAs.toLowerCase(), status: status.toLowerCase() },
    })),
    lines: nodes.map((line) => ({
      lineItemGid: line.id,
      quantity: line.currentQuantity,
      title: line.title,
      sku: line.sku,
      productType: line.product?.productType ?? null,
      productGid: line.product?.id ?? null,
      variantGid: line.variant?.id ?? null,
      isGiftCard: line.isGiftCard,
      requiresShipping: line.requiresShipping,
      unitPrice: moneyFromDecimal(
        line.discountedUnitPriceAfterAllDiscountsSet.shopMoney.amount,
        line.discountedUnitPriceAfterAllDiscountsSet.shopMoney.currencyCode,
      ),
      properties: new Map(line.customAttributes.map(({ key, value }) => [key, value ?? ''])),
    })),
  };
}

function nameOf(customer: { firstName: string | null; lastName: string | null } | null): string | null {
  const name = [customer?.firstName, customer?.lastName].filter(Boolean).join(' ').trim();
  return name === '' ? null : name;
}

// Partly refunded was paid in full before; what was refunded is gone from the quantities. Partly paid is not: so reads an
// order that was edited upwards after it was paid, until the rest is paid too.
function isPaid(financialStatus: string | null): boolean {
  return ['PAID', 'PARTIALLY_REFUNDED', 'REFUNDED'].includes(financialStatus ?? '');
}

/** As much of an order as a list needs to tell which to read. */
export interface ListedOrder {
  orderGid: string;
  name: string;
  isPaid: boolean;
  updatedAt: Date;
  cancelledAt: Date | null;
}

const ordersByUpdate = operation<{ query: string; after: string | null }>()(
  // Fifty light orders: Shopify reckons the connection by its size, and this leaves the bucket to the orders themselves.
  `query OrdersByUpdate($query: String!, $after: String) {
    orders(first: 50, after: $after, query: $query, sortKey: UPDATED_AT) {
      nodes { id name displayFinancialStatus updatedAt cancelledAt }
      pageInfo { hasNextPage endCursor }
    }
  }`,
  z.object({
    orders: z.object({
      nodes: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          displayFinancialStatus: z.string().nullable(),
          updatedAt: z.coerce.date(),
          cancelledAt: z.coerce.date().nullable(),
        }),
      ),
      pageInfo: page,
    }),
  }),
);

/**
 * The orders changed in a window, longest unchanged first, page by page as they are asked for. Both ends count, to the
 * second. An order that changes meanwhile moves to the end: it may come twice, or leave a window that ends before now.
 * Shopify answers from a search index that may lag, so let windows overlap; and without `read_all_orders` it lists only
 * orders made in the last 60 days. Throws `ShopifyError`.
 */
export async function* listOrders(
  admin: Admin,
  { updatedSince, updatedUntil }: { updatedSince: Date; updatedUntil?: Date },
): AsyncIterable<ListedOrder[]> {
  const query = [
    `updated_at:>='${wholeSecond(updatedSince)}'`,
    ...(updatedUntil ? [`updated_at:<='${wholeSecond(updatedUntil)}'`] : []),
  ].join(' ');
  let after: string | null = null;
  do {
    const { orders }: z.output<typeof ordersByUpdate.result> = await admin.run(ordersByUpdate, {
      query,
      after,
    });
    if (orders.nodes.length > 0)
      yield orders.nodes.map((order) => ({
        orderGid: order.id,
        name: order.name,
        isPaid: isPaid(order.displayFinancialStatus),
        updatedAt: order.updatedAt,
        cancelledAt: order.cancelledAt,
      }));
    after = orders.pageInfo.hasNextPage ? orders.pageInfo.endCursor : null;
  } while (after !== null);
}

// Shopify's dates have no fractions: the second that was begun belongs to the window on either end.
function wholeSecond(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}

const fulfillmentOrders = operation<{ id: string }>()(
  `query FulfillmentOrdersOfOrder($id: ID!) {
    order(id: $id) {
      fulfillmentOrders(first: 50) {
        nodes {
          id status
          lineItems(first: 100) { nodes { id remainingQuantity lineItem { id } } }
        }
      }
    }
  }`,
  z.object({
    order: z
      .object({
        fulfillmentOrders: z.object({
          nodes: z.array(
            z.object({
              id: z.string(),
              status: z.string(),
              lineItems: z.object({
                nodes: z.array(
                  z.object({
                    id: z.string(),
                    remainingQuantity: z.number(),
                    lineItem: z.object({ id: z.string() }),
                  }),
                ),
              }),
            }),
          ),
        }),
      })
      .nullable(),
  }),
);

const createFulfilment = operation<{
  fulfillment: { lineItemsByFulfillmentOrder: FulfilmentPart[]; notifyCustomer: boolean };
}>()(
  `mutation FulfilLines($fulfillment: FulfillmentInput!) {
    fulfillmentCreate(fulfillment: $fulfillment) { fulfillment { id } userErrors { message } }
  }`,
  z.object({ fulfillmentCreate: z.object({ fulfillment: z.object({ id: z.string() }).nullable() }) }),
);

interface FulfilmentPart {
  fulfillmentOrderId: string;
  fulfillmentOrderLineItems: { id: string; quantity: number }[];
}

/**
 * Fulfils so many pieces of each line. Reads first what is still open, so a repeat, or a merchant who fulfilled by
 * hand, leaves nothing to do. Throws `ShopifyError`. `on-hold` when pieces remain in a fulfilment order nobody may fulfil now.
 */
export async function fulfilLines(
  admin: Admin,
  orderGid: string,
  delivered: Map<string, number>,
): Promise<'done' | 'on-hold'> {
  const { order } = await admin.run(fulfillmentOrders, { id: orderGid });
  // Every order has them; without the scope Shopify leaves them out of the list instead of refusing.
  if (order?.fulfillmentOrders.nodes.length === 0)
    throw new ShopifyError('permission', `${admin.domain} shows us no fulfilment orders`);
  const wanted = new Map(delivered);
  const parts: FulfilmentPart[] = [];
  let blocked = false;
  for (const fulfillmentOrder of order?.fulfillmentOrders.nodes ?? []) {
    const items: FulfilmentPart['fulfillmentOrderLineItems'] = [];
    for (const item of fulfillmentOrder.lineItems.nodes) {
      const quantity = Math.min(item.remainingQuantity, wanted.get(item.lineItem.id) ?? 0);
      if (quantity === 0 || fulfillmentOrder.status === 'CLOSED' || fulfillmentOrder.status === 'CANCELLED')
        continue;
      if (fulfillmentOrder.status !== 'OPEN' && fulfillmentOrder.status !== 'IN_PROGRESS') blocked = true;
      else items.push({ id: item.id, quantity });
      wanted.set(item.lineItem.id, (wanted.get(item.lineItem.id) ?? 0) - quantity);
    }
    if (items.length > 0)
      parts.push({ fulfillmentOrderId: fulfillmentOrder.id, fulfillmentOrderLineItems: items });
  }
  // Shopify's own shipping mail would send the buyer to a parcel that does not exist.
  if (parts.length > 0) {
    await admin.run(createFulfilment, {
      fulfillment: { lineItemsByFulfillmentOrder: parts, notifyCustomer: false },
    });
  }
  return blocked ? 'on-hold' : 'done';
}

const addTags = operation<{ id: string; tags: string[] }>()(
  `mutation TagOrder($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) { userErrors { message } } }`,
  z.object({ tagsAdd: z.object({}) }),
);

export async function tagOrder(admin: Admin, orderGid: string, tags: string[]): Promise<void> {
  await admin.run(addTags, { id: orderGid, tags });
}
