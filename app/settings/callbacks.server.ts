import { config } from '../platform/config.server.ts';
import { db } from '../platform/db.server.ts';
import { hashToken, newToken, seal, unseal, type Place } from '../platform/secrets.server.ts';
import { after, currentTime, MINUTE } from '../platform/time.ts';
import { ProviderError } from '../providers/contract.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { supplierFor } from './suppliers.server.ts';

/** Where a supplier calls a shop, and what came of it. */
export interface CallbackPlace {
  accountId: string;
  /** Whoever knows it may call. */
  url: string;
  takesUnsigned: boolean;
  /** When calls were taken last, within a minute. */
  takenAt: Date | null;
  /** The same of those that were turned away because their signature was missing or wrong. */
  refusedAt: Date | null;
}

/** The place of a connected account, made when it is first asked for. Throws when the account is not the shop's. */
export async function callbackPlace(shop: Shop, accountId: string): Promise<CallbackPlace> {
  const where = { id: accountId, shopId: shop.id };
  const { callbackToken } = await db.supplierAccount.findFirstOrThrow({ where });
  // Two first looks at once make one address: the later one finds it made.
  if (callbackToken === null) await writeToken(shop, accountId, { onlyWithout: true });
  const account = await db.supplierAccount.findFirstOrThrow({ where });
  if (account.callbackToken === null) throw new Error(`account ${accountId} has no address for callbacks`);
  return {
    accountId,
    url: urlOf(unseal(account.callbackToken, placeOf(shop, accountId))),
    takesUnsigned: account.takesUnsigned,
    takenAt: account.callbackAt,
    refusedAt: account.callbackRefusedAt,
  };
}

/**
 * Has a supplier that is told such things by the app call the account's place; it tries that at once. Returns why it does
 * not. Throws when the account is not the shop's.
 */
export async function subscribeToCallbacks(shop: Shop, accountId: string): Promise<ProviderError | null> {
  const { provider } = await supplierFor({ shopId: shop.id, accountId });
  const { url } = await callbackPlace(shop, accountId);
  if (!provider.subscribe) throw new Error(`account ${accountId} is told no address`);
  try {
    await provider.subscribe(url);
    return null;
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
}

/** From now on the supplier must call another address; the old one is unknown at once. */
export async function renewCallbackPlace(shop: Shop, accountId: string): Promise<void> {
  await writeToken(shop, accountId, { onlyWithout: false });
}

export async function takeUnsigned(shop: Shop, accountId: string, takesUnsigned: boolean): Promise<void> {
  await db.supplierAccount.updateMany({ where: { id: accountId, shopId: shop.id }, data: { takesUnsigned } });
}

/** An account as a call finds it. */
export interface CalledAccount {
  shopId: string;
  accountId: string;
  takesUnsigned: boolean;
  takenAt: Date | null;
  refusedAt: Date | null;
}

/** The account that is called at an address; null for one that is unknown, was renewed, or is of nobody any more. */
export async function accountOfCallback(token: string): Promise<CalledAccount | null> {
  const account = await db.supplierAccount.findUnique({
    where: { callbackTokenHash: hashToken(token) },
    include: { shop: { select: { uninstalledAt: true } } },
  });
  if (!account || account.state === 'disconnected' || account.shop.uninstalledAt) return null;
  const { id: accountId, shopId, takesUnsigned, callbackAt, callbackRefusedAt } = account;
  return { shopId, accountId, takesUnsigned, takenAt: callbackAt, refusedAt: callbackRefusedAt };
}

// Once a minute is enough to show that some come; and of many at once, none waits for another's row.
const isRecent = (at: Date | null) => at !== null && at > after(-MINUTE);

export async function noteCallbackTaken({ shopId, accountId, takenAt }: CalledAccount): Promise<void> {
  if (isRecent(takenAt)) return;
  await db.supplierAccount.updateMany({
    where: { id: accountId, shopId },
    data: { callbackAt: currentTime() },
  });
}

export async function noteCallbackRefused({ shopId, accountId, refusedAt }: CalledAccount): Promise<void> {
  if (isRecent(refusedAt)) return;
  await db.supplierAccount.updateMany({
    where: { id: accountId, shopId },
    data: { callbackRefusedAt: currentTime() },
  });
}

async function writeToken(shop: Shop, accountId: string, { onlyWithout }: { onlyWithout: boolean }) {
  const { token, tokenHash } = newToken();
  await db.supplierAccount.updateMany({
    where: { id: accountId, shopId: shop.id, ...(onlyWithout && { callbackToken: null }) },
    data: {
      callbackToken: seal(token, placeOf(shop, accountId)),
      callbackTokenHash: tokenHash,
      ...(!onlyWithout && { callbackAt: null, callbackRefusedAt: null }),
    },
  });
}

const urlOf = (token: string) => `${config.SHOPIFY_APP_URL.replace(/\/+$/, '')}/webhooks/providers/${token}`;

function placeOf(shop: Shop, accountId: string): Place {
  return { table: 'SupplierAccount', column: 'callbackToken', shopId: shop.id, rowId: accountId };
}
