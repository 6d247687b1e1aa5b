import type { Transaction } from '../platform/db.server.ts';

/** Of the order's e-mails; 0 before the first. One without an address has no version 1, so they are not as many as that. */
export async function lastVersion(
  tx: Transaction,
  { shopId, orderId }: { shopId: string; orderId: string },
): Promise<number> {
  const { _max } = await tx.delivery.aggregate({ where: { orderId, shopId }, _max: { version: true } });
  return _max.version ?? 0;
}
