import { SECOND } from '../../app/platform/time.ts';
import { lacks } from './sim-books.ts';
import type { Machine, Run } from './sim-run.ts';

/** A lease ends so long after the last sign of life of its holder; one that lives renews it every two seconds. */
const LEASE_MS = 8 * SECOND;
const SURE_MS = 6 * SECOND;

export interface Held {
  machine: Machine;
  fence: number;
}

export function takeLease(run: Run, machine: Machine): Held | null {
  const { books } = run;
  if (books.lease && isRunning(run) && !lacks(run, 'lease')) return null;
  books.fences += 1;
  books.lease = { machine, fence: books.fences, isRenewed: false, until: run.now + LEASE_MS };
  return { machine, fence: books.fences };
}

/** From here on the holder renews it, as long as it lives and runs. */
export function keepLease(run: Run, { fence }: Held): void {
  if (run.books.lease?.fence === fence) run.books.lease.isRenewed = true;
}

/** The work is done. Where the database cannot be told, the lease runs out by itself. */
export function endLease(run: Run, held: Held): void {
  const { lease } = run.books;
  if (lease?.fence !== held.fence) return;
  if (run.now >= run.databaseDownUntil) run.books.lease = null;
  else loseLease(run, held.machine);
}

/** The holder died, or gave up: nobody renews it any more. */
export function loseLease(run: Run, machine: Machine): void {
  const { lease } = run.books;
  if (lease?.machine !== machine || !lease.isRenewed) return;
  lease.isRenewed = false;
  lease.until = lastSign(run, machine) + LEASE_MS;
}

/** Whether the lease with this fence is the account's present one, and has not run out. */
export function holdsLease(run: Run, { fence }: { fence: number }): boolean {
  return lacks(run, 'lease') || (run.books.lease?.fence === fence && isRunning(run));
}

/** What the holder may believe by its own clock: it was not stopped, and could renew. */
export function isSurelyHeld(run: Run, { machine, fence }: Held): boolean {
  if (lacks(run, 'lease') || lacks(run, 'surely-held')) return true;
  const wokeUpJustNow =
    run.now - machine.stoppedUntil < SECOND && machine.stoppedUntil - machine.stoppedAt > SURE_MS;
  const couldNotRenew = run.now < run.databaseDownUntil && run.now - run.databaseDownSince > SURE_MS;
  return !wokeUpJustNow && !couldNotRenew && run.books.lease?.fence === fence;
}

function isRunning(run: Run): boolean {
  const { lease } = run.books;
  if (!lease) return false;
  return run.now < (lease.isRenewed ? lastSign(run, lease.machine) + LEASE_MS : lease.until);
}

function lastSign(run: Run, machine: Machine): number {
  if (run.now < machine.stoppedUntil) return machine.stoppedAt;
  return run.now < run.databaseDownUntil ? run.databaseDownSince : run.now;
}
