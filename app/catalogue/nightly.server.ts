import { db } from '../platform/db.server.ts';
import { after, currentTime, HOUR } from '../platform/time.ts';
import { isNightlyDue } from './quiet-hour.ts';
import { startSync } from './sync.server.ts';

/** Accounts whose catalogue is to be read by itself now. The first time is the merchant's to begin. */
export async function dueNightly(): Promise<string[]> {
  const now = currentTime();
  const rows = await db.$queryRaw<{ accountId: string; timezone: string | null; lastAt: Date }[]>`
    SELECT a.id AS "accountId", s.timezone, greatest(a."syncedAt", t."lastAt") AS "lastAt"
    FROM "SupplierAccount" a JOIN "Shop" s ON s.id = a."shopId" AND s."uninstalledAt" IS NULL
    LEFT JOIN LATERAL (
      SELECT max("createdAt") AS "lastAt" FROM "Task"
      WHERE "shopId" = a."shopId" AND kind = 'catalogue.sync' AND subject = a.id
    ) t ON true
    WHERE a.state = 'active' AND a."syncedAt" < ${after(-6 * HOUR, now)}`;
  return rows
    .filter(({ timezone, ...row }) => isNightlyDue({ ...row, timezone: timezone ?? 'UTC', now }))
    .map(({ accountId }) => accountId);
}

/** The job. Beginning it twice is beginning it once. */
export async function startNightly(accountId: string): Promise<void> {
  const account = await db.supplierAccount.findUnique({
    where: { id: accountId },
    select: { shopId: true, state: true },
  });
  if (account?.state === 'active') await startSync({ id: account.shopId }, accountId, null);
}
