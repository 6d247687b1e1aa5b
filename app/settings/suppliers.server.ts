import { randomUUID } from 'node:crypto';
import { noteBalance } from '../balance/note.server.ts';
import { config } from '../platform/config.server.ts';
import { db, type Transaction } from '../platform/db.server.ts';
import { log } from '../platform/log.server.ts';
import type { Cost } from '../platform/money.ts';
import { wake } from '../platform/queue.server.ts';
import { BudgetExhausted, countTurn, holdTurns, takeTurn } from '../platform/rate-limit.server.ts';
import { retryAfterMs } from '../platform/retry-after.ts';
import { seal, unseal, type Place } from '../platform/secrets.server.ts';
import { currentTime, MINUTE, SECOND } from '../platform/time.ts';
import { ProviderError, type Balance, type EsimProvider } from '../providers/contract.ts';
import {
  isProviderKey,
  providers,
  type ProviderEntry,
  type ProviderKey,
  type ProviderLimits,
} from '../providers/registry.server.ts';
import type { Shop } from '../shopify/shops.server.ts';

const BASE_URLS: Record<ProviderKey, string> = { 'esim-go': config.ESIM_GO_BASE_URL };

export interface Supplier {
  accountId: string;
  shopId: string;
  /** What merchants call it. */
  title: string;
  providerKey: ProviderKey;
  limits: ProviderLimits;
  provider: EsimProvider;
  /** Tells the key this was made with from one entered since. Nothing secret. */
  keyMark: string;
  /** Use bundles the account owns before ordering new ones. */
  stockFirst: boolean;
  /** Buy once more by itself when a purchase is proved absent. */
  rebuyAfterProof: boolean;
}

export type SupplierField = ProviderEntry['fields'][number];

/** How requests of this use leave. */
interface Manners {
  /** Asked at the last moment before anything but a read leaves; false stops it. */
  mayStillSend?: () => boolean;
  /** How long to wait for a free turn at the supplier; what can wait asks for none. */
  patienceMs?: number;
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
  if (!isProviderKey(account.provider)) throw new Error(`account ${accountId} names an unknown supplier`);
  if (account.state === 'disconnected') {
    throw new ProviderError('credentials', `account ${accountId} is disconnected`);
  }
  const credentials: unknown = JSON.parse(unseal(account.credentials, credentialsPlace(shopId, accountId)));
  return {
    accountId,
    shopId,
    title: providers[account.provider].title,
    providerKey: account.provider,
    limits: providers[account.provider].limits,
    provider: talkTo(account.provider, credentials, manners),
    keyMark: account.credentials.slice(-16),
    stockFirst: account.stockFirst,
    rebuyAfterProof: account.rebuyAfterProof,
  };
}

/** The suppliers one can connect, as the connect form asks for them. */
export function supplierForms(): { provider: ProviderKey; title: string; fields: SupplierField[] }[] {
  // The registry's keys are its type's.
  const keys = Object.keys(providers) as ProviderKey[];
  return keys.map((provider) => ({
    provider,
    title: providers[provider].title,
    fields: providers[provider].fields,
  }));
}

/** Connects a supplier, or replaces an account's key. The key is tried first: a wrong one changes nothing. */
export async function connectSupplier(
  shop: Shop,
  { provider, credentials }: { provider: ProviderKey; credentials: unknown },
): Promise<
  { status: 'connected'; accountId: string; balance: Cost } | { status: 'refused'; problem: ProviderError }
> {
  const parsed = providers[provider].credentials.parse(credentials);
  const askedAt = currentTime();
  const tried = await tryBalance(talkTo(provider, parsed));
  if (tried instanceof ProviderError) return { status: 'refused', problem: tried };
  const known = await db.supplierAccount.findFirst({ where: { shopId: shop.id, provider } });
  const accountId = known?.id ?? randomUUID();
  const secretField = providers[provider].fields.find(({ secret }) => secret)?.name ?? '';
  const data = {
    credentials: seal(JSON.stringify(parsed), credentialsPlace(shop.id, accountId)),
    keyLast4: (parsed[secretField] ?? '').slice(-4),
    state: 'active',
  };
  await db.$transaction(async (tx) => {
    await tx.supplierAccount.upsert({
      where: { id: accountId, shopId: shop.id },
      create: { id: accountId, shopId: shop.id, provider, label: providers[provider].title, ...data },
      update: data,
    });
    await writeBalance({ shopId: shop.id, accountId }, tried, askedAt, tx);
  });
  // What waited for a working key may be bought now.
  await wake('purchases.buy', accountId);
  return { status: 'connected', accountId, balance: tried };
}

