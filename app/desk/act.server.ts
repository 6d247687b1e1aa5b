import { recordEsim } from '../esims/events.server.ts';
import { db, isDuplicate, type Transaction } from '../platform/db.server.ts';
import { log } from '../platform/log.server.ts';
import { after, currentTime, HOUR, MINUTE, msSince } from '../platform/time.ts';
import { transact } from '../platform/transaction.server.ts';
import { ProviderError, type EsimProvider } from '../providers/contract.ts';
import type { DeskKind, Ended, Facts, Press, Refusal, Told } from './deed.ts';
import { iccidOf, supplierOf, type DeskEsim } from './desk-esim.server.ts';

/** Something staff can do with an eSIM. */
export interface Deed<Input extends Facts> {
  kind: DeskKind;
  /** While one of these is under way or in doubt for the same eSIM, it is not begun. */
  notBeside?: readonly DeskKind[];
  /**
   * What is asked, as it is kept; read from the supplier where that has to be fresh. It may refuse: then nothing is
   * begun, and nothing kept. Throws `ProviderError`.
   */
  prepare: (asked: At) => Promise<Input | Extract<Told, { status: 'refused' }>>;
  /**
   * Asks the supplier to do it, once. Throws `ProviderError`. Null where that is not known and has to be read back;
   * `later` where it goes on by itself.
   */
  send: (asked: At, input: Input, begun: Begun<Input>) => Promise<Told | 'later' | null>;
  /** After a lost answer; null while the supplier cannot tell. Absent where it never can. Throws `ProviderError`. */
  readBack?: (asked: At, begun: Begun<Input>) => Promise<Told | null>;
  /** `readBack` looks into our own books alone, so it is never given up. */
  readsOurBooks?: true;
  /** What it came to, when a person says that it was done; nothing to add where absent. */
  presume?: (input: Input) => Facts;
  /** What follows in our books, in the transaction that ends the action. */
  write: (tx: Transaction, done: Done<Input>) => Promise<void>;
}

export interface At {
  esim: DeskEsim;
  provider: EsimProvider;
  iccid: string;
}

export interface Begun<Input> {
  id: string;
  input: Input;
  at: Date;
  by: string;
}

export interface Done<Input> extends Begun<Input> {
  esim: DeskEsim;
  outcome: Facts;
}

/**
 * Does what one press asks for, at most once: its row is committed before the request leaves, and the same press again
 * answers what the first one came to. When the answer is lost it is read back at once where the supplier can tell, and
 * stays in doubt where it cannot. `within`: the action that this one is a part of.
 */
export async function act<Input extends Facts>(
  deed: Deed<Input>,
  esim: DeskEsim,
  press: Press,
  { within = null }: { within?: string | null } = {},
): Promise<Ended> {
  const earlier = await endOf(esim, press);
  if (earlier) return earlier;
  try {
    const { provider } = await supplierOf(esim);
    const asked = { esim, provider, iccid: iccidOf(esim) };
    const input = await deed.prepare(asked);
    if (isRefused(input)) return input;
    const begun = await begin(deed, esim, press, { input, within });
    if ('status' in begun) return begun;
    const told = await ask(deed, asked, begun);
    if (told === 'later') return { status: 'under-way' };
    return await end(deed, esim, begun, told);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    // Before the row was committed: nothing but reads has left.
    return { status: 'refused', reason: error.kind, detail: null };
  }
}

/** What became of a press that was made before; null for a new one. An id of another eSIM's is nobody's press. */
async function endOf({ id: esimId, shopId }: DeskEsim, { actionId }: Press): Promise<Ended | null> {
  const row = await db.deskAction.findUnique({ where: { id: actionId } });
  if (!row) return null;
  if (row.shopId !== shopId || row.esimId !== esimId)
    return { status: 'refused', reason: 'changed', detail: null };
  return endedOf(row);
}

