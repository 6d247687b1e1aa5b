import type { HoldReason } from '../orders/line.ts';
import { db } from '../platform/db.server.ts';
import { wake } from '../platform/queue.server.ts';
import { currentTime } from '../platform/time.ts';

/** What is held at an account for one of these reasons is tried now: what stood in the way may be gone. */
export async function releaseHeld(
  account: { shopId: string; accountId: string },
  reasons: HoldReason[],
): Promise<void> {
  const { count } = await db.unit.updateMany({
    where: { ...account, state: 'held', reason: { in: reasons } },
    data: { holdUntil: currentTime() },
  });
  if (count > 0) await wake('purchases.buy', account.accountId);
}
