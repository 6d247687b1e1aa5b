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
  await db.buyingLease.createMany({ data: { accountId }, skipDuplicates: true });
  const { count } = await db.buyingLease.updateMany({
    where: { accountId, OR: [{ until: null }, { until: { lt: now } }] },
    data: { holder, until: after(LEASE_MS, now), fence: { increment: 1 } },
  });
  if (count === 0) return null;
  const { fence } = await db.buyingLease.findUniqueOrThrow({ where: { accountId } });
  return { accountId, holder, fence };
}

/** Extends the lease in the caller's transaction. False: it is somebody else's now, and nothing may be sent. */
export async function holdLease({ accountId, holder, fence }: Lease, tx: Transaction): Promise<boolean> {
  const { count } = await tx.buyingLease.updateMany({
    where: { accountId, holder, fence },
    data: { until: after(LEASE_MS), lastPurchaseAt: new Date() },
  });
  return count === 1;
}

/** When the account last bought, and until when the supplier wants to be left alone. */
export async function pace(
  accountId: string,
): Promise<{ lastPurchaseAt: Date | null; waitUntil: Date | null }> {
  return db.buyingLease.findUniqueOrThrow({
    where: { accountId },
    select: { lastPurchaseAt: true, waitUntil: true },
  });
}

export async function releaseLease({ accountId, holder }: Lease): Promise<void> {
  await db.buyingLease.updateMany({ where: { accountId, holder }, data: { holder: null, until: null } });
}
