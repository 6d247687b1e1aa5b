import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { db } from '../platform/db.server.ts';
import type { Cost } from '../platform/money.ts';
import { wake } from '../platform/queue.server.ts';
import { seal, unseal } from '../platform/secrets.server.ts';
import { currentTime } from '../platform/time.ts';
import { ProviderError } from '../providers/contract.ts';
import { fieldsOf, type Field } from '../providers/form.ts';
import { isProviderKey, providers, type ProviderKey } from '../providers/registry.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { mayAsk } from './supplier-address.server.ts';
import { triedSession } from './supplier-session.server.ts';
import { credentialsPlace, tryKey, writeBalance } from './suppliers.server.ts';
import { addressField, talkTo } from './talk-to-supplier.server.ts';

/** What a merchant entered. */
export interface Connecting {
  provider: ProviderKey;
  credentials: Record<string, string>;
  /** Whose key is replaced, or that is connected again; null for one that is new here. */
  accountId: string | null;
  /** What the merchant calls the account; empty for the supplier's own name. */
  label: string;
}

export type Connected =
  | { status: 'connected'; accountId: string; balance: Cost | null }
  | { status: 'refused'; problem: ProviderError }
  /** What is wrong with a field of the form, by its name. */
  | { status: 'invalid'; fields: Record<string, string> };

/**
 * Connects a supplier, or changes how an account is reached; a secret that is left empty there stays as it is. The key is tried
 * first: a wrong one changes nothing. One that an account of the shop has already is that account's, however often it is
 * entered. Throws when the account is not the shop's.
 */
export async function connectSupplier(shop: Shop, entered: Connecting): Promise<Connected> {
  const { provider } = entered;
  const read = readCredentials({ ...entered, credentials: await withKeptSecrets(shop, entered) });
  if (read.status === 'invalid') return read;
  const { credentials } = read;
  const askedAt = currentTime();
  let session: ReturnType<typeof triedSession> | null = null;
  const tried = await tryKey(
    talkTo({ provider, credentials, session: (wire) => (session = triedSession(wire)) }),
  );
  if (tried instanceof ProviderError) return { status: 'refused', problem: tried };
  const accountId = await db.$transaction(async (tx) => {
    // Two presses at once: the second one waits here, and then sees the first one's account.
    await tx.$queryRaw`SELECT id FROM "Shop" WHERE id = ${shop.id} FOR UPDATE`;
    const accounts = await tx.supplierAccount.findMany({ where: { shopId: shop.id, provider } });
    const same = accounts.find((account) => isSame(account, provider, credentials));
    if (same && entered.accountId !== null && same.id !== entered.accountId) return null;
    const id = same?.id ?? entered.accountId ?? randomUUID();
    const data = {
      credentials: seal(JSON.stringify(credentials), credentialsPlace(shop.id, id)),
      session: session?.sealFor({ shopId: shop.id, accountId: id }) ?? null,
      ...{ keyLast4: keyEnd(provider, credentials), state: 'active', sells: providers[provider].sells },
    };
    const label = entered.label || nextLabel(providers[provider].title, accounts);
    await tx.supplierAccount.upsert({
      where: { id, shopId: shop.id, provider },
      create: { id, shopId: shop.id, provider, label, ...data },
      update: { ...data, ...(entered.label && { label }) },
    });
    if (tried) await writeBalance({ shopId: shop.id, accountId: id }, tried, askedAt, tx);
    return id;
  });
  if (accountId === null) {
    const field = keyField(provider)?.name ?? '';
    return { status: 'invalid', fields: { [field]: 'Another account of this shop is connected with it.' } };
  }
  // What waited for a working key may be bought now.
  await wake('purchases.buy', accountId);
  return { status: 'connected', accountId, balance: tried };
}

