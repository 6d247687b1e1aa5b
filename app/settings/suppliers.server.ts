import { noteBalance } from '../balance/note.server.ts';
import { db, type Transaction } from '../platform/db.server.ts';
import type { Cost } from '../platform/money.ts';
import { wake } from '../platform/queue.server.ts';
import { unseal, type Place } from '../platform/secrets.server.ts';
import { currentTime } from '../platform/time.ts';
import {
  ProviderError,
  sells,
  type Balance,
  type EsimProvider,
  type SellingProvider,
} from '../providers/contract.ts';
import { fieldsOf, type Field } from '../providers/form.ts';
import {
  isProviderKey,
  providers,
  type CallbackWords,
  type ProviderEntry,
  type ProviderKey,
  type ProviderLimits,
} from '../providers/registry.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { sharedSession } from './supplier-session.server.ts';
import { talkTo, type Manners } from './talk-to-supplier.server.ts';

export interface Supplier {
  accountId: string;
  shopId: string;
  /** What merchants call it. */
  title: string;
  /** What the shop calls this account. */
  label: string;
  providerKey: ProviderKey;
  /** The name that text messages come from; null where the supplier does not say. */
  smsSender: string | null;
  provider: EsimProvider;
  /** Tells the key this was made with from one entered since. Nothing secret. */
  keyMark: string;
  /** Use bundles the account owns before ordering new ones. */
  stockFirst: boolean;
  /** Buy once more by itself when a purchase is proved absent. */
  rebuyAfterProof: boolean;
}

/** A supplier that sells. */
export interface Seller extends Supplier {
  limits: ProviderLimits;
  provider: SellingProvider;
}

/**
 * A shop's account with a supplier, ready to talk. Throws when the account is not the shop's, and `ProviderError` of
 * kind `credentials` when it was disconnected: there is no key to ask with.
 */
export async function supplierFor(
  { shopId, accountId }: { shopId: string; accountId: string },
  manners: Manners = {},
): Promise<Supplier> {
  const account = await db.supplierAccount.findFirstOrThrow({ where: { id: accountId, shopId } });
  const keyMark = account.credentials.slice(-16);
  if (!isProviderKey(account.provider)) throw new Error(`account ${accountId} names an unknown supplier`);
  if (account.state === 'disconnected') {
    throw new ProviderError('credentials', `account ${accountId} is disconnected`);
  }
  const credentials: unknown = JSON.parse(unseal(account.credentials, credentialsPlace(shopId, accountId)));
  return {
    accountId,
    shopId,
    title: providers[account.provider].title,
    label: account.label,
    providerKey: account.provider,
    smsSender: entryOf(account.provider).smsSender ?? null,
    provider: talkTo({
      ...{ provider: account.provider, credentials, ...manners },
      session: (wire) => sharedSession({ shopId, accountId, sealed: account.session, keyMark, ...wire }),
    }),
    keyMark,
    stockFirst: account.stockFirst,
    rebuyAfterProof: account.rebuyAfterProof,
  };
}

/** The same for buying, and all that goes with it. Throws for an account of a supplier that sells nothing. */
export async function sellerFor(
  account: { shopId: string; accountId: string },
  manners: Manners = {},
): Promise<Seller> {
  const supplier = await supplierFor(account, manners);
  const { provider, providerKey } = supplier;
  const entry = entryOf(providerKey);
  if (!entry.sells || !sells(provider)) throw new Error(`account ${account.accountId} sells nothing`);
  return { ...supplier, provider, limits: entry.limits };
}

export interface SupplierForm {
  provider: ProviderKey;
  /** False: it only tells of eSIMs that were bought elsewhere. */
  sells: boolean;
  title: string;
  fields: Field[];
  /** How the merchant lets the supplier call us; null where it never calls. */
  callbacks: CallbackWords | null;
}

/** The suppliers one can connect, as the connect form asks for them. */
export function supplierForms(): SupplierForm[] {
  // The registry's keys are its type's.
  const keys = Object.keys(providers) as ProviderKey[];
  return keys.map((provider) => ({
    provider,
    sells: providers[provider].sells,
    title: providers[provider].title,
    fields: fieldsOf(providers[provider].credentials),
    callbacks: providers[provider].callbacks ?? null,
  }));
}

/**
 * Tests the connection: the live balance, null where the supplier sells nothing. What it finds is kept on the account.
 */
export async function testSupplier(shop: Shop, accountId: string): Promise<Cost | null | ProviderError> {
  const { provider } = await supplierFor({ shopId: shop.id, accountId });
  const askedAt = currentTime();
  const tried = await tryKey(provider);
  if (tried instanceof ProviderError) {
    if (tried.kind === 'credentials') await markKeyRefused({ shopId: shop.id, accountId });
    return tried;
  }
  // A key that works again (the supplier's side was wrong) ends the pause too.
  await db.supplierAccount.updateMany({
    where: { id: accountId, shopId: shop.id, state: { not: 'disconnected' } },
    data: { state: 'active' },
  });
  if (tried) await keepBalance({ shopId: shop.id, accountId }, tried, askedAt);
  await wake('purchases.buy', accountId);
  return tried;
}

