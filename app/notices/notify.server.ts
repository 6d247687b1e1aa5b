import { db, type Transaction } from '../platform/db.server.ts';
import type { Notice } from './notice.ts';

/** Puts a mail to an eSIM's traveller in its queue; what was told or passed over already stays as it is. */
export async function notice(
  { shopId, esimId, kind, subject }: Notice & { shopId: string; esimId: string },
  tx: Transaction = db,
): Promise<void> {
  await tx.buyerNotice.createMany({ data: [{ shopId, esimId, kind, subject }], skipDuplicates: true });
}
