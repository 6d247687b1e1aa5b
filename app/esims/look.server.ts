import { isDeepStrictEqual } from 'node:util';
import { db, Prisma, type Transaction } from '../platform/db.server.ts';
import { log } from '../platform/log.server.ts';
import { after, currentTime, DAY, msSince, SECOND } from '../platform/time.ts';
import { transact } from '../platform/transaction.server.ts';
import {
  ProviderError,
  type EsimProvider,
  type HistoryEntry,
  type ProviderErrorKind,
} from '../providers/contract.ts';
import { markKeyRefused, supplierFor } from '../settings/suppliers.server.ts';
import { recordEsim, type NewEsimEvent } from './events.server.ts';
import { FIRST_RETRY_MS, MOST_RETRY_MS, nextLook } from './next-look.ts';
import { once } from './once.ts';
import { reading, type KeptBundle, type KeptNetwork, type Reading, type Told } from './reading.ts';
import { openEsim } from './save.server.ts';

/**
 * Reads an eSIM at its supplier and brings our rows to it: profile, bundles with their usage, where it was last seen, and
 * what happened since. `unchanged`: only the time of the look was written. Any other word is why it could not be read: what
 * was known stays, with the problem beside it – save `rate-limited`, which is nobody's fault and leaves no trace. Two looks
 * at once are harmless: the one that began later counts.
 */
export async function lookAtEsim(
  { shopId, esimId }: { shopId: string; esimId: string },
  { patienceMs = 5 * SECOND, withHistory = false }: { patienceMs?: number; withHistory?: boolean } = {},
): Promise<'looked' | 'unchanged' | ProviderErrorKind> {
  const esim = await db.esim.findUniqueOrThrow({ where: { id: esimId, shopId } });
  const { accountId } = esim;
  const askedAt = currentTime();
  let keyMark: string | undefined;
  try {
    const supplier = await supplierFor({ shopId, accountId }, { patienceMs });
    ({ keyMark } = supplier);
    const { iccid } = openEsim(esim);
    const isInUse = esim.status === 'active' || withHistory;
    // Who looks at the history is somebody who asked: usage that the supplier remembers would not do.
    const told = await ask(supplier.provider, iccid, { isInUse, fresh: withHistory });
    const isYoung = msSince(esim.createdAt) < DAY;
    // A supplier may list late what it sold.
    if (!told.profile && isYoung && !esim.revokedAt) return await failed(esim, 'rejected');
    const history = withHistory && told.profile ? await historyOf(supplier.provider, iccid) : [];
    return await transact((tx) => write(tx, { shopId, esimId, askedAt, told, history }));
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    log.warn('look.failed', { accountId, esimId, reason: error.kind }, error);
    if (error.kind === 'rate-limited') return 'rate-limited';
    if (error.kind === 'credentials') await markKeyRefused({ shopId, accountId, keyMark });
    return failed(esim, error.kind);
  }
}

async function ask(
  provider: EsimProvider,
  iccid: string,
  { isInUse, fresh }: { isInUse: boolean; fresh: boolean },
): Promise<Told> {
  try {
    const profile = await provider.getEsim(iccid);
    const assignments = await provider.listAssignments(iccid, { fresh });
    const isSeen = isInUse || assignments.some(({ state }) => state === 'active');
    const network = isSeen ? await orUndefined(provider.locate?.(iccid)) : undefined;
    return { profile, assignments, network };
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'rejected')
      return { profile: null, assignments: [], network: undefined };
    throw error;
  }
}

async function historyOf(provider: EsimProvider, iccid: string): Promise<HistoryEntry[]> {
  return ((await orUndefined(provider.listHistory?.(iccid))) ?? []).slice(0, MOST_NOTED);
}

const MOST_NOTED = 50;

/** What is told beside the usage is no reason to go without it. */
async function orUndefined<Value>(asked: Promise<Value> | undefined): Promise<Value | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ProviderError) return undefined;
    throw error;
  }
}

interface Look {
  shopId: string;
  esimId: string;
  askedAt: Date;
  told: Told;
  history: HistoryEntry[];
}

