import type { Decimal } from 'decimal.js';
import type { Cost } from '../platform/money.ts';
import { RemoteError } from '../platform/remote-error.ts';

/**
 * What an eSIM supplier does for us: at the least it tells of eSIMs the account has. Adapters translate; they hold no
 * rules, no state and no database.
 */
export interface EsimProvider {
  /** One eSIM's profile. Throws `ProviderError`; kind `rejected` for an ICCID that is not the account's. */
  getEsim(iccid: string): Promise<EsimProfile>;

  /**
   * The bundles on one eSIM with their usage, newest first. `fresh`: a supplier that remembers usage asks its network anew.
   * Throws `ProviderError`.
   */
  listAssignments(iccid: string, options?: { fresh?: boolean }): Promise<BundleAssignment[]>;

  // Offered by some suppliers only: an absent method is an absent ability.

  /** The mobile networks used in these countries (ISO 3166-1 alpha-2), in any order. Throws `ProviderError`. */
  listNetworks?(countries: string[]): Promise<ProviderNetwork[]>;

  /** Writes our reference on an eSIM, over any other. Idempotent: after any failure, do it again. Throws `ProviderError`. */
  tagEsim?(iccid: string, tag: string): Promise<void>;

  /** Bundles paid for and not yet on an eSIM, one row a bundle, without what has expired. Throws `ProviderError`. */
  listStock?(): Promise<StockItem[]>;

  /**
   * One attempt to make new eSIMs with a bundle each from stock. Costs nothing and consumes the stock; otherwise
   * it promises what `placeOrder` promises: never repeated, not idempotent, `unknown-outcome` whenever it may have
   * happened. Its reference is good for `getOrder`, and it is listed by `listPurchases` with `isPurchase` false.
   * An empty stock is refused as `bundle-unavailable`.
   */
  applyFromStock?(request: OrderRequest): Promise<Ready | Preparing | Refused>;

  /**
   * Gives a batch of unused stock back for money (`StockBatch.id`). Not idempotent: `unknown-outcome` as in
   * `placeOrder`; look at `listStock` before trying again. Refused where the supplier's time for refunds is over.
   */
  refundStock?(batch: { id: string; quantity: number }): Promise<{ status: 'refunded' } | Refused>;

  /**
   * One attempt to buy a bundle for an eSIM the account has. It promises what `placeOrder` promises; its purchase is listed
   * with that ICCID. A bundle that does not go with the eSIM is refused as `incompatible`.
   */
  topUp?(request: { iccid: string; bundle: string }): Promise<Ready | Preparing | Refused>;

  /** Whether a bundle can be put on an eSIM; false too for one that is not sold. Throws `ProviderError`. */
  isCompatible?(request: { iccid: string; bundle: string }): Promise<boolean>;

  /**
   * What `revoke` would do now, without doing it: every way to be paid back, best first; none means that it would be
   * taken for nothing. Refused where it can not be revoked. Throws `ProviderError`.
   */
  offerRevoke?(request: RevokeTarget): Promise<{ status: 'offered'; offers: RevokeOffer[] } | Refused>;

  /**
   * Takes one bundle back from an eSIM, unused ones first, for the best refund the supplier offers: balance, else
   * stock, else nothing; with `onlyForRefund` it is refused where nothing would come back. An eSIM that nobody
   * installed goes with its last bundle. Not idempotent where the eSIM holds the bundle twice, hence `unknown-outcome` as in
   * `placeOrder`: look at `listAssignments` before trying again. Refused where the bundle is not on the eSIM.
   */
  revoke?(request: RevokeRequest): Promise<Revoked | Refused>;

  /**
   * The newest assignment of one bundle on an eSIM, in one small request; null where it has none. Throws
   * `ProviderError`.
   */
  getAssignment?(request: { iccid: string; bundle: string }): Promise<BundleAssignment | null>;

  /** What the supplier noted about an eSIM, newest first. Throws `ProviderError`. */
  listHistory?(iccid: string): Promise<HistoryEntry[]>;

