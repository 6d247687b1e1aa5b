import { randomUUID } from 'node:crypto';
import { db, type Transaction } from '../platform/db.server.ts';
import { failpoint } from '../platform/failpoint.server.ts';
import { wake, wakeAll } from '../platform/queue.server.ts';
import { blindIndex, seal } from '../platform/secrets.server.ts';
import { currentTime, DAY, MINUTE, msSince } from '../platform/time.ts';
import { transact } from '../platform/transaction.server.ts';
import { bundlesForVariants } from '../products/mapping.server.ts';
import { recogniseEsims } from '../products/recognise.server.ts';
import { guardsOf } from '../settings/guards.server.ts';
import { adminOf } from '../shopify/admin.server.ts';
import { readOrder, type ShopifyOrder } from '../shopify/orders.server.ts';
import { listRefunds, type ShopifyRefund } from '../shopify/refunds.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { record, type NewOrderEvent } from './events.server.ts';
import { emailHash, nameHashes, sealName } from './found-by.server.ts';
import { noteDisputes } from './disputes.server.ts';
import { noteRefunds } from './money-refunds.server.ts';
import { guard, guardReasons, type Hold } from './guards.ts';
import { isUnitState, type UnitState } from './line.ts';
import { unitId } from './unit-id.server.ts';
import { namedEsims } from './named-esims.server.ts';
import { followQuantity, guarded, planUnits, type KnownVariants, type PlannedUnit } from './units.ts';

/**
 * Reads an order again from Shopify and brings our rows to it: a unit for each paid eSIM, none for what was cancelled
 * or refunded before it was bought, and a hold where a guard wants one. What led here may be late, doubled or out of
 * order: only what Shopify says now counts, an older reading than the one on record is dropped, and the unique keys
 * make a second pass change nothing. An order that was sold before `soldSince`, and that we do not know, is left
 * alone. Throws `ShopifyError`.
 */
export async function takeInOrder(
  shop: Shop,
  orderGid: string,
  { soldSince = null }: { soldSince?: Date | null } = {},
): Promise<void> {
  for (;;) {
    const outcome = await readAndFollow(shop, orderGid, soldSince);
    // Another pass wrote while we read: what we hold may be older than what it wrote.
    if (outcome === 'read-again') continue;
    if (outcome === 'nothing') return;
    failpoint('order.taken-in');
    for (const accountId of outcome.accounts) await wake('purchases.buy', accountId);
    await wakeAll('units.give-back', outcome.toLookAt);
    if (outcome.isTest) await wake('purchases.validate', outcome.orderId);
    failpoint('order.woken');
    return;
  }
}

/** Heard of a day late, and fulfilled meanwhile: the merchant has helped the buyer otherwise. */
function isServed({ isFulfilled, processedAt }: ShopifyOrder): boolean {
  return isFulfilled && msSince(processedAt) > DAY;
}

type Outcome =
  | 'nothing'
  | 'read-again'
  | {
      orderId: string;
      accounts: Set<string>;
      /** Units whose eSIM has to be looked at, since their piece is gone, or their money. */
      toLookAt: string[];
      isTest: boolean;
    };

// Shopify shows an app the orders of 60 days: an older one that is not shown may exist all the same.
const SHOWN_FOR_MS = 50 * DAY;

