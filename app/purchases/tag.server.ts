import { openEsim } from '../esims/save.server.ts';
import { db } from '../platform/db.server.ts';
import { log } from '../platform/log.server.ts';
import { ProviderError } from '../providers/contract.ts';
import { supplierFor } from '../settings/suppliers.server.ts';
import { currentTime } from '../platform/time.ts';

const AT_ONCE = 20;

/**
 * The job of an account with eSIMs whose copy at the supplier does not name our unit yet: writes the unit's id there,
 * so that an audit can match without guessing, even after a restore. Saying the same twice is harmless. Buying goes
 * first: an account with something to buy tags later, and no tag waits for a turn at the supplier.
 */
export async function tagEsims(accountId: string): Promise<void> {
  const account = await db.supplierAccount.findUniqueOrThrow({ where: { id: accountId } });
  const { shopId } = account;
  if (
    account.state !== 'active' ||
    (await db.unit.count({ where: { accountId, shopId, state: 'paid' } })) > 0
  )
    return;
  const { provider } = await supplierFor({ shopId, accountId }, { patienceMs: 0 });
  if (!provider.tagEsim) return;
  const esims = await db.esim.findMany({
    where: { accountId, shopId, taggedAt: null, revokedAt: null, unitId: { not: null } },
    orderBy: { createdAt: 'asc' },
    take: AT_ONCE,
  });
  for (const esim of esims) {
    if (esim.unitId === null) continue; // adopted, or replaced: it serves no unit
    try {
      await provider.tagEsim(openEsim(esim).iccid, esim.unitId);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      if (error.kind === 'rate-limited') return; // others need the supplier more
      log.warn('tag.failed', { accountId, unitId: esim.unitId, reason: error.kind }, error);
      // An eSIM the supplier does not let us name will not be named later either.
      if (error.kind !== 'rejected') return;
    }
    await db.esim.update({ where: { id: esim.id, shopId }, data: { taggedAt: currentTime() } });
  }
}

/** Accounts with eSIMs to tag and nothing more urgent: for the sweeper. */
export async function dueTagging(): Promise<string[]> {
  const rows = await db.$queryRaw<{ accountId: string }[]>`
    SELECT DISTINCT e."accountId" FROM "Esim" e
    JOIN "SupplierAccount" a ON a.id = e."accountId" AND a.state = 'active'
    JOIN "Shop" s ON s.id = a."shopId" AND s."uninstalledAt" IS NULL
    WHERE e."taggedAt" IS NULL AND e."revokedAt" IS NULL AND e."unitId" IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM "Unit" u WHERE u."accountId" = e."accountId" AND u.state IN ('paid', 'buying'))`;
  return rows.map(({ accountId }) => accountId);
}
