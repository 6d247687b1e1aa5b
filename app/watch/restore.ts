import { DAY, MINUTE } from '../platform/time.ts';
import type { ProviderPurchase } from '../providers/contract.ts';
import { isForeign, isTopUp, weigh, type Known } from '../purchases/evidence.ts';
import { QUIET_WINDOW_MS } from '../purchases/ledger.ts';
import type { OpenAttempt } from './audit.ts';

/** How far before the last moment the database knows of a gap begins: clocks differ, and lists lag. */
const PADDING_MS = 15 * MINUTE;
/** A restored database may know of moments after the restore: other processes may have written to it before it was noticed. */
const RESTORED_MS = DAY;
/** A process that stopped without a word, and was not started again for so long, may be a copy that was put back. */
const LONG_SILENCE_MS = 10 * MINUTE;

/** What is known of the database at a start, before anything is written. */
export interface Found {
  now: Date;
  /** The newest moment the database knows of, and how long that is ago by its own clock. */
  lastKnownAt: Date;
  silentMs: number;
  /** Whether the process that was alive last stopped as it should. True for a database that is new. */
  stoppedCleanly: boolean;
  /** Whether it carries another database's mark. */
  isAnother: boolean;
  /** The embedded database's journal, where there is one: whether it holds every purchase the database may have lost. */
  journal: { isWhole: boolean } | null;
}

/** Purchases may be forgotten: buying stops until the supplier's orders since then were compared. */
export interface Gap {
  since: Date;
  /**
   * Not resumed earlier: the supplier may list late what was bought last. Null when the journal knows every purchase:
   * what it does not name was not bought.
   */
  until: Date | null;
  cause: 'restored' | 'unclean';
}

/**
 * Whether the database may have forgotten purchases. PostgreSQL keeps what it committed, so a process that was killed
 * and starts again is no reason to stop; the embedded database may lose its last commits with the power.
 */
export function gapOf({ now, lastKnownAt, silentMs, stoppedCleanly, isAnother, journal }: Found): Gap | null {
  const before = (moment: number) => new Date(Math.min(lastKnownAt.getTime(), moment) - PADDING_MS);
  if (isAnother || journal?.isWhole === false)
    return {
      since: before(now.getTime() - RESTORED_MS),
      until: new Date(now.getTime() + QUIET_WINDOW_MS),
      cause: 'restored',
    };
  const since = before(now.getTime());
  if (stoppedCleanly) return null;
  if (silentMs > LONG_SILENCE_MS) return { since, until: now, cause: 'unclean' };
  return journal === null ? null : { since, until: null, cause: 'unclean' };
}

interface Sent {
  attemptId: string;
  unitIds: readonly string[];
}

/**
 * The purchases of the journal that the database has forgotten, each with the units it was for. A unit that was sent
 * again later was free again, so nothing was bought by the earlier purchase: it counts to the last one only.
 */
export function forgotten<T extends Sent>(intents: readonly T[], known: ReadonlySet<string>): T[] {
  const lastOf = new Map(intents.flatMap(({ attemptId, unitIds }) => unitIds.map((id) => [id, attemptId])));
  return intents
    .filter(({ attemptId }) => !known.has(attemptId))
    .map((intent) => ({
      ...intent,
      unitIds: intent.unitIds.filter((id) => lastOf.get(id) === intent.attemptId),
    }))
    .filter(({ unitIds }) => unitIds.length > 0);
}

/** Units of one order and bundle that nothing was bought for, as far as this database knows. */
export interface DueGroup {
  unitIds: readonly string[];
  bundleCode: string;
  paidAt: Date;
}

export interface Verdict {
  /** These orders can be nobody else's. */
  adopt: { purchase: ProviderPurchase; unitIds: string[] }[];
  found: { purchase: ProviderPurchase; attemptId: string }[];
  /** Any of these orders may be theirs, or another's: a person decides. */
  park: { group: DueGroup; orders: ProviderPurchase[] }[];
  contested: { attemptId: string; orders: ProviderPurchase[] }[];
}

/**
 * To whom orders belong that nobody claims and whose eSIMs carry no unit's id. An order is adopted only when one buyer
 * alone can be meant by it, and everything that may be that buyer's fits beside it; else all who might be are parked,
 * so that nothing is bought twice and no code goes to two people.
 */
export function judge(
  purchases: readonly ProviderPurchase[],
  { groups, open, known }: { groups: readonly DueGroup[]; open: readonly OpenAttempt[]; known: Known },
): Verdict {
  const unclaimed = purchases
    .filter(({ orderReference }) => !known.claimed.has(orderReference))
    .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  const ordersOfGroup = new Map(
    groups.map((group) => [
      group,
      unclaimed.filter((order) => fits(order, group) && !isTopUp(order, known.esims)),
    ]),
  );
  const ordersOfAttempt = new Map(open.map((attempt) => [attempt, weigh(unclaimed, attempt, known).fits]));
  const rivals = new Map<ProviderPurchase, number>();
  for (const order of [...ordersOfGroup.values(), ...ordersOfAttempt.values()].flat())
    rivals.set(order, (rivals.get(order) ?? 0) + 1);

  const verdict: Verdict = { adopt: [], found: [], park: [], contested: [] };
  for (const [group, orders] of ordersOfGroup) {
    if (orders.length === 0) continue;
    const isClear =
      sum(orders.map(quantityOf)) <= group.unitIds.length &&
      orders.every((order) => rivals.get(order) === 1 && !isForeign(order.sourceIp, known.sources));
    if (isClear) verdict.adopt.push(...deal(orders, group));
    else verdict.park.push({ group, orders });
  }
  for (const [{ id: attemptId }, orders] of ordersOfAttempt) {
    const [only, ...others] = orders;
    if (!only) continue;
    if (others.length === 0 && rivals.get(only) === 1) verdict.found.push({ attemptId, purchase: only });
    // Rivals that are attempts too are told apart, or parked, by the look every attempt in doubt gets.
    else if (orders.some((order) => [...ordersOfGroup.values()].flat().includes(order)))
      verdict.contested.push({ attemptId, orders });
  }
  return verdict;
}

/** Splits units into purchases of the sizes that are to be compared, so that a person can name an order for each. */
export function portions(unitIds: readonly string[], orders: readonly ProviderPurchase[]): string[][] {
  const sizes = [...new Set(orders.map(quantityOf))].sort((a, b) => b - a);
  const parts: string[][] = [];
  for (let rest = [...unitIds]; rest.length > 0;) {
    const size = sizes.find((each) => each > 0 && each <= rest.length) ?? rest.length;
    parts.push(rest.slice(0, size));
    rest = rest.slice(size);
  }
  return parts;
}

function fits(order: ProviderPurchase, { unitIds, bundleCode, paidAt }: DueGroup): boolean {
  const [item, ...others] = order.items;
  return (
    others.length === 0 &&
    item?.bundle === bundleCode &&
    item.quantity <= unitIds.length &&
    order.createdAt.getTime() >= paidAt.getTime() - PADDING_MS
  );
}

function deal(orders: readonly ProviderPurchase[], { unitIds }: DueGroup) {
  let from = 0;
  return orders.map((purchase) => {
    const to = from + quantityOf(purchase);
    const dealt = { purchase, unitIds: unitIds.slice(from, to) };
    from = to;
    return dealt;
  });
}

const quantityOf = ({ items }: ProviderPurchase) => sum(items.map(({ quantity }) => quantity));

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