async function readAndFollow(shop: Shop, orderGid: string, soldSince: Date | null): Promise<Outcome> {
  const known = await db.order.findUnique({
    where: { shopId_shopifyGid: { shopId: shop.id, shopifyGid: orderGid } },
    select: { id: true, revision: true, createdAt: true },
  });
  const readAt = performance.now();
  const order = await readOrder(adminOf(shop.domain), orderGid);
  if (!order) {
    if (known && msSince(known.createdAt) < SHOWN_FOR_MS)
      await transact((tx) => loseOrder(tx, shop, known.id));
    return 'nothing';
  }
  if (!known && (!order.isPaid || order.cancelledAt !== null || isServed(order))) return 'nothing';
  if (!known && soldSince && order.processedAt < soldSince) return 'nothing';
  const planned = order.isPaid ? planUnits(order.lines, await knownVariants(shop, order)) : [];
  if (!known && planned.length === 0) return 'nothing';
  // A refund that is still on its way to the buyer's bank has taken its pieces off the order, and not shown in its status.
  const live = known
    ? await db.unit.count({ where: { orderId: known.id, shopId: shop.id, goneAt: null } })
    : 0;
  const hasShrunk = order.cancelledAt === null && live > planned.length;
  const refunds =
    known && (order.hasRefunds || hasShrunk) ? await listRefunds(adminOf(shop.domain), orderGid) : [];
  const guards = await guardsOf(shop);
  const facts = { test: order.test, risk: order.risk, paidAt: order.processedAt, esims: planned.length };
  const hold = guard(facts, guards, currentTime());
  return transact(async (tx): Promise<Outcome> => {
    // This process was stopped for long: what it read may be what a cancelled order once was.
    if (performance.now() - readAt > MINUTE) return 'read-again';
    const orderId = await upsertOrder(tx, shop, order, known?.revision ?? 0);
    if (orderId === 'stale') return 'nothing';
    if (orderId === 'moved') return 'read-again';
    await noteRefunds(tx, { shop, orderId }, refunds);
    const disputed = await noteDisputes(tx, { shop, orderId }, order.disputes);
    const gone = await followPieces(tx, { shop, orderId, order, planned, hold, refunds });
    await guardWaiting(tx, { shop, orderId, hold });
    const accounts = new Set(planned.flatMap(({ accountId }) => accountId ?? []));
    return { orderId, accounts, toLookAt: [...disputed, ...gone], isTest: hold?.reason === 'test-order' };
  });
}

async function knownVariants(shop: Shop, order: ShopifyOrder): Promise<KnownVariants> {
  const variants = order.lines.flatMap(({ variantGid }) => variantGid ?? []);
  const productGids = order.lines.flatMap(({ productGid }) => productGid ?? []);
  const skus = order.lines.flatMap(({ sku }) => sku ?? []);
  return {
    bundles: await bundlesForVariants(shop.id, variants),
    ...(await recogniseEsims(shop.id, { productGids, skus })),
    namedEsims: await namedEsims(shop, order.lines),
  };
}

/**
 * The order's row, locked until the end of the transaction; what a purchase comes to may be written on its timeline
 * meanwhile. `moved`: it was written since `revision` was read; `stale`: a newer reading is on record already.
 */
async function upsertOrder(
  tx: Transaction,
  shop: Shop,
  order: ShopifyOrder,
  revision: number,
): Promise<string> {
  const key = { shopId: shop.id, shopifyGid: order.orderGid };
  // Two passes at once: the second insert finds the first one's row, and waits for it at the lock.
  await tx.order.createMany({
    data: { id: randomUUID(), ...key, name: order.name, currency: order.currency },
    skipDuplicates: true,
  });
  await tx.$queryRaw`SELECT id FROM "Order" WHERE "shopId" = ${shop.id} AND "shopifyGid" = ${order.orderGid} FOR NO KEY UPDATE`;
  const { id, ...before } = await tx.order.findUniqueOrThrow({ where: { shopId_shopifyGid: key } });
  if (before.revision !== revision) return 'moved';
  if (before.shopifyUpdatedAt && before.shopifyUpdatedAt > order.updatedAt) return 'stale';
  await tx.order.update({
    where: { id, shopId: shop.id },
    data: {
      name: order.name,
      ...(before.erasedAt === null && buyerOf(shop, id, order)),
      test: order.test,
      risk: order.risk,
      paidAt: before.paidAt ?? order.processedAt,
      cancelledAt: order.cancelledAt,
      shopifyUpdatedAt: order.updatedAt,
      revision: { increment: 1 },
    },
  });
  const events: NewOrderEvent[] = [];
  const event = { shopId: shop.id, orderId: id };
  if (before.paidAt === null) events.push({ ...event, kind: 'order.received', detail: { name: order.name } });
  if (before.cancelledAt === null && order.cancelledAt) events.push({ ...event, kind: 'order.cancelled' });
  await record(events, tx);
  return id;
}

