import { takeInOrder } from '../orders/intake.server.ts';
import { record } from '../orders/events.server.ts';
import { db, isDuplicate, Prisma, type Transaction } from '../platform/db.server.ts';
import { withLease } from '../platform/lease.server.ts';
import { log } from '../platform/log.server.ts';
import { decimalFromMoney, type Money } from '../platform/money.ts';
import { wake } from '../platform/queue.server.ts';
import { after, backOff, currentTime, HOUR, msSince, SECOND } from '../platform/time.ts';
import { transact } from '../platform/transaction.server.ts';
import { adminOf } from '../shopify/admin.server.ts';
import { planRefund, refundPieces, RefundRequest } from '../shopify/refunds.server.ts';
import { ShopifyError } from '../shopify/shopify-error.ts';
import { shopById, type Shop } from '../shopify/shops.server.ts';
import { refundLease } from './follow-refund.server.ts';
import { DOUBTED_MS, findSoldEsim, lookAtSold, takeBack } from './refunded-esim.server.ts';
import { refundable, RefundOutcomes, type RefundOutcome } from './shop-refund.ts';

/**
 * A person cancels pieces of an order: the supplier takes their eSIMs back, and then Shopify gives the money back. The id
 * comes from the page, so that the same press twice is one. Without `anyway`, what turns out to be installed or used is
 * left alone. `stale`: a piece is gone, in the works, or part of another refund.
 */
export async function cancelAndRefund(
  shop: Pick<Shop, 'id'>,
  {
    refundId,
    ...asked
  }: {
    refundId: string;
    orderId: string;
    unitIds: string[];
    anyway: boolean;
    notify: boolean;
    by: string;
  },
): Promise<'begun' | 'stale'> {
  const { orderId, unitIds, by } = asked;
  const shopId = shop.id;
  try {
    const begun = await transact(async (tx) => {
      await tx.$queryRaw`SELECT id FROM "Order" WHERE id = ${orderId} AND "shopId" = ${shopId} FOR UPDATE`;
      if (await tx.shopRefund.findUnique({ where: { id: refundId, shopId, orderId } })) return true;
      const where = { id: { in: unitIds }, shopId, orderId, goneAt: null };
      const free = await tx.unit.count({ where: { ...where, state: { in: ['held', 'delivered'] } } });
      const others = await tx.shopRefund.count({
        where: {
          ...{ shopId, orderId, state: { in: ['revoking', 'refunding', 'failed'] } },
          unitIds: { hasSome: unitIds },
        },
      });
      if (unitIds.length === 0 || free !== new Set(unitIds).size || others > 0) return false;
      await tx.shopRefund.create({ data: { id: refundId, shopId, messages: [], ...asked } });
      await record([{ shopId, orderId, kind: 'refund.began', detail: { count: unitIds.length, by } }], tx);
      return true;
    });
    if (begun) await wake('orders.refund', refundId);
    return begun ? 'begun' : 'stale';
  } catch (error) {
    if (!isDuplicate(error)) throw error; // an id of another order's
    return 'stale';
  }
}

/** Shopify refused, and a person wants it asked once more, for the same and under the same key. False when it moved on. */
export async function retryRefund(
  shop: Pick<Shop, 'id'>,
  { refundId, orderId }: { refundId: string; orderId: string },
): Promise<boolean> {
  const { count } = await db.shopRefund.updateMany({
    where: { id: refundId, shopId: shop.id, orderId, state: 'failed' },
    data: { state: 'refunding', problem: null, messages: [], nextTryAt: currentTime(), finishedAt: null },
  });
  if (count === 1) await wake('orders.refund', refundId);
  return count === 1;
}

/**
 * The job of such a refund. A crash at any point is taken up again: what the supplier was asked is on record, and Shopify
 * knows the refund by its key.
 */
export async function refundInShopify(refundId: string): Promise<void> {
  const { orderId } = await db.shopRefund.findUniqueOrThrow({ where: { id: refundId } });
  const outcome = await withLease(refundLease(orderId), async () => {
    const refund = await db.shopRefund.findUniqueOrThrow({ where: { id: refundId } });
    if (refund.nextTryAt === null) return;
    if (refund.state === 'revoking') await revokeAll(refund);
    else if (refund.state === 'refunding') await giveMoneyBack(refund);
  });
  if (outcome === 'taken') await wake('orders.refund', refundId, 2 * SECOND);
}

