/** What the sandbox's Shopify remembers. Plain JSON: the whole of it is written to the state file. */

/** Numeric ids are unique over the whole sandbox; GraphQL shows them as `gid://shopify/{type}/{id}`. */
export type Id = number;

/** A decimal with the currency's digits, as Shopify writes money: `"12.50"`. */
export type Decimal = string;

/** ISO 8601 in UTC. */
export type Instant = string;

export type Shop = {
  id: Id;
  /** `demo.myshopify.com` */
  domain: string;
  name: string;
  email: string;
  currency: string;
  timezone: string;
  /** BCP 47; the language of a buyer who names no other. */
  locale: string;
  createdAt: Instant;
  app: AppInstall | null;
  products: Product[];
  customers: Customer[];
  orders: Order[];
  publications: Publication[];
  locationId: Id;
  metafields: Metafield[];
  metafieldDefinitions: MetafieldDefinition[];
  webhookSubscriptions: ShopWebhookSubscription[];
};

export type AppInstall = {
  id: Id;
  installedAt: Instant;
  scopes: string[];
  accessTokens: AccessToken[];
  refreshTokens: RefreshToken[];
};

export type AccessToken = {
  token: string;
  kind: 'offline' | 'online';
  /** `null` is the old, never expiring offline token. */
  expiresAt: Instant | null;
  userId: Id | null;
};

export type RefreshToken = { token: string; expiresAt: Instant; usedAt: Instant | null };

export type Publication = { id: Id; name: string };

export type Product = {
  id: Id;
  title: string;
  descriptionHtml: string;
  handle: string;
  vendor: string;
  productType: string;
  category: string | null;
  templateSuffix: string | null;
  tags: string[];
  status: 'ACTIVE' | 'ARCHIVED' | 'DRAFT' | 'UNLISTED';
  options: ProductOption[];
  variants: Variant[];
  /** Ids of the publications it can be seen in. */
  publications: Id[];
  media: Media[];
  /** Absent until somebody writes it. */
  seo?: { title: string | null; description: string | null };
  createdAt: Instant;
  updatedAt: Instant;
  publishedAt: Instant | null;
};

export type Media = {
  id: Id;
  /** Where it came from. */
  url: string;
  alt: string;
  /** Absent for what was there from the beginning, which is ready. */
  status?: 'FAILED' | 'READY' | 'UPLOADED';
  /** What was fetched from there, base64. */
  content?: { type: string; base64: string };
};

export type ProductOption = { id: Id; name: string; values: { id: Id; name: string }[] };

export type Variant = {
  id: Id;
  title: string;
  price: Decimal;
  compareAtPrice: Decimal | null;
  sku: string | null;
  barcode: string | null;
  taxable: boolean;
  inventoryPolicy: 'CONTINUE' | 'DENY';
  selectedOptions: { name: string; value: string }[];
  inventoryItem: InventoryItem;
  createdAt: Instant;
  updatedAt: Instant;
};

export type InventoryItem = { id: Id; requiresShipping: boolean; tracked: boolean; cost: Decimal | null };

export type Customer = {
  id: Id;
  firstName: string;
  lastName: string;
  email: string | null;
  locale: string;
  createdAt: Instant;
};

export type Metafield = {
  id: Id;
  ownerGid: string;
  namespace: string;
  key: string;
  type: string;
  value: string;
  updatedAt: Instant;
  createdAt: Instant;
};

export type MetafieldDefinition = {
  id: Id;
  ownerType: string;
  namespace: string;
  key: string;
  name: string;
  type: string;
  /** Themes and the Storefront API may read it; without it nobody but its owner does. */
  isPublic?: boolean;
};

/** A subscription the app made through the Admin API; those of the app's own settings are an option of `startShopify`. */
export type ShopWebhookSubscription = { id: Id; topic: string; uri: string; createdAt: Instant };

export type FinancialStatus =
  'AUTHORIZED' | 'PAID' | 'PARTIALLY_PAID' | 'PARTIALLY_REFUNDED' | 'PENDING' | 'REFUNDED' | 'VOIDED';

export type Order = {
  id: Id;
  number: number;
  /** `#1001` */
  name: string;
  confirmationNumber: string;
  /** The secret in the order status address. */
  token: string;
  checkoutToken: string | null;
  cartToken: string | null;
  email: string | null;
  customerId: Id | null;
  customerLocale: string | null;
  currency: string;
  test: boolean;
  sourceName: string;
  note: string | null;
  tags: string[];
  financialStatus: FinancialStatus;
  createdAt: Instant;
  processedAt: Instant;
  updatedAt: Instant;
  closedAt: Instant | null;
  cancelledAt: Instant | null;
  cancelReason: CancelReason | null;
  statusPageUrl: string;
  lines: OrderLine[];
  fulfillmentOrders: FulfillmentOrder[];
  fulfillments: Fulfillment[];
  refunds: Refund[];
  transactions: Transaction[];
  risk: Risk;
  /** Absent in an order whose payment nobody questioned. */
  disputes?: Dispute[];
  /** Absent in an order nobody edited. */
  edited?: boolean;
};