  /** The network an eSIM was last seen in; null before it was in any. Throws `ProviderError`. */
  locate?(iccid: string): Promise<NetworkSighting | null>;

  /**
   * Makes an eSIM register anew with its network: the traveller is offline for a moment. Harmless to repeat, so after any
   * failure it may be asked again. Throws `ProviderError`.
   */
  refresh?(iccid: string): Promise<void>;

  /** Keeps an eSIM off every network until `unsuspend`. Harmless to repeat. Throws `ProviderError`. */
  suspend?(iccid: string): Promise<void>;

  /** Lets a suspended eSIM use its networks again. Harmless to repeat. Throws `ProviderError`. */
  unsuspend?(iccid: string): Promise<void>;

  /**
   * Takes an eSIM out of the account for good, with all that is on it; nothing comes back. After any failure `getEsim`
   * tells: it rejects the ICCID of one that is gone. Throws `ProviderError`.
   */
  deleteEsim?(iccid: string): Promise<void>;

  /** What the supplier would put on an eSIM now. Throws `ProviderError`. */
  listTopUps?(iccid: string): Promise<TopUpOption[]>;

  /** The order an eSIM came with, and the product that was ordered. Throws `ProviderError`. */
  readSale?(iccid: string): Promise<ProviderSale>;

  /**
   * One attempt to send a text message to an eSIM, 1 to 160 characters. Not idempotent: `unknown-outcome` whenever it may
   * have gone. `sender` is the name the phone shows, the supplier's own when left out. Refused for an eSIM without a
   * telephone number, and for a sender the supplier has not agreed to.
   */
  sendSms?(request: {
    iccid: string;
    message: string;
    sender?: string;
  }): Promise<{ status: 'sent' } | Refused>;

  /** All eSIMs of the account, each once, in no order, page by page. Throws `ProviderError`. */
  listEsims?(): AsyncIterable<OwnedEsim[]>;

  /**
   * One attempt to charge the card that is saved at the supplier, with whole units of the balance's currency. Not
   * idempotent: `unknown-outcome` whenever it may have been charged; look at `getBalance` before trying again. Refused
   * outside the supplier's limits.
   */
  chargeCard?(amount: number): Promise<Charged | Refused>;

  /** The names of the bundle groups the account may sell. Throws `ProviderError`. */
  listGroups?(): Promise<string[]>;

  /** One bundle at today's cost; null when the account may not sell it. Throws `ProviderError`. */
  getBundle?(code: string): Promise<ProviderBundle | null>;

  /**
   * What a gigabyte costs by country and network profile, for an account that pays by consumption; `rejected` for one that does
   * not. Throws `ProviderError`.
   */
  listConsumptionPrices?(): Promise<ConsumptionPrice[]>;

  /** The bundles of one country (ISO 3166-1 alpha-2) or region, or that match words. Throws `ProviderError`. */
  findBundles?(filter: BundleFilter): Promise<ProviderBundle[]>;

  /**
   * One attempt to undo an order; what comes back the balance tells. Not idempotent: `unknown-outcome` whenever it may have
   * happened; look at `getOrder` before trying again. Refused where it is too late. Throws `ProviderError`.
   */
  cancelOrder?(orderReference: string): Promise<{ status: 'cancelled' } | Refused>;

  /** What moved the account's money in a window, newest first. Throws `ProviderError`. */
  listTransactions?(window: { since: Date; until: Date }): AsyncIterable<AccountTransaction>;

  /** What the supplier says of its own state; needs no good key. Throws `ProviderError`. */
  checkHealth?(): Promise<{ isHealthy: boolean; services: Record<string, string> }>;

  /**
   * Has the supplier call this address from now on, and try it at once. Harmless to repeat. Throws `ProviderError`, `rejected`
   * where nobody answered there.
   */
  subscribe?(url: string): Promise<void>;

  /**
   * Reads what the supplier calls us with. Pure: it asks nothing. `isSigned` is proved on the raw bytes with the account's
   * credentials, in constant time; an unsigned call is a hint at best, since anybody can write it. Null for a body that is
   * none of the supplier's. Never throws.
   */
  readCallback?(call: { rawBody: Uint8Array; headers: Headers }): ProviderCallback | null;
}