export async function dueShopRefunds(): Promise<string[]> {
  const rows = await db.shopRefund.findMany({
    where: { state: { in: ['revoking', 'refunding'] }, nextTryAt: { lte: currentTime() } },
    select: { id: true },
    take: 100,
  });
  return rows.map(({ id }) => id);
}

type Row = Prisma.ShopRefundGetPayload<object>;

async function revokeAll(refund: Row) {
  const { id, shopId, orderId, unitIds, by } = refund;
  const outcomes = RefundOutcomes.parse(refund.outcomes);
  for (const unitId of unitIds) {
    if (outcomes[unitId] !== undefined) continue;
    const outcome = await cancelUnit(refund, unitId);
    if (outcome === 'wait') {
      await db.shopRefund.update({ where: { id, shopId }, data: { nextTryAt: after(30 * SECOND) } });
      return;
    }
    outcomes[unitId] = outcome;
    await transact((tx) => note(tx, refund, { unitId, outcome, outcomes }));
  }
  const isRefundable = refundable(unitIds, outcomes).length > 0;
  await transact(async (tx) => {
    const { count } = await tx.shopRefund.updateMany({
      where: { id, shopId, state: 'revoking' },
      data: isRefundable
        ? { state: 'refunding', nextTryAt: currentTime() }
        : { state: 'refused', nextTryAt: null, finishedAt: currentTime() },
    });
    if (count === 1 && !isRefundable)
      await record([{ shopId, orderId, kind: 'refund.refused', detail: { by } }], tx);
  });
  if (isRefundable) await wake('orders.refund', id);
}

/** What came of a unit, with its state: what is taken back is closed, and counts as the piece that is refunded. */
async function note(
  tx: Transaction,
  { id, shopId, orderId, by }: Row,
  { unitId, outcome, outcomes }: { unitId: string; outcome: RefundOutcome; outcomes: RefundOutcomes },
) {
  if (outcome === 'revoked')
    await tx.unit.updateMany({
      where: { id: unitId, shopId, orderId, state: 'delivered' },
      data: { state: 'cancelled', reason: null, holdUntil: null },
    });
  if (outcome === 'closed')
    await record([{ shopId, orderId, unitId, kind: 'unit.closed', detail: { by } }], tx);
  await tx.shopRefund.update({ where: { id, shopId }, data: { outcomes } });
}

async function cancelUnit(refund: Row, unitId: string): Promise<RefundOutcome | 'wait'> {
  const { shopId, orderId, anyway } = refund;
  const unit = await db.unit.findFirst({ where: { id: unitId, shopId, orderId } });
  if (!unit) return 'moved';
  if (unit.state === 'held' || unit.state === 'cancelled') return closeHeld(refund, unitId);
  if (unit.state !== 'delivered') return 'moved';
  const press = { actionId: `refund ${refund.id} ${unitId}`, by: refund.by };
  const begun = await db.deskAction.findUnique({ where: { id: press.actionId } });
  // The piece left the order in Shopify before anything was asked of the supplier: that has its own way.
  if (unit.goneAt !== null && !begun) return 'moved';
  const sold = await findSoldEsim({ shopId, unitId });
  if (!sold) return 'moved';
  if (!begun) {
    const condition = await lookAtSold(sold);
    if (condition === 'missing') return 'revoked';
    if (condition === 'installed' || condition === 'used') {
      if (!anyway) return condition;
    } else if (condition !== 'unused') return 'down';
  }
  const ended = await takeBack(sold, press, { onlyForRefund: false });
  switch (ended?.status) {
    case 'done':
      return 'revoked';
    case 'refused':
      return ['down', 'rate-limited', 'credentials', 'unreadable', 'not-done', 'busy'].includes(ended.reason)
        ? 'down'
        : 'kept';
    case 'in-doubt':
    case 'under-way':
      return begun && msSince(begun.at) > DOUBTED_MS ? 'doubted' : 'wait';
    case undefined:
      return 'moved';
    default:
      return ended satisfies never;
  }
}

