/** What the sandbox's eSIM Go remembers. Plain JSON: the whole of it is written to the state file. */
export interface State {
  organisations: Organisation[];
  orders: Order[];
  esims: Esim[];
  inventory: InventoryItem[];
  /** The last number given to an assignment, an inventory item or a top-up. */
  lastNumber: number;
}

export interface Organisation {
  apiKey: string;
  name: string;
  currency: string;
  /** Ten-thousandths of a dollar. */
  balanceUnits: number;
  callbackUrl: string | null;
  callbackVersion: 2 | 3;
  /** The vendor's own pages show both. */
  callbackSignature: 'base64' | 'hex';
  refundsEnabled: boolean;
  /** Without one the balance is topped up in the portal only. Absent in older state files: it has one. */
  hasCard?: boolean;
  /** The Profile IDs of its brandings, by API 2.5. */
  brandingProfiles?: string[];
  /** It pays by what is used, and so is told prices by the gigabyte. */
  paysByConsumption?: boolean;
  /** What was charged to the card on a day (UTC), in dollars. */
  charged?: { day: string; amount: number };
}

export interface Order {
  orderReference: string;
  apiKey: string;
  /** `bundleAssignment`: bundles taken from the inventory, which the vendor lists among the orders. */
  type: 'bundle' | 'bundleAssignment';
  items: OrderItem[];
  totalUnits: number;
  /** What was left when its total was taken; absent in older state files. */
  balanceAfterUnits?: number;
  assigned: boolean;
  /** Epoch milliseconds. */
  requestArrivedAt: number;
  createdAt: number;
  /** From when its eSIMs are shown. */
  preparedAt: number;
  /** How the vendor says "not yet": an empty list, or 503 with Retry-After. */
  whilePreparing: 'empty' | '503';
  /** From when `GET /orders` shows it. */
  listedAt: number;
  sourceIp: string;
}

export interface OrderItem {
  bundle: string;
  quantity: number;
  unitPriceUnits: number;
  allowReassign: boolean;
  iccids: string[];
}

export interface Esim {
  iccid: string;
  apiKey: string;
  matchingId: string;
  smdpAddress: string;
  pin: string;
  puk: string;
  profileStatus: 'Released' | 'Downloaded' | 'Installed' | 'Unavailable';
  firstInstalledAt: number | null;
  customerRef: string;
  assignedAt: number;
  msisdn: string | null;
  location: { iso: string; lastSeen: number } | null;
  /** Taken back by the vendor; the organisation no longer reaches it. */
  returnedAt: number | null;
  /** Off the networks, by API 2.5; absent in older state files. */
  suspended?: boolean;
  /** The branding it was made with; absent for the organisation's first. */
  brandingId?: string;
  assignments: Assignment[];
  /** Oldest first. */
  history: HistoryEntry[];
  /** Texts sent to it, oldest first; absent in older state files. */
  messages?: { from: string; text: string }[];
}

export interface Assignment {
  id: number;
  bundle: string;
  reference: string;
  assignedAt: number;
  /** Until then the state is `processing`. */
  preparedAt: number;
  /** Bytes; null is unlimited. */
  initialBytes: number | null;
  usedBytes: number;
  startedAt: number | null;
  endsAt: number | null;
  revokedAt: number | null;
  unitPriceUnits: number;
}

export interface HistoryEntry {
  name: string;
  bundle: string | null;
  at: number;
}

export interface InventoryItem {
  id: number;
  apiKey: string;
  bundle: string;
  total: number;
  remaining: number;
  boughtAt: number;
  unitPriceUnits: number;
}

export function emptyState(): State {
  return { organisations: [], orders: [], esims: [], inventory: [], lastNumber: 215_000_000 };
}
