import { randomUUID } from 'node:crypto';
import { db, type Transaction } from '../platform/db.server.ts';
import { after, MINUTE } from '../platform/time.ts';

/** The right to buy with an account, one holder at a time. The fence grows with each holder and never repeats. */
export interface Lease {
  accountId: string;
  holder: string;
  fence: number;
}

// Longer than a purchase may take, so that a lease is lost by a process that died, not by one that waits.
const LEASE_MS = 2 * MINUTE;

export async function takeLease(accountId: string): Promise<Lease | null> {
  const now = new Date();
  const holder = randomUUID();
  const { count } = await db.supplierAccount.updateMany({
    where: { id: accountId, OR: [{ leaseUntil: null }, { leaseUntil: { lt: now } }] },
    data: { leaseHolder: holder, leaseUntil: after(LEASE_MS, now), leaseFence: { increment: 1 } },
  });
  if (count === 0) return null;
  const { leaseFence } = await db.supplierAccount.findUniqueOrThrow({ where: { id: accountId }, select: { leaseFence: true } });
  return { accountId, holder, fence: leaseFence };
}

/** Extends the lease in the caller's transaction. False: it is somebody else's now, and nothing may be sent. */
export async function holdLease({ accountId, holder, fence }: Lease, tx: Transaction): Promise<boolean> {
  const { count } = await tx.supplierAccount.updateMany({
    where: { id: accountId, leaseHolder: holder, leaseFence: fence },
    data: { leaseUntil: after(LEASE_MS), lastPurchaseAt: new Date() },
  });
  return count === 1;
}

export async function releaseLease({ accountId, holder }: Lease): Promise<void> {
  await db.supplierAccount.updateMany({ where: { id: accountId, leaseHolder: holder }, data: { leaseHolder: null, leaseUntil: null } });
}
