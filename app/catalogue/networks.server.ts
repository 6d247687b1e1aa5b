import { db } from '../platform/db.server.ts';
import { log } from '../platform/log.server.ts';
import { currentTime } from '../platform/time.ts';
import { ProviderError, type EsimProvider, type ProviderNetwork } from '../providers/contract.ts';
import type { TaskRun } from '../tasks/run.server.ts';
import { storableText } from './difference.ts';
import type { Account } from './store.server.ts';

/**
 * Reads the networks of every country an account's bundles work in, and keeps them. A supplier that fails here leaves
 * those known before; the next sync asks again.
 */
export async function refreshNetworks(run: TaskRun, provider: EsimProvider, account: Account): Promise<void> {
  if (!provider.listNetworks) return;
  try {
    const networks = await provider.listNetworks(await countriesSold(account));
    await keepNetworks(account, networks);
    await run.save({ counts: { networks: networks.length } });
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    await run.save({ counts: { networksFailed: 1 } });
    log.warn('networks.unread', { taskId: run.id, accountId: account.accountId, reason: error.kind }, error);
  }
}

async function countriesSold({ shopId, accountId }: Account): Promise<string[]> {
  const rows = await db.$queryRaw<{ code: string }[]>`
    SELECT DISTINCT unnest(countries) AS code FROM "Bundle"
    WHERE "shopId" = ${shopId} AND "accountId" = ${accountId} AND "withdrawnAt" IS NULL ORDER BY code`;
  return rows.map(({ code }) => code);
}

async function keepNetworks({ shopId, accountId }: Account, networks: ProviderNetwork[]): Promise<void> {
  const rows = networks.map((network) => ({
    ...{ shopId, accountId, country: network.country, name: storableText(network.name) },
    ...{ brand: network.brand === null ? null : storableText(network.brand) },
    ...{ mcc: network.mcc, mnc: network.mnc, speeds: network.speeds.map(storableText) },
  }));
  await db.$transaction(async (tx) => {
    await tx.countryNetwork.deleteMany({ where: { shopId, accountId } });
    // The same network may be listed twice.
    await tx.countryNetwork.createMany({ data: rows, skipDuplicates: true });
    await tx.supplierAccount.updateMany({
      where: { id: accountId, shopId },
      data: { networksAt: currentTime() },
    });
  });
}
