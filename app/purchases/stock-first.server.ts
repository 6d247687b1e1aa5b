import { record } from '../orders/events.server.ts';
import { db } from '../platform/db.server.ts';
import { wake } from '../platform/queue.server.ts';
import { after, currentTime, HOUR } from '../platform/time.ts';
import { transact } from '../platform/transaction.server.ts';
import { obstacleOf, type Candidate } from '../products/first-to-buy.ts';
import { ProviderError } from '../providers/contract.ts';
import { sellerFor, type Seller } from '../settings/suppliers.server.ts';
import type { DueUnit } from './due.server.ts';
import { isPassedOver } from './pass-on.ts';
import { passedOverOf, plansOf } from './pass-on.server.ts';

/** Whether the unit's variant takes what is in stock before anything is bought. */
export async function prefersStock(
  shopId: string,
  { variantGid }: Pick<DueUnit, 'variantGid'>,
): Promise<boolean> {
  if (variantGid === null) return false;
  return (await db.variantMapping.count({ where: { shopId, variantGid, choice: 'stock' } })) > 0;
}

/** How many of a bundle the account owns, as the supplier lists it now. Throws `ProviderError`. */
export async function stockIn({ provider }: Seller, bundleCode: string): Promise<number> {
  const stock = (await provider.listStock?.()) ?? [];
  return stock.find(({ bundle }) => bundle === bundleCode)?.remaining ?? 0;
}

/**
 * Gives units whose variant prefers stock to an account on its list that has some, where the one they are to be bought of
 * has none. True when they moved. An account that cannot be asked now has none.
 */
export async function moveToStock(supplier: Seller, due: readonly DueUnit[]): Promise<boolean> {
  const { shopId, accountId } = supplier;
  const [first] = due;
  if (!first || first.kind !== 'esim' || !(await prefersStock(shopId, first))) return false;
  const units = await db.unit.findMany({ where: { shopId, id: { in: due.map(({ id }) => id) } } });
  const [unit] = units;
  const plan = (await plansOf(shopId, units)).get(first.id);
  if (!unit || !plan || (await ownedBy(supplier, first.bundleCode)) > 0) return false;
  const passed = passedOverOf(unit);
  const others = plan.list.filter(
    (candidate) =>
      candidate.accountId !== accountId &&
      obstacleOf(candidate) === null &&
      !isPassedOver(candidate, passed, currentTime()),
  );
  for (const candidate of others) {
    const other = await sellerFor({ shopId, accountId: candidate.accountId });
    if (!other.provider.applyFromStock || (await ownedBy(other, candidate.code)) === 0) continue;
    // A stock that was listed and gave nothing an hour ago would send them back and forth.
    if ((await refusedLately(shopId, candidate)) > 0) continue;
    await move(units, candidate, first.bundleCode);
    await wake('purchases.buy', candidate.accountId);
    return true;
  }
  return false;
}

async function ownedBy(supplier: Seller, bundleCode: string): Promise<number> {
  try {
    return await stockIn(supplier, bundleCode);
  } catch (error) {
    if (error instanceof ProviderError) return 0;
    throw error;
  }
}

function refusedLately(shopId: string, { accountId, code }: Candidate): Promise<number> {
  return db.purchaseAttempt.count({
    where: {
      ...{ shopId, accountId, bundleCode: code, how: 'stock', state: 'refused' },
      settledAt: { gt: after(-HOUR) },
    },
  });
}

async function move(
  units: { id: string; shopId: string; orderId: string; state: string; accountId: string | null }[],
  { bundleId, accountId, code }: Candidate,
  instead: string,
) {
  for (const { id, shopId, orderId, state, accountId: from } of units) {
    await transact(async (tx) => {
      const { count } = await tx.unit.updateMany({
        where: { id, shopId, state, accountId: from, goneAt: null },
        data: { state: 'paid', reason: null, holdUntil: null, since: currentTime(), bundleId, accountId },
      });
      const detail = { bundle: code, instead, why: 'stock' };
      if (count === 1) await record([{ shopId, orderId, unitId: id, kind: 'unit.substituted', detail }], tx);
    });
  }
}
