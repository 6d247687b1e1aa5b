import { sum } from './money.ts';
import { currentTotalOf, owedOf, totalOf, unfulfilledQuantity } from './orders.ts';
import type { Customer, Decimal, Id, Order, OrderLine, Refund, Shop, ShopEvent } from './records.ts';
import { gid } from './records.ts';
import type { ShopifyState } from './state.ts';
import { fail } from './store.ts';

type Json = Record<string, unknown>;

/** The JSON body Shopify sends for an event: the REST shape of the webhook's API version 2026-07. */
export function payloadOf(
  state: ShopifyState,
  event: ShopEvent,
  options: { hidesCustomerData: boolean },
): Json {
  const shop = state.shop(event.shop);
  switch (event.about) {
    case 'order': {
      if (event.topic === 'orders/delete') return { id: event.orderId };
      const order = state.order(shop, event.orderId);
      return event.topic === 'orders/risk_assessment_changed'
        ? riskPayload(order)
        : orderPayload(state, shop, order, options.hidesCustomerData);
    }
    case 'refund': {
      const order = state.order(shop, event.orderId);
      const refund =
        order.refunds.find(({ id }) => id === event.refundId) ?? fail(`${order.name} has no such refund.`);
      return refundPayload(order, refund);
    }
    case 'edit':
      return editPayload(state, event);
    case 'product':
      return productPayload(state, shop, event.productId);
    case 'customer':
      return compliancePayload(state, shop, event);
    case 'scopes':
      return {
        id: shop.app?.id ?? 0,
        shop_id: gid('Shop', shop.id),
        previous: event.previous,
        current: event.current,
        updated_at: state.now().toISOString(),
      };
    case 'shop':
      return event.topic === 'shop/redact'
        ? { shop_id: shop.id, shop_domain: shop.domain }
        : shopPayload(shop);
    default:
      return event satisfies never;
  }
}