/** The live balance, which is also the test of the connection. What it finds is kept on the account. */
export async function testSupplier(shop: Shop, accountId: string): Promise<Cost | ProviderError> {
  const { provider } = await supplierFor({ shopId: shop.id, accountId });
  const askedAt = currentTime();
  const tried = await tryBalance(provider);
  if (tried instanceof ProviderError) {
    if (tried.kind === 'credentials') await markKeyRefused({ shopId: shop.id, accountId });
    return tried;
  }
  // A key that works again (the supplier's side was wrong) ends the pause too.
  await db.supplierAccount.updateMany({
    where: { id: accountId, shopId: shop.id, state: { not: 'disconnected' } },
    data: { state: 'active' },
  });
  await keepBalance({ shopId: shop.id, accountId }, tried, askedAt);
  await wake('purchases.buy', accountId);
  return tried;
}

/** Stops buying with the account and destroys its key. What was bought stays on record. */
export async function disconnectSupplier(shop: Shop, accountId: string): Promise<void> {
  await db.supplierAccount.update({
    where: { id: accountId, shopId: shop.id },
    data: { state: 'disconnected', credentials: '', keyLast4: '' },
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
export async function refreshBalance({ provider, shopId, accountId }: Supplier): Promise<Balance | null> {
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

async function writeBalance(
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

/** The live balance; null when the supplier does not tell it now. */
export async function readBalance(provider: EsimProvider): Promise<Balance | null> {
  const balance = await tryBalance(provider);
  return balance instanceof ProviderError ? null : balance;
}

async function tryBalance(provider: EsimProvider): Promise<Balance | ProviderError> {
  try {
    return await provider.getBalance();
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
}

function talkTo(
  key: ProviderKey,
  credentials: unknown,
  { mayStillSend, patienceMs = 5 * SECOND }: Manners = {},
): EsimProvider {
  const { limits, title, create } = providers[key];
  const baseUrl = BASE_URLS[key];
  const { host } = new URL(baseUrl);
  // A fifth below the limit: our clock is not the supplier's.
  const perSecond = limits.requestsPerSecond * 0.8;
  let counting = Promise.resolve();
  return create({
    credentials,
    baseUrl,
    fetch: async (input, init) => {
      // Waiting ends long before any time-out, and nothing has left by then, so the purchase is not in doubt.
      await counting;
      await takeTurn(host, perSecond, patienceMs).catch((error: unknown) => {
        if (!(error instanceof BudgetExhausted)) throw error;
        throw new ProviderError('rate-limited', `${title} has no free turn`, { retryAfterMs: error.waitMs });
      });
      if (mayStillSend && init?.method !== undefined && init.method !== 'GET' && !mayStillSend())
        throw new ProviderError('rate-limited', `${title} was not asked: the right to buy has passed on`);
      const response = await fetch(input, init);
      // eSIM Go counts some calls double, and says so in the answer.
      const turns = Number(response.headers.get('x-ratelimit-cost') ?? 1);
      // Not waited for here: a body that nobody reads while its connection closes is an assertion in Node's HTTP client
      // that fails, and takes the process with it.
      if (response.status === 429) counting = counted(holdTurns(host, askedToWaitMs(response)));
      else if (turns > 1) counting = counted(countTurn(host, Math.min(turns, MOST_TURNS), perSecond));
      return response;
    },
    onAnswer: ({ act, method, status, ms }) => {
      log.info('supplier.answered', { provider: key, act, method, status: status ?? 'none', ms });
    },
  });
}

/** What is not counted, since the database is away, shows as a 429 at worst. */
function counted(writing: Promise<void>): Promise<void> {
  return writing.catch((error: unknown) => {
    log.warn('turns.uncounted', {}, error);
  });
}

/** A call that is said to cost more is not believed. */
const MOST_TURNS = 100;

// For everybody behind this address, since the supplier counts by address; never longer than a minute on its word.
function askedToWaitMs(response: Response): number {
  return Math.min(retryAfterMs(response.headers.get('retry-after'), currentTime()) ?? SECOND, MINUTE);
}

/** Where the credentials of an account are sealed. */
export function credentialsPlace(shopId: string, accountId: string): Place {
  return { table: 'SupplierAccount', column: 'credentials', shopId, rowId: accountId };
}