/** An action as its row tells it. */
export function endedOf({ state, outcome }: { state: string; outcome: unknown }): Ended {
  // Written by `end` only.
  const facts = outcome as Facts;
  switch (state) {
    case 'done':
      return { status: 'done', outcome: facts };
    case 'refused': {
      const { reason, detail } = facts as { reason: Refusal; detail: string | null };
      return { status: 'refused', reason, detail };
    }
    case 'in-doubt':
      return { status: 'in-doubt' };
    default:
      return { status: 'under-way' };
  }
}

async function begin<Input extends Facts>(
  { kind, notBeside = [] }: Deed<Input>,
  { id: esimId, shopId, accountId }: DeskEsim,
  { actionId: id, by }: Press,
  { input, within }: { input: Input; within: string | null },
): Promise<Begun<Input> | Ended> {
  const at = currentTime();
  try {
    return await transact(async (tx) => {
      // Two members of staff at once: the second waits here, and then sees the first one's row.
      await tx.$queryRaw`SELECT id FROM "Esim" WHERE id = ${esimId} AND "shopId" = ${shopId} FOR UPDATE`;
      const beside = await tx.deskAction.findFirst({
        where: {
          ...{ shopId, esimId, kind: { in: [...notBeside] }, state: { in: ['begun', 'in-doubt'] } },
          ...(within !== null && { id: { not: within } }),
        },
      });
      if (beside)
        return {
          status: 'refused' as const,
          reason: beside.state === 'begun' ? ('busy' as const) : ('doubted' as const),
          detail: null,
        };
      await tx.deskAction.create({ data: { id, shopId, accountId, esimId, kind, input, by, at } });
      return { id, input, at, by };
    });
  } catch (error) {
    if (!isDuplicate(error)) throw error; // the same press, a moment ago
    return { status: 'under-way' };
  }
}

async function ask<Input extends Facts>(
  deed: Deed<Input>,
  asked: At,
  begun: Begun<Input>,
): Promise<Told | 'later' | null> {
  try {
    return await deed.send(asked, begun.input, begun);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error; // stays begun, and is found by the sweeper
    log.warn('desk.failed', { act: deed.kind, reason: error.kind }, error);
    // An answer in a shape we do not know was still an answer: it may have been a yes.
    if (error.kind !== 'unknown-outcome' && error.kind !== 'unreadable')
      return { status: 'refused', reason: error.kind, detail: null };
    return lookBack(deed, asked, begun);
  }
}

async function lookBack<Input extends Facts>(
  deed: Deed<Input>,
  asked: At,
  begun: Begun<Input>,
): Promise<Told | null> {
  try {
    return (await deed.readBack?.(asked, begun)) ?? null;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return null; // it stays in doubt, and is looked at again
  }
}

async function end<Input extends Facts>(
  deed: Deed<Input>,
  esim: DeskEsim,
  begun: Begun<Input>,
  told: Told | null,
): Promise<Ended> {
  const { id, by } = begun;
  const { id: esimId, shopId } = esim;
  await transact(async (tx) => {
    const before = await tx.deskAction.findUniqueOrThrow({ where: { id } });
    const { count } = await tx.deskAction.updateMany({
      where: { id, shopId, state: { in: ['begun', 'in-doubt'] } },
      data: {
        state: told?.status ?? 'in-doubt',
        finishedAt: currentTime(),
        ...(told && { outcome: told.status === 'done' ? told.outcome : refusalOf(told) }),
      },
    });
    if (count === 0) return; // somebody else found it out meanwhile
    if (told?.status === 'done') await deed.write(tx, { ...begun, esim, outcome: told.outcome });
    if (!told && before.state === 'begun')
      await recordEsim(
        [{ shopId, esimId, kind: 'action.doubted', by, onceKey: `doubt ${id}`, detail: { what: deed.kind } }],
        tx,
      );
  });
  const row = await db.deskAction.findUniqueOrThrow({ where: { id } });
  return endedOf(row);
}

// A supplier's own words may hold the number of an eSIM.
function refusalOf({ reason, detail }: Extract<Told, { status: 'refused' }>): Facts {
  return { reason, detail: detail && detail.replace(/\d{11,}(?=\d{4})/g, '…') };
}

function isRefused(input: Facts): input is Extract<Told, { status: 'refused' }> {
  return input['status'] === 'refused';
}

