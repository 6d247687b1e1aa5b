import { db, Prisma } from '../platform/db.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { costOf, loadEntries, type Entry, type EntryKind, type Key } from './queue-entry.server.ts';

export const queueTabs = ['all', 'waiting', 'needs', 'doubt'] as const;
export type QueueTab = (typeof queueTabs)[number];

const PER_PAGE = 25;

/**
 * One page of what waits, the oldest first, and how much there is under each tab. `page` counts from 1; `search` is
 * part of an order's name, or of a supplier's reference.
 */
export async function queuePage(
  shop: Shop,
  { tab, reason, search, page }: { tab: QueueTab; reason: string; search: string; page: number },
) {
  const wanted = Prisma.sql`${inTab(tab)} ${reason === '' ? Prisma.empty : Prisma.sql`AND reason = ${reason}`}
    ${search.trim() === '' ? Prisma.empty : Prisma.sql`AND name ILIKE ${contains(search)}`}`;
  const [keys, counts] = await Promise.all([
    db.$queryRaw<Key[]>`${entries(shop)}
      SELECT type, id, kind FROM entries WHERE ${wanted}
      ORDER BY since, id LIMIT ${PER_PAGE + 1} OFFSET ${(page - 1) * PER_PAGE}`,
    countQueue(shop),
  ]);
  // One more than is shown tells whether another page follows.
  return {
    entries: await loadEntries(shop, keys.slice(0, PER_PAGE)),
    hasNext: keys.length > PER_PAGE,
    counts,
  };
}

/** How much waits under each tab. */
export async function countQueue(shop: Shop): Promise<Record<QueueTab, number>> {
  const [row] = await db.$queryRaw<Record<QueueTab, number>[]>`${entries(shop)}
    SELECT count(*)::int AS "all", ${Prisma.join(
      queueTabs
        .filter((tab) => tab !== 'all')
        .map((tab) => Prisma.sql`(count(*) FILTER (WHERE ${inTab(tab)}))::int AS ${Prisma.raw(`"${tab}"`)}`),
    )} FROM entries`;
  return row ?? { all: 0, waiting: 0, needs: 0, doubt: 0 };
}

/** How much waits for a person: what does not go on by itself. */
export async function countForPeople(shop: Shop): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`${entries(shop)}
    SELECT count(*)::int AS count FROM entries WHERE ${inTab('needs')} OR kind IN ('parked', 'unclaimed')`;
  return row?.count ?? 0;
}

/** One entry by its id; of kind `done` when it waits no more, null when the shop has no such thing. */
export async function findEntry(shop: Shop, id: string): Promise<Entry | null> {
  const [, type, rowId] = /^(unit|attempt|unclaimed|dispute)-([\w-]{36})$/.exec(id) ?? [];
  if (type === undefined || rowId === undefined) return null;
  const key = await keyOf(shop, type, rowId);
  return key && ((await loadEntries(shop, [key]))[0] ?? null);
}

/** What was bought at the shop's suppliers by hand, or was dealt with: the newest of it. */
export async function closedUnclaimed(shop: Shop) {
  const rows = await db.unclaimedOrder.findMany({
    where: { shopId: shop.id, state: 'dismissed' },
    orderBy: { orderedAt: 'desc' },
    take: PER_PAGE,
  });
  return rows.map((row) => ({ ...row, total: costOf(row) }));
}

