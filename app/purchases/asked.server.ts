import { randomUUID } from 'node:crypto';
import { databaseNowOnce, db } from '../platform/db.server.ts';
import { after, currentTime, MINUTE } from '../platform/time.ts';

/** Whoever asked for a top-up waits for it; later it would come as a surprise. */
const MOST_WAIT_MS = 2 * MINUTE;

/**
 * A top-up a person asks for, before its turn to be bought comes. No order paid it, so no unit stands for it: the row of
 * its attempt does from the beginning.
 */
export function askedRow({
  id = randomUUID(),
  ...asked
}: {
  id?: string;
  shopId: string;
  accountId: string;
  bundleCode: string;
  esimId: string;
  askedBy: string;
}) {
  return {
    ...{ id, ...asked, quantity: 1, how: 'top-up', state: 'asked' },
    // Nothing was sent and no lease stands behind it: the fence is older than any.
    ...{ fence: 0, sentAt: currentTime(), nextLookAt: after(MOST_WAIT_MS) },
  };
}

export interface AskedTopUp {
  id: string;
  bundleCode: string;
  esimId: string;
}

/** The oldest top-up asked for that may be bought now: before the orders, since somebody waits. */
export async function nextAsked(accountId: string): Promise<AskedTopUp | null> {
  const [row] = await db.$queryRaw<AskedTopUp[]>`
    SELECT t.id, t."bundleCode", t."esimId" FROM "PurchaseAttempt" t
    WHERE t."accountId" = ${accountId} AND t.state = 'asked' AND t."nextLookAt" > ${databaseNowOnce}
      AND NOT EXISTS (
        SELECT 1 FROM "PurchaseAttempt" a
        WHERE a."accountId" = t."accountId" AND a."bundleCode" = t."bundleCode" AND a.state IN ('sending', 'in-doubt')
      )
    ORDER BY t."sentAt", t.id LIMIT 1`;
  return row ?? null;
}