/** A supplier that sells through its API. What only some of them can do besides stands among the abilities above. */
export interface SellingProvider extends EsimProvider {
  /**
   * Every bundle this account may sell, at today's cost, page by page. After a failure it goes on behind the last page
   * that came, when given that page's `next`. Throws `ProviderError`.
   */
  listBundles(from?: string): AsyncIterable<BundlePage>;

  /** What the account has to spend. The cheapest proof that the credentials work. Throws `ProviderError`. */
  getBalance(): Promise<Balance>;

  /**
   * Asks whether an order would be accepted and what it would cost, without placing it. Charges and reserves
   * nothing, so the answer may be untrue a moment later. Throws `ProviderError`.
   */
  validateOrder(request: OrderRequest): Promise<Accepted | Refused>;

  /**
   * One attempt to buy new eSIMs with a bundle each. Never repeated by the adapter, and not idempotent: most
   * suppliers take no key of ours. Throws `ProviderError` of kind `unknown-outcome` whenever the supplier may
   * have bought and we cannot tell; `down`, `rate-limited` and `credentials` promise that nothing was bought.
   */
  placeOrder(request: OrderRequest): Promise<Ready | Preparing | Refused>;

  /**
   * What the account bought in a window, newest first: the evidence that settles an attempt in doubt. A purchase
   * whose eSIMs are not listed yet has an empty `iccids`. Throws `ProviderError`.
   */
  listPurchases(window: { since: Date; until: Date }): AsyncIterable<ProviderPurchase>;

  /**
   * The eSIMs of an order, or of an application from stock. `preparing` until the supplier lists all it will
   * list; `ready` may hold fewer than were ordered, and the caller counts. Throws `ProviderError`; kind
   * `rejected` for a reference that is not the account's.
   */
  getOrder(orderReference: string): Promise<Ready | Preparing>;
}

export function sells(provider: EsimProvider): provider is SellingProvider {
  return 'placeOrder' in provider;
}

export interface OrderRequest {
  bundle: string;
  quantity: number;
}

/** What an order would cost now; null where the supplier does not say. */
export interface Accepted {
  status: 'accepted';
  total: Cost | null;
}

export interface Ready {
  status: 'ready';
  orderReference: string;
  /** Null where the supplier's answer leaves the total out (reading assignments back tells no price). */
  total: Cost | null;
  /** The address the order came from, as the supplier saw it; null where it does not tell. */
  sourceIp: string | null;
  runningBalance?: Cost | null;
  esims: ProviderEsim[];
}

export interface Preparing {
  status: 'preparing';
  orderReference: string;
  total: Cost | null;
  /** The address the order came from, as the supplier saw it; null where it does not tell. */
  sourceIp: string | null;
  /** The balance when the order was placed. Not told: whether with its total still in it. Absent or null without one. */
  runningBalance?: Cost | null;
}

/** The supplier answered, and nothing was bought. `detail` is its own words, for the merchant. */
export interface Refused {
  status: 'refused';
  reason: 'funds' | 'bundle-unavailable' | 'incompatible' | 'branding' | 'rejected';
  detail: string;
}

export interface Balance extends Cost {
  /** The part of the amount that buys for testing only; null where the supplier does not tell. */
  testCredit: Decimal | null;
}

/**
 * What a buyer needs to install. Everything here is a bearer secret. No part is empty, but the parts are as the
 * supplier gave them: check the code before anybody gets it (`isIccid`, `activationCode`).
 */
export interface ProviderEsim {
  /** As text: as a number it loses digits. */
  iccid: string;
  /** Host name without a scheme. */
  smdpAddress: string;
  matchingId: string;
  appleInstallUrl: string | null;
  androidInstallUrl: string | null;
}

