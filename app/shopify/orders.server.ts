import { z } from 'zod';
import type { Money } from '../platform/money.ts';
import { moneyFromDecimal } from '../platform/money.ts';
import type { Admin } from './admin.server.ts';
import { operation } from './operation.ts';

export interface ShopifyOrder {
  orderGid: string;
  name: string;
  /** Null when the buyer gave none, or the app is not approved for protected customer data. */
  email: string | null;
  locale: string;
  customerGid: string | null;
  checkoutToken: string | null;
  test: boolean;
  isPaid: boolean;
  processedAt: Date;
  cancelledAt: Date | null;
  currency: string;
  lines: ShopifyLine[];
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
}

const money = z.object({ shopMoney: z.object({ amount: z.string(), currencyCode: z.string() }) });
const page = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() });

const lineFields = `nodes {
  id title sku currentQuantity isGiftCard requiresShipping
  product { id productType }
  variant { id }
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
      discountedUnitPriceAfterAllDiscountsSet: money,
    }),
  ),
  pageInfo: page,
});

const orderById = operation<{ id: string }>()(
  `query OrderById($id: ID!) {
    order(id: $id) {
      id name email customerLocale checkoutToken test displayFinancialStatus processedAt cancelledAt currencyCode
      customer { id }
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
        processedAt: z.coerce.date(),
        cancelledAt: z.coerce.date().nullable(),
        currencyCode: z.string(),
        customer: z.object({ id: z.string() }).nullable(),
        lineItems: lines,
      })
      .nullable(),
  }),
);

const moreLines = operation<{ id: string; after: string | null }>()(
  `query MoreOrderLines($id: ID!, $after: String) {
    order(id: $id) { lineItems(first: 100, after: $after) { ${lineFields} } }
  }`,
  z.object({ order: z.object({ lineItems: lines }).nullable() }),
);

/** The order as Shopify has it now; null when it does not exist (any more). Throws `ShopifyError`. */
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
    checkoutToken: order.checkoutToken,
    test: order.test,
    // Partly refunded was paid in full before; what was refunded is gone from the quantities.
    isPaid: ['PAID', 'PARTIALLY_REFUNDED', 'REFUNDED'].includes(order.displayFinancialStatus ?? ''),
    processedAt: order.processedAt,
    cancelledAt: order.cancelledAt,
    currency: order.currencyCode,
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
    })),
  };
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
 * hand, leaves nothing to do. `on-hold` when pieces remain in a fulfilment order nobody may fulfil now.
 */
export async function fulfilLines(
  admin: Admin,
  orderGid: string,
  delivered: Map<string, number>,
): Promise<'done' | 'on-hold'> {
  const { order } = await admin.run(fulfillmentOrders, { id: orderGid });
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
