import { Decimal } from 'decimal.js';
import { z } from 'zod';
import { costsOfOrder } from '../balance/takings.server.ts';
import { db, Prisma } from '../platform/db.server.ts';
import type { Cost, Money } from '../platform/money.ts';
import { unseal } from '../platform/secrets.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { openEmail } from './email.server.ts';
import { maskEmail } from './email.ts';
import { lossesOf } from './loss.server.ts';
import { isPaid, isUnitState, orderState, type UnitState } from './line.ts';

export const orderFilters = ['all', 'attention', 'preparing', 'delivered', 'cancelled'] as const;
export type OrderFilter = (typeof orderFilters)[number];

/** `test`: nothing was bought for a test order, which is nothing that waits for the merchant. */
export type OrderState = ReturnType<typeof orderState> | 'test';

const PER_PAGE = 50;

/** One page of the shop's orders, newest first. `page` counts from 1; `search` is part of an order's name. */
export async function listOrders(
  shop: Shop,
  { state, search, page }: { state: OrderFilter; search: string; page: number },
) {
  const name = search.trim();
  const rows = await db.order.findMany({
    where: {
      shopId: shop.id,
      ...(name !== '' && { name: { contains: name, mode: 'insensitive' } }),
      ...filters[state],
    },
    select: {
      id: true,
      name: true,
      test: true,
      currency: true,
      paidAt: true,
      createdAt: true,
      mailState: true,
      fulfilState: true,
      units: {
        select: { state: true, title: true, priceMinor: true, reason: true },
        orderBy: [{ lineItemGid: 'asc' }, { unitIndex: 'asc' }],
      },
    },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    skip: (page - 1) * PER_PAGE,
    // One more than is shown tells whether another page follows.
    take: PER_PAGE + 1,
  });
  return {
    hasNext: rows.length > PER_PAGE,
    orders: rows.slice(0, PER_PAGE).map(({ units, ...order }) => ({
      id: order.id,
      name: order.name,
      isTest: order.test,
      placedAt: order.paidAt ?? order.createdAt,
      state: stateOfOrder(order, units),
      reason: units.find(({ state: unit }) => unit === 'held' || unit === 'parked')?.reason ?? null,
      isMailFailed: order.mailState === 'failed',
      isFulfilmentFailed: order.fulfilState === 'failed',
      titles: [...new Set(units.map(({ title }) => title))],
      esims: units.length,
      paid: {
        amount: sum(units.map(({ priceMinor }) => priceMinor)),
        currency: order.currency,
      } satisfies Money,
    })),
  };
}