// Pieces of an order that wait for the same are one entry: an order of thirty eSIMs is one decision.
const entries = (shop: Shop) => Prisma.sql`WITH found AS (
    SELECT 'unit' AS type, min(u.id) AS id, 'held' AS kind, u."orderId", u.reason, min(u.since) AS since
    FROM "Unit" u WHERE u."shopId" = ${shop.id} AND u.state = 'held'
    GROUP BY u."orderId", u.reason, u."bundleId"
    UNION ALL
    SELECT 'attempt', a.id, CASE a.state WHEN 'parked' THEN 'parked' ELSE 'doubt' END, min(u."orderId"), a.reason,
      min(u.since)
    FROM "Unit" u JOIN "PurchaseAttempt" a ON a.id = u."attemptId"
    WHERE u."shopId" = ${shop.id} AND ((u.state = 'buying' AND a.state = 'in-doubt')
      OR (u.state = 'parked' AND a.state = 'parked' AND u.reason IS DISTINCT FROM 'gone'))
    GROUP BY a.id
    UNION ALL
    SELECT 'attempt', a.id, CASE a.state WHEN 'parked' THEN 'parked' ELSE 'doubt' END, e."orderId", a.reason,
      coalesce(a."settledAt", a."sentAt")
    FROM "PurchaseAttempt" a LEFT JOIN "Esim" e ON e.id = a."esimId"
    WHERE a."shopId" = ${shop.id} AND a."askedBy" IS NOT NULL AND a.state IN ('in-doubt', 'parked')
    UNION ALL
    SELECT 'unit', u.id, 'gone', u."orderId", u.reason, u.since
    FROM "Unit" u WHERE u."shopId" = ${shop.id} AND u.state = 'parked' AND u.reason = 'gone'
    UNION ALL
    SELECT 'unit', u.id, CASE WHEN u."holdUntil" IS NULL THEN 'refunded' ELSE 'refunding' END, u."orderId", 'refunded',
      u."goneAt"
    FROM "Unit" u WHERE u."shopId" = ${shop.id} AND u.state = 'delivered' AND u."goneAt" IS NOT NULL
      AND u.note IS NULL
    UNION ALL
    SELECT 'dispute', d.id, 'dispute', d."orderId", 'dispute', d."foundAt"
    FROM "OrderDispute" d WHERE d."shopId" = ${shop.id} AND d."seenAt" IS NULL
    UNION ALL
    SELECT 'unclaimed', c.id, 'unclaimed', NULL, 'unclaimed', c."foundAt"
    FROM "UnclaimedOrder" c WHERE c."shopId" = ${shop.id} AND c.state = 'open'
  ), entries AS (
    SELECT found.*, coalesce(o.name, c."orderReference", '') AS name FROM found
    LEFT JOIN "Order" o ON o.id = found."orderId"
    LEFT JOIN "UnclaimedOrder" c ON found.type = 'unclaimed' AND c.id = found.id
  )`;

// A test order waits for nobody. What is in doubt is looked up by itself, and money may be gone: it is under two tabs.
const tabs: Record<QueueTab, Prisma.Sql> = {
  all: Prisma.sql`TRUE`,
  waiting: Prisma.sql`(kind IN ('doubt', 'refunding') OR (kind = 'held' AND reason = 'delay'))`,
  needs: Prisma.sql`(kind IN ('gone', 'refunded', 'dispute')
    OR (kind = 'held' AND (reason IS NULL OR reason NOT IN ('delay', 'test-order'))))`,
  doubt: Prisma.sql`kind IN ('doubt', 'parked', 'unclaimed')`,
};
const inTab = (tab: QueueTab) => tabs[tab];

function contains(search: string): string {
  return `%${search.trim().replace(/[\\%_]/g, '\\$&')}%`;
}

async function keyOf(shop: Shop, type: string, id: string): Promise<Key | null> {
  const where = { id, shopId: shop.id };
  switch (type) {
    case 'unit': {
      const unit = await db.unit.findFirst({
        where,
        select: { state: true, reason: true, goneAt: true, holdUntil: true, note: true, attemptId: true },
      });
      if (!unit) return null;
      // What is in doubt or parked is decided for the whole purchase.
      const isOfAttempt = ['buying', 'parked'].includes(unit.state) && unit.reason !== 'gone';
      return isOfAttempt && unit.attemptId !== null
        ? keyOf(shop, 'attempt', unit.attemptId)
        : { type, id, kind: kindOfUnit(unit) };
    }
    case 'attempt': {
      const attempt = await db.purchaseAttempt.findFirst({
        where,
        select: {
          ...{ state: true, askedBy: true },
          units: { where: { state: { in: ['buying', 'parked'] } }, take: 1 },
        },
      });
      if (!attempt) return null;
      const isOpen = attempt.units.length > 0 || attempt.askedBy !== null;
      const kinds: Record<string, EntryKind> = { parked: 'parked', 'in-doubt': 'doubt' };
      return { type, id, kind: isOpen ? (kinds[attempt.state] ?? 'done') : 'done' };
    }
    case 'dispute': {
      const dispute = await db.orderDispute.findFirst({ where, select: { seenAt: true } });
      return dispute && { type, id, kind: dispute.seenAt === null ? 'dispute' : 'done' };
    }
    default: {
      const unclaimed = await db.unclaimedOrder.findFirst({ where, select: { state: true } });
      return unclaimed && { type, id, kind: unclaimed.state === 'open' ? 'unclaimed' : 'done' };
    }
  }
}

interface UnitFacts {
  state: string;
  reason: string | null;
  goneAt: Date | null;
  holdUntil: Date | null;
  note: string | null;
}

function kindOfUnit({ state, reason, goneAt, holdUntil, note }: UnitFacts): EntryKind {
  if (state === 'held') return 'held';
  if (state === 'parked' && reason === 'gone') return 'gone';
  if (state !== 'delivered' || !goneAt || note !== null) return 'done';
  return holdUntil ? 'refunding' : 'refunded';
}
