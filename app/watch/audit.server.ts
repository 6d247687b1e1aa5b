import { postElsewhere } from '../balance/elsewhere.server.ts';
import { db } from '../platform/db.server.ts';
import { withLease } from '../platform/lease.server.ts';
import { after, currentTime, DAY, HOUR, MINUTE, msSince } from '../platform/time.ts';
import type { ProviderPurchase } from '../providers/contract.ts';
import { conclude } from '../purchases/carry-out.server.ts';
import { isRecovering } from '../purchases/due.server.ts';
import { CLOCK_PADDING_MS } from '../purchases/evidence.ts';
import { askedBy, claimedOf, knownOrders } from '../purchases/settle.server.ts';
import { refreshBalance, sellerFor } from '../settings/suppliers.server.ts';
import { audit } from './audit.ts';
import { recordRun } from './runs.server.ts';

/** How often the supplier's orders are compared with the ledger, and how far back each look goes. */
export const AUDIT_EVERY_MS = HOUR;
const LOOK_BACK_MS = DAY;
// A younger order may belong to a purchase that is under way.
const YOUNG_MS = 15 * MINUTE;

interface Account {
  id: string;
  shopId: string;
}

/**
 * The job of a supplier account: compares what the supplier sold in the last day with what the ledger claims. An
 * order that fits exactly one purchase whose answer was lost is adopted; one that nobody claims is shown to the
 * merchant: money was spent, and nothing delivered. Buys nothing. Throws `ProviderError`.
 */
export async function auditAccount(accountId: string): Promise<void> {
  const account = await db.supplierAccount.findUniqueOrThrow({ where: { id: accountId } });
  if (account.state !== 'active' || (await isRecovering(accountId))) return;
  const { shopId } = account;
  await withLease(`audit ${accountId}`, async () => {
    const since = after(-LOOK_BACK_MS, account.auditedAt ?? account.createdAt);
    await recordRun({ kind: 'audit', shopId, accountId }, () => auditSince(account, since));
    await db.supplierAccount.update({ where: { id: accountId, shopId }, data: { auditedAt: currentTime() } });
  });
}

/** Compares the supplier's orders since an instant with the ledger, and acts on what that proves. */
export async function auditSince(
  { id: accountId, shopId }: Account,
  since: Date,
): Promise<{ seen: number; adopted: number; orphans: number }> {
  const supplier = await sellerFor({ shopId, accountId });
  // What the ledger is compared with, of the same moment.
  await refreshBalance(supplier);
  const purchases: ProviderPurchase[] = [];
  for await (const purchase of supplier.provider.listPurchases({ since, until: after(CLOCK_PADDING_MS) }))
    purchases.push(purchase);
  const [known, open] = await Promise.all([
    knownOrders({ shopId, accountId }, purchases),
    db.purchaseAttempt.findMany({
      where: {
        ...{ shopId, accountId, orderReference: null },
        // One that is just being sent is not adopted for, and what may be its order is not given to another.
        OR: [{ state: { in: ['sending', 'in-doubt'] } }, { state: 'parked', reason: 'no-such-order' }],
      },
    }),
  ]);
  const { adopt, orphans } = audit(
    purchases,
    open.map((attempt) => ({ id: attempt.id, ...askedBy(attempt) })),
    known,
  );
  for (const { attemptId, purchase } of adopt) {
    const { orderReference, total, sourceIp } = purchase;
    await conclude(attemptId, { type: 'found' }, { orderReference, total, sourceIp });
  }
  const old = orphans.filter(({ purchase }) => msSince(purchase.createdAt) > YOUNG_MS);
  await keepOrphans({ id: accountId, shopId }, old);
  return { seen: purchases.length, adopted: adopt.length, orphans: old.length };
}

async function keepOrphans(
  { id: accountId, shopId }: Account,
  orphans: { purchase: ProviderPurchase; isOurs: boolean }[],
) {
  await db.unclaimedOrder.createMany({
    data: orphans.map(({ purchase, isOurs }) => ({
      ...{ shopId, accountId, isOurs },
      orderReference: purchase.orderReference,
      bundleCode: purchase.items.map(({ bundle }) => bundle).join(', '),
      quantity: purchase.items.reduce((sum, { quantity }) => sum + quantity, 0),
      total: purchase.total?.amount.toString() ?? null,
      currency: purchase.total?.currency ?? null,
      sourceIp: purchase.sourceIp,
      orderedAt: purchase.createdAt,
      // What came from elsewhere was bought by hand: listed, and nothing that waits for the merchant.
      state: isOurs ? 'open' : 'dismissed',
    })),
    skipDuplicates: true,
  });
  for (const { purchase } of orphans) {
    const { orderReference: reference, total, createdAt: orderedAt } = purchase;
    await postElsewhere({ shopId, accountId, reference, total, orderedAt });
  }
  // An order that was claimed after all is no orphan any more.
  const open = await db.unclaimedOrder.findMany({ where: { accountId, shopId, state: 'open' } });
  const claimed = await claimedOf(
    { shopId, accountId },
    open.map(({ orderReference }) => orderReference),
  );
  await db.unclaimedOrder.updateMany({
    where: { accountId, shopId, state: 'open', orderReference: { in: [...claimed] } },
    data: { state: 'adopted', closedAt: currentTime() },
  });
}

/** Accounts whose supplier's orders should be compared now: for the sweeper. */
export async function dueAudits(): Promise<string[]> {
  const rows = await db.supplierAccount.findMany({
    where: {
      ...{ sells: true, state: 'active' },
      shop: { uninstalledAt: null },
      OR: [
        // An account that was just connected has nothing to compare yet.
        { auditedAt: null, createdAt: { lt: after(-AUDIT_EVERY_MS) } },
        { auditedAt: { lt: after(-AUDIT_EVERY_MS) } },
      ],
    },
    select: { id: true },
    take: 100,
  });
  return rows.map(({ id }) => id);
}