function orderPayload(state: ShopifyState, shop: Shop, order: Order, hidesCustomerData: boolean): Json {
  const { currency } = order;
  const total = totalOf(order);
  const nothing = sum([], currency);
  const customer = order.customerId === null ? null : state.findCustomer(shop, order.customerId);
  const email = hidesCustomerData ? null : order.email;
  const needsShipping = order.lines.some((line) => line.requiresShipping);
  const address = customer && !hidesCustomerData ? addressPayload(customer) : null;
  const closed = order.fulfillmentOrders.every(({ status }) => status === 'CLOSED');
  return {
    id: order.id,
    admin_graphql_api_id: gid('Order', order.id),
    app_id: order.sourceName === 'web' ? 580111 : null,
    browser_ip: null,
    buyer_accepts_marketing: false,
    cancel_reason: order.cancelReason?.toLowerCase() ?? null,
    cancelled_at: order.cancelledAt,
    cart_token: order.cartToken,
    checkout_token: order.checkoutToken,
    client_details: null,
    closed_at: order.closedAt,
    confirmation_number: order.confirmationNumber,
    confirmed: true,
    contact_email: email,
    created_at: order.createdAt,
    currency,
    current_shipping_price_set: moneySet(nothing, currency),
    current_subtotal_price: currentTotalOf(order),
    current_subtotal_price_set: moneySet(currentTotalOf(order), currency),
    current_total_additional_fees_set: null,
    current_total_discounts: nothing,
    current_total_discounts_set: moneySet(nothing, currency),
    current_total_duties_set: null,
    current_total_price: currentTotalOf(order),
    current_total_price_set: moneySet(currentTotalOf(order), currency),
    current_total_tax: nothing,
    current_total_tax_set: moneySet(nothing, currency),
    customer_locale: order.customerLocale,
    device_id: null,
    discount_codes: [],
    duties_included: false,
    email,
    estimated_taxes: false,
    financial_status: order.financialStatus.toLowerCase(),
    fulfillment_status: order.fulfillments.length === 0 ? null : closed ? 'fulfilled' : 'partial',
    landing_site: null,
    landing_site_ref: null,
    location_id: null,
    merchant_business_entity_id: Buffer.from(String(shop.id)).toString('base64'),
    merchant_of_record_app_id: null,
    name: order.name,
    note: order.note,
    note_attributes: [],
    number: order.number - 1000,
    order_number: order.number,
    order_status_url: order.statusPageUrl,
    original_total_additional_fees_set: null,
    original_total_duties_set: null,
    payment_gateway_names: [...new Set(order.transactions.map(({ gateway }) => gateway))],
    phone: null,
    po_number: null,
    presentment_currency: currency,
    processed_at: order.processedAt,
    reference: null,
    referring_site: null,
    source_identifier: null,
    source_name: order.sourceName,
    source_url: null,
    subtotal_price: total,
    subtotal_price_set: moneySet(total, currency),
    tags: [...order.tags].sort().join(', '),
    tax_exempt: false,
    tax_lines: [],
    taxes_included: true,
    test: order.test,
    token: order.token,
    total_cash_rounding_payment_adjustment_set: moneySet(nothing, currency),
    total_cash_rounding_refund_adjustment_set: moneySet(nothing, currency),
    total_discounts: nothing,
    total_discounts_set: moneySet(nothing, currency),
    total_line_items_price: total,
    total_line_items_price_set: moneySet(total, currency),
    total_outstanding: order.financialStatus === 'VOIDED' ? nothing : owedOf(order),
    total_price: total,
    total_price_set: moneySet(total, currency),
    total_shipping_price_set: moneySet(nothing, currency),
    total_tax: nothing,
    total_tax_set: moneySet(nothing, currency),
    total_tip_received: nothing,
    total_weight: 0,
    updated_at: order.updatedAt,
    user_id: null,
    // Guests and orders without goods to ship lack these altogether.
    ...(address ? { billing_address: address } : {}),
    ...(customer ? { customer: customerPayload(customer, currency, hidesCustomerData) } : {}),
    discount_applications: [],
    fulfillments: order.fulfillments.map((each) => ({
      id: each.id,
      admin_graphql_api_id: gid('Fulfillment', each.id),
      created_at: each.createdAt,
      updated_at: each.createdAt,
      location_id: shop.locationId,
      name: each.name,
      order_id: order.id,
      origin_address: {},
      receipt: {},
      service: 'manual',
      shipment_status: null,
      status: each.status.toLowerCase(),
      tracking_company: each.tracking.company,
      tracking_number: each.tracking.number,
      tracking_numbers: each.tracking.number === null ? [] : [each.tracking.number],
      tracking_url: each.tracking.url,
      tracking_urls: each.tracking.url === null ? [] : [each.tracking.url],
      line_items: [],
    })),
    line_items: order.lines.map((line) => linePayload(state, shop, order, line)),
    line_item_groups: [],
    payment_terms: null,
    refunds: order.refunds.map((refund) => refundPayload(order, refund)),
    returns: [],
    ...(address && needsShipping ? { shipping_address: address } : {}),
    shipping_lines: needsShipping ? [shippingLinePayload(order)] : [],
  };
}