export interface BundlePage {
  bundles: ProviderBundle[];
  /** What the page lists besides, and nobody can sell; the code is null where it names none. */
  leftOut: { code: string | null; reason: 'no-price' | 'unreadable' }[];
  /** How many lines the supplier sent, with those that can not be sold or came twice. */
  lines: number;
  /** How many lines all pages hold together, where the supplier says so. */
  total: number | null;
  /** Where the next page begins, for `listBundles`. */
  next: string;
}

export interface ProviderBundle {
  /** The supplier's key for it; letter case matters. */
  code: string;
  description: string;
  /** ISO 3166-1 alpha-2, upper case, sorted. */
  countries: string[];
  /** Those of `countries` that are reached by roaming, sorted. */
  roaming: string[];
  /** Set when the bundle covers more than one country. */
  region: string | null;
  /** Decimal bytes (1 GB = 1,000,000,000); null when unlimited. */
  dataBytes: bigint | null;
  /** What unlimited means, in the supplier's words; null where it says nothing. */
  fairUse: string | null;
  days: number;
  speeds: string[];
  groups: string[];
  /** Its validity begins when the eSIM first connects; false: as soon as it is assigned to one, which buying does. */
  autostart: boolean;
  /** Calls in minutes and text messages that come with the data; `amount` null is unlimited. */
  allowances: { kind: 'voice' | 'sms'; amount: number | null }[];
  cost: Cost;
  imageUrl: string | null;
}

export interface ProviderNetwork {
  /** ISO 3166-1 alpha-2. */
  country: string;
  name: string;
  brand: string | null;
  /** Mobile country and network code: text, since 01 is not 1. */
  mcc: string;
  mnc: string;
  speeds: string[];
}

export interface ConsumptionPrice {
  /** ISO 3166-1 alpha-2; null where the supplier names none that is known. */
  country: string | null;
  /** In the supplier's words. */
  countryName: string;
  /** Whose networks the eSIM uses there: the profile's name; null where it has none. */
  profile: string | null;
  perGigabyte: Cost;
}

export interface ProviderPurchase {
  orderReference: string;
  createdAt: Date;
  /** What was ordered, per bundle. */
  items: { bundle: string; quantity: number; iccids: string[] }[];
  total: Cost | null;
  /** False for operations that are listed beside purchases but bought nothing (eSIM Go: `bundleAssignment`). */
  isPurchase: boolean;
  /** The address the order came from, as the supplier saw it; null where it does not tell. */
  sourceIp: string | null;
}

export interface StockItem {
  bundle: string;
  remaining: number;
  /** What was bought together and expires together, oldest first; the sum of `remaining` is the item's. */
  batches: StockBatch[];
}

export interface StockBatch {
  /** For `refundStock`; null where the supplier names none. */
  id: string | null;
  remaining: number;
  expiresAt: Date | null;
}

/** A bundle on an eSIM: any of its assignments, unused ones first, or the one named. */
export interface RevokeTarget {
  iccid: string;
  bundle: string;
  /** `BundleAssignment.id` */
  assignmentId?: string;
}

export interface RevokeRequest extends RevokeTarget {
  onlyForRefund?: boolean;
}

export interface RevokeOffer {
  refundTo: 'balance' | 'stock';
  /** What comes back; null where the supplier does not say. */
  amount: Cost | null;
}

export interface Revoked {
  status: 'revoked';
  refundedTo: 'balance' | 'stock' | 'nothing';
}

export interface HistoryEntry {
  /** In the supplier's words: "eSIM First Attachment". */
  what: string;
  bundle: string | null;
  at: Date;
}

export interface NetworkSighting {
  name: string;
  brand: string | null;
  /** ISO 3166-1 alpha-2; null where the supplier names none that is known. */
  country: string | null;
  seenAt: Date | null;
}

export interface OwnedEsim {
  iccid: string;
  /** Our reference on it (`tagEsim`); null without one. */
  tag: string | null;
  assignedAt: Date | null;
}

export interface Charged {
  status: 'charged';
  amount: Cost;
  /** What the account has to spend now. */
  balance: Cost;
  reference: string | null;
}

