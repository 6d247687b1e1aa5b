import { SECOND } from '../../app/platform/time.ts';
import { lacks, type AccountRow } from './sim-books.ts';
import type { Machine, Run } from './sim-run.ts';

/** A lease ends so long after the last sign of life of its holder; one that lives renews it every two seconds. */
const LEASE_MS = 8 * SECOND;
const SURE_MS = 6 * SECOND;

export interface Held {
  account: AccountRow;
  machine: Machine;
  fence: number;
}

export function takeLease(run: Run, machine: Machine, account: AccountRow): Held | null {
  const { books } = run;
  if (account.lease && isRunning(run, account) && !lacks(run, 'lease')) return null;
  books.fences += 1;
  account.lease = { machine, fence: books.fences, isRenewed: false, until: run.now + LEASE_MS };
  return { account, machine, fence: books.fences };
}

/** From here on the holder renews it, as long as it lives and runs. */
export function keepLease({ account, fence }: Held): void {
  if (account.lease?.fence === fence) account.lease.isRenewed = true;
}

/** The work is done. Where the database cannot be told, the lease runs out by itself. */
export function endLease(run: Run, held: Held): void {
  const { account, machine, fence } = held;
  if (account.lease?.fence !== fence) return;
  if (run.now >= run.databaseDownUntil) account.lease = null;
  else lose(run, machine, account);
}

/** The holder died: nobody renews any more what it held. */
export function loseLeases(run: Run, machine: Machine): void {
  for (const account of run.books.accounts) lose(run, machine, account);
}

function lose(run: Run, machine: Machine, { lease }: AccountRow): void {
  if (lease?.machine !== machine || !lease.isRenewed) return;
  lease.isRenewed = false;
  lease.until = lastSign(run, machine) + LEASE_MS;
}

/** Whether the lease with this fence is the account's present one, and has not run out. */
export function holdsLease(run: Run, { account, fence }: { account: AccountRow; fence: number }): boolean {
  return lacks(run, 'lease') || (account.lease?.fence === fence && isRunning(run, account));
}

/** What the holder may believe by its own clock: it was not stopped, and could renew. */
export function isSurelyHeld(run: Run, { account, machine, fence }: Held): boolean {
  if (lacks(run, 'lease') || lacks(run, 'surely-held')) return true;
  const wokeUpJustNow =
    run.now - machine.stoppedUntil < SECOND && machine.stoppedUntil - machine.stoppedAt > SURE_MS;
  const couldNotRenew = run.now < run.databaseDownUntil && run.now - run.databaseDownSince > SURE_MS;
  return !wokeUpJustNow && !couldNotRenew && account.lease?.fence === fence;
}

function isRunning(run: Run, { lease }: AccountRow): boolean {
  if (!lease) return false;
  return run.now < (lease.isRenewed ? lastSign(run, lease.machine) + LEASE_MS : lease.until);
}

function lastSign(run: Run, machine: Machine): number {
  if (run.now < machine.stoppedUntil) return machine.stoppedAt;
  return run.now < run.databaseDownUntil ? run.databaseDownSince : run.now;
}
