import type { GraphQLResolveInfo } from 'graphql';
import { GraphQLError, Kind } from 'graphql';
import type { Context, View } from './context.ts';
import type { WrittenMetafield } from './metafields.ts';
import { writeMetafields } from './metafields.ts';
import { toMinor } from './money.ts';
import type { FulfilDraft } from './orders.ts';
import { receivedOf, refundedOf } from './orders.ts';
import { fulfillmentOrderView, fulfillmentView, orderView, refundView } from './order-view.ts';
import { tidyTags } from './product-mutations.ts';
import type { CancelReason, FulfillmentOrder, Order } from './records.ts';
import { gid, idOf } from './records.ts';
import { covers } from './scopes.ts';

type Refusal = { field: string[] | null; message: string; code?: string };
type FulfillmentInput = {
  lineItemsByFulfillmentOrder: {
    fulfillmentOrderId: string;
    fulfillmentOrderLineItems?: { id: string; quantity: number }[] | null;
  }[];
  trackingInfo?: { company?: string | null; number?: string | null; url?: string | null } | null;
};
type RefundInput = {
  orderId: string;
  note?: string | null;
  refundLineItems?: { lineItemId: string; quantity: number }[] | null;
  transactions?: { amount: string; gateway: string; parentId?: string | null }[] | null;
};

