import { DAY, HOUR, MINUTE } from '../platform/time.ts';

/** What a merchant is told by e-mail. */
export type AlertKind =
  | 'key-refused' // nothing is bought with the account until a new key
  | 'funds' // buyers wait for money in the account
  | 'balance-low' // under the line that the merchant drew, or low in the supplier's words
  | 'parked' // eSIMs that may have been bought wait for a person
  | 'orphan' // money was spent at the supplier, and nothing delivered for it
  | 'database-restored' // purchases were forgotten, and are compared with the supplier's orders
  | 'orders-denied' // Shopify does not let the app read orders: new ones are not seen
  | 'signed-out' // Shopify does not let the app in until the merchant opens it
  | 'messages-stuck' // what Shopify told of cannot be worked on
  | 'webhooks-missing' // Shopify did not announce orders; the app subscribed again
  | 'mail-failed' // buyers without their e-mail
  | 'fulfilment-failed'; // delivered, and Shopify does not show it

/** Everything an alert's words may tell: names of suppliers and figures. No address, no code. */
export type AlertDetail = Record<string, string | number>;

export interface Wanted {
  kind: AlertKind;
  /** What keeps two of a kind apart: the id of the supplier account, or nothing. */
  subject: string;
  detail: AlertDetail;
  /** Old or grave enough for an e-mail; until then the app's pages show it. */
  isMailed: boolean;
}

/** What the tables say of a shop. */
export interface Facts {
  now: Date;
  accounts: {
    id: string;
    label: string;
    isRefused: boolean;
    /** eSIMs held for want of balance, or for the reserve. */
    waitingForFunds: number;
    /** The balance that is under the merchant's line, in words. Without a line the supplier said that it is low. */
    lowBalance: { balance: string; line?: string } | null;
    /** Orders at the supplier that nobody claims. */
    orphans: number;
    /** Buying is stopped until the supplier's orders are compared with a restored database. */
    isStopped: boolean;
  }[];
  /** Since when each parked eSIM waits. */
  parkedSince: readonly Date[];
  /** What the recoveries of the last day found. */
  recovered: { found: number; parked: number } | null;
  /** Shopify refused to show the orders when they were looked at last. */
  ordersDenied: boolean;
  /** Shopify did not let the app in when the orders were looked at last. */
  signedOut: boolean;
  /** Since when each message of Shopify waits that cannot be worked on. */
  stuckSince: readonly Date[];
  /** Shopify did not announce orders in the last day. */
  resubscribed: number;
  failedMails: number;
  failedFulfilments: number;
}

const SHOWN_AFTER_MS = 15 * MINUTE;
const MAILED_AFTER_MS = HOUR;
/** A cause that is over and comes back soon is not mailed about again at once. */
const COOL_DOWN_MS = DAY;
const MOST_TRIES = 12;

/** What the merchant should know of now. */
export function wantedAlerts(facts: Facts): Wanted[] {
  const { now, accounts, parkedSince, stuckSince, recovered } = facts;
  const ageOf = (dates: readonly Date[]) =>
    Math.max(0, ...dates.map((since) => now.getTime() - since.getTime()));
  const age = ageOf(parkedSince);
  const stopped = accounts.filter(({ isStopped }) => isStopped);
  return [
    ...accounts.flatMap(({ id, label, isRefused, waitingForFunds, lowBalance, orphans }) => [
      ...when(isRefused, 'key-refused', { supplier: label }, id),
      ...when(waitingForFunds > 0, 'funds', { supplier: label, esims: waitingForFunds }, id),
      ...when(lowBalance !== null, 'balance-low', { supplier: label, ...lowBalance }, id),
      ...when(orphans > 0, 'orphan', { supplier: label, orders: orphans }, id),
    ]),
    ...when(age > SHOWN_AFTER_MS, 'parked', { esims: parkedSince.length }).map((alert) => ({
      ...alert,
      isMailed: age > MAILED_AFTER_MS,
    })),
    ...when(stopped.length > 0 || (recovered !== null && recovered.found > 0), 'database-restored', {
      found: recovered?.found ?? 0,
      parked: recovered?.parked ?? 0,
      ...(stopped[0] && { stopped: stopped[0].label }),
    }),
    ...when(facts.ordersDenied, 'orders-denied', {}),
    ...when(facts.signedOut, 'signed-out', {}),
    // While Shopify shuts the app out its messages wait for that, and are not told of beside it.
    ...when(!facts.ordersDenied && !facts.signedOut && stuckSince.length > 0, 'messages-stuck', {
      messages: stuckSince.length,
    }).map((alert) => ({ ...alert, isMailed: ageOf(stuckSince) > MAILED_AFTER_MS })),
    ...when(facts.resubscribed > 0, 'webhooks-missing', { topics: facts.resubscribed }),
    ...when(facts.failedMails > 0, 'mail-failed', { orders: facts.failedMails }),
    ...when(facts.failedFulfilments > 0, 'fulfilment-failed', { orders: facts.failedFulfilments }),
  ];
}

/** What one alert of a kind and subject is known by while it is open. */
export const keyOf = ({ kind, subject }: { kind: string; subject: string }) => `${kind} ${subject}`;

export interface OpenAlert {
  id: string;
  kind: string;
  subject: string;
  raisedAt: Date;
  mailedAt: Date | null;
  mailTries: number;
}

/** Which alerts begin, which go on with other figures, and which are over. */
export function compareAlerts<T extends OpenAlert>(wanted: readonly Wanted[], open: readonly T[]) {
  const openByKey = new Map(open.map((alert) => [keyOf(alert), alert]));
  const wantedKeys = new Set(wanted.map(keyOf));
  return {
    raise: wanted.filter((each) => !openByKey.has(keyOf(each))),
    goOn: wanted.flatMap((each) => {
      const alert = openByKey.get(keyOf(each));
      return alert ? [{ alert, wanted: each }] : [];
    }),
    settle: open.filter((alert) => !wantedKeys.has(keyOf(alert))),
  };
}

/**
 * Whether to write to the merchant about an open alert now: once until it is over, at most daily for a cause that comes
 * and goes, and again after a failure, ever later.
 */
export function isToBeMailed(
  { isMailed }: Wanted,
  { raisedAt, mailedAt, mailTries }: OpenAlert,
  { now, lastMailedAt }: { now: Date; lastMailedAt: Date | null },
): boolean {
  if (!isMailed || mailedAt !== null || mailTries >= MOST_TRIES) return false;
  if (lastMailedAt !== null && now.getTime() - lastMailedAt.getTime() < COOL_DOWN_MS) return false;
  return now.getTime() - raisedAt.getTime() >= MINUTE * (2 ** mailTries - 1);
}

function when(isTrue: boolean, kind: AlertKind, detail: AlertDetail, subject = ''): Wanted[] {
  return isTrue ? [{ kind, subject, detail, isMailed: true }] : [];
}
