import { randomUUID } from 'node:crypto';
import { record } from '../orders/events.server.ts';
import { db } from '../platform/db.server.ts';
import { currentTime } from '../platform/time.ts';

export interface Forgotten {
  /** The attempt's own id, where it is known. */
  attemptId?: string;
  shopId: string;
  accountId: string;
  how: 'order' | 'stock';
  bundleCode: string;
  quantity: number;
  sentAt: Date;
  unitIds: readonly string[];
}

/**
 * Writes a purchase that the database has forgotten again, as one in doubt, so that its units are not bought again
 * before it is looked up. Returns its id, or null when none of its units waits to be bought: then there is nothing
 * here that it could be bought for.
 */
export async function remember({
  attemptId: id = randomUUID(),
  unitIds,
  ...purchase
}: Forgotten): Promise<string | null> {
  const { shopId, accountId, bundleCode } = purchase;
  return db.$transaction(async (tx) => {
    const waiting = await tx.unit.findMany({
      where: { id: { in: [...unitIds] }, shopId, state: { in: ['paid', 'held'] } },
      select: { id: true, orderId: true },
    });
    if (waiting.length === 0) return null;
    const bundle = await tx.bundle.findUnique({ where: { accountId_code: { accountId, code: bundleCode } } });
    const now = currentTime();
    await tx.purchaseAttempt.create({
      // No lease stands behind it: the fence is older than any.
      data: { id, ...purchase, state: 'in-doubt', fence: 0, nextLookAt: now },
    });
    await tx.unit.updateMany({
      where: { id: { in: waiting.map((unit) => unit.id) }, shopId, state: { in: ['paid', 'held'] } },
      data: {
        ...{ state: 'buying', reason: null, holdUntil: null, since: now, attemptId: id, accountId },
        ...(bundle && { bundleId: bundle.id }),
      },
    });
    await record(
      waiting.map((unit) => ({
        ...{ shopId, orderId: unit.orderId, unitId: unit.id },
        kind: 'purchase.remembered',
        detail: { bundle: bundleCode },
      })),
      tx,
    );
    return id;
  });
}
