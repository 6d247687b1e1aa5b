import { findDueWork, jobs } from './jobs.server.ts';
import { config } from './platform/config.server.ts';
import { log } from './platform/log.server.ts';
import { wake, workQueue } from './platform/queue.server.ts';
import { SECOND } from './platform/time.ts';

let timer: NodeJS.Timeout | undefined;
let sweeping: Promise<void> = Promise.resolve();

/** Does the jobs, and looks for due work now and every SWEEP_SECONDS: a lost wake-up costs that long at most. */
export async function startWorker(): Promise<void> {
  await workQueue(jobs);
  await sweep();
  timer = setInterval(() => {
    sweeping = sweep();
  }, config.SWEEP_SECONDS * SECOND);
}

export async function stopWorker(): Promise<void> {
  clearInterval(timer);
  await sweeping;
}

/** Wakes a job for every row whose work is due. The tables decide; the queue may have forgotten. */
export async function sweep(): Promise<void> {
  for (const [name, find] of findDueWork) {
    try {
      const ids = await find();
      for (const id of ids) await wake(name, id);
      if (ids.length > 0) log.debug('sweep.found', { job: name, count: ids.length });
    } catch (error) {
      log.error('sweep.failed', { job: name }, error);
    }
  }
}
