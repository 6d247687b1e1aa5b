import { MINUTE, SECOND } from '../../app/platform/time.ts';
import { lacks, type AccountName, type Books } from './sim-books.ts';
import type { Mailbox } from './sim-delivery.ts';
import { loseLeases } from './sim-lease.ts';
import type { EventQueue } from './sim-queue.ts';
import type { Random } from './sim-random.ts';
import type { Shopify } from './sim-shopify.ts';
import type { Supplier } from './sim-supplier.ts';

/** What a story of the tests takes away to see that the simulation notices (README.md). */
export const protections = [
  'sending-before-post', // the attempt is on record before the request leaves
  'lease', // one process at a time buys with an account
  'surely-held', // a process that was stopped does not send without knowing that it still holds the lease
  'doubt-after-503', // a 503 may have bought
  'receipts', // a webhook id is taken in once
  'unit-uniqueness', // one unit for a piece of a line
  'doubt-stays', // an unknown outcome is never passed on to the next supplier
  'look-before-retry', // an unknown outcome is looked up, never sent again
  'nothing-alike', // absence is not proved while the supplier lists a like order, wherever it seems to come from
  'answers-under-way', // the auditor gives nobody an order that may be the answer another purchase waits for
  'database-time', // when a request left, and how long ago, is told by the database's clock
  'loss-guard', // nothing is bought for more than it was sold for, unless a person says so
  'told-of-all', // an order counts as fulfilled only when Shopify was told of every unit delivered by then
  'sweeper', // due work is found in the tables
  'reconciler', // Shopify's orders are compared with ours
  'auditor', // the supplier's orders are compared with the ledger
] as const;
export type Protection = (typeof protections)[number];

/** One seeded run: the world, its time and its chance. Times are ms since 1970, as `Date` has them. */
export interface Run {
  seed: number;
  now: number;
  random: Random;
  queue: EventQueue;
  machines: Machine[];
  books: Books;
  suppliers: Record<AccountName, Supplier>;
  shopify: Shopify;
  mailbox: Mailbox;
  removed: Protection | null;
  /** No new faults: the world comes to rest. */
  calm: boolean;
  databaseDownSince: number;
  databaseDownUntil: number;
  /** What went wrong that the books at the end do not show. */
  violations: Violation[];
  trace: ((line: string) => void) | null;
}

export interface Violation {
  kind:
    | 'bought_twice'
    | 'lost'
    | 'silent'
    | 'money'
    | 'unsent'
    | 'taken'
    | 'crowded'
    | 'delivery'
    | 'privacy'
    | 'cancelled'
    | 'loss';
  text: string;
}

/** A process of the app. Killed, it forgets everything; stopped, it goes on later and does not know. */
export interface Machine {
  name: string;
  /** Grows with every start: what an earlier life began is not continued. */
  life: number;
  isUp: boolean;
  stoppedAt: number;
  stoppedUntil: number;
  /** Its wall clock against the database's. */
  aheadMs: number;
}

/** Work in steps: yields how many ms pass until the next one. Between two steps its machine may die or stop. */
export type Doing<T = void> = Generator<number, T, undefined>;

/** Something outside failed: it ends the job, and the sweeper finds the row again. */
export class Fault extends Error {}

const DEATHS_PER_STEP = 1 / 500;
const STOPS_PER_STEP = 1 / 700;
const COMMITS_UNKNOWN = 1 / 150;

export function note(run: Run, text: string): void {
  if (!run.trace) return;
  run.trace(`${new Date(run.now).toISOString().slice(11, 23)} ${text}`);
}

export function at(run: Run, when: number, act: () => void): void {
  run.queue.add(Math.max(when, run.now), act);
}

/** Starts work on a machine that is up; on one that is down nothing happens. */
export function spawn(run: Run, machine: Machine, doing: Doing): void {
  if (machine.isUp) proceed(run, machine, machine.life, doing);
}

export function anyMachine(run: Run): Machine | null {
  const up = run.machines.filter(({ isUp }) => isUp);
  return up[run.random.between(0, Math.max(0, up.length - 1))] ?? null;
}

function proceed(run: Run, machine: Machine, life: number, doing: Doing): void {
  if (machine.life !== life || !machine.isUp) return;
  if (run.now < machine.stoppedUntil) {
    at(run, machine.stoppedUntil + run.random.between(0, 20), () => proceed(run, machine, life, doing));
    return;
  }
  if (!run.calm) {
    if (run.random.chance(DEATHS_PER_STEP)) {
      kill(run, machine);
      return;
    }
    if (run.random.chance(STOPS_PER_STEP)) {
      stop(run, machine);
      at(run, machine.stoppedUntil, () => proceed(run, machine, life, doing));
      return;
    }
  }
  try {
    const next = doing.next();
    if (next.done !== true) at(run, run.now + next.value, () => proceed(run, machine, life, doing));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    note(run, `${machine.name} job failed: ${error.message}`);
  }
}

function kill(run: Run, machine: Machine) {
  machine.isUp = false;
  machine.life += 1;
  loseLeases(run, machine);
  note(run, `${machine.name} dies`);
  at(run, run.now + run.random.between(200, MINUTE), () => start(run, machine));
}

function stop(run: Run, machine: Machine) {
  machine.stoppedAt = run.now;
  // Longer than the quiet window only where nothing is bought again by itself (reliability R4).
  const mayRebuy = run.books.accounts.some(({ rebuyAfterProof }) => rebuyAfterProof);
  const most = mayRebuy ? 10 * MINUTE : 25 * MINUTE;
  machine.stoppedUntil = run.now + run.random.between(SECOND, run.random.chance(0.5) ? 40 * SECOND : most);
  note(run, `${machine.name} stops for ${Math.round((machine.stoppedUntil - run.now) / SECOND)} s`);
}

let boot: (run: Run, machine: Machine) => Doing;

/** What a machine does when it starts. Set once, by the file that knows all jobs. */
export function onStart(does: typeof boot): void {
  boot = does;
}

export function start(run: Run, machine: Machine): void {
  if (machine.isUp) return;
  machine.isUp = true;
  machine.stoppedUntil = 0;
  // Those of this computer that died without a word are buried first, and what they held is free.
  const buries = run.random.chance(0.5);
  for (const account of run.books.accounts)
    if (buries && account.lease?.machine === machine) account.lease = null;
  note(run, `${machine.name} starts`);
  spawn(run, machine, boot(run, machine));
}

/** One transaction: all of `act`, or nothing. The process may die before it and after it, and may not learn of it. */
export function* commit<T>(run: Run, act: () => T): Doing<T> {
  yield run.random.between(1, 6);
  if (run.now < run.databaseDownUntil) throw new Fault('database down');
  if (!run.calm && run.random.chance(COMMITS_UNKNOWN)) {
    if (run.random.chance(0.5)) act();
    throw new Fault('commit unknown');
  }
  const result = act();
  yield 1;
  return result;
}

/** The time by which money is decided: the database's, which all processes share. */
export const databaseClock = (run: Run, machine: Machine): number =>
  lacks(run, 'database-time') ? clock(run, machine) : run.now;

/** The time this process believes it is: good enough for what may be late. */
export const clock = (run: Run, machine: Machine): number => run.now + machine.aheadMs;
