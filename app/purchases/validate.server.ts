import { record } from '../orders/events.server.ts';
import { db } from '../platform/db.server.ts';
import { transact } from '../platform/transaction.server.ts';
import { sellerFor } from '../settings/suppliers.server.ts';

/**
 * The job of a test order: asks the supplier whether it would sell, so that the merchant's test shows more than a hold.
 * Nothing is bought. Throws `ProviderError`; the sweeper asks again.
 */
export async function validateOrder(orderId: string): Promise<void> {
  const units = await db.unit.findMany({
    where: { orderId, state: 'held', reason: 'test-order', validation: null, accountId: { not: null } },
  });
  for (const bundleId of new Set(units.map((unit) => unit.bundleId))) {
    const alike = units.filter((unit) => unit.bundleId === bundleId);
    const [first] = alike;
    if (!first?.accountId || bundleId === null) continue;
    const { shopId, accountId } = first;
    const bundle = await db.bundle.findFirstOrThrow({
      where: { id: bundleId, shopId },
      select: { code: true },
    });
    const { provider, limits } = await sellerFor({ shopId, accountId });
    const quantity = Math.min(alike.length, limits.maxPerOrder);
    const answer = await provider.validateOrder({ bundle: bundle.code, quantity });
    const validation = answer.status === 'accepted' ? 'accepted' : answer.reason;
    await transact(async (tx) => {
      const ids = alike.map(({ id }) => id);
      const { count } = await tx.unit.updateMany({
        where: { id: { in: ids }, shopId, validation: null },
        data: { validation },
      });
      if (count === 0) return;
      const detail = { bundle: bundle.code, outcome: validation };
      await record(
        ids.map((unitId) => ({ shopId, orderId, unitId, kind: 'purchase.validated', detail })),
        tx,
      );
    });
  }
}

/** Test orders the supplier was not asked about yet: for the sweeper. */
export async function dueValidations(): Promise<string[]> {
  const rows = await db.unit.findMany({
    where: {
      state: 'held',
      reason: 'test-order',
      validation: null,
      order: { shop: { uninstalledAt: null, accounts: { some: { state: 'active' } } } },
      accountId: { not: null },
    },
    select: { orderId: true },
    distinct: ['orderId'],
    take: 100,
  });
  return rows.map(({ orderId }) => orderId);
}
