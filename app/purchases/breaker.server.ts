import { databaseNow, db } from '../platform/db.server.ts';
import { log } from '../platform/log.server.ts';
import { wake } from '../platform/queue.server.ts';
import { currentTime } from '../platform/time.ts';
import { transact } from '../platform/transaction.server.ts';
import { ProviderError } from '../providers/contract.ts';
import { keepBalance, sellerFor } from '../settings/suppliers.server.ts';
import { afterProbe, afterPurchase, type Breaker } from './breaker.ts';
import { passAllOn } from './pass-on.server.ts';

type Account = { shopId: string; accountId: string };

/** Whether the account's supplier counts as down: nothing is bought with it now. */
export async function isDown(accountId: string): Promise<boolean> {
  return (await db.buyingPace.count({ where: { accountId, downSince: { not: null } } })) > 0;
}

/** A purchase was answered, or was not. Written by whoever holds the account's lease. */
export async function noteHealth({ accountId }: Account, health: 'works' | 'fails'): Promise<void> {
  await change(accountId, (breaker) => {
    // Almost always there is nothing to note.
    if (health === 'works' && breaker.failures === 0 && breaker.probes === 0) return null;
    return afterPurchase(breaker, health, currentTime());
  });
}

/**
 * The job of an account that is down: asks for its balance. Answered, it is bought with again; else what can be bought
 * elsewhere is, also what another process left behind. Of two that ask at once the later finds nothing due.
 */
export async function probeAccount(accountId: string): Promise<void> {
  // The next time is set before the question: a process that dies in it delays nothing.
  const isMine = await change(accountId, (breaker) =>
    breaker.probeAt && breaker.probeAt <= currentTime() ? afterProbe(breaker, false, currentTime()) : null,
  );
  if (!isMine) return;
  const { shopId } = await db.supplierAccount.findUniqueOrThrow({ where: { id: accountId } });
  if (await isAnswered({ shopId, accountId })) {
    await change(accountId, (breaker) =>
      breaker.downSince ? { ...afterProbe(breaker, true, currentTime()), probes: breaker.probes } : null,
    );
    await wake('purchases.buy', accountId);
  } else await passAllOn({ shopId, accountId }, 'supplier-down');
}

/** Accounts that are down and to be asked now: for the sweeper. */
export async function dueProbes(): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT p."accountId" AS id FROM "BuyingPace" p
    JOIN "SupplierAccount" a ON a.id = p."accountId"
    JOIN "Shop" s ON s.id = a."shopId" AND s."uninstalledAt" IS NULL
    WHERE p."probeAt" <= ${databaseNow}`;
  return rows.map(({ id }) => id);
}

/** The shop's accounts whose supplier does not answer, and since when. */
export async function downSuppliers({
  id: shopId,
}: {
  id: string;
}): Promise<{ label: string; since: Date }[]> {
  return db.$queryRaw<{ label: string; since: Date }[]>`
    SELECT a.label, p."downSince" AS since FROM "BuyingPace" p
    JOIN "SupplierAccount" a ON a.id = p."accountId" AND a."shopId" = ${shopId} AND a.state = 'active'
    WHERE p."downSince" IS NOT NULL ORDER BY p."downSince"`;
}

/** Any answer will do, also one that refuses the key: that is found out, and told, when something is bought. */
async function isAnswered(account: Account): Promise<boolean> {
  const askedAt = currentTime();
  try {
    const { provider } = await sellerFor(account);
    await keepBalance(account, await provider.getBalance(), askedAt);
    return true;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    log.warn('probe.failed', { accountId: account.accountId, reason: error.kind }, error);
    return error.kind === 'credentials' || error.kind === 'funds' || error.kind === 'rejected';
  }
}

/** False when there was nothing to change. The row is locked: what two processes learn is counted twice. */
function change(accountId: string, next: (breaker: Breaker) => Breaker | null): Promise<boolean> {
  return transact(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM "BuyingPace" WHERE "accountId" = ${accountId} FOR UPDATE`;
    const row = await tx.buyingPace.findUnique({ where: { accountId } });
    const changed = row && next(row);
    if (!row || !changed) return false;
    const { failures, downSince, probeAt, probes } = changed;
    await tx.buyingPace.update({ where: { accountId }, data: { failures, downSince, probeAt, probes } });
    return true;
  });
}
