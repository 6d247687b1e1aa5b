import { db, isDuplicate, type Transaction } from '../platform/db.server.ts';
import { log } from '../platform/log.server.ts';
import { currentTime, MINUTE, msSince } from '../platform/time.ts';
import { transact } from '../platform/transaction.server.ts';
import { ProviderError } from '../providers/contract.ts';
import { sellerFor, type Seller } from '../settings/suppliers.server.ts';
import { endedOf } from './act.server.ts';
import type { Ended, Facts, Press, Told } from './deed.ts';

/** What staff ask of a supplier about the account itself, as `DeskAction.kind` keeps it. */
export type AccountKind = 'card' | 'stock-refund' | 'order-cancel';

export interface Account {
  shopId: string;
  accountId: string;
}

/** Something staff can do with an account, of which money depends. */
export interface AccountDeed<Input extends Facts> {
  kind: AccountKind;
  /** What is asked, as it is kept. It may refuse: then nothing is begun, and nothing kept. Throws `ProviderError`. */
  prepare: (supplier: Seller) => Promise<Input | Extract<Told, { status: 'refused' }>>;
  /** Whether it may begin beside what was begun before; in the transaction that begins it. */
  mayBegin?: (tx: Transaction, supplier: Seller) => Promise<boolean>;
  /** Asks the supplier to do it, once. Throws `ProviderError`. */
  send: (supplier: Seller, input: Input) => Promise<Told>;
  /**
   * After a lost answer: whether the supplier's own books show that it was done, else what a person decides by. That it was
   * not done they never show: it may still come. Throws `ProviderError`.
   */
  lookUp: (supplier: Seller, input: Input) => Promise<Found>;
  /** What follows in the ledger, in the transaction that ends the action. */
  write: (tx: Transaction, done: { id: string; by: string; input: Input; outcome: Facts }) => Promise<void>;
}

export type Found = Extract<Told, { status: 'done' }> | { status: 'in-doubt'; outcome: Facts };

/**
 * Does what one press asks for, at most once: its row is committed before the request leaves, and the same press again
 * answers what the first one came to. A lost answer is looked up in the supplier's books, and what these do not show stays
 * in doubt until they do, or a person decides; until then nothing of its kind is begun for the account.
 */
export async function actOnAccount<Input extends Facts>(
  deed: AccountDeed<Input>,
  account: Account,
  press: Press,
): Promise<Ended> {
  const earlier = await db.deskAction.findUnique({ where: { id: press.actionId } });
  if (earlier) {
    const isOurs = earlier.shopId === account.shopId && earlier.accountId === account.accountId;
    return isOurs ? endedOf(earlier) : { status: 'refused', reason: 'changed', detail: null };
  }
  try {
    const supplier = await sellerFor(account);
    const input = await deed.prepare(supplier);
    if (isRefused(input)) return input;
    const hindrance = await begin(deed, supplier, press, input);
    if (hindrance) return hindrance;
    return await end(deed, press, input, await ask(deed, supplier, input));
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    // Before the row was committed: nothing but reads has left.
    return { status: 'refused', reason: error.kind, detail: null };
  }
}

async function begin<Input extends Facts>(
  { kind, mayBegin }: AccountDeed<Input>,
  supplier: Seller,
  { actionId: id, by }: Press,
  input: Input,
): Promise<Ended | null> {
  const { shopId, accountId } = supplier;
  try {
    return await transact(async (tx) => {
      // Two members of staff at once: the second waits here, and then sees the first one's row.
      await tx.$queryRaw`SELECT id FROM "SupplierAccount" WHERE id = ${accountId} AND "shopId" = ${shopId} FOR UPDATE`;
      const beside = await tx.deskAction.findFirst({
        where: { shopId, accountId, kind, state: { in: ['begun', 'in-doubt'] } },
      });
      if (beside)
        return { status: 'refused', reason: isDoubted(beside) ? 'doubted' : 'busy', detail: null } as const;
      if (mayBegin && !(await mayBegin(tx, supplier)))
        return { status: 'refused', reason: 'rejected', detail: null } as const;
      await tx.deskAction.create({ data: { id, shopId, accountId, kind, input, by, at: currentTime() } });
      return null;
    });
  } catch (error) {
    if (!isDuplicate(error)) throw error; // the same press, a moment ago
    return { status: 'under-way' };
  }
}