function buyerOf(shop: Shop, id: string, order: ShopifyOrder) {
  const { email, customerName, locale, customerGid, checkoutToken } = order;
  return {
    // What Shopify does not tell any more (an approval that ended) is still where the eSIM is sent.
    ...(email !== null && {
      email: seal(email, { table: 'Order', column: 'email', shopId: shop.id, rowId: id }),
      emailHash: emailHash(shop.id, email),
    }),
    ...(customerName !== null && {
      customerName: sealName({ id, shopId: shop.id }, customerName),
      nameHashes: nameHashes(shop.id, customerName),
    }),
    ...{ locale, customerGid },
    checkoutTokenHash: checkoutToken === null ? null : checkoutTokenHash(checkoutToken),
  };
}

interface Pass {
  shop: Shop;
  orderId: string;
  order: ShopifyOrder;
  planned: PlannedUnit[];
  hold: Hold | null;
  refunds: ShopifyRefund[];
}

/** Adds units for pieces that came, and lets go of those whose piece is gone from the order. */
async function followPieces(
  tx: Transaction,
  { shop, orderId, order, planned, hold, refunds }: Pass,
): Promise<string[]> {
  const toLookAt: string[] = [];
  await lockUnits(tx, { shopId: shop.id, orderId });
  const units = await tx.unit.findMany({ where: { orderId, shopId: shop.id } });
  const lines = new Set([...units, ...planned].map(({ lineItemGid }) => lineItemGid));
  for (const lineItemGid of lines) {
    const ofLine = units.filter((unit) => unit.lineItemGid === lineItemGid);
    const pieces = ofLine.map(({ unitIndex, state, goneAt }) => ({
      unitIndex,
      state: stateOf(state),
      goneAt,
    }));
    const isOver = order.cancelledAt !== null || order.isFullyRefunded;
    const quantity = order.lines.find((line) => line.lineItemGid === lineItemGid)?.quantity ?? 0;
    const { add, gone } = followQuantity(pieces, isOver ? 0 : quantity);
    // All the money went back, and Shopify still counts the piece: only a person knows whether the eSIM is wanted back.
    const isMoneyOnly = isOver && order.cancelledAt === null && quantity > 0;
    // Of more pieces than were refunded the others were edited away, and their buyer paid for them.
    const refunded = refunds.reduce((sum, { pieces: of }) => sum + (of.get(lineItemGid) ?? 0), 0);
    const before = pieces.filter(({ goneAt }) => goneAt !== null).length;
    const plan = planned.find((unit) => unit.lineItemGid === lineItemGid);
    if (plan) await addUnits(tx, shop, orderId, guarded(plan, hold), add);
    for (const unit of ofLine.filter(({ unitIndex }) => gone.includes(unitIndex))) {
      const isEdited = !isOver && before + gone.indexOf(unit.unitIndex) >= refunded;
      const asks = isMoneyOnly ? 'refund-money' : isEdited ? 'refund-edited' : null;
      if (await letGo(tx, unit, asks)) toLookAt.push(unit.id);
    }
  }
  return toLookAt;
}

/**
 * What a purchase of them comes to waits until this transaction is over, or this one for that: a piece that goes while its
 * purchase is being refused would else be bought after all (purchases/carry-out.server.ts does the same).
 */
async function lockUnits(tx: Transaction, { shopId, orderId }: { shopId: string; orderId: string }) {
  await tx.$queryRaw`
    SELECT id FROM "Unit" WHERE "shopId" = ${shopId} AND "orderId" = ${orderId} ORDER BY id FOR NO KEY UPDATE`;
}

async function addUnits(tx: Transaction, shop: Shop, orderId: string, plan: PlannedUnit, indexes: number[]) {
  const { substitute, ...unit } = plan;
  const rows = indexes.map((unitIndex) => ({
    id: unitId(shop.domain, plan.lineItemGid, unitIndex),
    shopId: shop.id,
    orderId,
    unitIndex,
    ...unit,
  }));
  await tx.unit.createMany({ data: rows, skipDuplicates: true });
  const events = rows.flatMap(({ id }): NewOrderEvent[] => {
    const event = { shopId: shop.id, orderId, unitId: id };
    return [
      ...(substitute ? [{ ...event, kind: 'unit.substituted' as const, detail: substitute }] : []),
      ...(unit.state === 'held'
        ? [{ ...event, kind: 'unit.held' as const, detail: { reason: unit.reason } }]
        : []),
    ];
  });
  if (events.length > 0) await record(events, tx);
}

