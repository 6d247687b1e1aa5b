import { connection } from './connection.ts';
import type { PageArgs } from './connection.ts';
import type { Context, View } from './context.ts';
import { fromMinor, sum, times, toMinor } from './money.ts';
import {
  currentTotalOf,
  isUnpaid,
  owedOf,
  receivedOf,
  refundedOf,
  totalOf,
  unfulfilledQuantity,
} from './orders.ts';
import { metafieldsOf, productView, variantView } from './product-view.ts';
import type {
  Customer,
  Decimal,
  Fulfillment,
  FulfillmentOrder,
  Id,
  Order,
  OrderLine,
  Refund,
  Transaction,
} from './records.ts';
import { gid, idOf } from './records.ts';
import { covers } from './scopes.ts';
import { fail } from './store.ts';

export function orderView(context: Context, order: Order): View {
  const money = (amount: Decimal): View => moneyBag(amount, order.currency);
  const total = totalOf(order);
  const customer = context.shop.customers.find(({ id }) => id === order.customerId);
  const received = receivedOf(order);
  return {
    __typename: 'Order',
    id: gid('Order', order.id),
    legacyResourceId: String(order.id),
    name: order.name,
    number: order.number,
    confirmationNumber: order.confirmationNumber,
    checkoutToken: order.checkoutToken,
    cartToken: order.cartToken,
    email: order.email,
    phone: null,
    note: order.note,
    poNumber: null,
    clientIp: null,
    customerLocale: order.customerLocale,
    customerAcceptsMarketing: false,
    customer: customer ? customerView(context, customer) : null,
    test: order.test,
    tags: [...order.tags].sort(),
    sourceName: order.sourceName,
    sourceIdentifier: null,
    registeredSourceUrl: null,
    statusPageUrl: order.statusPageUrl,
    paymentGatewayNames: [...new Set(order.transactions.map(({ gateway }) => gateway))],
    currencyCode: order.currency,
    presentmentCurrencyCode: order.currency,
    displayFinancialStatus: order.financialStatus,
    displayFulfillmentStatus: fulfillmentStatus(order),
    returnStatus: 'NO_RETURN',
    createdAt: order.createdAt,
    processedAt: order.processedAt,
    updatedAt: wholeSecond(order.updatedAt),
    closedAt: order.closedAt,
    closed: order.closedAt !== null,
    cancelledAt: order.cancelledAt,
    cancelReason: order.cancelReason,
    confirmed: true,
    edited: order.edited ?? false,
    estimatedTaxes: false,
    dutiesIncluded: false,
    discountCode: null,
    discountCodes: [],
    customAttributes: [],
    billingAddressMatchesShippingAddress: true,
    canMarkAsPaid: order.financialStatus === 'PENDING' || order.financialStatus === 'PARTIALLY_PAID',
    canNotifyCustomer: order.email !== null,
    capturable: order.financialStatus === 'AUTHORIZED',
    fulfillable: order.fulfillmentOrders.some(({ status }) => status === 'OPEN' || status === 'IN_PROGRESS'),
    fullyPaid: order.financialStatus === 'PAID',
    unpaid: isUnpaid(order),
    hasTimelineComment: false,
    merchantEditable: true,
    merchantEditableErrors: [],
    productNetwork: false,
    refundable: order.financialStatus === 'PAID' || order.financialStatus === 'PARTIALLY_REFUNDED',
    requiresShipping: order.lines.some((line) => line.requiresShipping),
    restockable: true,
    taxExempt: false,
    taxesIncluded: true,
    totalWeight: '0',
    currentTotalWeight: '0',
    subtotalLineItemsQuantity: order.lines.reduce((count, line) => count + line.quantity, 0),
    currentSubtotalLineItemsQuantity: order.lines.reduce((count, line) => count + line.currentQuantity, 0),
    totalPriceSet: money(total),
    subtotalPriceSet: money(total),
    currentTotalPriceSet: money(currentTotalOf(order)),
    currentSubtotalPriceSet: money(currentTotalOf(order)),
    totalReceivedSet: money(received),
    totalRefundedSet: money(refundedOf(order)),
    totalOutstandingSet: money(order.financialStatus === 'VOIDED' ? zero(order) : owedOf(order)),
    netPaymentSet: money(
      fromMinor(
        toMinor(received, order.currency) - toMinor(refundedOf(order), order.currency),
        order.currency,
      ),
    ),
    totalDiscountsSet: money(zero(order)),
    totalTaxSet: money(zero(order)),
    risk: {
      recommendation: order.risk.recommendation,
      assessments: [{ riskLevel: order.risk.level, facts: [], provider: null }],
    },
    lineItems: (args: PageArgs) => connection(order.lines, args, (line) => lineView(context, order, line)),
    fulfillmentOrders: (args: PageArgs) =>
      connection(visibleFulfillmentOrders(context, order.fulfillmentOrders), args, (each) =>
        fulfillmentOrderView(context, order, each),
      ),
    fulfillments: ({ first }: { first?: number | null }) =>
      order.fulfillments.slice(0, first ?? undefined).map((each) => fulfillmentView(context, order, each)),
    fulfillmentsCount: { count: order.fulfillments.length, precision: 'EXACT' },
    refunds: ({ first }: { first?: number | null }) =>
      order.refunds.slice(0, first ?? undefined).map((each) => refundView(context, order, each)),
    transactions: ({ first }: { first?: number | null }) =>
      order.transactions.slice(0, first ?? undefined).map((each) => transactionView(order, each)),
    disputes: (order.disputes ?? []).map(({ id, initiatedAs, status }) => ({
      __typename: 'OrderDisputeSummary',
      ...{ id: gid('OrderDisputeSummary', id), initiatedAs, status },
    })),
    suggestedRefund: (args: { refundLineItems?: RefundLine[] | null }) => suggestedRefund(order, args),
    ...metafieldsOf(context, gid('Order', order.id), 'ORDER'),
  };
}