/** Everything the order page shows. Null when the id is unknown or another shop's. */
export async function findOrder(shop: Shop, id: string) {
  const order = await db.order.findFirst({
    where: { id, shopId: shop.id },
    include: {
      units: {
        include: {
          attempt: true,
          esim: { select: { id: true, iccidLast4: true, status: true, revokedAt: true } },
        },
        orderBy: [{ createdAt: 'asc' }, { lineItemGid: 'asc' }, { unitIndex: 'asc' }],
      },
      deliveries: { orderBy: { version: 'asc' } },
      refunds: { orderBy: { createdAt: 'asc' } },
      disputes: {
        select: { id: true, kind: true, status: true, seenAt: true },
        orderBy: { foundAt: 'asc' },
      },
      events: { orderBy: [{ at: 'asc' }, { id: 'asc' }] },
    },
  });
  if (!order) return null;
  const attempts = new Map(order.units.flatMap(({ attempt }) => (attempt ? [[attempt.id, attempt]] : [])));
  const losing = order.units.filter(({ state, reason }) => state === 'held' && reason === 'loss');
  const [bundles, toppedUp, accounts, costs, losses] = await Promise.all([
    db.bundle.findMany({
      where: { shopId: shop.id, id: { in: order.units.flatMap(({ bundleId }) => bundleId ?? []) } },
      select: { id: true, code: true, description: true },
    }),
    db.esim.findMany({
      where: { shopId: shop.id, id: { in: order.units.flatMap(({ topUpEsimId }) => topUpEsimId ?? []) } },
      select: { id: true, iccidLast4: true },
    }),
    db.supplierAccount.findMany({ where: { shopId: shop.id }, select: { id: true, label: true } }),
    costsOfOrder(shop, { orderId: id, attempts: [...attempts.values()] }),
    lossesOf(
      shop.id,
      losing.map(({ id: unitId }) => unitId),
    ),
  ]);
  const labelOf = (accountId: string) => accounts.find(({ id: each }) => each === accountId)?.label ?? '';
  const units = order.units.map((unit) => ({
    id: unit.id,
    title: unit.title,
    state: unitState(unit.state),
    reason: unit.reason,
    holdUntil: unit.holdUntil,
    since: unit.since,
    note: unit.note,
    isRefunded: unit.state === 'delivered' && unit.goneAt !== null && unit.note === null,
    isLookedAt: unit.state === 'delivered' && unit.goneAt !== null && unit.holdUntil !== null,
    price: { amount: unit.priceMinor, currency: order.currency } satisfies Money,
    cost: costOf(unit.attempt),
    /** What buying it now would lose; null where nobody has to be asked. */
    loss: losses.get(unit.id) ?? null,
    /** Who sold it; null while nobody has. */
    supplier: unit.attempt?.orderReference == null ? null : labelOf(unit.attempt.accountId),
    /** Suppliers that were tried before, or would have been, oldest first. */
    passedOver: PassedOver.parse(unit.passedOver).map(({ accountId, why }) => ({
      supplier: labelOf(accountId),
      why,
    })),
    bundle: bundles.find(({ id: bundleId }) => bundleId === unit.bundleId) ?? null,
    /** The buyer had it, and the supplier took it back. */
    isTakenBack:
      (unit.state === 'cancelled' || (unit.state === 'delivered' && unit.esim?.revokedAt != null)) &&
      order.deliveries.some(({ sentAt, unitIds }) => sentAt !== null && unitIds.includes(unit.id)),
    isGone: unit.goneAt !== null,
    /** As it was last read; the supplier is asked again before anything is taken. */
    isUnused: unit.state === 'held' || unit.esim?.status === 'new',
    iccidLast4: unit.esim?.iccidLast4 ?? null,
    esimId: unit.esim?.id ?? null,
    isTopUp: unit.kind === 'top-up',
    /** The eSIM that a top-up is for; null while nobody has named it. */
    toppedUp:
      (unit.kind === 'top-up' && toppedUp.find(({ id: esimId }) => esimId === unit.topUpEsimId)) || null,
    attemptId: unit.attemptId,
  }));
  return {
    id: order.id,
    name: order.name,
    shopifyGid: order.shopifyGid,
    isTest: order.test,
    placedAt: order.paidAt ?? order.createdAt,
    cancelledAt: order.cancelledAt,
    state: stateOfOrder(order, units),
    maskedEmail: order.email === null ? null : maskEmail(openEmail(shop, order.id, order.email)),
    mail: { state: order.mailState, problem: order.mailProblem },
    fulfilment: { state: order.fulfilState, problem: order.fulfilProblem },
    units,
    attempts: [...attempts.values()].map((attempt) => ({
      id: attempt.id,
      bundleCode: attempt.bundleCode,
      quantity: attempt.quantity,
      state: attempt.state,
      orderReference: attempt.orderReference,
      sentAt: attempt.sentAt,
      settledAt: attempt.settledAt,
      total:
        attempt.total && attempt.currency !== null
          ? { amount: attempt.total, currency: attempt.currency }
          : null,
    })),
    deliveries: order.deliveries.map((delivery) => ({
      id: delivery.id,
      maskedTo: maskEmail(
        unseal(delivery.to, { table: 'Delivery', column: 'to', shopId: shop.id, rowId: delivery.id }),
      ),
      state: delivery.state,
      problem: delivery.problem,
      createdAt: delivery.createdAt,
      sentAt: delivery.sentAt,
      nextTryAt: delivery.nextTryAt,
    })),
    refunds: order.refunds.map((refund) => ({
      ...{ id: refund.id, state: refund.state, unitIds: refund.unitIds, createdAt: refund.createdAt },
      ...{ outcomes: refund.outcomes, problem: refund.problem, messages: refund.messages },
      refunded:
        refund.refundedMinor === null
          ? null
          : ({ amount: refund.refundedMinor, currency: order.currency } satisfies Money),
    })),
    disputes: order.disputes,
    events: order.events,
    /** What of the buyer's money is kept. */
    paid: {
      amount: sum(order.units.filter(isPaid).map(({ priceMinor }) => priceMinor)),
      currency: order.currency,
    } satisfies Money,
    costs,
  };
}

// Of what purchases/pass-on.server.ts writes.
const PassedOver = z.array(z.object({ accountId: z.string(), why: z.string() }));

const inFlight = ['paid', 'buying', 'preparing', 'bought'];
const waitsForSomebody: Prisma.OrderWhereInput = {
  OR: [
    {
      units: {
        some: {
          OR: [
            { state: 'parked' },
            { state: 'held', reason: null },
            { state: 'held', reason: { not: 'test-order' } },
          ],
        },
      },
    },
    { mailState: 'failed' },
    { fulfilState: 'failed' },
  ],
};

// The same order of urgency as `orderState`, as questions to the database. A test order is under none but `all`.
const filters: Record<OrderFilter, Prisma.OrderWhereInput> = {
  all: {},
  attention: waitsForSomebody,
  preparing: { NOT: waitsForSomebody, units: { some: { state: { in: inFlight } } } },
  delivered: {
    NOT: waitsForSomebody,
    AND: [{ units: { none: { state: { in: inFlight } } } }, { units: { some: { state: 'delivered' } } }],
  },
  cancelled: {
    NOT: waitsForSomebody,
    AND: [{ units: { some: {} } }, { units: { every: { state: 'cancelled' } } }],
  },
};

function stateOfOrder(
  order: { mailState: string; fulfilState: string },
  units: { state: string; reason: string | null }[],
): OrderState {
  if (order.mailState === 'failed' || order.fulfilState === 'failed') return 'attention';
  const real = units.filter(({ state, reason }) => state !== 'held' || reason !== 'test-order');
  const states = real.map(({ state }) => unitState(state));
  return states.every((state) => state === 'cancelled') && real.length < units.length
    ? 'test'
    : orderState(states);
}

/** A state that only a newer version of the app knows, beside this one, is shown as under way. */
function unitState(state: string): UnitState {
  return isUnitState(state) ? state : 'preparing';
}

/** What one eSIM of a purchase cost; null while the supplier has not said. */
function costOf(
  attempt: { total: Decimal | null; currency: string | null; quantity: number } | null,
): Cost | null {
  if (!attempt?.total || attempt.currency === null) return null;
  return { amount: new Decimal(attempt.total).div(attempt.quantity), currency: attempt.currency };
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
