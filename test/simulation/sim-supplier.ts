import { Decimal } from 'decimal.js';
import { HOUR, MINUTE, SECOND } from '../../app/platform/time.ts';
import type { ProviderErrorKind, ProviderPurchase, Refused } from '../../app/providers/contract.ts';
import { lacks, type AccountName } from './sim-books.ts';
import { at, Fault, note, type Doing, type Machine, type Run } from './sim-run.ts';

/** The other side: what it sold, what it has been paid, and how it misbehaves. It forgets nothing. */
export interface Supplier {
  name: AccountName;
  /** What it asks for a bundle, against `prices`. */
  dearer: number;
  dearerSince: number;
  cents: number;
  startCents: number;
  toppedUpCents: number;
  orders: SupplierOrder[];
  /** Requests that are with it now. */
  open: OpenRequest[];
  keyWorks: boolean;
  downUntil: number;
  gone: Set<string>;
  /** Where it sees this app's requests come from. */
  ourIp: string;
  /** How late it lists an order, and how late it may execute a request whose sender gave up, at most. */
  listLagMs: number;
  lateMs: number;
  nextIccid: number;
}

interface OpenRequest {
  attemptId: string;
  machine: Machine;
  life: number;
  since: number;
}

export interface SupplierOrder {
  reference: string;
  /** What it was for; null when it was bought by hand. The app cannot see this. */
  attemptId: string | null;
  listedAt: number;
  readyAt: number;
  iccids: string[];
  cents: number;
  purchase: ProviderPurchase;
}

export type Answer =
  | { type: 'bought'; order: SupplierOrder; iccids: string[] }
  | { type: 'refused'; reason: Refused['reason'] }
  | { type: 'failed'; kind: ProviderErrorKind; retryAfterMs: number | null };

export const prices: Record<string, number> = { france: 310, germany: 275, world: 1990 };
/** What account A and account B ask against that, until their prices rise. */
export const usuallyDearer: Record<AccountName, number> = { A: 1, B: 1.1 };
export const bundles = ['france', 'germany', 'world'] as const;
export const PORTAL_IP = '198.51.100.7';

export function openSupplier({
  name,
  cents,
  listLagMs,
  lateMs,
}: Pick<Supplier, 'name' | 'cents' | 'listLagMs' | 'lateMs'>): Supplier {
  return {
    name,
    dearer: usuallyDearer[name],
    dearerSince: 0,
    cents,
    startCents: cents,
    toppedUpCents: 0,
    orders: [],
    open: [],
    keyWorks: true,
    downUntil: 0,
    gone: new Set(),
    ourIp: '203.0.113.10',
    listLagMs,
    lateMs,
    nextIccid: 1,
  };
}

/** What a piece of a bundle costs there. */
export function priceAt({ dearer }: Supplier, bundle: string): number {
  return Math.round((prices[bundle] ?? 0) * dearer);
}

export interface Asking {
  attemptId: string | null;
  bundle: string;
  quantity: number;
}

const lost: Answer = { type: 'failed', kind: 'unknown-outcome', retryAfterMs: null };
const down: Answer = { type: 'failed', kind: 'down', retryAfterMs: null };
const CLIENT_GIVES_UP_MS = 30 * SECOND;

/**
 * A request to buy has left. What comes of it is drawn now; it is executed at its own time, whatever becomes of the
 * sender. `afterMs`: when the sender learns something, `read` what.
 */
export function receiveOrder(
  run: Run,
  supplier: Supplier,
  asking: Asking,
): { afterMs: number; read: () => Answer } {
  const { random } = run;
  let answer: Answer = lost;
  const execute = (afterMs: number) => {
    at(run, run.now + afterMs, () => {
      answer = fulfil(run, supplier, asking);
    });
  };
  const heard = (afterMs: number) => ({ afterMs, read: () => answer });
  const unheard = (afterMs: number, is: Answer = lost) => ({ afterMs, read: () => is });
  const quick = random.between(60, 900);
  if (run.now < supplier.downUntil)
    return random.chance(0.5) ? unheard(quick, down) : unheard(quick, after503(run));
  if (!supplier.keyWorks) return unheard(quick, { type: 'failed', kind: 'credentials', retryAfterMs: null });
  const drawn = run.calm ? 1 : random.next();
  // About one in ten ends in doubt.
  if (drawn < 0.02) {
    execute(quick); // and the answer never arrives
    return unheard(CLIENT_GIVES_UP_MS);
  }
  if (drawn < 0.035) return unheard(CLIENT_GIVES_UP_MS); // it never got it
  if (drawn < 0.05) {
    execute(random.between(60, Math.min(supplier.lateMs, 90 * SECOND) / SECOND) * SECOND);
    return unheard(CLIENT_GIVES_UP_MS);
  }
  if (drawn < 0.055) {
    execute(random.between(60, supplier.lateMs / SECOND) * SECOND);
    return unheard(CLIENT_GIVES_UP_MS);
  }
  if (drawn < 0.07) {
    execute(quick); // 503, executed
    return unheard(quick + 10, after503(run));
  }
  if (drawn < 0.08) return unheard(quick, after503(run));
  if (drawn < 0.095) {
    execute(quick); // 500 after the charge, a reset, half an answer, a page of HTML
    return unheard(
      quick + 10,
      random.chance(0.5) ? lost : { type: 'failed', kind: 'unreadable', retryAfterMs: null },
    );
  }
  if (drawn < 0.1) return unheard(quick); // a reset before anything happened
  if (drawn < 0.13) {
    const retryAfterMs = random.chance(0.5) ? random.between(1, 90) * SECOND : null;
    return unheard(quick, { type: 'failed', kind: 'rate-limited', retryAfterMs });
  }
  if (drawn < 0.14) return unheard(quick, down);
  execute(quick);
  return heard(quick + (random.chance(0.2) ? random.between(2, 25) * SECOND : random.between(20, 2000)));
}