type RefundLine = { lineItemId: string; quantity: number };

/** What Shopify would give back for these pieces, to where the money came from. */
function suggestedRefund(order: Order, { refundLineItems }: { refundLineItems?: RefundLine[] | null }): View {
  const wanted = (refundLineItems ?? []).map(({ lineItemId, quantity }) => {
    const line = lineOf(order, idOf('LineItem', lineItemId) ?? 0);
    return times(line.unitPrice, Math.min(quantity, line.currentQuantity), order.currency);
  });
  const left = toMinor(receivedOf(order), order.currency) - toMinor(refundedOf(order), order.currency);
  const asked = sum(wanted, order.currency);
  const amount = fromMinor(Math.min(left, toMinor(asked, order.currency)), order.currency);
  const most = moneyBag(fromMinor(left, order.currency), order.currency);
  const sale = order.transactions.find(({ kind }) => kind === 'SALE');
  const transaction = {
    __typename: 'SuggestedOrderTransaction',
    ...{ accountNumber: null, formattedGateway: sale?.gateway ?? null, gateway: sale?.gateway ?? null },
    ...{ kind: 'SUGGESTED_REFUND', amountSet: moneyBag(amount, order.currency), maximumRefundableSet: most },
    parentTransaction: sale ? transactionView(order, sale) : null,
  };
  return {
    __typename: 'SuggestedRefund',
    ...{ amountSet: moneyBag(amount, order.currency), subtotalSet: moneyBag(asked, order.currency) },
    ...{
      maximumRefundableSet: most,
      suggestedTransactions: sale && amount !== zero(order) ? [transaction] : [],
    },
  };
}

export function lineView(context: Context, order: Order, line: OrderLine): View {
  const money = (amount: Decimal): View => moneyBag(amount, order.currency);
  const known = line.variantId === null ? null : context.state.findVariant(context.shop, line.variantId);
  const product = line.productId === null ? null : context.state.findProduct(context.shop, line.productId);
  const total = times(line.unitPrice, line.quantity, order.currency);
  return {
    __typename: 'LineItem',
    id: gid('LineItem', line.id),
    title: line.title,
    name: line.variantTitle === null ? line.title : `${line.title} - ${line.variantTitle}`,
    variantTitle: line.variantTitle,
    sku: line.sku,
    vendor: line.vendor,
    quantity: line.quantity,
    currentQuantity: line.currentQuantity,
    refundableQuantity: line.currentQuantity,
    unfulfilledQuantity: unfulfilledQuantity(order, line),
    nonFulfillableQuantity: line.quantity - line.currentQuantity,
    requiresShipping: line.requiresShipping,
    isGiftCard: line.giftCard,
    taxable: !line.giftCard,
    restockable: true,
    merchantEditable: true,
    customAttributes: line.properties.map(({ name, value }) => ({ key: name, value })),
    originalUnitPriceSet: money(line.unitPrice),
    discountedUnitPriceSet: money(line.unitPrice),
    discountedUnitPriceAfterAllDiscountsSet: money(line.unitPrice),
    originalTotalSet: money(total),
    discountedTotalSet: money(total),
    totalDiscountSet: money(zero(order)),
    // A variant deleted since leaves its order lines behind with nothing to point to.
    variant: known ? () => variantView(context, known.product, known.variant) : null,
    product: product ? () => productView(context, product) : null,
  };
}

