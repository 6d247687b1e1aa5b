import type { Decimal } from 'decimal.js';
import type { Cost } from '../platform/money.ts';
import { MINUTE } from '../platform/time.ts';
import type { ProviderPurchase } from '../providers/contract.ts';

/** Clocks differ: the window of a look begins before the request left. */
export const CLOCK_PADDING_MS = 2 * MINUTE;

/** What an attempt asked the supplier for. `how`: bought, or taken from the stock the account owns. */
export interface Asked {
  how: 'order' | 'stock';
  bundleCode: string;
  quantity: number;
  sentAt: Date;
}

export interface Known {
  /** References that attempts of the account have claimed. */
  claimed: ReadonlySet<string>;
  /** Addresses the supplier has seen orders of this app come from; empty while none is known. */
  sources: ReadonlySet<string>;
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
 * Which of the supplier's orders may be the lost one: same bundle, same quantity, not before it was sent, claimed by
 * nobody. `fits` came from here as far as anyone can tell; `foreign` came from another address, such as the
 * merchant's own browser: a person may name one of those, a timer never does.
 */
export function weigh(
  purchases: Iterable<ProviderPurchase>,
  asked: Asked,
  { claimed, sources }: Known,
): { fits: ProviderPurchase[]; foreign: ProviderPurchase[] } {
  const alike = [...purchases].filter(
    (purchase) => !claimed.has(purchase.orderReference) && isAlike(purchase, asked),
  );
  return {
    fits: alike.filter(({ sourceIp }) => !isForeign(sourceIp, sources)),
    foreign: alike.filter(({ sourceIp }) => isForeign(sourceIp, sources)),
  };
}

function isAlike({ items, isPurchase, createdAt }: ProviderPurchase, asked: Asked): boolean {
  const [item, ...others] = items;
  return (
    others.length === 0 &&
    isPurchase === (asked.how === 'order') &&
    item?.bundle === asked.bundleCode &&
    item.quantity === asked.quantity &&
    createdAt.getTime() >= asked.sentAt.getTime() - CLOCK_PADDING_MS
  );
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
