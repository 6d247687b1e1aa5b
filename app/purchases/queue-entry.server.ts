import { Decimal } from 'decimal.js';
import { z } from 'zod';
import { db } from '../platform/db.server.ts';
import type { Cost, Money } from '../platform/money.ts';
import type { Shop } from '../shopify/shops.server.ts';
import type { Candidate } from './evidence.ts';
import { currentTime } from '../platform/time.ts';

/** `doubt`: looked up by itself; `refunded`: the buyer has the eSIM and got the money back; `done`: waits no more. */
export type EntryKind = 'held' | 'doubt' | 'parked' | 'gone' | 'refunded' | 'unclaimed' | 'done';

/** Something that waits: pieces of one order that wait for the same, a purchase, or an order nobody claims. */
export interface Entry {
  /** `unit-…`, `attempt-…` or `unclaimed-…`: where its page is. */
  id: string;
  kind: EntryKind;
  reason: string | null;
  since: Date;
  /** A held one that goes on by itself. */
  holdUntil: Date | null;
  order: { id: string; name: string; isTest: boolean; risk: string; shopifyGid: string } | null;
  title: string;
  units: { id: string; since: Date }[];
  paid: Money | null;
  /** What it is bought as, and what all of it costs at today's price. */
  bundle: { code: string; description: string } | null;
  cost: Cost | null;
  /** Of a test order: accepted, or why the supplier would refuse. */
  validation: string | null;
  attempt: Evidence | null;
  unclaimed: Unclaimed | null;
}

export interface Evidence {
  id: string;
  supplier: string;
  how: 'order' | 'stock';
  bundleCode: string;
  quantity: number;
  sentAt: Date;
  looks: number;
  nextLookAt: Date | null;
  orderReference: string | null;
  total: Cost | null;
  candidates: Candidate[];
}

export interface Unclaimed {
  id: string;
  supplier: string;
  bundleCode: string;
  orderReference: string;
  orderedAt: Date;
  quantity: number;
  total: Cost | null;
  isOurs: boolean;
  state: string;
  note: string | null;
  /** Parked purchases that it may be, of the same bundle and quantity. */
  mayBe: { id: string; orderName: string }[];
}

/** Where an entry of the queue begins: a unit, an attempt, or an order nobody claims. */
export interface Key {
  type: string;
  id: string;
  kind: EntryKind;
}

