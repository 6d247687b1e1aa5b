import { record } from '../orders/events.server.ts';
import { db } from '../platform/db.server.ts';
import { wake } from '../platform/queue.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { sellerFor } from '../settings/suppliers.server.ts';
import { concludeFirst, type AttemptRow } from './carry-out.server.ts';
import { candidates, type Candidate } from './evidence.ts';
import { foundOf, type Found } from './look-log.ts';
import { gatherEvidence, noteLook } from './settle.server.ts';
import { currentTime } from '../platform/time.ts';
import { transact } from '../platform/transaction.server.ts';
import { ProviderError } from '../providers/contract.ts';

/**
 * What came of a person's decision. `stale`: it is not waiting for this decision any more, because somebody else, or
 * this person in another tab, was faster; nothing was changed. Supplier calls throw `ProviderError`.
 */
export type Decided =
  | { status: 'done' }
  | { status: 'stale' }
  /** The second look found orders that may be the lost one: buying again might buy twice. */
  | { status: 'look-again'; evidence: Candidate[] }
  /** The order the person named is claimed already, is not at the supplier, or is another bundle or quantity. */
  | { status: 'not-that-order' };

/** The shop has no such bundle on sale; or it is another supplier's than the eSIM it should top up. Nothing was changed. */
export type NotGiven = { status: 'unknown-bundle' } | { status: 'other-supplier' };

interface Decision {
  attemptId: string;
  /** Who decides, for the timeline. */
  by: string;
}

/** The person names the supplier's order that the lost answer belonged to. Its eSIMs are read and delivered. */
export async function adoptOrder(
  shop: Shop,
  { attemptId, orderReference, by }: Decision & { orderReference: string },
): Promise<Decided> {
  const attempt = await parkedAttempt(shop, attemptId);
  if (!attempt || attempt.orderReference !== null) return { status: 'stale' };
  const { provider } = await sellerFor({ shopId: shop.id, accountId: attempt.accountId });
  const { weighed } = await gatherEvidence(provider, attempt);
  const found = [...weighed.fits, ...weighed.foreign].find(
    (order) => order.orderReference === orderReference,
  );
  // Somebody else may have named this very order while we asked.
  if (!found) return { status: (await parkedAttempt(shop, attemptId)) ? 'not-that-order' : 'stale' };
  const { isFirst } = await concludeFirst(
    attemptId,
    { type: 'found' },
    { orderReference, total: found.total, sourceIp: found.sourceIp, found: foundOf(weighed), by },
  );
  if (!isFirst) return { status: 'stale' };
  await db.unclaimedOrder.updateMany({
    where: { shopId: shop.id, accountId: attempt.accountId, orderReference, state: 'open' },
    data: { state: 'adopted', closedAt: currentTime() },
  });
  return { status: 'done' };
}

/**
 * Buys again for what a lost answer left without an eSIM. The supplier's orders are read once more first: when one of
 * them may be the lost one, nothing is bought and the person sees it, unless they have seen just these (`seen`).
 */
export async function buyAgain(
  shop: Shop,
  { attemptId, seen, by }: Decision & { seen: string[] },
): Promise<Decided> {
  const attempt = await parkedAttempt(shop, attemptId);
  if (!attempt) return { status: 'stale' };
  const look = attempt.orderReference === null ? await lookOnce(shop, attempt, seen) : null;
  if (look && 'unseen' in look) return { status: 'look-again', evidence: look.unseen };
  const { isFirst } = await concludeFirst(attemptId, { type: 'bought-again' }, { ...look, by });
  return { status: isFirst ? 'done' : 'stale' };
}

/**
 * As `buyAgain`, with another bundle, for what the supplier shows no order of: the same look at its orders comes first. A
 * top-up takes one of its eSIM's own supplier only.
 */
export async function buyInstead(
  shop: Shop,
  { attemptId, bundleId, seen, by }: Decision & { bundleId: string; seen: string[] },
): Promise<Decided | NotGiven> {
  const attempt = await parkedAttempt(shop, attemptId);
  // What staff asked for as a top-up is no piece of an order: they ask for another one on the page of the eSIM.
  if (attempt?.reason !== 'no-such-order' || attempt.askedBy !== null) return { status: 'stale' };
  const bundle = await db.bundle.findFirst({ where: { id: bundleId, shopId: shop.id, withdrawnAt: null } });
  if (!bundle) return { status: 'unknown-bundle' };
  const { accountId, code } = bundle;
  if (attempt.how === 'top-up' && attempt.accountId !== accountId) return { status: 'other-supplier' };
  const look = await lookOnce(shop, attempt, seen);
  if ('unseen' in look) return { status: 'look-again', evidence: look.unseen };
  const instead = { bundleId, accountId, code };
  const { isFirst } = await concludeFirst(attemptId, { type: 'bought-again' }, { ...look, by, instead });
  return { status: isFirst ? 'done' : 'stale' };
}

