import { databaseNowOnce, db } from '../platform/db.server.ts';

export interface DueUnit {
  id: string;
  orderId: string;
  variantGid: string | null;
  bundleId: string;
  bundleCode: string;
  cost: string;
  state: string;
  reason: string | null;
  approvedAt: Date | null;
  kind: string;
  topUpEsimId: string | null;
}

/** The name of the lease under which an account buys. */
export const buyingLease = (accountId: string) => `buy ${accountId}`;

/**
 * The next units to buy in one order at the supplier: the oldest due unit and its siblings of the same order and
 * bundle, at most `most`; a top-up goes alone, since it names its eSIM. A bundle with an attempt in doubt waits, so that a look at the supplier's orders stays
 * unambiguous. Empty when nothing is due.
 */
export async function nextUnits(accountId: string, most: number): Promise<DueUnit[]> {
  return db.$queryRaw<DueUnit[]>`
    WITH due AS (
      SELECT u.id, u."orderId", u."variantGid", u."bundleId", b.code AS "bundleCode", b.cost::text AS cost, u.state,
        u.reason, u."approvedAt", u."createdAt", u."unitIndex", u.kind, u."topUpEsimId"
      FROM "Unit" u
      JOIN "Order" o ON o.id = u."orderId" AND o."cancelledAt" IS NULL
      JOIN "Shop" s ON s.id = u."shopId" AND s."uninstalledAt" IS NULL
      JOIN "Bundle" b ON b.id = u."bundleId"
      WHERE u."accountId" = ${accountId}
        AND (u.state = 'paid' OR (u.state = 'held' AND u."holdUntil" <= ${databaseNowOnce}))
        AND (u.kind <> 'top-up' OR u."topUpEsimId" IS NOT NULL)
        AND NOT EXISTS (
          SELECT 1 FROM "PurchaseAttempt" a
          WHERE a."accountId" = u."accountId" AND a."bundleCode" = b.code AND a.state IN ('sending', 'in-doubt')
        )
    ), first AS (SELECT * FROM due ORDER BY "createdAt", id LIMIT 1)
    SELECT due.id, due."orderId", due."variantGid", due."bundleId", due."bundleCode", due.cost, due.state, due.reason,
      due."approvedAt", due.kind, due."topUpEsimId"
    FROM due JOIN first ON first."orderId" = due."orderId" AND first."bundleId" = due."bundleId"
      AND (due.id = first.id OR (due.kind <> 'top-up' AND first.kind <> 'top-up'))
    ORDER BY due."createdAt", due."unitIndex", due.id LIMIT ${most}`;
}

/** Accounts with something to buy that nobody is buying for: for the sweeper. */
export async function dueAccounts(): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT a.id FROM "SupplierAccount" a
    JOIN "Shop" s ON s.id = a."shopId" AND s."uninstalledAt" IS NULL
    LEFT JOIN "BuyingPace" p ON p."accountId" = a.id
    WHERE (EXISTS (
        SELECT 1 FROM "Unit" u WHERE u."accountId" = a.id
          AND (u.state = 'paid' OR (a.state = 'active' AND u.state = 'held' AND u."holdUntil" <= ${databaseNowOnce}))
      ) OR EXISTS (
        SELECT 1 FROM "PurchaseAttempt" t WHERE t."accountId" = a.id AND t.state = 'asked'
      )) AND (p."waitUntil" IS NULL OR p."waitUntil" <= ${databaseNowOnce}) AND p."auditSince" IS NULL
      AND p."downSince" IS NULL
      AND NOT EXISTS (
        SELECT 1 FROM "Lease" l WHERE l.name = 'buy ' || a.id AND l.until >= ${databaseNowOnce}
      )`;
  return rows.map(({ id }) => id);
}

/**
 * Attempts the supplier should be asked about now: those whose next look is due, and those in `sending` whose process
 * has lost the lease they were sent under, and is dead or was stopped for too long.
 */
export async function dueAttempts(): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT a.id FROM "PurchaseAttempt" a
    LEFT JOIN "Lease" l ON l.name = 'buy ' || a."accountId"
    WHERE (a.state IN ('asked', 'in-doubt', 'preparing') AND a."nextLookAt" <= ${databaseNowOnce})
      OR (a.state = 'sending' AND (l.fence IS NULL OR l.fence <> a.fence OR l.until < ${databaseNowOnce}))
    ORDER BY a."sentAt" LIMIT 500`;
  return rows.map(({ id }) => id);
}

/** Whether nobody is behind an attempt in `sending` any more: its lease ended, or is another's. */
export async function isAbandoned({
  accountId,
  fence,
}: {
  accountId: string;
  fence: bigint;
}): Promise<boolean> {
  const [row] = await db.$queryRaw<{ held: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM "Lease" WHERE name = ${buyingLease(accountId)} AND fence = ${fence}
      AND until >= ${databaseNowOnce}) AS held`;
  return row?.held === false;
}

/** Whether orders of the account may belong to purchases that a restored database has forgotten. */
export async function isRecovering(accountId: string): Promise<boolean> {
  return (await db.buyingPace.count({ where: { accountId, auditUntil: { not: null } } })) > 0;
}

/** Whether any account of the shop that is bought with is still compared with its supplier's orders. */
export async function isAnyRecovering(shopId: string): Promise<boolean> {
  const [row] = await db.$queryRaw<{ any: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM "SupplierAccount" a JOIN "BuyingPace" p ON p."accountId" = a.id
      WHERE a."shopId" = ${shopId} AND a.state = 'active' AND p."auditSince" IS NOT NULL) AS any`;
  return row?.any === true;
}