/** The mutations that touch orders. Each answers user errors as Shopify does and changes nothing then. */
export const orderMutations = {
  fulfillmentCreate({ fulfillment }: { fulfillment: FulfillmentInput }, context: Context): View {
    const { shop, state } = context;
    const refuse = (message: string): View => ({
      fulfillment: null,
      userErrors: [{ field: ['fulfillment'], message }],
    });
    const parts: (FulfilDraft & { order: Order; fulfillmentOrder: FulfillmentOrder })[] = [];
    for (const wanted of fulfillment.lineItemsByFulfillmentOrder) {
      const found = covers(context.scopes, 'write_merchant_managed_fulfillment_orders')
        ? state.findFulfillmentOrder(shop, idOf('FulfillmentOrder', wanted.fulfillmentOrderId) ?? 0)
        : null;
      if (!found) return refuse('Fulfillment order does not exist.');
      const { fulfillmentOrder } = found;
      if (fulfillmentOrder.status !== 'OPEN' && fulfillmentOrder.status !== 'IN_PROGRESS') {
        return refuse(
          `Fulfillment order ${String(fulfillmentOrder.id)} has an unfulfillable status= ${fulfillmentOrder.status.toLowerCase()}.`,
        );
      }
      const lines = wanted.fulfillmentOrderLineItems?.length
        ? wanted.fulfillmentOrderLineItems.map(({ id, quantity }) => ({
            id: idOf('FulfillmentOrderLineItem', id) ?? 0,
            quantity,
          }))
        : null;
      for (const line of lines ?? []) {
        const known = fulfillmentOrder.lines.find(({ id }) => id === line.id);
        if (!known) return refuse('Fulfillment order line item does not exist.');
        if (line.quantity < 1 || line.quantity > known.remainingQuantity) {
          return refuse('Invalid fulfillment order line item quantity requested.');
        }
      }
      parts.push({ ...found, fulfillmentOrderId: fulfillmentOrder.id, lines });
    }
    const order = parts[0]?.order;
    if (!order) return refuse('At least one fulfillment order is required.');
    if (parts.some((part) => part.order !== order))
      return refuse('All fulfillment orders must belong to the same order.');
    const tracking = fulfillment.trackingInfo;
    const made = state.fulfil(shop.domain, order.id, parts, {
      company: tracking?.company ?? null,
      number: tracking?.number ?? null,
      url: tracking?.url ?? null,
    });
    return { fulfillment: fulfillmentView(context, order, made), userErrors: [] };
  },

  fulfillmentOrderHold(
    {
      id,
      fulfillmentHold,
    }: { id: string; fulfillmentHold: { reason: string; reasonNotes?: string | null; handle: string } },
    context: Context,
  ): View {
    const found = context.state.findFulfillmentOrder(context.shop, idOf('FulfillmentOrder', id) ?? 0);
    const refuse = (message: string, code: string): View => ({
      fulfillmentHold: null,
      fulfillmentOrder: null,
      remainingFulfillmentOrder: null,
      userErrors: [{ field: ['id'], message, code }],
    });
    if (!found) return refuse('Fulfillment order does not exist.', 'FULFILLMENT_ORDER_NOT_FOUND');
    if (found.fulfillmentOrder.status === 'CLOSED' || found.fulfillmentOrder.status === 'CANCELLED') {
      return refuse('Fulfillment order is not in a holdable state.', 'INVALID_LINE_ITEM_QUANTITY');
    }
    const { reason, reasonNotes, handle } = fulfillmentHold;
    const held = context.state.holdFulfillment(context.shop.domain, found.fulfillmentOrder.id, {
      reason,
      notes: reasonNotes ?? null,
      handle,
    });
    const view = fulfillmentOrderView(context, found.order, held);
    // The view lists the holds in the order they were made.
    const holds = view['fulfillmentHolds'] as View[];
    return {
      fulfillmentHold: holds.at(-1),
      fulfillmentOrder: view,
      remainingFulfillmentOrder: null,
      userErrors: [],
    };
  },

  fulfillmentOrderReleaseHold({ id }: { id: string }, context: Context): View {
    const found = context.state.findFulfillmentOrder(context.shop, idOf('FulfillmentOrder', id) ?? 0);
    if (!found) {
      const error = {
        field: ['id'],
        message: 'Fulfillment order does not exist.',
        code: 'FULFILLMENT_ORDER_NOT_FOUND',
      };
      return { fulfillmentOrder: null, userErrors: [error] };
    }
    const released = context.state.releaseFulfillment(context.shop.domain, found.fulfillmentOrder.id);
    return { fulfillmentOrder: fulfillmentOrderView(context, found.order, released), userErrors: [] };
  },

  orderUpdate(
    {
      input,
    }: {
      input: {
        id: string;
        email?: string | null;
        note?: string | null;
        tags?: string[] | null;
        metafields?: WrittenMetafield[] | null;
      };
    },
    context: Context,
  ): View {
    const order = findOrder(context, input.id);
    if (!order) return { order: null, userErrors: [{ field: ['id'], message: 'Order does not exist' }] };
    if (input.email !== undefined) order.email = input.email;
    if (input.note !== undefined) order.note = input.note;
    if (input.tags) order.tags = tidyTags(input.tags);
    writeMetafields(context, gid('Order', order.id), input.metafields ?? []);
    touch(context, order);
    return { order: orderView(context, order), userErrors: [] };
  },

  orderCancel({ orderId, reason }: { orderId: string; reason: CancelReason }, context: Context): View {
    const order = findOrder(context, orderId);
    const errors: Refusal[] = order
      ? order.cancelledAt === null
        ? []
        : [
            {
              field: ['orderId'],
              message: 'Cannot cancel an order that has already been canceled',
              code: 'INVALID',
            },
          ]
      : [{ field: ['orderId'], message: 'Order does not exist', code: 'NOT_FOUND' }];
    if (order && errors.length === 0) context.state.cancelOrder(context.shop.domain, order.id, reason);
    const job =
      errors.length === 0 ? { id: `gid://shopify/Job/${orderId.replace(/\D/g, '')}`, done: true } : null;
    return { job, orderCancelUserErrors: errors, userErrors: errors };
  },

  refundCreate({ input }: { input: RefundInput }, context: Context, info: GraphQLResolveInfo): View {
    const key = idempotencyKey(info);
    const order = findOrder(context, input.orderId);
    const refuse = (field: string[], message: string): View => ({
      order: null,
      refund: null,
      userErrors: [{ field, message }],
    });
    if (!order) return refuse(['orderId'], 'Order does not exist');
    const request = { key, input: JSON.stringify(input) };
    const known = order.refunds.find((each) => each.request?.key === key);
    if (known && known.request?.input !== request.input) {
      const extensions = { code: 'IDEMPOTENCY_KEY_PARAMETER_MISMATCH' };
      throw new GraphQLError('The same idempotency key was used with other parameters.', { extensions });
    }
    if (known)
      return { order: orderView(context, order), refund: refundView(context, order, known), userErrors: [] };
    if (context.refusesTheRefund())
      return refuse([], 'The payment provider declined the refund. Try again later.');
    const lines = (input.refundLineItems ?? []).map(({ lineItemId, quantity }) => ({
      lineItemId: idOf('LineItem', lineItemId) ?? 0,
      quantity,
    }));
    for (const { lineItemId, quantity } of lines) {
      const line = order.lines.find(({ id }) => id === lineItemId);
      if (!line) return refuse(['refundLineItems'], 'Line item does not exist');
      if (quantity > line.currentQuantity) {
        return refuse(
          ['refundLineItems'],
          'Refund line items quantity cannot refund more items than were purchased',
        );
      }
    }
    const amount = input.transactions?.[0]?.amount;
    const left = toMinor(receivedOf(order), order.currency) - toMinor(refundedOf(order), order.currency);
    if (amount !== undefined && toMinor(amount, order.currency) > left)
      return refuse(['transactions'], 'Refund amount cannot be more than what is left to refund');
    const refund = context.state.refundOrder(context.shop.domain, order.id, {
      ...{ lines, request },
      ...(amount === undefined ? {} : { amount }),
      ...(input.note ? { note: input.note } : {}),
    });
    return { order: orderView(context, order), refund: refundView(context, order, refund), userErrors: [] };
  },
};

/** From 2026-04 on, Shopify refuses a refund without `@idempotent(key: …)` on the field. */
function idempotencyKey(info: GraphQLResolveInfo): string {
  const directives = info.fieldNodes.flatMap((node) => node.directives ?? []);
  const given = directives.find(({ name }) => name.value === 'idempotent')?.arguments?.[0]?.value;
  const variable = given?.kind === Kind.VARIABLE ? info.variableValues[given.name.value] : null;
  const literal = given?.kind === Kind.STRING ? given.value : '';
  const value = typeof variable === 'string' ? variable : literal;
  if (value.trim() === '') {
    throw new GraphQLError('The @idempotent directive is required for this mutation but was not provided.', {
      extensions: { code: 'BAD_REQUEST' },
    });
  }
  return value;
}

export function touch({ shop, state }: Context, order: Order): void {
  order.updatedAt = state.now().toISOString();
  state.changed();
  state.emit({ shop: shop.domain, topic: 'orders/updated', about: 'order', orderId: order.id });
}

function findOrder({ shop, state }: Context, id: string): Order | null {
  return state.findOrder(shop, idOf('Order', id) ?? 0);
}
