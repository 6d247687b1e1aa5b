import { databaseNowOnce, db } from '../platform/db.server.ts';
import { wake } from '../platform/queue.server.ts';
import { after, currentTime, MINUTE, SECOND } from '../platform/time.ts';
import { lookAtEsim } from './look.server.ts';

const AT_ONCE = 20;
// Where more is due than can be asked, three turns of four go to eSIMs that are in use.
const MOSTLY_ACTIVE = 15;
// One request may be ahead of ours, no more: a purchase that comes meanwhile waits for a turn or two.
const PATIENCE_MS = 200;
// For one whose look ends in neither a reading nor a failure, with the process.
const AFTER_A_CRASH_MS = 5 * MINUTE;

/**
 * The job of an account with eSIMs that are due to be read again: a few of them, one after another. Buying goes first: an
 * account with something to buy reads later, and no look waits for a turn at the supplier.
 */
export async function lookAtDue(accountId: string): Promise<void> {
  const { shopId, state } = await db.supplierAccount.findUniqueOrThrow({ where: { id: accountId } });
  if (state !== 'active') return;
  const due = await nextDue(accountId);
  for (const { id } of due) {
    if ((await db.unit.count({ where: { accountId, shopId, state: { in: ['paid', 'buying'] } } })) > 0)
      return;
    if (!(await claim(id))) continue;
    const outcome = await lookAtEsim({ shopId, esimId: id }, { patienceMs: PATIENCE_MS });
    if (outcome === 'rate-limited') return giveBack(id);
    // What ails the supplier ails its other eSIMs too.
    if (outcome === 'down' || outcome === 'credentials') return;
  }
  if (due.length === AT_ONCE) await wake('esims.look', accountId, 2 * SECOND);
}

async function nextDue(accountId: string): Promise<{ id: string }[]> {
  return db.$queryRaw<{ id: string }[]>`
    WITH active AS (
      SELECT id FROM "Esim" WHERE "accountId" = ${accountId} AND status = 'active' AND "nextLookAt" <= ${databaseNowOnce}
      ORDER BY "nextLookAt" LIMIT ${MOSTLY_ACTIVE}
    ), others AS (
      SELECT id FROM "Esim" WHERE "accountId" = ${accountId} AND "nextLookAt" <= ${databaseNowOnce}
        AND id NOT IN (SELECT id FROM active)
      ORDER BY "nextLookAt" LIMIT ${AT_ONCE}
    )
    SELECT id FROM active UNION ALL SELECT id FROM others LIMIT ${AT_ONCE}`;
}

/** False where another process has taken it. */
async function claim(esimId: string): Promise<boolean> {
  const { count } = await db.esim.updateMany({
    where: { id: esimId, nextLookAt: { lte: currentTime() } },
    data: { nextLookAt: after(AFTER_A_CRASH_MS) },
  });
  return count === 1;
}

async function giveBack(esimId: string): Promise<void> {
  await db.esim.updateMany({
    where: { id: esimId, nextLookAt: { not: null } },
    data: { nextLookAt: currentTime() },
  });
}

/** Accounts with eSIMs to read and nothing to buy: for the sweeper. The earliest is the first of an index; whether any is due, is not. */
export async function dueLooks(): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT a.id FROM "SupplierAccount" a
    JOIN "Shop" s ON s.id = a."shopId" AND s."uninstalledAt" IS NULL
    WHERE a.state = 'active'
      AND (SELECT min(e."nextLookAt") FROM "Esim" e WHERE e."accountId" = a.id) <= ${databaseNowOnce}
      AND NOT EXISTS (SELECT FROM "Unit" u WHERE u."accountId" = a.id AND u.state IN ('paid', 'buying'))`;
  return rows.map(({ id }) => id);
}
