import { randomInt } from 'node:crypto';
import { fromMinor, sum, times, toMinor } from './money.ts';
import type {
  CancelReason,
  Decimal,
  Dispute,
  FinancialStatus,
  Fulfillment,
  FulfillmentOrder,
  Id,
  Order,
  OrderLine,
  Refund,
  Risk,
  Shop,
} from './records.ts';
import type { Store } from './store.ts';
import { fail, secret } from './store.ts';

export type OrderDraft = {
  lines: OrderLineDraft[];
  email?: string | null;
  customerId?: Id | null;
  /** BCP 47, `null` for an order without a language (point of sale, drafts). */
  locale?: string | null;
  test?: boolean;
  /** Unpaid orders wait for `markPaid`, as cash on delivery does. */
  paid?: boolean;
  /** The merchant captures payments by hand: the order is authorised and waits for `markPaid`. */
  authorised?: boolean;
  /** `web`, `pos`, `shopify_draft_order`, … */
  sourceName?: string;
  /** The storefront's own; without it an order from `web` gets a new one and any other source none. */
  checkoutToken?: string | null;
  note?: string;
  /** The merchant's "fulfil automatically" setting: the fulfilment orders are closed before anyone hears of the order. */
  fulfilAtOnce?: boolean;
};

export type OrderLineDraft = {
  /** `null` makes a custom line, or with `giftCard` a gift card: neither has a variant. */
  variantId: Id | null;
  quantity: number;
  title?: string;
  price?: Decimal;
  giftCard?: boolean;
  requiresShipping?: boolean;
  properties?: { name: string; value: string }[];
};

export type OrderActs = {
  /** Makes the order and tells the app: orders/create, and orders/paid unless `paid: false`. Throws on unknown variants. */
  createOrder(domain: string, draft: OrderDraft): Order;
  /** Takes what is still owed: a pending or authorised payment, or what an edit added. */
  markPaid(domain: string, orderId: Id): Order;
  /** Cancels, refunds what was paid, cancels open fulfilment orders. */
  cancelOrder(domain: string, orderId: Id, reason?: CancelReason): Order;
  /** Refunds the given quantities, or all that is left; an `amount` without lines refunds money only. */
  refundOrder(domain: string, orderId: Id, what?: RefundDraft): Refund;
  /** Shopify lets merchants delete only what is cancelled. Tells orders/delete. */
  deleteOrder(domain: string, orderId: Id): void;
  assessRisk(domain: string, orderId: Id, risk: Risk): Order;
  /** The buyer's bank questions the payment, or has decided. No webhook tells an app without the scope for disputes. */
  dispute(domain: string, orderId: Id, dispute: Omit<Dispute, 'id'>): Dispute;
  /** Fulfils the given quantities of one or more fulfilment orders; `lines: null` is all that remains of one. */
  fulfil(domain: string, orderId: Id, what: FulfilDraft[], tracking?: Fulfillment['tracking']): Fulfillment;
  holdFulfillment(
    domain: string,
    fulfillmentOrderId: Id,
    hold: { reason: string; notes: string | null; handle: string | null },
  ): FulfillmentOrder;
  releaseFulfillment(domain: string, fulfillmentOrderId: Id): FulfillmentOrder;
  findFulfillmentOrder(shop: Shop, id: Id): { order: Order; fulfillmentOrder: FulfillmentOrder } | null;
};

export type RefundDraft = {
  lines?: { lineItemId: Id; quantity: number }[];
  amount?: Decimal;
  note?: string;
  request?: Refund['request'];
};
export type FulfilDraft = { fulfillmentOrderId: Id; lines: { id: Id; quantity: number }[] | null };