function linePayload(state: ShopifyState, shop: Shop, order: Order, line: OrderLine): Json {
  const nothing = sum([], order.currency);
  const open = unfulfilledQuantity(order, line);
  const isFulfilled =
    line.giftCard ||
    order.fulfillments.some(({ lines }) => lines.some((each) => each.lineItemId === line.id));
  return {
    id: line.id,
    admin_graphql_api_id: gid('LineItem', line.id),
    attributed_staffs: [],
    current_quantity: line.currentQuantity,
    fulfillable_quantity: open,
    fulfillment_service: line.giftCard ? 'gift_card' : 'manual',
    fulfillment_status: isFulfilled ? (open === 0 ? 'fulfilled' : 'partial') : null,
    gift_card: line.giftCard,
    grams: 0,
    name: line.variantTitle === null ? line.title : `${line.title} - ${line.variantTitle}`,
    price: line.unitPrice,
    price_set: moneySet(line.unitPrice, order.currency),
    product_exists: line.productId !== null && state.findProduct(shop, line.productId) !== null,
    product_id: line.productId,
    properties: line.properties,
    quantity: line.quantity,
    requires_shipping: line.requiresShipping,
    sales_line_item_group_id: null,
    sku: line.sku ?? '',
    taxable: !line.giftCard,
    title: line.title,
    total_discount: nothing,
    total_discount_set: moneySet(nothing, order.currency),
    variant_id: line.variantId,
    variant_inventory_management: null,
    variant_title: line.variantTitle,
    vendor: line.vendor,
    tax_lines: [],
    duties: [],
    discount_allocations: [],
  };
}

function refundPayload(order: Order, refund: Refund): Json {
  const nothing = sum([], order.currency);
  return {
    id: refund.id,
    admin_graphql_api_id: gid('Refund', refund.id),
    order_id: order.id,
    created_at: refund.createdAt,
    processed_at: refund.createdAt,
    note: refund.note,
    user_id: null,
    restock: false,
    return: null,
    duties: [],
    total_duties_set: moneySet(nothing, order.currency),
    refund_shipping_lines: [],
    order_adjustments: [],
    refund_line_items: refund.lines.map((each) => {
      const line =
        order.lines.find(({ id }) => id === each.lineItemId) ?? fail(`${order.name} has no such line.`);
      return {
        id: each.id,
        line_item_id: each.lineItemId,
        location_id: null,
        quantity: each.quantity,
        restock_type: 'no_restock',
        subtotal: Number(each.subtotal),
        total_tax: 0,
        subtotal_set: moneySet(each.subtotal, order.currency),
        total_tax_set: moneySet(nothing, order.currency),
        line_item: {
          id: line.id,
          admin_graphql_api_id: gid('LineItem', line.id),
          variant_id: line.variantId,
          product_id: line.productId,
          title: line.title,
          name: line.title,
          variant_title: line.variantTitle,
          quantity: line.quantity,
          price: line.unitPrice,
          sku: line.sku,
          requires_shipping: line.requiresShipping,
          gift_card: line.giftCard,
        },
      };
    }),
    transactions: [
      {
        id: refund.id,
        admin_graphql_api_id: gid('OrderTransaction', refund.id),
        kind: 'refund',
        status: 'success',
        amount: refund.amount,
        currency: order.currency,
        gateway: order.transactions[0]?.gateway ?? 'manual',
        order_id: order.id,
        created_at: refund.createdAt,
        processed_at: refund.createdAt,
        test: order.test,
      },
    ],
  };
}

function editPayload(state: ShopifyState, event: Extract<ShopEvent, { about: 'edit' }>): Json {
  const at = state.now().toISOString();
  return {
    order_edit: {
      id: state.nextId(),
      app_id: null,
      created_at: at,
      committed_at: at,
      notify_customer: false,
      order_id: event.orderId,
      staff_note: '',
      user_id: null,
      line_items: { additions: event.additions, removals: event.removals },
      discounts: { line_item: { additions: [], removals: [] } },
      shipping_lines: { additions: [], removals: [] },
    },
  };
}

function riskPayload(order: Order): Json {
  return {
    provider_id: null,
    provider_title: 'Shopify',
    risk_level: order.risk.level.toLowerCase(),
    created_at: order.updatedAt,
    order_id: order.id,
    admin_graphql_api_order_id: gid('Order', order.id),
  };
}

