import { PgBoss, type JobInsert } from 'pg-boss';
import { z } from 'zod';
import { crew, type Crew } from './crew.ts';
import { queueOptions } from './db.server.ts';
import { grouped } from './group.ts';
import { log } from './log.server.ts';
import { SECOND, sleep } from './time.ts';

/**
 * Every job is "look at this row again": losing one, or running it twice, changes nothing but the time. Beside each, how
 * many rows a process works on at once.
 */
const crewSizes = {
  'notifications.process': 4, // shops; they share the processor with the answers to Shopify, which waits five seconds
  'callbacks.process': 4, // accounts
  'purchases.buy': 20, // a purchase is mostly waiting for the supplier
  'purchases.settle': 8,
  'purchases.probe': 4,
  'purchases.validate': 8,
  'units.give-back': 8,
  'orders.refund': 8,
  'purchases.tag': 8,
  'orders.deliver': 8,
  'notices.send': 8,
  'esims.look': 2, // purchases need the supplier's turns more
  'desk.fill-in': 1,
  'catalogue.nightly': 4,
  'tasks.run': 8,
  'rates.look': 1,
  'products.follow': 4,
  'shops.reconcile': 4,
  'accounts.audit': 4,
  'accounts.recover': 4,
  'alerts.look': 4,
  'desk.settle': 4,
  'compliance.carry-out': 1,
  'compliance.forget': 1,
  'watch.sweep': 1, // asked for by a person; the worker's own timer needs no job
};
export type JobName = keyof typeof crewSizes;
export type Jobs = Record<JobName, (id: string) => Promise<void>>;
// Object.keys answers text, whatever the record.
const queues = Object.keys(crewSizes) as JobName[];

/**
 * How often each queue is looked at: while the database tells of new jobs, only for what was asked for later and for what
 * nobody was told of. An idle process asks the database a fifth as often as one that hears nothing.
 */
const looks = { pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 5 };

let boss: PgBoss;
let crews: Crew[] = [];
const timers = new Set<NodeJS.Timeout>();
/** Wake-ups that nobody waits for. */
const underWay = new Set<Promise<void>>();

export async function startQueue(): Promise<void> {
  boss = new PgBoss({ ...queueOptions, useListenNotify: true, schedule: false });
  boss.on('error', (error) => {
    log.error('queue.failed', {}, error);
  });
  await boss.start();
  for (const name of queues) {
    // `short` keeps one waiting job for each key, so a thousand wake-ups of one row are one job.
    await boss.createQueue(name, {
      policy: 'short',
      notify: true,
      retryLimit: 0,
      expireInSeconds: 600,
      deleteAfterSeconds: 3600,
    });
  }
}

/**
 * Lets this process do the jobs. A job is taken off the queue when its work begins: what is left of it when the process
 * dies, or when the work throws, is in the row, where the sweeper finds it.
 */
export async function workQueue(jobs: Jobs): Promise<void> {
  for (const name of queues) {
    const workers = crew(crewSizes[name], (id) => doJob(jobs, name, id));
    crews.push(workers);
    // A full batch means that more wait, and those are fetched at once instead of at the next look.
    const options = { batchSize: 8, burstWhenBatchFull: true };
    await boss.work(name, { ...options, ...looks }, async (batch) => {
      for (const job of batch) await workers.take(payload.parse(job.data).id);
    });
  }
}

/** Waits up to `withinMs` for running jobs, then lets go: their rows say where they were. */
export async function stopQueue(withinMs: number): Promise<void> {
  for (const timer of timers) clearTimeout(timer);
  timers.clear();
  const done = Promise.all(queues.map((name) => boss.offWork(name)))
    .then(() => Promise.all(crews.map((workers) => workers.idle())))
    .then(() => Promise.all(underWay));
  await Promise.race([done, sleep(withinMs)]);
  crews = [];
  await boss.stop({ graceful: true, timeout: 1000 });
}

/**
 * Asks for a job soon, or after a delay. Call it after the commit that made the work. Never throws: the truth is in
 * the tables, and the sweeper looks there.
 */
export async function wake(name: JobName, id: string, afterMs = 0): Promise<void> {
  // The queue counts in whole seconds and looks every few. A process that dies before takes the timer with it,
  // and the sweeper finds the row.
  if (afterMs > 0 && afterMs < 10 * SECOND) wakeOnTime(name, id, afterMs);
  else if (afterMs > 0)
    // A delayed job must not stand in the way of an immediate one for the same row.
    await send(name, [
      { data: { id }, singletonKey: `${id} later`, startAfter: Math.ceil(afterMs / SECOND) },
    ]);
  else await wakeAll(name, [id]);
}

/** `wake` for many rows at once. */
export async function wakeAll(name: JobName, ids: string[]): Promise<void> {
  if (ids.length > 0)
    await send(
      name,
      ids.map((id) => ({ data: { id }, singletonKey: id })),
    );
}

/** `wakeAll` for who must not wait for it; what many ask for at once is asked for once. `then` follows it. */
export function wakeSoon(name: JobName, ids: string[], then: () => void): void {
  const sending = askTogether({ name, ids })
    .then(then)
    .catch((error: unknown) => {
      log.error('wake.failed', { job: name }, error);
    })
    .finally(() => underWay.delete(sending));
  underWay.add(sending);
}

const askTogether = grouped<{ name: JobName; ids: string[] }>(
  async (asked) => {
    for (const name of queues) {
      const ids = asked.filter((one) => one.name === name).flatMap((one) => one.ids);
      await wakeAll(name, [...new Set(ids)]);
    }
    await sleep(50); // what is asked for meanwhile shares the next
  },
  { most: 1000, atOnce: 1, withinMs: 10 * SECOND },
);

function wakeOnTime(name: JobName, id: string, afterMs: number) {
  const timer = setTimeout(() => {
    timers.delete(timer);
    void wakeAll(name, [id]);
  }, afterMs);
  timers.add(timer);
}

async function send(name: JobName, jobs: JobInsert[]) {
  try {
    await boss.insert(name, jobs);
  } catch (error) {
    log.warn('wake.lost', { job: name }, error);
  }
}

async function doJob(jobs: Jobs, name: JobName, id: string) {
  const startedAt = performance.now();
  const ms = () => Math.round(performance.now() - startedAt);
  try {
    await jobs[name](id);
    log.debug('job.done', { job: name, ms: ms() });
  } catch (error) {
    log.error('job.failed', { job: name, ms: ms() }, error);
  }
}

const payload = z.object({ id: z.string() });