/** Nothing was bought for it: nothing will be. One that this refund closed before a crash is found closed. */
async function closeHeld({ shopId, orderId }: Row, unitId: string): Promise<RefundOutcome> {
  const { count } = await db.unit.updateMany({
    where: { id: unitId, shopId, orderId, state: { in: ['held', 'cancelled'] }, goneAt: null },
    data: { state: 'cancelled', reason: null, holdUntil: null },
  });
  return count === 1 ? 'closed' : 'moved';
}

// Shopify forgets keys after a while; by then a person has to look.
const MOST_TRIES = 15;

async function giveMoneyBack(refund: Row) {
  const { id, shopId, orderId, tries } = refund;
  const shop = await shopById(shopId);
  const order = await db.order.findUniqueOrThrow({ where: { id: orderId, shopId } });
  // The next try is set before this one: a crash is taken up again, and not at once for ever.
  await db.shopRefund.update({
    where: { id, shopId },
    data: { tries: { increment: 1 }, nextTryAt: after(backOff(tries + 1, 5 * SECOND, HOUR)) },
  });
  const pieces = refundable(refund.unitIds, RefundOutcomes.parse(refund.outcomes));
  try {
    // Where Shopify was asked before, it is seen whether it has refunded: by us, or by the merchant meanwhile.
    if (tries > 0 && (await isRefunded(shop, order.shopifyGid, pieces))) {
      await finish(refund, null);
      return;
    }
    const admin = adminOf(shop.domain);
    const request = refund.request
      ? RefundRequest.parse(refund.request)
      : await planRefund(admin, {
          ...{ orderGid: order.shopifyGid, pieces: await byLine(shopId, pieces) },
          ...{ notify: refund.notify, note: 'Cancelled and refunded in the eSIM app' },
        });
    if (!request) {
      await fail(refund, 'no-order', []);
      return;
    }
    if (!refund.request) await db.shopRefund.update({ where: { id, shopId }, data: { request } });
    await finish(refund, await refundPieces(admin, id, request));
    // Its webhook finds nothing left to do; without it the pieces are counted all the same.
    await takeInOrder(shop, order.shopifyGid);
  } catch (error) {
    if (!(error instanceof ShopifyError)) throw error;
    log.warn('refund.failed', { orderId, shop: shop.domain, reason: error.kind }, error);
    const isFinal = ['user-errors', 'permission', 'signed-out'].includes(error.kind);
    if (isFinal || tries + 1 >= MOST_TRIES) await fail(refund, error.kind, error.userMessages);
  }
}

async function isRefunded(shop: Shop, orderGid: string, pieces: string[]): Promise<boolean> {
  await takeInOrder(shop, orderGid);
  const left = await db.unit.count({ where: { id: { in: pieces }, shopId: shop.id, goneAt: null } });
  return left === 0;
}

async function byLine(shopId: string, unitIds: string[]): Promise<Map<string, number>> {
  const units = await db.unit.findMany({
    where: { id: { in: unitIds }, shopId },
    select: { lineItemGid: true },
  });
  const lines = new Map<string, number>();
  for (const { lineItemGid } of units) lines.set(lineItemGid, (lines.get(lineItemGid) ?? 0) + 1);
  return lines;
}

/** `amount` null: Shopify had refunded it, and how much is on the order there. */
async function finish({ id, shopId, orderId, by }: Row, amount: Money | null) {
  await transact(async (tx) => {
    const { count } = await tx.shopRefund.updateMany({
      where: { id, shopId, state: 'refunding' },
      data: {
        ...{ state: 'done', nextTryAt: null, finishedAt: currentTime() },
        refundedMinor: amount?.amount ?? null,
      },
    });
    const detail = amount ? { amount: decimalFromMoney(amount), currency: amount.currency, by } : { by };
    if (count === 1) await record([{ shopId, orderId, kind: 'refund.done', detail }], tx);
  });
}

async function fail({ id, shopId, orderId }: Row, problem: string, messages: string[]) {
  await transact(async (tx) => {
    const { count } = await tx.shopRefund.updateMany({
      where: { id, shopId, state: 'refunding' },
      data: { state: 'failed', problem, messages, nextTryAt: null, finishedAt: currentTime() },
    });
    if (count === 1) await record([{ shopId, orderId, kind: 'refund.failed' }], tx);
  });
}