export function orderActs(store: Store): OrderActs {
  const touch = (order: Order): void => {
    order.updatedAt = store.now().toISOString();
    store.changed();
  };
  const tell = (shop: Shop, topic: string, order: Order): void => {
    store.emit({ shop: shop.domain, topic, about: 'order', orderId: order.id });
  };

  const fulfil: OrderActs['fulfil'] = (domain, orderId, what, tracking) => {
    const shop = store.shop(domain);
    const order = store.order(shop, orderId);
    const at = store.now().toISOString();
    const fulfillment: Fulfillment = {
      id: store.nextId(),
      name: `${order.name}.${String(order.fulfillments.length + 1)}`,
      status: 'SUCCESS',
      fulfillmentOrderIds: what.map((part) => part.fulfillmentOrderId),
      lines: [],
      tracking: tracking ?? { company: null, number: null, url: null },
      createdAt: at,
    };
    for (const part of what) {
      const target =
        order.fulfillmentOrders.find((candidate) => candidate.id === part.fulfillmentOrderId) ??
        fail(`${order.name} has no fulfilment order ${String(part.fulfillmentOrderId)}.`);
      for (const line of target.lines) {
        const quantity =
          part.lines === null
            ? line.remainingQuantity
            : (part.lines.find((wanted) => wanted.id === line.id)?.quantity ?? 0);
        if (quantity === 0) continue;
        line.remainingQuantity -= quantity;
        fulfillment.lines.push({ id: store.nextId(), lineItemId: line.lineItemId, quantity });
      }
      target.status = target.lines.every((line) => line.remainingQuantity === 0) ? 'CLOSED' : 'IN_PROGRESS';
      target.updatedAt = at;
    }
    order.fulfillments.push(fulfillment);
    touch(order);
    tell(shop, 'orders/updated', order);
    return fulfillment;
  };

  const findFulfillmentOrder: OrderActs['findFulfillmentOrder'] = (shop, id) => {
    for (const order of shop.orders) {
      const fulfillmentOrder = order.fulfillmentOrders.find((candidate) => candidate.id === id);
      if (fulfillmentOrder) return { order, fulfillmentOrder };
    }
    return null;
  };

  const settle = (shop: Shop, order: Order): void => {
    order.transactions.push({
      id: store.nextId(),
      kind: 'SALE',
      status: 'SUCCESS',
      gateway: order.sourceName === 'web' ? 'bogus' : 'manual',
      amount: owedOf(order),
      createdAt: store.now().toISOString(),
    });
    order.financialStatus = paymentStatus(order);
    touch(order);
    tell(shop, 'orders/paid', order);
  };

  const refund = (shop: Shop, order: Order, what: RefundDraft): Refund => {
    const at = store.now().toISOString();
    const wanted =
      what.lines ??
      (what.amount === undefined
        ? order.lines.map((line) => ({ lineItemId: line.id, quantity: line.currentQuantity }))
        : []);
    const lines = wanted
      .filter((line) => line.quantity > 0)
      .map(({ lineItemId, quantity }) => {
        const line =
          order.lines.find((candidate) => candidate.id === lineItemId) ??
          fail(`${order.name} has no line item ${String(lineItemId)}.`);
        if (quantity > line.currentQuantity)
          fail(`${order.name} has only ${String(line.currentQuantity)} of that line left.`);
        line.currentQuantity -= quantity;
        dropFromFulfilment(order, lineItemId, quantity, at);
        return {
          id: store.nextId(),
          lineItemId,
          quantity,
          subtotal: times(line.unitPrice, quantity, order.currency),
        };
      });
    const amount =
      what.amount ??
      sum(
        lines.map((line) => line.subtotal),
        order.currency,
      );
    const made: Refund = {
      ...{ id: store.nextId(), note: what.note ?? null, createdAt: at, amount, lines },
      ...(what.request && { request: what.request }),
    };
    order.refunds.push(made);
    order.transactions.push({
      id: store.nextId(),
      kind: 'REFUND',
      status: 'SUCCESS',
      gateway: order.transactions[0]?.gateway ?? 'manual',
      amount,
      createdAt: at,
    });
    order.financialStatus = paymentStatus(order);
    touch(order);
    store.emit({
      shop: shop.domain,
      topic: 'refunds/create',
      about: 'refund',
      orderId: order.id,
      refundId: made.id,
    });
    return made;
  };

  return {
    fulfil,
    findFulfillmentOrder,

    createOrder(domain, draft) {
      const shop = store.shop(domain);
      const at = store.now().toISOString();
      const number = 1 + Math.max(1000, ...shop.orders.map((order) => order.number));
      const sourceName = draft.sourceName ?? 'web';
      const token = secret();
      const lines = draft.lines.map((line) => orderLine(store, shop, line));
      const order: Order = {
        id: store.nextId(),
        number,
        name: `#${String(number)}`,
        confirmationNumber: confirmationNumber(),
        token,
        checkoutToken: draft.checkoutToken ?? (sourceName === 'web' ? secret() : null),
        cartToken: sourceName === 'web' ? secret() : null,
        email: draft.email ?? null,
        customerId: draft.customerId ?? null,
        customerLocale: draft.locale === undefined ? shop.locale : draft.locale,
        currency: shop.currency,
        test: draft.test ?? false,
        sourceName,
        note: draft.note ?? null,
        tags: [],
        financialStatus: draft.authorised ? 'AUTHORIZED' : 'PENDING',
        createdAt: at,
        processedAt: at,
        updatedAt: at,
        closedAt: null,
        cancelledAt: null,
        cancelReason: null,
        statusPageUrl: `https://${domain}/${String(shop.id)}/orders/${token}/authenticate?key=${secret()}`,
        lines,
        fulfillmentOrders: fulfillmentOrders(store, lines, at),
        fulfillments: [],
        refunds: [],
        transactions: [],
        risk: { level: 'LOW', recommendation: 'ACCEPT' },
      };
      shop.orders.push(order);
      touch(order);
      if (draft.fulfilAtOnce) {
        for (const { id } of order.fulfillmentOrders)
          fulfil(domain, order.id, [{ fulfillmentOrderId: id, lines: null }]);
      }
      tell(shop, 'orders/create', order);
      if (draft.paid ?? !draft.authorised) settle(shop, order);
      return order;
    },

    markPaid(domain, orderId) {
      const shop = store.shop(domain);
      const order = store.order(shop, orderId);
      if (isUnpaid(order) || order.financialStatus === 'PARTIALLY_PAID') settle(shop, order);
      return order;
    },

    cancelOrder(domain, orderId, reason = 'CUSTOMER') {
      const shop = store.shop(domain);
      const order = store.order(shop, orderId);
      if (order.cancelledAt !== null) return order;
      order.cancelledAt = store.now().toISOString();
      order.closedAt = order.cancelledAt;
      order.cancelReason = reason;
      if (isUnpaid(order)) {
        order.financialStatus = 'VOIDED';
        for (const line of order.lines) line.currentQuantity = 0;
      } else {
        const lines = order.lines.map(({ id, currentQuantity }) => ({
          lineItemId: id,
          quantity: currentQuantity,
        }));
        refund(shop, order, { lines, amount: less(order, receivedOf(order), refundedOf(order)) });
      }
      for (const part of order.fulfillmentOrders) {
        if (part.status !== 'CLOSED') part.status = 'CANCELLED';
      }
      touch(order);
      tell(shop, 'orders/cancelled', order);
      return order;
    },

    refundOrder(domain, orderId, what = {}) {
      const shop = store.shop(domain);
      return refund(shop, store.order(shop, orderId), what);
    },

    deleteOrder(domain, orderId) {
      const shop = store.shop(domain);
      const order = store.order(shop, orderId);
      if (order.cancelledAt === null) fail(`${order.name} is not cancelled.`);
      shop.orders.splice(shop.orders.indexOf(order), 1);
      store.changed();
      tell(shop, 'orders/delete', order);
    },

    assessRisk(domain, orderId, risk) {
      const shop = store.shop(domain);
      const order = store.order(shop, orderId);
      order.risk = risk;
      touch(order);
      tell(shop, 'orders/risk_assessment_changed', order);
      return order;
    },

    dispute(domain, orderId, { initiatedAs, status }) {
      const shop = store.shop(domain);
      const order = store.order(shop, orderId);
      const known = order.disputes?.[0];
      const dispute = known ?? { id: store.nextId(), initiatedAs, status };
      Object.assign(dispute, { initiatedAs, status });
      order.disputes = [dispute];
      touch(order);
      tell(shop, 'orders/updated', order);
      return dispute;
    },

    holdFulfillment(domain, fulfillmentOrderId, hold) {
      const shop = store.shop(domain);
      const { order, fulfillmentOrder } =
        findFulfillmentOrder(shop, fulfillmentOrderId) ?? fail(`${domain} has no such fulfilment order.`);
      fulfillmentOrder.holds.push({
        id: store.nextId(),
        reason: hold.reason,
        reasonNotes: hold.notes,
        handle: hold.handle,
      });
      fulfillmentOrder.status = 'ON_HOLD';
      touch(order);
      return fulfillmentOrder;
    },

    releaseFulfillment(domain, fulfillmentOrderId) {
      const shop = store.shop(domain);
      const { order, fulfillmentOrder } =
        findFulfillmentOrder(shop, fulfillmentOrderId) ?? fail(`${domain} has no such fulfilment order.`);
      fulfillmentOrder.holds = [];
      if (fulfillmentOrder.status === 'ON_HOLD') fulfillmentOrder.status = 'OPEN';
      touch(order);
      return fulfillmentOrder;
    },
  };
}