/** What was told, else what was found. */
async function ask<Input extends Facts>(
  deed: AccountDeed<Input>,
  supplier: Seller,
  input: Input,
): Promise<Told | Found> {
  try {
    return await deed.send(supplier, input);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error; // stays begun, and is shown as in doubt
    log.warn('desk.failed', { act: deed.kind, reason: error.kind }, error);
    // An answer in a shape we do not know was still an answer: it may have been a yes.
    if (error.kind !== 'unknown-outcome' && error.kind !== 'unreadable')
      return { status: 'refused', reason: error.kind, detail: null };
    return lookUp(deed, supplier, input);
  }
}

async function lookUp<Input extends Facts>(
  deed: AccountDeed<Input>,
  supplier: Seller,
  input: Input,
): Promise<Found> {
  try {
    return await deed.lookUp(supplier, input);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { status: 'in-doubt', outcome: {} };
  }
}

/** Looks once more at what is in doubt: the supplier may have been late, or away. */
export async function lookAgain<Input extends Facts>(
  deed: AccountDeed<Input>,
  account: Account,
): Promise<void> {
  const row = await db.deskAction.findFirst({
    where: { ...account, kind: deed.kind, state: { in: ['begun', 'in-doubt'] } },
  });
  if (!row || !isDoubted(row)) return;
  const input = row.input as Input; // written by `begin` of the same kind
  const found = await lookUp(deed, await sellerFor(account), input);
  await end(deed, { actionId: row.id, by: row.by }, input, found);
}

async function end<Input extends Facts>(
  deed: AccountDeed<Input>,
  { actionId: id, by }: Press,
  input: Input,
  told: Told | Found,
): Promise<Ended> {
  const outcome = told.status === 'refused' ? { reason: told.reason, detail: told.detail } : told.outcome;
  await transact(async (tx) => {
    const { count } = await tx.deskAction.updateMany({
      where: { id, state: { in: ['begun', 'in-doubt'] } },
      data: { state: told.status, outcome, finishedAt: currentTime() },
    });
    if (count > 0 && told.status === 'done') await deed.write(tx, { id, by, input, outcome });
  });
  return endedOf(await db.deskAction.findUniqueOrThrow({ where: { id } }));
}

/** A person decides, from the evidence, what an action in doubt came to. False when it is not in doubt, or another shop's. */
export async function resolveInDoubt<Input extends Facts>(
  deed: Pick<AccountDeed<Input>, 'kind' | 'write'>,
  { shopId, accountId }: Account,
  { actionId: id, happened, by }: { actionId: string; happened: boolean; by: string },
): Promise<boolean> {
  const row = await db.deskAction.findFirst({ where: { id, shopId, accountId, kind: deed.kind } });
  if (!row || !isDoubted(row)) return false;
  const outcome = {
    ...(row.outcome as Facts),
    decidedBy: by,
    ...(!happened && { reason: 'not-done', detail: null }),
  };
  return transact(async (tx) => {
    const { count } = await tx.deskAction.updateMany({
      where: { id, shopId, state: row.state },
      data: { state: happened ? 'done' : 'refused', outcome, finishedAt: currentTime() },
    });
    // Written by `begin` of the same kind.
    if (count > 0 && happened) await deed.write(tx, { id, by, input: row.input as Input, outcome });
    return count > 0;
  });
}

// Longer than any request takes: the process that began it is gone.
const ABANDONED_MS = 2 * MINUTE;

/** The supplier may have done it, and nobody waits for its answer any more. */
export function isDoubted({ state, at }: { state: string; at: Date }): boolean {
  return state === 'in-doubt' || (state === 'begun' && msSince(at) > ABANDONED_MS);
}

function isRefused(input: Facts): input is Extract<Told, { status: 'refused' }> {
  return input['status'] === 'refused';
}
