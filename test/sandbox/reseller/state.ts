/** What the sandbox's reseller API remembers. Plain JSON: the whole of it is written to the state file. */
export interface State {
  accounts: Account[];
  sessions: Session[];
  orders: Order[];
  profiles: Profile[];
  transactions: Transaction[];
  webhooks: Webhook[];
  deliveries: Delivery[];
  /** The last number given to anything. */
  lastNumber: number;
}

export interface Account {
  id: string;
  email: string;
  password: string;
  name: string;
  currency: string;
  billing: 'prepaid' | 'postpaid';
  /** Ten-thousandths of a dollar. Of a postpaid account what it owes, below zero. */
  balanceUnits: number;
  /** What a postpaid account may owe. */
  creditLimitUnits: number;
}

/** Tokens are good until their times; a refresh token once. */
export interface Session {
  accountId: string;
  accessToken: string;
  refreshToken: string;
  accessUntil: number;
  refreshUntil: number;
}

export interface Order {
  id: string;
  accountId: string;
  plan: string;
  /** Of a top-up, by which an eSIM was given more; null for one that made eSIMs. */
  packageCode: string | null;
  quantity: number;
  unitPriceUnits: number;
  email: string;
  customer: string;
  /** The first of its eSIMs is all the vendor ever names. */
  iccids: string[];
  /** Epoch milliseconds. */
  createdAt: number;
  /** From when it is active and its eSIM is named. */
  preparedAt: number;
  /** From when the list of orders shows it. */
  listedAt: number;
  cancelledAt: number | null;
}

export interface Profile {
  iccid: string;
  /** The vendor's own number of an eSIM. */
  tranNo: string;
  accountId: string;
  orderId: string;
  plan: string;
  smdpAddress: string;
  matchingId: string;
  status: 'released' | 'installed' | 'in_use' | 'suspended' | 'revoked';
  /** What it was before it was suspended. */
  statusBefore: 'released' | 'installed' | 'in_use' | null;
  /** Megabytes of 1,000,000 bytes; null is unlimited. */
  limitMegabytes: number | null;
  usedBytes: number;
  /** What the usage calls tell until they are asked for the newest. */
  cachedUsedBytes: number;
  days: number;
  startedAt: number | null;
  messages: string[];
}

export interface Transaction {
  id: string;
  accountId: string;
  type: 'topup' | 'order' | 'refund' | 'adjustment';
  amountUnits: number;
  description: string;
  at: number;
}

export interface Webhook {
  id: string;
  accountId: string;
  name: string;
  url: string;
  events: string[];
  secret: string;
  timeoutSeconds: number;
  retryCount: number;
  status: 'active' | 'inactive' | 'failed';
}

export interface Delivery {
  webhookId: string;
  event: string;
  /** Null when nobody answered. */
  status: number | null;
  attempts: number;
  body: string;
  at: number;
}

export function emptyState(): State {
  return {
    ...{ accounts: [], sessions: [], orders: [], profiles: [] },
    ...{ transactions: [], webhooks: [], deliveries: [], lastNumber: 1000 },
  };
}
