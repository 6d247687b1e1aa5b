import { databaseNowOnce, db } from '../platform/db.server.ts';
import { journalPast } from '../platform/intent-journal.server.ts';
import { withLease } from '../platform/lease.server.ts';
import { log } from '../platform/log.server.ts';
import { wake } from '../platform/queue.server.ts';
import { after, currentTime, MINUTE, SECOND } from '../platform/time.ts';
import { ProviderError, type SellingProvider, type ProviderPurchase } from '../providers/contract.ts';
import { conclude } from '../purchases/carry-out.server.ts';
import { buyingLease } from '../purchases/due.server.ts';
import { CLOCK_PADDING_MS } from '../purchases/evidence.ts';
import { remember } from '../purchases/remember.server.ts';
import { claimedOf } from '../purchases/settle.server.ts';
import { markKeyRefused, sellerFor } from '../settings/suppliers.server.ts';
import { findShop } from '../shopify/shops.server.ts';
import { claimTagged } from './claim-tagged.server.ts';
import { claimTopUps } from './claim-top-ups.server.ts';
import { judgeRest } from './judge-rest.server.ts';
import type { Account } from './lost-purchase.ts';
import { compare } from './reconcile.server.ts';
import { forgotten } from './restore.ts';
import { recordRun } from './runs.server.ts';

/**
 * The job of an account whose database may have forgotten purchases: brings back the orders of the gap, then the
 * purchases, then lets buying go on. Each step looks first at what is known, so a repeat does what is left. Throws
 * `ProviderError` and `ShopifyError`; buying stays stopped, and it is tried again in a minute.
 */
export async function recoverAccount(accountId: string): Promise<void> {
  const account = await db.supplierAccount.findUniqueOrThrow({
    where: { id: accountId },
    include: { shop: true },
  });
  // Nobody buys while this looks, so an order nobody claims is not one that is being answered this moment.
  const outcome = await withLease(buyingLease(accountId), async () => {
    const pace = await db.buyingPace.findUnique({ where: { accountId } });
    if (!pace?.auditSince || account.state !== 'active') return;
    const { shopId } = account;
    const { auditSince: since, auditUntil: until } = pace;
    const isFinal = until === null || until <= currentTime();
    await db.buyingPace.update({ where: { accountId }, data: { auditNextAt: after(MINUTE) } });
    await recordRun({ kind: 'recover', shopId, accountId }, async () => {
      const shop = await findShop(account.shop.domain);
      if (shop) await compare(shop, { since });
      return recover(account, { since, judges: isFinal && until !== null });
    });
    // A second gap that was noticed meanwhile is looked at by itself.
    await db.buyingPace.updateMany({
      where: { accountId, auditSince: since, auditUntil: until },
      data: isFinal ? { auditSince: null, auditUntil: null, auditNextAt: null } : { auditNextAt: until },
    });
  });
  if (outcome === 'taken') await wake('accounts.recover', accountId, 2 * SECOND);
  else await wake('purchases.buy', accountId);
}

/** Accounts to compare now: for the sweeper. */
export async function dueRecoveries(): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT a.id FROM "SupplierAccount" a
    JOIN "Shop" s ON s.id = a."shopId" AND s."uninstalledAt" IS NULL
    JOIN "BuyingPace" p ON p."accountId" = a.id
    WHERE a.state = 'active' AND a.sells AND p."auditSince" IS NOT NULL
      AND (p."auditNextAt" IS NULL OR p."auditNextAt" <= ${databaseNowOnce})`;
  return rows.map(({ id }) => id);
}

async function recover(account: Account, { since, judges }: { since: Date; judges: boolean }) {
  await interruptAll(account);
  const replayed = await replay(account);
  try {
    const { provider } = await sellerFor({ shopId: account.shopId, accountId: account.id });
    const unclaimed = await listUnclaimed(account, provider, since);
    const { rest, claimed } = await claimTopUps(account, unclaimed);
    const { untagged, tagged } = await claimTagged(account, provider, rest);
    const { adopted, parked } = judges ? await judgeRest(account, untagged) : { adopted: 0, parked: 0 };
    const findings = { replayed, tagged: tagged + claimed, adopted, parked };
    log.warn('account.recovered', {
      accountId: account.id,
      count: replayed + tagged + claimed + adopted + parked,
    });
    return findings;
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'credentials')
      await markKeyRefused({ shopId: account.shopId, accountId: account.id });
    throw error;
  }
}

/** While this process holds the right to buy, nobody is behind a purchase that is said to be leaving. */
async function interruptAll({ id: accountId, shopId }: Account) {
  const sending = await db.purchaseAttempt.findMany({ where: { shopId, accountId, state: 'sending' } });
  for (const { id } of sending) await conclude(id, { type: 'interrupted' });
}

/** The purchases the journal names and the database does not: each is looked up as if its answer had been lost. */
async function replay({ id: accountId, shopId }: Account): Promise<number> {
  const intents = journalPast().intents.filter((intent) => intent.accountId === accountId);
  const known = await db.purchaseAttempt.findMany({
    where: { shopId, accountId, id: { in: intents.map(({ attemptId }) => attemptId) } },
    select: { id: true, state: true },
  });
  // One that a person asked for was on record before it was sent.
  for (const { id, state } of known) if (state === 'asked') await conclude(id, { type: 'interrupted' });
  let replayed = 0;
  for (const intent of forgotten(intents, new Set(known.map(({ id }) => id)))) {
    const attemptId = await remember({ ...intent, sentAt: new Date(intent.sentAt) });
    if (attemptId === null) continue;
    replayed++;
    await wake('purchases.settle', attemptId);
  }
  return replayed;
}

/** What the supplier sold since then and no attempt claims, oldest first. What a person has dismissed stays so. */
async function listUnclaimed(
  { id: accountId, shopId }: Account,
  provider: SellingProvider,
  since: Date,
): Promise<ProviderPurchase[]> {
  const purchases: ProviderPurchase[] = [];
  for await (const purchase of provider.listPurchases({ since, until: after(CLOCK_PADDING_MS) }))
    purchases.push(purchase);
  const references = purchases.map(({ orderReference }) => orderReference);
  const claimed = await claimedOf({ shopId, accountId }, references);
  const dismissed = await db.unclaimedOrder.findMany({
    where: { shopId, accountId, orderReference: { in: references }, state: 'dismissed', note: { not: null } },
    select: { orderReference: true },
  });
  const ours = new Set(dismissed.map(({ orderReference }) => orderReference));
  return purchases
    .filter(({ orderReference }) => !claimed.has(orderReference) && !ours.has(orderReference))
    .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
}