function productPayload(state: ShopifyState, shop: Shop, id: Id): Json {
  const product = state.findProduct(shop, id);
  if (!product) return { id };
  return {
    id,
    admin_graphql_api_id: gid('Product', id),
    title: product.title,
    body_html: product.descriptionHtml,
    handle: product.handle,
    vendor: product.vendor,
    product_type: product.productType,
    status: product.status.toLowerCase(),
    tags: [...product.tags].sort().join(', '),
    created_at: product.createdAt,
    updated_at: product.updatedAt,
    published_at: product.publishedAt,
    variants: product.variants.map((variant, index) => ({
      id: variant.id,
      admin_graphql_api_id: gid('ProductVariant', variant.id),
      product_id: id,
      title: variant.title,
      price: variant.price,
      sku: variant.sku,
      position: index + 1,
      inventory_item_id: variant.inventoryItem.id,
      updated_at: variant.updatedAt,
    })),
  };
}

function compliancePayload(
  state: ShopifyState,
  shop: Shop,
  event: Extract<ShopEvent, { about: 'customer' }>,
): Json {
  const customer = state.findCustomer(shop, event.customerId);
  const shared = {
    shop_id: shop.id,
    shop_domain: shop.domain,
    customer: { id: event.customerId, email: customer?.email ?? null, phone: null },
  };
  return event.topic === 'customers/data_request'
    ? { ...shared, orders_requested: event.orderIds, data_request: { id: state.nextId() } }
    : { ...shared, orders_to_redact: event.orderIds };
}

function shopPayload(shop: Shop): Json {
  return {
    id: shop.id,
    name: shop.name,
    email: shop.email,
    domain: shop.domain,
    myshopify_domain: shop.domain,
    currency: shop.currency,
    iana_timezone: shop.timezone,
    primary_locale: shop.locale,
    created_at: shop.createdAt,
    updated_at: shop.createdAt,
  };
}

function customerPayload(customer: Customer, currency: string, hidesCustomerData: boolean): Json {
  return {
    id: customer.id,
    admin_graphql_api_id: gid('Customer', customer.id),
    created_at: customer.createdAt,
    updated_at: customer.createdAt,
    first_name: hidesCustomerData ? null : customer.firstName,
    last_name: hidesCustomerData ? null : customer.lastName,
    email: hidesCustomerData ? null : customer.email,
    phone: null,
    state: 'enabled',
    note: null,
    verified_email: true,
    multipass_identifier: null,
    tax_exempt: false,
    tax_exemptions: [],
    currency,
    ...(hidesCustomerData
      ? {}
      : { default_address: { ...addressPayload(customer), ...defaultAddress(customer) } }),
  };
}

function addressPayload(customer: Customer): Json {
  return {
    first_name: customer.firstName,
    last_name: customer.lastName,
    name: `${customer.firstName} ${customer.lastName}`,
    company: null,
    address1: '1 Analytical Street',
    address2: null,
    city: 'Berlin',
    zip: '10115',
    province: 'Berlin',
    province_code: 'BE',
    country: 'Germany',
    country_code: 'DE',
    phone: '+49 30 0000000',
    latitude: null,
    longitude: null,
  };
}

function defaultAddress(customer: Customer): Json {
  return { id: customer.id, customer_id: customer.id, country_name: 'Germany', default: true };
}

function shippingLinePayload(order: Order): Json {
  const nothing = sum([], order.currency);
  return {
    id: order.id,
    carrier_identifier: null,
    code: 'Standard',
    current_discounted_price_set: moneySet(nothing, order.currency),
    discounted_price: nothing,
    discounted_price_set: moneySet(nothing, order.currency),
    is_removed: false,
    phone: null,
    price: nothing,
    price_set: moneySet(nothing, order.currency),
    requested_fulfillment_service_id: null,
    source: 'shopify',
    title: 'Standard',
    tax_lines: [],
    discount_allocations: [],
  };
}

function moneySet(amount: Decimal, currency: string): Json {
  const money = { amount, currency_code: currency };
  return { shop_money: money, presentment_money: money };
}