export function fulfillmentOrderView(context: Context, order: Order, part: FulfillmentOrder): View {
  const actions =
    part.status === 'OPEN' || part.status === 'IN_PROGRESS' ? ['CREATE_FULFILLMENT', 'HOLD'] : [];
  return {
    __typename: 'FulfillmentOrder',
    id: gid('FulfillmentOrder', part.id),
    orderId: gid('Order', order.id),
    orderName: order.name,
    orderProcessedAt: order.processedAt,
    status: part.status,
    requestStatus: 'UNSUBMITTED',
    fulfillAt: part.createdAt,
    fulfillBy: null,
    createdAt: part.createdAt,
    updatedAt: part.updatedAt,
    order: () => orderView(context, order),
    supportedActions: actions.map((action) => ({ action, externalUrl: null })),
    deliveryMethod: {
      __typename: 'DeliveryMethod',
      id: `gid://shopify/DeliveryMethod/${String(part.id)}`,
      methodType: part.deliveryMethod,
      presentedName: null,
      serviceCode: null,
      sourceReference: null,
      minDeliveryDateTime: null,
      maxDeliveryDateTime: null,
    },
    fulfillmentHolds: part.holds.map((hold) => ({
      __typename: 'FulfillmentHold',
      id: gid('FulfillmentHold', hold.id),
      reason: hold.reason,
      reasonNotes: hold.reasonNotes,
      displayReason: hold.reasonNotes ?? hold.reason,
      handle: hold.handle,
      heldByRequestingApp: true,
    })),
    fulfillments: (args: PageArgs) =>
      connection(
        order.fulfillments.filter(({ fulfillmentOrderIds }) => fulfillmentOrderIds.includes(part.id)),
        args,
        (each) => fulfillmentView(context, order, each),
      ),
    lineItems: (args: PageArgs) =>
      connection(part.lines, args, (each) => {
        const line = lineOf(order, each.lineItemId);
        const known =
          line.variantId === null ? null : context.state.findVariant(context.shop, line.variantId);
        return {
          __typename: 'FulfillmentOrderLineItem',
          id: gid('FulfillmentOrderLineItem', each.id),
          totalQuantity: each.totalQuantity,
          remainingQuantity: each.remainingQuantity,
          requiresShipping: line.requiresShipping,
          productTitle: line.title,
          variantTitle: line.variantTitle,
          sku: line.sku,
          vendor: line.vendor,
          inventoryItemId: known ? gid('InventoryItem', known.variant.inventoryItem.id) : null,
          lineItem: () => lineView(context, order, line),
          variant: known ? () => variantView(context, known.product, known.variant) : null,
        };
      }),
  };
}

export function fulfillmentView(context: Context, order: Order, fulfillment: Fulfillment): View {
  return {
    __typename: 'Fulfillment',
    id: gid('Fulfillment', fulfillment.id),
    legacyResourceId: String(fulfillment.id),
    name: fulfillment.name,
    status: fulfillment.status,
    displayStatus: 'FULFILLED',
    requiresShipping: fulfillment.lines.some((each) => lineOf(order, each.lineItemId).requiresShipping),
    totalQuantity: fulfillment.lines.reduce((total, each) => total + each.quantity, 0),
    createdAt: fulfillment.createdAt,
    updatedAt: fulfillment.createdAt,
    deliveredAt: null,
    estimatedDeliveryAt: null,
    inTransitAt: null,
    order: () => orderView(context, order),
    trackingInfo:
      fulfillment.tracking.number === null && fulfillment.tracking.url === null ? [] : [fulfillment.tracking],
    fulfillmentLineItems: (args: PageArgs) =>
      connection(fulfillment.lines, args, (each) => ({
        __typename: 'FulfillmentLineItem',
        id: gid('FulfillmentLineItem', each.id),
        quantity: each.quantity,
        lineItem: () => lineView(context, order, lineOf(order, each.lineItemId)),
      })),
    fulfillmentOrders: (args: PageArgs) =>
      connection(
        visibleFulfillmentOrders(context, order.fulfillmentOrders).filter(({ id }) =>
          fulfillment.fulfillmentOrderIds.includes(id),
        ),
        args,
        (each) => fulfillmentOrderView(context, order, each),
      ),
  };
}

