import { randomUUID } from 'node:crypto';
import { record } from '../orders/events.server.ts';
import { currentTime } from '../platform/time.ts';
import { transact } from '../platform/transaction.server.ts';
import type { How } from './evidence.ts';

export interface Forgotten {
  /** The attempt's own id, where it is known. */
  attemptId?: string;
  shopId: string;
  accountId: string;
  how: How;
  /** The eSIM of a top-up. */
  esimId: string | null;
  bundleCode: string;
  quantity: number;
  sentAt: Date;
  unitIds: readonly string[];
}

/**
 * Writes a purchase that the database has forgotten again, as one in doubt, so that its units are not bought again
 * before it is looked up. Returns its id, or null when none of its units waits to be bought: then there is nothing
 * here that it could be bought for. A top-up of an eSIM that is here needs none: a person may have asked for it.
 */
export async function remember({
  attemptId: id = randomUUID(),
  unitIds,
  ...purchase
}: Forgotten): Promise<string | null> {
  const { shopId, accountId, bundleCode } = purchase;
  return transact(async (tx) => {
    const waiting = await tx.unit.findMany({
      where: { id: { in: [...unitIds] }, shopId, state: { in: ['paid', 'held'] } },
      select: { id: true, orderId: true },
    });
    const isAsked = unitIds.length === 0 && purchase.esimId !== null;
    if (isAsked && (await tx.esim.count({ where: { id: purchase.esimId ?? '', shopId } })) === 0) return null;
    if (waiting.length === 0 && !isAsked) return null;
    const bundle = await tx.bundle.findUnique({ where: { accountId_code: { accountId, code: bundleCode } } });
    const now = currentTime();
    await tx.purchaseAttempt.create({
      // No lease stands behind it: the fence is older than any.
      data: {
        ...{ id, ...purchase, state: 'in-doubt', fence: 0, nextLookAt: now },
        // Who asked is forgotten as well.
        ...(isAsked && { askedBy: 'somebody of staff' }),
      },
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
        detail: { bundle: bundleCode, attempt: id },
      })),
      tx,
    );
    return id;
  });
}