// Longer than any request takes: whoever began it does not wait for an answer any more.
const ABANDONED_MS = 2 * MINUTE;
const LOOK_AGAIN_MS = MINUTE;
const STOP_LOOKING_MS = HOUR;

/**
 * Reads back an action whose process died, or whose answer was lost, and writes down what that proves. Asks for nothing
 * to be done. Throws `ProviderError` when the supplier cannot be asked.
 */
export async function settle<Input extends Facts>(deed: Deed<Input>, actionId: string): Promise<Ended> {
  const row = await db.deskAction.findUniqueOrThrow({ where: { id: actionId } });
  if (row.state !== 'begun' && row.state !== 'in-doubt') return endedOf(row);
  const esim = await db.esim.findFirstOrThrow({ where: { id: row.esimId ?? '', shopId: row.shopId } });
  // Written by `begin` with what `prepare` of the same deed made.
  const begun = { id: row.id, at: row.at, by: row.by, input: row.input as Input };
  let told: Told | null = null;
  if (deed.readBack) {
    const { provider } = await supplierOf(esim);
    told = await lookBack(deed, { esim, provider, iccid: iccidOf(esim) }, begun);
  }
  return end(deed, esim, begun, told);
}

/** Whether only a person can still find out what an action in doubt came to. */
export function waitsForPerson(
  deed: Pick<Deed<never>, 'readBack' | 'readsOurBooks'>,
  { at }: { at: Date },
): boolean {
  if (deed.readsOurBooks) return false;
  return !deed.readBack || msSince(at) > STOP_LOOKING_MS;
}

/**
 * A person who looked at the supplier says what an action in doubt came to. False when it does not wait for that (any
 * more), or is another eSIM's.
 */
export async function conclude<Input extends Facts>(
  deed: Deed<Input>,
  { id: esimId, shopId }: Pick<DeskEsim, 'id' | 'shopId'>,
  { actionId: id, happened, by }: { actionId: string; happened: boolean; by: string },
): Promise<boolean> {
  return transact(async (tx) => {
    const row = await tx.deskAction.findFirst({
      where: { id, shopId, esimId, kind: deed.kind, state: 'in-doubt' },
    });
    if (!row || !waitsForPerson(deed, row)) return false;
    const input = row.input as Input; // written by `begin` of the same kind
    const outcome = happened ? (deed.presume?.(input) ?? {}) : { reason: 'not-done', detail: null };
    const { count } = await tx.deskAction.updateMany({
      where: { id, shopId, state: 'in-doubt' },
      data: {
        state: happened ? 'done' : 'refused',
        outcome: { ...outcome, decidedBy: by },
        finishedAt: currentTime(),
      },
    });
    if (count === 0) return false;
    const esim = await tx.esim.findUniqueOrThrow({ where: { id: esimId, shopId } });
    if (happened) await deed.write(tx, { id, at: row.at, by: row.by, input, esim, outcome });
    const detail = { what: deed.kind, happened: happened ? 'yes' : 'no' };
    await recordEsim([{ shopId, esimId, kind: 'action.decided', by, detail }], tx);
    return true;
  });
}

/**
 * Actions that nobody waits for any more, and those in doubt that the supplier may tell more of by now: for the sweeper.
 * `readable` are the kinds that can be read back, `endless` those of them that are never given up.
 */
export async function dueOf(
  kinds: DeskKind[],
  readable: DeskKind[],
  endless: DeskKind[],
): Promise<{ id: string; kind: string }[]> {
  return db.deskAction.findMany({
    where: {
      OR: [
        { kind: { in: kinds }, state: 'begun', at: { lt: after(-ABANDONED_MS) } },
        {
          ...{ kind: { in: readable }, state: 'in-doubt' },
          finishedAt: { lt: after(-LOOK_AGAIN_MS) },
          OR: [{ kind: { in: endless } }, { at: { gt: after(-STOP_LOOKING_MS) } }],
        },
      ],
    },
    select: { id: true, kind: true },
    orderBy: { at: 'asc' },
    take: 100,
  });
}