export function refundView(context: Context, order: Order, refund: Refund): View {
  return {
    __typename: 'Refund',
    id: gid('Refund', refund.id),
    legacyResourceId: String(refund.id),
    note: refund.note,
    createdAt: refund.createdAt,
    processedAt: refund.createdAt,
    updatedAt: refund.createdAt,
    order: () => orderView(context, order),
    totalRefundedSet: moneyBag(refund.amount, order.currency),
    transactions: (args: PageArgs) =>
      connection<Transaction>([], args, (each) => transactionView(order, each)),
    refundLineItems: (args: PageArgs) =>
      connection(refund.lines, args, (each) => ({
        id: gid('RefundLineItem', each.id),
        quantity: each.quantity,
        restockType: 'NO_RESTOCK',
        restocked: false,
        priceSet: moneyBag(lineOf(order, each.lineItemId).unitPrice, order.currency),
        subtotalSet: moneyBag(each.subtotal, order.currency),
        lineItem: () => lineView(context, order, lineOf(order, each.lineItemId)),
      })),
  };
}

export function customerView(context: Context, customer: Customer): View {
  return {
    __typename: 'Customer',
    id: gid('Customer', customer.id),
    legacyResourceId: String(customer.id),
    firstName: customer.firstName,
    lastName: customer.lastName,
    displayName: `${customer.firstName} ${customer.lastName}`,
    defaultEmailAddress: null,
    locale: customer.locale,
    note: null,
    tags: [],
    state: 'ENABLED',
    verifiedEmail: true,
    taxExempt: false,
    taxExemptions: [],
    canDelete: false,
    dataSaleOptOut: false,
    lifetimeDuration: 'less than a minute',
    multipassIdentifier: null,
    productSubscriberStatus: 'NEVER_SUBSCRIBED',
    numberOfOrders: String(context.shop.orders.filter(({ customerId }) => customerId === customer.id).length),
    createdAt: customer.createdAt,
    updatedAt: customer.createdAt,
  };
}

/** Fulfilment orders at a merchant's own location show themselves only to apps with that scope; others get an empty list. */
function visibleFulfillmentOrders(context: Context, parts: FulfillmentOrder[]): FulfillmentOrder[] {
  return covers(context.scopes, 'read_merchant_managed_fulfillment_orders') ? parts : [];
}

function transactionView(order: Order, transaction: Transaction): View {
  return {
    __typename: 'OrderTransaction',
    id: gid('OrderTransaction', transaction.id),
    kind: transaction.kind,
    status: transaction.status,
    gateway: transaction.gateway,
    formattedGateway: transaction.gateway,
    amountSet: moneyBag(transaction.amount, order.currency),
    createdAt: transaction.createdAt,
    processedAt: transaction.createdAt,
    test: order.test,
    accountNumber: null,
    authorizationExpiresAt: null,
    errorCode: null,
    manualPaymentGateway: transaction.gateway === 'manual',
    manuallyCapturable: false,
    multiCapturable: false,
    parentTransaction: null,
    paymentId: null,
    receiptJson: null,
    settlementCurrency: null,
    settlementCurrencyRate: null,
  };
}

function fulfillmentStatus(order: Order): string {
  const lines = order.fulfillmentOrders.flatMap((part) => part.lines);
  if (order.fulfillmentOrders.some(({ status }) => status === 'ON_HOLD')) return 'ON_HOLD';
  if (order.fulfillments.length === 0) return lines.length === 0 ? 'FULFILLED' : 'UNFULFILLED';
  return lines.every((line) => line.remainingQuantity === 0) ? 'FULFILLED' : 'PARTIALLY_FULFILLED';
}

function lineOf(order: Order, id: Id): OrderLine {
  return order.lines.find((line) => line.id === id) ?? fail(`${order.name} has no line item ${String(id)}.`);
}

function moneyBag(amount: Decimal, currencyCode: string): View {
  const money = { amount, currencyCode };
  return { shopMoney: money, presentmentMoney: money };
}

/** Shopify's dates have no fractions: two changes within a second show the same one. */
export function wholeSecond(instant: string): string {
  return instant.replace(/\.\d+Z$/, 'Z');
}

function zero(order: Order): Decimal {
  return sum([], order.currency);
}