async function withKeptSecrets(
  shop: Pick<Shop, 'id'>,
  { provider, accountId, credentials }: Connecting,
): Promise<Record<string, string>> {
  if (accountId === null) return credentials;
  const account = await db.supplierAccount.findFirst({ where: { id: accountId, shopId: shop.id, provider } });
  const known = account && openCredentials(account);
  const place = addressField(providers[provider]);
  // A secret goes to no other address than the one it was entered for.
  if (!known || (place !== undefined && known[place] !== credentials[place]?.trim())) return credentials;
  const kept = secretsOf(provider).filter(({ name }) => credentials[name]?.trim() === '');
  return { ...credentials, ...Object.fromEntries(kept.map(({ name }) => [name, known[name] ?? ''])) };
}

function readCredentials({
  provider,
  credentials,
}: Connecting):
  | { status: 'read'; credentials: Record<string, string> }
  | { status: 'invalid'; fields: Record<string, string> } {
  const read = providers[provider].credentials.safeParse(credentials);
  const fields = { ...wrongAddress(provider, credentials), ...(read.error && wrongFields(read.error)) };
  return read.success && Object.keys(fields).length === 0
    ? { status: 'read', credentials: read.data }
    : { status: 'invalid', fields };
}

function wrongAddress(provider: ProviderKey, entered: Record<string, string>): Record<string, string> {
  const name = addressField(providers[provider]);
  if (name === undefined || mayAsk(entered[name]?.trim() ?? '')) return {};
  return { [name]: 'Enter an address on the internet that begins with https://.' };
}

/** Whether an account is reached with these: the same key, or the same log-in at the same place. */
function isSame(account: SealedAccount, provider: ProviderKey, entered: Record<string, string>): boolean {
  const known = openCredentials(account);
  if (known === null) return false;
  // A password may be new, and it is the same account.
  const names = fieldsOf(providers[provider].credentials)
    .filter(({ kind, onlyWith }) => kind !== 'password' && kind !== 'choice' && !onlyWith)
    .map(({ name }) => name);
  return names.every((name) => known[name] === entered[name]);
}

type SealedAccount = { id: string; shopId: string; provider: string; credentials: string };

/** Null for one that is disconnected, or whose credentials cannot be read. */
function openCredentials({
  id,
  shopId,
  provider,
  credentials,
}: SealedAccount): Record<string, string> | null {
  if (credentials === '' || !isProviderKey(provider)) return null;
  try {
    const text = unseal(credentials, credentialsPlace(shopId, id));
    return providers[provider].credentials.parse(JSON.parse(text));
  } catch {
    // It is another key of ours, or text of nobody's: what is entered replaces it.
    return null;
  }
}

/** What is entered in an account's form but for its secrets, to be seen again; empty for one that is disconnected. */
export async function enteredFor(shop: Pick<Shop, 'id'>, accountId: string): Promise<Record<string, string>> {
  const account = await db.supplierAccount.findFirstOrThrow({ where: { id: accountId, shopId: shop.id } });
  const credentials = openCredentials(account);
  if (credentials === null || !isProviderKey(account.provider)) return {};
  const shown = fieldsOf(providers[account.provider].credentials).filter(
    ({ kind }) => kind !== 'key' && kind !== 'password',
  );
  return Object.fromEntries(shown.map(({ name }) => [name, credentials[name] ?? '']));
}

function nextLabel(title: string, accounts: { label: string }[]): string {
  const taken = new Set(accounts.map(({ label }) => label));
  for (let count = 1; ; count += 1) {
    const label = count === 1 ? title : `${title} ${String(count)}`;
    if (!taken.has(label)) return label;
  }
}

function keyField(provider: ProviderKey): Field | undefined {
  return secretsOf(provider)[0];
}

function secretsOf(provider: ProviderKey): Field[] {
  return fieldsOf(providers[provider].credentials).filter(
    ({ kind }) => kind === 'key' || kind === 'password',
  );
}

/** The last four characters, by which a merchant tells keys apart; none of a password. */
function keyEnd(provider: ProviderKey, credentials: Record<string, string>): string {
  const field = keyField(provider);
  return field?.kind === 'key' ? (credentials[field.name] ?? '').slice(-4) : '';
}

/** The first complaint about each. */
function wrongFields({ issues }: z.ZodError): Record<string, string> {
  return Object.fromEntries(issues.toReversed().map(({ path, message }) => [String(path[0]), message]));
}