/** The entries in the order of their keys, with all that their pages say. */
export async function loadEntries(shop: Shop, keys: readonly Key[]): Promise<Entry[]> {
  const idsOf = (type: string) => keys.filter((key) => key.type === type).map(({ id }) => id);
  const [first, attempts, unclaimed] = await Promise.all([
    db.unit.findMany({ where: { shopId: shop.id, id: { in: idsOf('unit') } } }),
    db.purchaseAttempt.findMany({
      where: { shopId: shop.id, id: { in: idsOf('attempt') } },
      include: { account: { select: { label: true } } },
    }),
    loadUnclaimed(shop, idsOf('unclaimed')),
  ]);
  const held = first.filter(({ state }) => state === 'held').map(({ orderId }) => orderId);
  const alike = await db.unit.findMany({
    where: {
      shopId: shop.id,
      OR: [{ orderId: { in: held }, state: 'held' }, { attemptId: { in: attempts.map(({ id }) => id) } }],
    },
    orderBy: [{ unitIndex: 'asc' }, { id: 'asc' }],
  });
  const units = [...first, ...alike];
  const [orders, bundles] = await Promise.all([
    db.order.findMany({
      where: { shopId: shop.id, id: { in: units.map(({ orderId }) => orderId) } },
      select: { id: true, name: true, test: true, risk: true, currency: true, shopifyGid: true },
    }),
    db.bundle.findMany({
      where: { shopId: shop.id, id: { in: units.flatMap(({ bundleId }) => bundleId ?? []) } },
      select: { id: true, code: true, description: true, cost: true, currency: true },
    }),
  ]);
  return keys.flatMap(({ type, id, kind }): Entry[] => {
    const attempt = type === 'attempt' ? attempts.find((each) => each.id === id) : undefined;
    const order = type === 'unclaimed' ? unclaimed.find((each) => each.id === id) : undefined;
    const lead =
      type === 'unit'
        ? first.find((unit) => unit.id === id)
        : alike.find(({ attemptId }) => type === 'attempt' && attemptId === id);
    if (type === 'unit' ? !lead : !attempt && !order) return [];
    const own = attempt
      ? alike.filter(
          ({ attemptId, state, reason }) =>
            attemptId === id && ['buying', 'parked'].includes(state) && reason !== 'gone',
        )
      : kind === 'held' && lead
        ? alike.filter(
            (unit) =>
              unit.state === 'held' &&
              unit.orderId === lead.orderId &&
              unit.reason === lead.reason &&
              unit.bundleId === lead.bundleId,
          )
        : lead
          ? [lead]
          : [];
    const shopOrder = orders.find((each) => each.id === lead?.orderId);
    const bundle = bundles.find((each) => each.id === lead?.bundleId);
    return [
      {
        id: `${type}-${id}`,
        kind,
        reason: attempt?.reason ?? lead?.reason ?? null,
        since: oldest(own.map(({ since }) => since)) ?? order?.foundAt ?? attempt?.sentAt ?? currentTime(),
        holdUntil: lead?.state === 'held' ? lead.holdUntil : null,
        order: shopOrder
          ? {
              id: shopOrder.id,
              name: shopOrder.name,
              isTest: shopOrder.test,
              risk: shopOrder.risk,
              shopifyGid: shopOrder.shopifyGid,
            }
          : null,
        title: lead?.title ?? attempt?.bundleCode ?? order?.bundleCode ?? '',
        units: own.map((unit) => ({ id: unit.id, since: unit.since })),
        paid: shopOrder
          ? {
              amount: own.reduce((sum, { priceMinor }) => sum + priceMinor, 0),
              currency: shopOrder.currency,
            }
          : null,
        bundle: bundle ? { code: bundle.code, description: bundle.description } : null,
        cost: bundle
          ? { amount: new Decimal(bundle.cost.toFixed()).times(own.length), currency: bundle.currency }
          : null,
        validation: lead?.validation ?? null,
        attempt: attempt
          ? {
              ...{ id: attempt.id, bundleCode: attempt.bundleCode, quantity: attempt.quantity },
              supplier: attempt.account.label,
              how: attempt.how === 'stock' ? 'stock' : 'order',
              ...{ sentAt: attempt.sentAt, looks: attempt.looks, nextLookAt: attempt.nextLookAt },
              orderReference: attempt.orderReference,
              total: costOf(attempt),
              candidates: Candidates.parse(attempt.evidence),
            }
          : null,
        unclaimed: order ?? null,
      },
    ];
  });
}

async function loadUnclaimed(shop: Shop, ids: string[]) {
  if (ids.length === 0) return [];
  const rows = await db.unclaimedOrder.findMany({ where: { shopId: shop.id, id: { in: ids } } });
  const [accounts, parked] = await Promise.all([
    db.supplierAccount.findMany({
      where: { shopId: shop.id, id: { in: rows.map(({ accountId }) => accountId) } },
      select: { id: true, label: true },
    }),
    db.purchaseAttempt.findMany({
      where: {
        ...{ shopId: shop.id, state: 'parked', orderReference: null },
        OR: rows.map(({ accountId, bundleCode, quantity }) => ({ accountId, bundleCode, quantity })),
      },
      include: { units: { select: { order: { select: { name: true } } }, take: 1 } },
      take: 100,
    }),
  ]);
  return rows.map((row) => ({
    ...{ id: row.id, bundleCode: row.bundleCode, orderReference: row.orderReference, quantity: row.quantity },
    ...{
      orderedAt: row.orderedAt,
      foundAt: row.foundAt,
      isOurs: row.isOurs,
      state: row.state,
      note: row.note,
    },
    supplier: accounts.find(({ id }) => id === row.accountId)?.label ?? '',
    total: costOf(row),
    mayBe: parked
      .filter(
        ({ accountId, bundleCode, quantity }) =>
          accountId === row.accountId && bundleCode === row.bundleCode && quantity === row.quantity,
      )
      .map(({ id, units }) => ({ id, orderName: units[0]?.order.name ?? '' })),
  }));
}

// Written by settle.server.ts and decide.server.ts only.
const Candidates: z.ZodType<Candidate[]> = z.array(
  z.object({
    orderReference: z.string(),
    createdAt: z.string(),
    bundle: z.string(),
    quantity: z.number(),
    total: z.object({ amount: z.string(), currency: z.string() }).nullable(),
    isForeign: z.boolean(),
  }),
);

export function costOf({
  total,
  currency,
}: {
  total: { toFixed: () => string } | null;
  currency: string | null;
}): Cost | null {
  return total && currency !== null ? { amount: new Decimal(total.toFixed()), currency } : null;
}

function oldest(dates: Date[]): Date | null {
  return dates.reduce<Date | null>((first, date) => (first === null || date < first ? date : first), null);
}
