import { db } from '../platform/db.server.ts';
import { MINUTE } from '../platform/time.ts';

/** A process that sends is cut off after a minute; an attempt older than this in `sending` has nobody behind it. */
export const SENDING_LIMIT_MS = 3 * MINUTE;

export interface DueUnit {
  id: string;
  orderId: string;
  bundleId: string;
  bundleCode: string;
  cost: string;
}

/**
 * The next units to buy in one order at the supplier: the oldest due unit and its siblings of the same order and
 * bundle, at most `most`. A bundle with an attempt in doubt waits, so that a look at the supplier's orders stays
 * unambiguous. Empty when nothing is due.
 */
export async function nextUnits(accountId: string, most: number): Promise<DueUnit[]> {
  return db.$queryRaw<DueUnit[]>`
    WITH due AS (
      SELECT u.id, u."orderId", u."bundleId", b.code AS "bundleCode", b.cost::text AS cost, u."createdAt", u."unitIndex"
      FROM "Unit" u
      JOIN "Order" o ON o.id = u."orderId" AND o."cancelledAt" IS NULL
      JOIN "Shop" s ON s.id = u."shopId" AND s."uninstalledAt" IS NULL
      JOIN "Bundle" b ON b.id = u."bundleId"
      WHERE u."accountId" = ${accountId}
        AND (u.state = 'paid' OR (u.state = 'held' AND u."holdUntil" <= ${new Date()}))
        AND NOT EXISTS (
          SELECT 1 FROM "PurchaseAttempt" a
          WHERE a."accountId" = u."accountId" AND a."bundleCode" = b.code AND a.state IN ('sending', 'in-doubt')
        )
    ), first AS (SELECT * FROM due ORDER BY "createdAt", id LIMIT 1)
    SELECT due.id, due."orderId", due."bundleId", due."bundleCode", due.cost FROM due
    JOIN first ON first."orderId" = due."orderId" AND first."bundleId" = due."bundleId"
    ORDER BY due."createdAt", due."unitIndex", due.id LIMIT ${most}`;
}

/** Accounts with something to buy, or to hold because they may not: for the sweeper. */
export async function dueAccounts(): Promise<string[]> {
  const now = new Date();
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT a.id FROM "SupplierAccount" a
    JOIN "Shop" s ON s.id = a."shopId" AND s."uninstalledAt" IS NULL
    LEFT JOIN "BuyingLease" l ON l."accountId" = a.id
    JOIN "Unit" u ON u."accountId" = a.id
      AND (u.state = 'paid' OR (a.state = 'active' AND u.state = 'held' AND u."holdUntil" <= ${now}))
    WHERE l."waitUntil" IS NULL OR l."waitUntil" <= ${now}`;
  return rows.map(({ id }) => id);
}

/** Attempts the supplier should be asked about now, and those whose process died while it sent. */
export async function dueAttempts(): Promise<string[]> {
  const now = new Date();
  const rows = await db.purchaseAttempt.findMany({
    where: {
      OR: [
        { state: { in: ['in-doubt', 'preparing'] }, nextLookAt: { lte: now } },
        { state: 'sending', sentAt: { lt: new Date(now.getTime() - SENDING_LIMIT_MS) } },
      ],
    },
    select: { id: true },
    orderBy: { sentAt: 'asc' },
    take: 500,
  });
  return rows.map(({ id }) => id);
}