/** What was ordered, with what was refunded or removed since. */
export function totalOf(order: Order): Decimal {
  return sum(
    order.lines.map((line) => times(line.unitPrice, line.quantity, order.currency)),
    order.currency,
  );
}

export function refundedOf(order: Order): Decimal {
  return sum(
    order.refunds.map((refund) => refund.amount),
    order.currency,
  );
}

/** What is left of it after refunds, and after edits that took pieces away. */
export function currentTotalOf(order: Order): Decimal {
  const removed = sum(
    order.lines.map((line) => times(line.unitPrice, removedQuantity(order, line), order.currency)),
    order.currency,
  );
  return less(order, less(order, totalOf(order), removed), refundedOf(order));
}

/** What came in, refunded since or not. */
export function receivedOf(order: Order): Decimal {
  const sales = order.transactions.filter(({ kind, status }) => kind === 'SALE' && status === 'SUCCESS');
  return sum(
    sales.map(({ amount }) => amount),
    order.currency,
  );
}

/** What the buyer has still to pay. */
export function owedOf(order: Order): Decimal {
  const kept = less(order, receivedOf(order), refundedOf(order));
  const owed = toMinor(currentTotalOf(order), order.currency) - toMinor(kept, order.currency);
  return fromMinor(Math.max(0, owed), order.currency);
}