interface UnitRow {
  id: string;
  shopId: string;
  orderId: string;
  state: string;
}

/**
 * The buyer's piece is gone: nothing is bought for it any more, and what was bought and not sent stays here. True where
 * an eSIM has to be looked at (desk/follow-refund.server.ts). `asks` is why one that was sent is the merchant's to decide.
 */
async function letGo(
  tx: Transaction,
  { id, shopId, orderId, state }: UnitRow,
  asks: 'refund-money' | 'refund-edited' | 'refund-deleted' | null = null,
): Promise<boolean> {
  const now = currentTime();
  const where = { id, shopId, state };
  const from = stateOf(state);
  switch (from) {
    case 'paid':
    case 'held': {
      const { count } = await tx.unit.updateMany({
        where,
        data: { state: 'cancelled', reason: null, holdUntil: null, goneAt: now },
      });
      if (count === 1) await record([{ shopId, orderId, unitId: id, kind: 'unit.cancelled' }], tx);
      return false;
    }
    case 'bought':
      await tx.unit.updateMany({
        where,
        data: { state: 'parked', reason: 'gone', since: now, goneAt: now, holdUntil: now },
      });
      break;
    case 'buying':
    case 'preparing':
    case 'parked':
      await tx.unit.updateMany({ where, data: { goneAt: now, since: now } });
      break;
    case 'delivered':
      await tx.unit.updateMany({ where, data: { goneAt: now, since: now, holdUntil: now, reason: asks } });
      break;
    case 'cancelled':
      await tx.unit.updateMany({ where, data: { goneAt: now } });
      return false;
    default:
      from satisfies never;
  }
  await record([{ shopId, orderId, unitId: id, kind: 'unit.gone', detail: { state } }], tx);
  return from === 'bought' || from === 'delivered';
}

/** Holds or releases what is not bought yet, as the guards see the order now. The merchant's own release stands. */
async function guardWaiting(
  tx: Transaction,
  { shop, orderId, hold }: { shop: Shop; orderId: string; hold: Hold | null },
) {
  const waiting = await tx.unit.findMany({
    where: { orderId, shopId: shop.id, state: { in: ['paid', 'held'] }, approvedAt: null },
  });
  for (const { id, state, reason, holdUntil } of waiting) {
    const isGuarded = state === 'held' && (guardReasons as readonly (string | null)[]).includes(reason);
    if (reason === 'no-bundle' || reason === 'top-up' || (!hold && !isGuarded)) continue;
    const isSame = hold !== null && hold.reason === reason && hold.until?.getTime() === holdUntil?.getTime();
    if (isSame) continue;
    const next = hold
      ? { state: 'held', reason: hold.reason, holdUntil: hold.until, since: currentTime() }
      : { state: 'paid', reason: null, holdUntil: null };
    const { count } = await tx.unit.updateMany({ where: { id, shopId: shop.id, state }, data: next });
    if (count === 0) continue;
    const event = { shopId: shop.id, orderId, unitId: id };
    await record(
      [
        hold
          ? { ...event, kind: 'unit.held' as const, detail: { reason: hold.reason } }
          : { ...event, kind: 'unit.released' as const },
      ],
      tx,
    );
  }
}

/** Shopify does not have the order any more. */
async function loseOrder(tx: Transaction, shop: Shop, orderId: string) {
  const { count } = await tx.order.updateMany({
    where: { id: orderId, shopId: shop.id, cancelledAt: null },
    data: { cancelledAt: currentTime() },
  });
  if (count === 0) return;
  await record([{ shopId: shop.id, orderId, kind: 'order.cancelled' }], tx);
  await lockUnits(tx, { shopId: shop.id, orderId });
  const units = await tx.unit.findMany({ where: { orderId, shopId: shop.id, goneAt: null } });
  // Nobody told of a refund: what was sent is not taken from a traveller for that.
  for (const unit of units) await letGo(tx, unit, 'refund-deleted');
}

function stateOf(state: string): UnitState {
  if (!isUnitState(state)) throw new Error(`a unit is in the unknown state ${state}`);
  return state;
}

/** How a checkout token is kept: enough to compare, not to use. */
export function checkoutTokenHash(token: string): string {
  return blindIndex('checkout-token', token);
}
