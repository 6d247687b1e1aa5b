import { Decimal } from 'decimal.js';
import { z } from 'zod';
import { lossesOf } from '../orders/loss.server.ts';
import { db, type Prisma } from '../platform/db.server.ts';
import type { Cost, Money } from '../platform/money.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { esimFacts, type EsimFacts } from './esim-facts.server.ts';
import type { Candidate, How } from './evidence.ts';
import { readLog, type Looked } from './look-log.ts';
import { howOf } from './settle.server.ts';
import { currentTime } from '../platform/time.ts';

/**
 * `doubt`: looked up by itself; `refunding`: the supplier is asked about the eSIM of a refunded piece; `refunded`: the buyer
 * has the eSIM and got the money back; `dispute`: the buyer's bank questions the payment; `done`: waits no more.
 */
export type EntryKind =
  'held' | 'doubt' | 'parked' | 'gone' | 'refunding' | 'refunded' | 'dispute' | 'unclaimed' | 'done';

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
  /** What buying all of it now would lose; null where nobody has to be asked. */
  loss: Money | null;
  /** Of a test order: accepted, or why the supplier would refuse. */
  validation: string | null;
  attempt: Evidence | null;
  /** The eSIM that a top-up is for; null for anything else, and for a top-up that names none. */
  topUpEsim: { id: string; iccidLast4: string } | null;
  unclaimed: Unclaimed | null;
  dispute: { id: string; kind: string; status: string } | null;
  /** What became of the eSIMs, where that helps to decide, or to answer a bank. */
  esims: EsimFacts[];
}