export type CancelReason = 'CUSTOMER' | 'DECLINED' | 'FRAUD' | 'INVENTORY' | 'OTHER' | 'STAFF';

export type Risk = {
  level: 'HIGH' | 'LOW' | 'MEDIUM' | 'NONE' | 'PENDING';
  recommendation: 'ACCEPT' | 'CANCEL' | 'INVESTIGATE' | 'NONE';
};

export type OrderLine = {
  id: Id;
  /** `null` for a custom line, and for a variant deleted since. */
  variantId: Id | null;
  productId: Id | null;
  title: string;
  variantTitle: string | null;
  sku: string | null;
  vendor: string | null;
  /** As bought, and what edits added; never shrinks. */
  quantity: number;
  /** Less what was refunded or removed. */
  currentQuantity: number;
  unitPrice: Decimal;
  requiresShipping: boolean;
  giftCard: boolean;
  properties: { name: string; value: string }[];
};

export type FulfillmentOrder = {
  id: Id;
  status: 'CANCELLED' | 'CLOSED' | 'IN_PROGRESS' | 'INCOMPLETE' | 'ON_HOLD' | 'OPEN' | 'SCHEDULED';
  deliveryMethod: 'NONE' | 'SHIPPING';
  holds: { id: Id; reason: string; reasonNotes: string | null; handle: string | null }[];
  lines: { id: Id; lineItemId: Id; totalQuantity: number; remainingQuantity: number }[];
  createdAt: Instant;
  updatedAt: Instant;
};

export type Fulfillment = {
  id: Id;
  name: string;
  status: 'CANCELLED' | 'SUCCESS';
  fulfillmentOrderIds: Id[];
  lines: { id: Id; lineItemId: Id; quantity: number }[];
  tracking: { company: string | null; number: string | null; url: string | null };
  createdAt: Instant;
};

export type Dispute = {
  id: Id;
  initiatedAs: 'CHARGEBACK' | 'INQUIRY';
  status: 'ACCEPTED' | 'LOST' | 'NEEDS_RESPONSE' | 'PREVENTED' | 'UNDER_REVIEW' | 'WON';
};

export type Refund = {
  id: Id;
  /** The refund that was made by a mutation: its idempotency key, and what was asked for. */
  request?: { key: string; input: string };
  note: string | null;
  createdAt: Instant;
  amount: Decimal;
  lines: { id: Id; lineItemId: Id; quantity: number; subtotal: Decimal }[];
};

export type Transaction = {
  id: Id;
  kind: 'REFUND' | 'SALE';
  status: 'PENDING' | 'SUCCESS';
  gateway: string;
  amount: Decimal;
  createdAt: Instant;
};

/** Something happened that Shopify may tell the app about; the ids say where to look. */
export type ShopEvent = { shop: string; topic: string; eventId: string } & (
  | { about: 'order'; orderId: Id }
  | { about: 'refund'; orderId: Id; refundId: Id }
  | { about: 'edit'; orderId: Id; additions: LineChange[]; removals: LineChange[] }
  | { about: 'product'; productId: Id }
  | { about: 'customer'; customerId: Id; orderIds: Id[] }
  | { about: 'scopes'; previous: string[]; current: string[] }
  | { about: 'shop' }
);

export type LineChange = { id: Id; delta: number };

export type GidType =
  | 'App'
  | 'AppInstallation'
  | 'Customer'
  | 'Fulfillment'
  | 'FulfillmentHold'
  | 'FulfillmentLineItem'
  | 'FulfillmentOrder'
  | 'FulfillmentOrderLineItem'
  | 'InventoryItem'
  | 'LineItem'
  | 'Location'
  | 'MediaImage'
  | 'Metafield'
  | 'MetafieldDefinition'
  | 'Order'
  | 'OrderTransaction'
  | 'Product'
  | 'ProductOption'
  | 'ProductOptionValue'
  | 'ProductSetOperation'
  | 'ProductVariant'
  | 'Publication'
  | 'OrderDisputeSummary'
  | 'Refund'
  | 'RefundLineItem'
  | 'Shop'
  | 'WebhookSubscription';

export function gid(type: GidType, id: Id): string {
  return `gid://shopify/${type}/${String(id)}`;
}

/** The number at the end of a gid of that type; `null` for anything else. */
export function idOf(type: GidType, value: string): Id | null {
  const match = /^gid:\/\/shopify\/(\w+)\/(\d+)$/.exec(value);
  return match?.[1] === type ? Number(match[2]) : null;
}