/** The groups of bundles that the account may sell; null where the supplier does not tell, or not now. */
export async function groupsOf(shop: Pick<Shop, 'id'>, accountId: string): Promise<string[] | null> {
  try {
    const { provider } = await supplierFor({ shopId: shop.id, accountId });
    return (await provider.listGroups?.()) ?? null;
  } catch (error) {
    if (error instanceof ProviderError) return null;
    throw error;
  }
}

/** What the supplier says of its own state; null where it does not tell, or not now. */
export async function healthOf(
  shop: Pick<Shop, 'id'>,
  accountId: string,
): Promise<{ isHealthy: boolean; services: Record<string, string> } | null> {
  const { provider } = await supplierFor({ shopId: shop.id, accountId });
  if (!provider.checkHealth) return null;
  const health = await orProviderError(provider.checkHealth());
  return health instanceof ProviderError ? null : health;
}

/** Stops buying with the account and destroys its key. What was bought stays on record. */
export async function disconnectSupplier(shop: Shop, accountId: string): Promise<void> {
  await db.supplierAccount.update({
    where: { id: accountId, shopId: shop.id },
    data: { state: 'disconnected', credentials: '', session: null, keyLast4: '' },
  });
}

/**
 * The supplier refused the key: buying pauses until the merchant enters a new one. With `keyMark`, only where the key
 * that was refused is still the account's.
 */
export async function markKeyRefused(
  { shopId, accountId, keyMark }: { shopId: string; accountId: string; keyMark?: string | undefined },
  tx: Transaction = db,
): Promise<void> {
  await tx.supplierAccount.updateMany({
    where: {
      ...{ id: accountId, shopId, state: 'active' },
      ...(keyMark !== undefined && { credentials: { endsWith: keyMark } }),
    },
    data: { state: 'key-refused' },
  });
}

/** Asks for the balance and keeps the answer. Null when the supplier does not tell it now. */
export async function refreshBalance({ provider, shopId, accountId }: Seller): Promise<Balance | null> {
  const askedAt = currentTime();
  const balance = await readBalance(provider);
  if (balance) await keepBalance({ shopId, accountId }, balance, askedAt);
  return balance;
}

/** Keeps what the supplier told of the balance: for the pages, the guard, the chart, and to compare the ledger with. */
export async function keepBalance(
  account: { shopId: string; accountId: string },
  balance: Balance,
  askedAt: Date,
): Promise<void> {
  await db.$transaction((tx) => writeBalance(account, balance, askedAt, tx));
}

export async function writeBalance(
  { shopId, accountId }: { shopId: string; accountId: string },
  { amount, currency, testCredit }: Balance,
  askedAt: Date,
  tx: Transaction,
) {
  await tx.supplierAccount.updateMany({
    where: { id: accountId, shopId },
    data: {
      ...{ balance: amount.toFixed(), currency, balanceAt: currentTime() },
      ...(testCredit && { testCredit: testCredit.toFixed() }),
    },
  });
  await noteBalance({ shopId, accountId }, { amount, currency, at: askedAt }, tx);
}

/** The shop's supplier accounts, for pages: never their credentials. */
export function listSuppliers(shop: Shop) {
  return db.supplierAccount.findMany({
    where: { shopId: shop.id },
    select: {
      id: true,
      provider: true,
      sells: true,
      label: true,
      state: true,
      keyLast4: true,
      balance: true,
      currency: true,
      balanceAt: true,
    },
    orderBy: { createdAt: 'asc' },
  });
}

/** Those of them that things are bought from. */
export async function listSellers(shop: Shop) {
  return (await listSuppliers(shop)).filter(({ sells }) => sells);
}

/** The connected accounts whose supplier has an ability, the oldest first. */
export async function accountsAbleTo(
  shop: Shop,
  ability: keyof EsimProvider,
): Promise<{ id: string; label: string }[]> {
  const connected = (await listSuppliers(shop)).filter(({ state }) => state !== 'disconnected');
  const able = await Promise.all(
    connected.map(async ({ id, label }) => {
      const { provider } = await supplierFor({ shopId: shop.id, accountId: id });
      return provider[ability] === undefined ? [] : [{ id, label }];
    }),
  );
  return able.flat();
}

/** The live balance; null when the supplier does not tell it now. */
export async function readBalance(provider: SellingProvider): Promise<Balance | null> {
  const balance = await tryBalance(provider);
  return balance instanceof ProviderError ? null : balance;
}

/** Whether the key works: the balance, and null where there is none to ask for. */
export async function tryKey(provider: EsimProvider): Promise<Balance | null | ProviderError> {
  if (sells(provider)) return tryBalance(provider);
  const answer = await orProviderError(provider.getEsim(NOBODYS_ICCID));
  return answer instanceof ProviderError && answer.kind !== 'rejected' ? answer : null;
}

// No country has the calling code 00, so this is nobody's; its check digit is right.
const NOBODYS_ICCID = '8900000000000000003';

function tryBalance(provider: SellingProvider): Promise<Balance | ProviderError> {
  return orProviderError(provider.getBalance());
}

async function orProviderError<Answer>(asked: Promise<Answer>): Promise<Answer | ProviderError> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
}

function entryOf(key: ProviderKey): ProviderEntry {
  return providers[key];
}

/** Where the credentials of an account are sealed. */
export function credentialsPlace(shopId: string, accountId: string): Place {
  return { table: 'SupplierAccount', column: 'credentials', shopId, rowId: accountId };
}