/** The second look: what may be the lost order, kept for the page, if the person has not seen all of it. */
async function lookOnce(
  shop: Shop,
  attempt: AttemptRow,
  seen: string[],
): Promise<{ unseen: Candidate[] } | { found: Found }> {
  const { provider } = await sellerFor({ shopId: shop.id, accountId: attempt.accountId });
  const { weighed } = await gatherEvidence(provider, attempt);
  const [found, evidence] = [foundOf(weighed), candidates(weighed)];
  if (evidence.every(({ orderReference }) => seen.includes(orderReference))) return { found };
  await noteLook(attempt, found, evidence);
  return { unseen: evidence };
}

/** Ends a parked purchase without an eSIM: the merchant refunds the buyer, or has helped otherwise. */
export async function closeAttempt(
  shop: Shop,
  { attemptId, note, by }: Decision & { note: string },
): Promise<Decided> {
  if (!(await parkedAttempt(shop, attemptId))) return { status: 'stale' };
  const units = await db.unit.findMany({
    where: { attemptId, shopId: shop.id, state: 'parked', esim: null },
    select: { id: true },
  });
  if (!(await concludeFirst(attemptId, { type: 'closed' }, { by })).isFirst) return { status: 'stale' };
  await db.unit.updateMany({
    where: { id: { in: units.map(({ id }) => id) }, shopId: shop.id },
    data: { note },
  });
  return { status: 'done' };
}

/**
 * Asks the supplier again about a purchase, and keeps what it lists now. It buys nothing. What is in doubt is looked up
 * by itself: that look is asked for now, and not waited for. Throws `ProviderError`.
 */
export async function lookAgain(shop: Shop, attemptId: string): Promise<Decided> {
  const attempt = await db.purchaseAttempt.findFirst({
    where: { id: attemptId, shopId: shop.id, state: { in: ['parked', 'in-doubt'] } },
  });
  if (!attempt) return { status: 'stale' };
  if (attempt.state === 'in-doubt') {
    await wake('purchases.settle', attemptId);
    return { status: 'done' };
  }
  const { provider } = await sellerFor({ shopId: shop.id, accountId: attempt.accountId });
  if (attempt.orderReference !== null) return reread(attempt.id);
  const { weighed } = await gatherEvidence(provider, attempt);
  await noteLook(attempt, foundOf(weighed), candidates(weighed));
  return { status: 'done' };
}

/** How many purchases were looked at again; `failed` when a supplier could not be asked about the rest. */
export interface LookedAgain {
  done: number;
  /** Those that wait for nobody any more. */
  movedOn: number;
  failed: { purchases: number; error: ProviderError } | null;
}

/** `lookAgain` at many, each by itself: a supplier that cannot be asked does not stop the looks at another. */
export async function lookAgainAtAll(shop: Shop, attemptIds: string[]): Promise<LookedAgain> {
  const looked: LookedAgain = { done: 0, movedOn: 0, failed: null };
  for (const attemptId of new Set(attemptIds)) {
    try {
      if ((await lookAgain(shop, attemptId)).status === 'done') looked.done++;
      else looked.movedOn++;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      looked.failed = { purchases: (looked.failed?.purchases ?? 0) + 1, error };
    }
  }
  return looked;
}

/** An order that is known and brought too few eSIMs is read again by the settling job. */
async function reread(attemptId: string): Promise<Decided> {
  const { isFirst } = await concludeFirst(attemptId, { type: 'read-again' });
  return { status: isFirst ? 'done' : 'stale' };
}

function parkedAttempt(shop: Shop, id: string) {
  return db.purchaseAttempt.findFirst({ where: { id, shopId: shop.id, state: 'parked' } });
}

/** The merchant says of an order nobody claims that it is theirs: bought by hand, or dealt with. */
export async function dismissOrder(
  shop: Shop,
  { id, note, by }: { id: string; note: string; by: string },
): Promise<Decided> {
  const { count } = await db.unclaimedOrder.updateMany({
    where: { id, shopId: shop.id, state: 'open' },
    data: { state: 'dismissed', note: note === '' ? by : `${note} (${by})`, closedAt: currentTime() },
  });
  return { status: count === 1 ? 'done' : 'stale' };
}

/** An eSIM that came for a piece that had left the order is sent all the same. */
export async function sendAnyway(
  shop: Shop,
  { unitId, by }: { unitId: string; by: string },
): Promise<Decided> {
  const unit = await db.unit.findFirst({
    where: { id: unitId, shopId: shop.id, state: 'parked', reason: 'gone', esim: { revokedAt: null } },
  });
  if (!unit) return { status: 'stale' };
  const now = currentTime();
  const moved = await transact(async (tx) => {
    const { count } = await tx.unit.updateMany({
      where: { id: unitId, shopId: shop.id, state: 'parked', reason: 'gone' },
      data: {
        ...{ state: 'bought', reason: null, holdUntil: null, note: `sent anyway (${by})` },
        ...{ since: now, approvedAt: now },
      },
    });
    if (count === 1)
      await record(
        [{ shopId: shop.id, orderId: unit.orderId, unitId, kind: 'unit.released', detail: { by } }],
        tx,
      );
    return count === 1;
  });
  if (moved) await wake('orders.deliver', unit.orderId);
  return { status: moved ? 'done' : 'stale' };
}