const after503 = (run: Run): Answer => (lacks(run, 'doubt-after-503') ? down : lost);

function fulfil(run: Run, supplier: Supplier, asking: Asking): Answer {
  if (supplier.gone.has(asking.bundle)) return { type: 'refused', reason: 'bundle-unavailable' };
  const order = buy(run, supplier, asking, supplier.ourIp);
  if (!order) return { type: 'refused', reason: 'funds' };
  return { type: 'bought', order, iccids: order.readyAt <= run.now ? order.iccids : [] };
}

/** Charges and makes an order, or does nothing for want of money. */
export function buy(
  run: Run,
  supplier: Supplier,
  { attemptId, bundle, quantity }: Asking,
  sourceIp: string | null,
): SupplierOrder | null {
  const { random } = run;
  const cents = priceAt(supplier, bundle) * quantity;
  if (supplier.cents < cents) return null;
  supplier.cents -= cents;
  const reference = `${supplier.name}${String(supplier.orders.length + 1)}`;
  const { readyAt, given } = readiness(run, quantity);
  const iccids = Array.from({ length: given }, () => `${supplier.name}i${String(supplier.nextIccid++)}`);
  const [other] = supplier.orders;
  if (other && !run.calm && attemptId !== null && iccids.length > 0 && random.chance(0.004))
    iccids[0] = other.iccids[0] ?? '';
  const order: SupplierOrder = {
    reference,
    attemptId,
    listedAt: run.now + (random.chance(0.8) ? 0 : random.between(0, supplier.listLagMs)),
    readyAt,
    iccids,
    cents,
    purchase: {
      orderReference: reference,
      createdAt: new Date(run.now),
      items: [{ bundle, quantity, iccids: [] }],
      total: { amount: new Decimal(cents), currency: 'USD' },
      isPurchase: true,
      sourceIp,
    },
  };
  supplier.orders.push(order);
  note(run, `${supplier.name} sells ${reference}: ${quantity} ${bundle} for ${attemptId ?? 'the portal'}`);
  return order;
}

/** When the eSIMs of an order are listed, and how many. */
function readiness(run: Run, quantity: number): { readyAt: number; given: number } {
  const { random } = run;
  const drawn = run.calm ? 1 : random.next();
  if (drawn < 0.006) return { readyAt: Infinity, given: 0 };
  if (drawn < 0.02) return { readyAt: run.now, given: quantity - 1 };
  if (drawn < 0.03) return { readyAt: run.now + random.between(10, 900) * SECOND, given: quantity - 1 };
  if (drawn < 0.3) return { readyAt: run.now + random.between(2, 600) * SECOND, given: quantity };
  return { readyAt: run.now, given: quantity };
}

function* ask(run: Run, supplier: Supplier): Doing {
  yield run.random.between(50, 500);
  if (run.now < supplier.downUntil) throw new Fault('supplier down');
  if (!supplier.keyWorks) throw new Fault('key refused');
  if (!run.calm && run.random.chance(0.03)) throw new Fault('supplier read failed');
}

/** Newest first, each order once. An order may be missing for a while, and sometimes from one reading only. */
export function* listPurchases(
  run: Run,
  supplier: Supplier,
  { since, until }: { since: number; until: number },
): Doing<ProviderPurchase[]> {
  yield* ask(run, supplier);
  const found: ProviderPurchase[] = [];
  for (let index = supplier.orders.length - 1; index >= 0; index--) {
    const order = supplier.orders[index];
    if (!order || order.listedAt > run.now) continue;
    const createdAt = order.purchase.createdAt.getTime();
    if (createdAt < since || createdAt > until) continue;
    if (!run.calm && run.random.chance(0.01)) continue; // the pages shifted
    found.push(order.purchase);
  }
  yield run.random.between(20, 400);
  return found;
}

export function* readOrder(
  run: Run,
  supplier: Supplier,
  reference: string,
): Doing<{ complete: boolean; iccids: string[] }> {
  yield* ask(run, supplier);
  const order = supplier.orders.find((each) => each.reference === reference);
  const isReady = order !== undefined && order.readyAt <= run.now;
  const answer = { complete: isReady, iccids: isReady ? order.iccids : [] };
  yield run.random.between(20, 200);
  return answer;
}

export function* readBalance(run: Run, supplier: Supplier): Doing<Decimal> {
  yield* ask(run, supplier);
  const { cents } = supplier;
  yield run.random.between(10, 100);
  return new Decimal(cents);
}

export function topUp(run: Run, supplier: Supplier, cents: number): void {
  supplier.cents += cents;
  supplier.toppedUpCents += cents;
  note(run, `the merchant pays ${cents} into account ${supplier.name}`);
}

export const LONGEST_LATE_MS = 20 * MINUTE;
export const LONGEST_LAG_MS = 40 * MINUTE;
export const OUTAGE_MS = HOUR;
