import { PgBoss } from 'pg-boss';
import { z } from 'zod';
import { queueOptions } from './db.server.ts';
import { log } from './log.server.ts';

/** Every job is "look at this row again": losing one, or running it twice, changes nothing but the time. */
const queues = [
  'notifications.process',
  'purchases.buy',
  'purchases.settle',
  'purchases.validate',
  'purchases.give-back',
  'purchases.tag',
  'orders.deliver',
  'catalogue.import',
  'shops.reconcile',
  'accounts.audit',
] as const;
export type JobName = (typeof queues)[number];
export type Jobs = Record<JobName, (id: string) => Promise<void>>;

let boss: PgBoss;

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

/** Lets this process do the jobs. A job that throws is logged; the sweeper finds its row again. */
export async function workQueue(jobs: Jobs): Promise<void> {
  for (const name of queues) {
    const options = { localConcurrency: 8, pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 1 };
    await boss.work(name, options, async ([job]) => {
      if (!job) return;
      const { id } = payload.parse(job.data);
      const started = Date.now();
      try {
        await jobs[name](id);
        log.debug('job.done', { job: name, ms: Date.now() - started });
      } catch (error) {
        log.error('job.failed', { job: name, ms: Date.now() - started }, error);
      }
    });
  }
}

/** Waits up to `withinMs` for running jobs, then lets go: their rows say where they were. */
export async function stopQueue(withinMs: number): Promise<void> {
  await boss.stop({ graceful: true, timeout: withinMs });
}

/**
 * Asks for a job soon, or after a delay. Call it after the commit that made the work. Never throws: the truth is in
 * the tables, and the sweeper looks there.
 */
export async function wake(name: JobName, id: string, afterMs = 0): Promise<void> {
  try {
    // A delayed job must not stand in the way of an immediate one for the same row.
    const later = { singletonKey: `${id} later`, startAfter: Math.ceil(afterMs / 1000) };
    await boss.send(name, { id }, afterMs > 0 ? later : { singletonKey: id });
  } catch (error) {
    log.warn('wake.lost', { job: name }, error);
  }
}

const payload = z.object({ id: z.string() });
