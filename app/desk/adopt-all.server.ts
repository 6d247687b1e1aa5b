import { iccidHash } from '../esims/find.server.ts';
import { isUnitId } from '../orders/is-unit-id.ts';
import { db } from '../platform/db.server.ts';
import { after, currentTime, DAY, SECOND } from '../platform/time.ts';
import { ProviderError, type OwnedEsim } from '../providers/contract.ts';
import { supplierFor, type Supplier } from '../settings/suppliers.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import type { TaskRun } from '../tasks/run.server.ts';
import { startTask } from '../tasks/start.server.ts';
import { keepStranger, settledBefore } from './adopt.server.ts';

/**
 * Begins to put every eSIM of the shop's supplier accounts on its record that it did not sell. `unable`: none of the
 * accounts lists what it owns.
 */
export async function startAdopting(shop: Shop, askedBy: string): Promise<'begun' | 'unable'> {
  const accounts = await db.supplierAccount.findMany({
    where: { shopId: shop.id, state: 'active' },
    select: { id: true },
  });
  let begun = 0;
  for (const { id } of accounts) {
    const { provider } = await supplierFor({ shopId: shop.id, accountId: id });
    if (!provider.listEsims) continue;
    await startTask(shop, { kind: 'esims.adopt', subject: id, askedBy });
    begun++;
  }
  return begun > 0 ? 'begun' : 'unable';
}

/**
 * The work of `esims.adopt`; the subject is a supplier account. Run again it passes over what is on record, so a crash
 * costs only the reading. It leaves alone whatever a purchase may be about: what is tagged with a unit's id, and what is
 * younger than a day or than a purchase that is not settled.
 */
export async function adoptAll(run: TaskRun): Promise<void> {
  const account = { shopId: run.shopId, accountId: run.subject };
  const supplier = await supplierFor(account, { patienceMs: 30 * SECOND });
  const before = earlier(await settledBefore(account), after(-DAY, currentTime()));
  await run.save({ done: 0, total: null });
  let done = 0;
  for await (const page of supplier.provider.listEsims?.() ?? []) {
    const known = await onRecord(supplier, page);
    for (const esim of page) {
      const outcome = known.has(esim.iccid) ? 'known' : await adoptOne(run, supplier, esim, before);
      done++;
      if (outcome !== 'known') await run.save({ done, counts: { [outcome]: 1 } });
    }
    await run.save({ done });
  }
}

const earlier = (a: Date | null, b: Date) => (a === null ? null : a < b ? a : b);

/** Which of these are on a record: this shop's, or one of another shop that has the same account. */
async function onRecord({ providerKey }: Supplier, page: OwnedEsim[]): Promise<Set<string>> {
  const byHash = new Map(page.map(({ iccid }) => [iccidHash(iccid), iccid]));
  const rows = await db.esim.findMany({
    where: { provider: providerKey, iccidHash: { in: [...byHash.keys()] } },
    select: { iccidHash: true },
  });
  return new Set(rows.flatMap(({ iccidHash }) => byHash.get(iccidHash) ?? []));
}

async function adoptOne(
  { shopId, askedBy }: TaskRun,
  { accountId, providerKey, provider }: Supplier,
  { iccid, tag, assignedAt }: OwnedEsim,
  before: Date | null,
): Promise<'adopted' | 'known' | 'left' | 'failed'> {
  if (before === null || isUnitId(tag) || assignedAt === null || assignedAt > before) return 'left';
  try {
    const profile = await provider.getEsim(iccid);
    const stranger = { accountId, providerKey, provider, profile };
    const { status } = await keepStranger({ id: shopId }, stranger, { by: askedBy ?? 'the app', before });
    return status === 'unknown' ? 'known' : status;
  } catch (error) {
    // Of one that the supplier cannot show the others are none the worse; anything else stops the task.
    if (error instanceof ProviderError && error.kind === 'rejected') return 'failed';
    throw error;
  }
}