async function write(
  tx: Transaction,
  { shopId, esimId, askedAt, told, history }: Look,
): Promise<'looked' | 'unchanged'> {
  await tx.$queryRaw`SELECT id FROM "Esim" WHERE id = ${esimId} AND "shopId" = ${shopId} FOR UPDATE`;
  const esim = await tx.esim.findUniqueOrThrow({
    where: { id: esimId, shopId },
    include: { assignments: true },
  });
  if (esim.lookedAt && esim.lookedAt > askedAt) return 'unchanged';
  const now = currentTime();
  const network = esim.network as KeptNetwork | null; // written below, and nowhere else
  const found =
    reading(told, { ...esim, network, bundles: esim.assignments }, now) ?? lost(esim, network, now);
  const events = await recordEsim(toEvents({ shopId, esimId }, found, history), tx);
  const wroteBundles = found.bundles
    ? await writeBundles(tx, { shopId, esimId }, esim.assignments, found.bundles)
    : 0;
  const { columns } = found;
  const isSame = events === 0 && wroteBundles === 0 && isKept(columns, { ...esim, network });
  const ageMs = now.getTime() - esim.createdAt.getTime();
  const waitMs = nextLook({ ...columns, ageMs, ...prospects(columns, now) });
  const looked = {
    // Of the question, and not of this write: else a look that asked later, and waits to be written, would count as older.
    lookedAt: askedAt,
    lookProblem: null,
    nextLookAt: waitMs === null ? null : after(waitMs, now),
  };
  await tx.esim.update({
    where: { id: esimId, shopId },
    data: isSame
      ? looked
      : { ...columns, network: columns.network ? { ...columns.network } : Prisma.DbNull, ...looked },
  });
  return isSame ? 'unchanged' : 'looked';
}

type EsimRow = Prisma.EsimGetPayload<object>;

/** The supplier has it no more: what it said last stays, but for the status. */
function lost(esim: EsimRow, network: KeptNetwork | null, now: Date): Reading {
  const status = esim.revokedAt ? 'revoked' : 'gone';
  const {
    profileStatus,
    installedAt,
    usedBytes,
    totalBytes,
    isUnlimited,
    startedAt,
    endsAt,
    isSuspended,
    customerRef,
  } = esim;
  return {
    columns: {
      ...{ status, profileStatus, installedAt, usedBytes, totalBytes, isUnlimited },
      ...{ startedAt, endsAt, network, isSuspended, customerRef },
    },
    bundles: null,
    happened: status === 'gone' ? [{ kind: 'esim.deleted', onceKey: once.deleted, at: now }] : [],
  };
}

function prospects({ usedBytes, totalBytes, endsAt }: Reading['columns'], now: Date) {
  return {
    usedShare: usedBytes === null || !totalBytes ? null : Number(usedBytes) / Number(totalBytes),
    endsInMs: endsAt === null ? null : endsAt.getTime() - now.getTime(),
  };
}

function toEvents(
  of: { shopId: string; esimId: string },
  { happened }: Reading,
  history: HistoryEntry[],
): NewEsimEvent[] {
  return [
    ...happened.map((event) => ({ ...of, ...event })),
    ...history.map(({ what, bundle, at }) => ({
      ...of,
      kind: 'esim.noted' as const,
      onceKey: once.noted(what, at),
      at,
      detail: { what: what.slice(0, 200), bundle },
    })),
  ];
}

/** Answers how many rows it wrote: what is as it was is not written. */
async function writeBundles(
  tx: Transaction,
  of: { shopId: string; esimId: string },
  known: Prisma.EsimBundleGetPayload<object>[],
  told: KeptBundle[],
): Promise<number> {
  let wrote = 0;
  for (const bundle of told) {
    const before = known.find(({ key }) => key === bundle.key);
    if (before && isKept(bundle, before)) continue;
    wrote++;
    const { key, ...rest } = bundle;
    await tx.esimBundle.upsert({
      where: { esimId_key: { esimId: of.esimId, key }, shopId: of.shopId },
      create: { ...of, ...bundle },
      update: { ...rest, seenAt: currentTime() },
    });
  }
  // What is not listed any more was taken from the eSIM.
  const { count } = await tx.esimBundle.updateMany({
    where: { ...of, key: { notIn: told.map(({ key }) => key) }, state: { not: 'revoked' } },
    data: { state: 'revoked', seenAt: currentTime() },
  });
  return wrote + count;
}

/** Whether all that was told is what the row says. */
function isKept<Part extends object>(told: Part, kept: Record<keyof Part, unknown>): boolean {
  // Object.keys answers text, whatever the record.
  const names = Object.keys(told) as (keyof Part)[];
  return names.every((name) => isDeepStrictEqual(told[name], kept[name]));
}

/** The last known state stays; the longer nothing was heard, the more rarely it is asked. */
async function failed<Kind extends ProviderErrorKind>(esim: EsimRow, kind: Kind): Promise<Kind> {
  const silentMs = msSince(esim.lookedAt ?? esim.createdAt);
  const waitMs = Math.min(Math.max(silentMs / 4, FIRST_RETRY_MS), MOST_RETRY_MS);
  await db.esim.updateMany({
    where: { id: esim.id, shopId: esim.shopId },
    data: { lookProblem: kind, ...(esim.nextLookAt && { nextLookAt: after(waitMs) }) },
  });
  return kind;
}