/** What a supplier calls about. `unknown` for a word we do not know yet. */
export type CallbackKind =
  | 'usage'
  | 'first-use'
  | 'first-attachment'
  | 'country-change'
  | 'profile-change' // installed, or taken off the phone
  | 'low-balance'
  | 'no-balance'
  | 'topped-up' // the account, not an eSIM
  | 'number-enabled'
  | 'number-disabled'
  | 'sms-failed'
  | 'order-change'
  | 'deletion-scheduled'
  | 'deleted'
  | 'unknown';

export interface ProviderCallback {
  kind: CallbackKind;
  isSigned: boolean;
  /** Null for calls about the account. Read from the raw text: as a number it would lose digits. */
  iccid: string | null;
  /** The bundle it is about, with its usage as of the call; null where none is named. */
  assignment: BundleAssignment | null;
  /** ISO 3166-1 alpha-2, of a change of country; else null. */
  country: string | null;
  /** Of a change of the profile; else null. */
  profileStatus: EsimProfile['profileStatus'] | null;
  /** The order it is about, where it names one. */
  orderReference?: string | null;
  /** When it happened; null where the supplier does not say. */
  at: Date | null;
}

export interface EsimProfile {
  iccid: string;
  /** Null, as is `matchingId`, where the supplier does not tell what to install it with. */
  smdpAddress: string | null;
  matchingId: string | null;
  /** `unknown` for a word we do not know yet: it must never break a page. */
  profileStatus:
    'released' | 'downloaded' | 'installed' | 'enabled' | 'disabled' | 'deleted' | 'unavailable' | 'unknown';
  installedAt: Date | null;
  /** Our reference on the eSIM (`tagEsim`); null without one. */
  tag: string | null;
  /** Kept off the networks (`suspend`); null where the supplier does not tell. */
  isSuspended: boolean | null;
  appleInstallUrl: string | null;
  androidInstallUrl: string | null;
}

export interface BundleAssignment {
  /** The supplier's own for this assignment; null where it gives none. */
  id: string | null;
  bundle: string;
  state: 'processing' | 'queued' | 'active' | 'depleted' | 'expired' | 'revoked' | 'lapsed' | 'unknown';
  /** Decimal bytes; null when unlimited. */
  initialBytes: bigint | null;
  remainingBytes: bigint | null;
  assignedAt: Date | null;
  startsAt: Date | null;
  endsAt: Date | null;
  /** Of the order or application it came with; null where the supplier does not tell. */
  reference: string | null;
}

/** One of them. */
export type BundleFilter = { country: string } | { region: string } | { search: string };

export interface AccountTransaction {
  id: string;
  kind: 'topup' | 'order' | 'refund' | 'adjustment' | 'unknown';
  amount: Cost;
  /** In the supplier's words. */
  description: string;
  isSettled: boolean;
  at: Date;
}

/** What it leaves out the supplier does not tell. */
export interface TopUpOption {
  bundle: string;
  description: string;
  /** Decimal bytes; null when unlimited. */
  dataBytes: bigint | null;
  days: number | null;
  cost: Cost | null;
}

/** What it leaves null the supplier does not tell. */
export interface ProviderSale {
  orderReference: string | null;
  purchasedAt: Date | null;
  product: {
    code: string;
    /** By language (BCP 47). */
    names: Record<string, string>;
    isEsim: boolean | null;
    /** Decimal bytes, a day where `isDaily`; null when unlimited. */
    dataBytes: bigint | null;
    isDaily: boolean;
    days: number | null;
    apn: string | null;
    hasHotspot: boolean | null;
    /** What happens when the data is used up, in the supplier's words. */
    afterwards: string | null;
    calls: string | null;
  } | null;
}

export type ProviderErrorKind =
  | 'credentials' // the merchant must fix the key; nothing was bought
  | 'funds' // the merchant must top up the supplier account; nothing was bought
  | 'rejected' // the supplier said no to this request
  | 'rate-limited' // same request, later; nothing was bought
  | 'down' // provably nothing was bought
  | 'unknown-outcome' // it may have been bought: look before ordering again
  | 'unreadable'; // answered a read in a shape we do not know

export class ProviderError extends RemoteError<ProviderErrorKind> {}