/** Nothing was ever paid, and nothing was given up. */
export function isUnpaid({ financialStatus }: Order): boolean {
  return financialStatus === 'PENDING' || financialStatus === 'AUTHORIZED';
}

/** What Shopify calls the state of the payments; an order nobody has paid stays as it was. */
export function paymentStatus(order: Order): FinancialStatus {
  const minor = (amount: Decimal): number => toMinor(amount, order.currency);
  const [received, refunded] = [minor(receivedOf(order)), minor(refundedOf(order))];
  const owes = minor(owedOf(order)) > 0;
  if (received === 0 && owes) return order.financialStatus;
  if (refunded > 0 && refunded >= received) return 'REFUNDED';
  if (owes) return 'PARTIALLY_PAID';
  return refunded > 0 ? 'PARTIALLY_REFUNDED' : 'PAID';
}

function removedQuantity(order: Order, line: OrderLine): number {
  const refunded = order.refunds
    .flatMap((refund) => refund.lines)
    .filter(({ lineItemId }) => lineItemId === line.id)
    .reduce((total, { quantity }) => total + quantity, 0);
  return line.quantity - line.currentQuantity - refunded;
}

function less(order: Order, from: Decimal, amount: Decimal): Decimal {
  return fromMinor(toMinor(from, order.currency) - toMinor(amount, order.currency), order.currency);
}

export function unfulfilledQuantity(order: Order, line: OrderLine): number {
  return order.fulfillmentOrders
    .flatMap((part) => part.lines)
    .filter((part) => part.lineItemId === line.id)
    .reduce((total, part) => total + part.remainingQuantity, 0);
}

export function orderLine(store: Store, shop: Shop, draft: OrderLineDraft): OrderLine {
  const shared = {
    id: store.nextId(),
    quantity: draft.quantity,
    currentQuantity: draft.quantity,
    properties: draft.properties ?? [],
  };
  if (draft.variantId === null) {
    const giftCard = draft.giftCard ?? false;
    return {
      ...shared,
      variantId: null,
      productId: null,
      title: draft.title ?? (giftCard ? 'Gift card' : 'Custom item'),
      variantTitle: null,
      sku: null,
      vendor: null,
      unitPrice: draft.price ?? '10.00',
      requiresShipping: draft.requiresShipping ?? false,
      giftCard,
    };
  }
  const { product, variant } =
    store.findVariant(shop, draft.variantId) ??
    fail(`${shop.domain} has no variant ${String(draft.variantId)}.`);
  return {
    ...shared,
    variantId: variant.id,
    productId: product.id,
    title: draft.title ?? product.title,
    variantTitle: variant.title === 'Default Title' ? null : variant.title,
    sku: variant.sku,
    vendor: product.vendor,
    unitPrice: draft.price ?? variant.price,
    requiresShipping: variant.inventoryItem.requiresShipping,
    giftCard: false,
  };
}

/** Shopify makes one fulfilment order per location and delivery method: goods and non-physical items never share one. */
export function fulfillmentOrders(store: Store, lines: OrderLine[], at: string): FulfillmentOrder[] {
  // A gift card is fulfilled by Shopify itself and has no fulfilment order.
  const open = lines.filter((line) => !line.giftCard);
  return (['SHIPPING', 'NONE'] as const).flatMap((deliveryMethod) => {
    const own = open.filter((line) => line.requiresShipping === (deliveryMethod === 'SHIPPING'));
    if (own.length === 0) return [];
    return {
      id: store.nextId(),
      status: 'OPEN' as const,
      deliveryMethod,
      holds: [],
      lines: own.map((line) => ({
        id: store.nextId(),
        lineItemId: line.id,
        totalQuantity: line.quantity,
        remainingQuantity: line.quantity,
      })),
      createdAt: at,
      updatedAt: at,
    };
  });
}

function dropFromFulfilment(order: Order, lineItemId: Id, quantity: number, at: string): void {
  let left = quantity;
  for (const part of order.fulfillmentOrders) {
    for (const line of part.lines) {
      if (line.lineItemId !== lineItemId || left === 0) continue;
      const dropped = Math.min(left, line.remainingQuantity);
      line.remainingQuantity -= dropped;
      left -= dropped;
      part.updatedAt = at;
      if (part.lines.every((each) => each.remainingQuantity === 0)) part.status = 'CLOSED';
    }
  }
}

function confirmationNumber(): string {
  const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789';
  return Array.from({ length: 9 }, () => letters.charAt(randomInt(letters.length))).join('');
}