export interface Evidence {
  id: string;
  supplier: string;
  how: How;
  /** The member of staff who asked for it; null for what an order paid. */
  askedBy: string | null;
  bundleCode: string;
  quantity: number;
  sentAt: Date;
  /** Of the ledger, and why it came there. */
  state: string;
  reason: string | null;
  settledAt: Date | null;
  looks: number;
  /** What they found; less than `looks` of a purchase that an older version looked for. */
  looked: Looked[];
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
  const [first, disputes, attempts, unclaimed] = await Promise.all([
    db.unit.findMany({ where: { shopId: shop.id, id: { in: idsOf('unit') } } }),
    db.orderDispute.findMany({
      where: { shopId: shop.id, id: { in: idsOf('dispute') } },
      include: { order: { include: { units: { orderBy: { unitIndex: 'asc' } } } } },
    }),
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
  const units = [...first, ...alike, ...disputes.flatMap(({ order }) => order.units)];
  const [esims, toppedUp] = await Promise.all([
    esimFacts(shop, units),
    esimsToTopUp(shop, [
      ...units.map(({ topUpEsimId }) => topUpEsimId),
      ...attempts.map(({ esimId }) => esimId),
    ]),
  ]);
  const orderIds = [
    ...units.map(({ orderId }) => orderId),
    ...toppedUp.flatMap(({ orderId }) => orderId ?? []),
  ];
  const losing = units.filter(({ state, reason }) => state === 'held' && reason === 'loss');
  const [losses, orders, bundles] = await Promise.all([
    lossesOf(
      shop.id,
      losing.map(({ id }) => id),
    ),
    db.order.findMany({
      where: { shopId: shop.id, id: { in: orderIds } },
      select: { id: true, name: true, test: true, risk: true, currency: true, shopifyGid: true },
    }),
    db.bundle.findMany({
      where: {
        shopId: shop.id,
        OR: [
          { id: { in: units.flatMap(({ bundleId }) => bundleId ?? []) } },
          ...attempts.map(({ accountId, bundleCode }) => ({ accountId, code: bundleCode })),
        ],
      },
      select: { id: true, accountId: true, code: true, description: true, cost: true, currency: true },
    }),
  ]);
  return keys.flatMap(({ type, id, kind }): Entry[] => {
    const attempt = type === 'attempt' ? attempts.find((each) => each.id === id) : undefined;
    const order = type === 'unclaimed' ? unclaimed.find((each) => each.id === id) : undefined;
    const dispute = disputes.find((each) => type === 'dispute' && each.id === id);
    const lead = dispute
      ? dispute.order.units[0]
      : type === 'unit'
        ? first.find((unit) => unit.id === id)
        : alike.find(({ attemptId }) => type === 'attempt' && attemptId === id);
    if (type === 'unit' ? !lead : !attempt && !order && !dispute) return [];
    const esimId = attempt?.esimId ?? (lead?.kind === 'top-up' ? lead.topUpEsimId : null);
    const topUpEsim = toppedUp.find((each) => each.id === esimId);
    const own = dispute
      ? dispute.order.units.filter(({ state }) => state !== 'cancelled')
      : attempt
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
    const isAsked = attempt !== undefined && attempt.askedBy !== null;
    const shopOrder = orders.find((each) => each.id === (isAsked ? topUpEsim?.orderId : lead?.orderId));
    const bundle = bundles.find((each) =>
      isAsked
        ? each.accountId === attempt.accountId && each.code === attempt.bundleCode
        : each.id === lead?.bundleId,
    );
    return [
      {
        id: `${type}-${id}`,
        kind,
        reason: attempt?.reason ?? lead?.reason ?? null,
        since:
          dispute?.foundAt ??
          oldest(own.map(({ since }) => since)) ??
          order?.foundAt ??
          attempt?.settledAt ??
          attempt?.sentAt ??
          currentTime(),
        holdUntil: kind === 'held' || kind === 'refunding' ? (lead?.holdUntil ?? null) : null,
        order: shopOrder
          ? {
              id: shopOrder.id,
              name: shopOrder.name,
              isTest: shopOrder.test,
              risk: shopOrder.risk,
              shopifyGid: shopOrder.shopifyGid,
            }
          : null,
        title: lead?.title ?? bundle?.description ?? attempt?.bundleCode ?? order?.bundleCode ?? '',
        units: own.map((unit) => ({ id: unit.id, since: unit.since })),
        paid:
          shopOrder && !isAsked
            ? {
                amount: own.reduce((sum, { priceMinor }) => sum + priceMinor, 0),
                currency: shopOrder.currency,
              }
            : null,
        bundle: bundle ? { code: bundle.code, description: bundle.description } : null,
        cost: bundle
          ? {
              amount: new Decimal(bundle.cost.toFixed()).times(isAsked ? 1 : own.length),
              currency: bundle.currency,
            }
          : null,
        loss: sumOf(own.flatMap(({ id: unitId }) => losses.get(unitId) ?? [])),
        validation: lead?.validation ?? null,
        attempt: attempt ? evidenceOf(attempt) : null,
        topUpEsim: topUpEsim ? { id: topUpEsim.id, iccidLast4: topUpEsim.iccidLast4 } : null,
        unclaimed: order ?? null,
        dispute: dispute ? { id: dispute.id, kind: dispute.kind, status: dispute.status } : null,
        esims:
          kind === 'refunded' || kind === 'refunding' || kind === 'dispute'
            ? esims.filter(({ unitId }) => own.some((unit) => unit.id === unitId))
            : [],
      },
    ];
  });
}

/** An attempt as a person compares it. */
export function evidenceOf(
  attempt: Prisma.PurchaseAttemptGetPayload<{ include: { account: { select: { label: true } } } }>,
): Evidence {
  const { id, bundleCode, quantity, account, askedBy, sentAt, settledAt, nextLookAt } = attempt;
  const { state, reason, looks, orderReference } = attempt;
  return {
    ...{ id, supplier: account.label, how: howOf(attempt), askedBy, bundleCode, quantity },
    ...{ sentAt, state, reason, settledAt, looks, looked: readLog(attempt.lookLog), nextLookAt },
    ...{ orderReference, total: costOf(attempt), candidates: Candidates.parse(attempt.evidence) },
  };
}

function esimsToTopUp(shop: Shop, ids: (string | null)[]) {
  return db.esim.findMany({
    where: { shopId: shop.id, id: { in: ids.flatMap((id) => id ?? []) } },
    select: { id: true, iccidLast4: true, orderId: true },
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

function sumOf([first, ...more]: Money[]): Money | null {
  return first ? { ...first, amount: more.reduce((sum, { amount }) => sum + amount, first.amount) } : null;
}

function oldest(dates: Date[]): Date | null {
  return dates.reduce<Date | null>((first, date) => (first === null || date < first ? date : first), null);
}
