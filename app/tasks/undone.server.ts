import type { Transaction } from '../platform/db.server.ts';

/** Says of items of a finished task that a later one took their effect back. */
export async function markUndone(
  shop: { id: string },
  taskId: string,
  subjects: string[],
  tx: Transaction,
): Promise<void> {
  await tx.taskItem.updateMany({
    where: { shopId: shop.id, taskId, state: 'done', subject: { in: subjects } },
    data: { state: 'undone' },
  });
}
