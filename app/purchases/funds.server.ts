import { refreshBalance, sellerFor } from '../settings/suppliers.server.ts';
import { releaseHeld } from './release-held.server.ts';

/**
 * The balance of an account may be another: it is asked for, and what waits for money is looked at now instead of at its
 * time. False when the supplier does not tell it now.
 */
export async function lookForFunds(account: { shopId: string; accountId: string }): Promise<boolean> {
  const balance = await refreshBalance(await sellerFor(account));
  if (!balance) return false;
  await releaseWaiting(account);
  return true;
}

/** What waits for money is looked at now instead of at its time: the balance has grown. */
export async function releaseWaiting(account: { shopId: string; accountId: string }): Promise<void> {
  await releaseHeld(account, ['funds', 'reserve']);
}
