import type { Decimal } from 'decimal.js';
import type { Cost } from '../platform/money.ts';
import { MINUTE } from '../platform/time.ts';
import type { ProviderPurchase } from '../providers/contract.ts';

/** Clocks differ: the window of a look begins before the request left. */
export const CLOCK_PADDING_MS = 2 * MINUTE;

/** How an attempt buys: new eSIMs, new ones from the stock the account owns, or a bundle for an eSIM on our record. */
export type How = Way['how'];

/** What an attempt asked the supplier for. */
export type Asked = Way & {
  bundleCode: string;
  quantity: number;
  sentAt: Date;
};

type Way = { how: 'order' | 'stock' } | { how: 'top-up'; esimId: string };

export interface Known {
  /** References that attempts of the account have claimed. */
  claimed: ReadonlySet<string>;
  /** Addresses the supplier has seen orders of this app come from; empty while none is known. */
  sources: ReadonlySet<string>;
  /**
   * The eSIMs on our record among those the orders list, by ICCID, with the order each came with; empty where that is
   * not known.
   */
  esims: ReadonlyMap<string, { id: string; orderReference: string }>;
}

/** One of the supplier's orders, as it is kept for a person to compare. Times are ISO 8601. */
export interface Candidate {
  orderReference: string;
  createdAt: string;
  bundle: string;
  quantity: number;
  total: { amount: string; currency: string } | null;
  /** It came from an address this app never bought from, such as the merchant's own browser. */
  isForeign: boolean;
}

/**
 * Which of the supplier's orders may be the lost one: same bundle, same quantity, for the same eSIM or for new ones, not
 * before it was sent, claimed by nobody. `fits` is what it must be as far as anyone can tell. `foreign` is what a person
 * may name and a timer never does: it came from another address, such as the merchant's own browser, or it does not yet
 * say for which eSIM it is.
 */
export function weigh(
  purchases: Iterable<ProviderPurchase>,
  asked: Asked,
  { claimed, sources, esims }: Known,
): { fits: ProviderPurchase[]; foreign: ProviderPurchase[] } {
  const alike = [...purchases].filter(
    (purchase) => !claimed.has(purchase.orderReference) && isAlike(purchase, asked),
  );
  const fits: ProviderPurchase[] = [];
  const foreign: ProviderPurchase[] = [];
  for (const purchase of alike) {
    const target = targetOf(purchase, asked, esims);
    if (target === 'another') continue;
    const isClear = target === 'the same' && !isForeign(purchase.sourceIp, sources);
    (isClear ? fits : foreign).push(purchase);
  }
  return { fits, foreign };
}

function isAlike({ items, isPurchase, createdAt }: ProviderPurchase, asked: Asked): boolean {
  const [item, ...others] = items;
  return (
    others.length === 0 &&
    isPurchase === (asked.how !== 'stock') &&
    item?.bundle === asked.bundleCode &&
    item.quantity === asked.quantity &&
    createdAt.getTime() >= asked.sentAt.getTime() - CLOCK_PADDING_MS
  );
}

/** Whether an order is for what was asked: the very eSIM of a top-up, else eSIMs we did not have. */
function targetOf(
  { orderReference, items }: ProviderPurchase,
  asked: Asked,
  esims: Known['esims'],
): 'the same' | 'another' | 'unknown' {
  const iccids = items.flatMap(({ iccids }) => iccids);
  const older = olderEsims({ orderReference, items }, esims);
  if (asked.how === 'top-up') {
    // An order that is still being prepared lists its eSIMs later.
    if (iccids.length === 0) return 'unknown';
    return iccids.length === 1 && older[0]?.id === asked.esimId ? 'the same' : 'another';
  }
  if (older.length === 0) return 'the same';
  return older.some((esim) => esim.orderReference !== '') ? 'another' : 'unknown';
}

/** Whether an order put its bundle on an eSIM that we had already: a top-up, bought by us or by hand. */
export function isTopUp(purchase: ProviderPurchase, esims: Known['esims']): boolean {
  return olderEsims(purchase, esims).length > 0;
}

/** The eSIMs of an order that are on our record and came with another: none is topped up by the order it came with. */
function olderEsims(
  { orderReference, items }: Pick<ProviderPurchase, 'orderReference' | 'items'>,
  esims: Known['esims'],
) {
  return items
    .flatMap(({ iccids }) => iccids.flatMap((iccid) => esims.get(iccid) ?? []))
    .filter((esim) => esim.orderReference !== orderReference);
}

export function candidates({
  fits,
  foreign,
}: {
  fits: ProviderPurchase[];
  foreign: ProviderPurchase[];
}): Candidate[] {
  const from = (isForeign: boolean) => (purchase: ProviderPurchase) => ({
    orderReference: purchase.orderReference,
    createdAt: purchase.createdAt.toISOString(),
    bundle: purchase.items[0]?.bundle ?? '',
    quantity: purchase.items[0]?.quantity ?? 0,
    total: purchase.total && { amount: purchase.total.amount.toString(), currency: purchase.total.currency },
    isForeign,
  });
  return [...fits.map(from(false)), ...foreign.map(from(true))];
}

/** Whether an order came from somewhere this app never bought from. */
export function isForeign(sourceIp: string | null, sources: ReadonlySet<string>): boolean {
  return sourceIp !== null && sources.size > 0 && !sources.has(sourceIp);
}

/**
 * Whether the balance proves that the lost order was never charged: what was there before, less everything the
 * supplier lists since, is what is there now. False where anything is unknown. (A payment into the account of exactly
 * the missing sum would deceive it, so it only counts beside two empty lists.)
 */
export function balanceProvesAbsence({
  before,
  now,
  since,
  purchases,
}: {
  before: Decimal | null;
  now: Cost | null;
  since: Date;
  purchases: readonly ProviderPurchase[];
}): boolean {
  if (before === null || now === null) return false;
  let expected = before;
  for (const { createdAt, total, isPurchase } of purchases) {
    if (!isPurchase || createdAt < since) continue;
    if (total === null || total.currency !== now.currency) return false;
    expected = expected.minus(total.amount);
  }
  return expected.equals(now.amount);
}
