import { findDueWork, jobs } from './jobs.server.ts';
import { config } from './platform/config.server.ts';
import { log } from './platform/log.server.ts';
import { wakeAll, workQueue } from './platform/queue.server.ts';
import { currentTime, SECOND } from './platform/time.ts';
import { guardWhileRunning } from './watch/restore.server.ts';
import { rememberSweep } from './watch/runs.server.ts';

// A process that died left rows that are due in a moment: the first looks follow each other closely.
const FIRST_LOOKS_MS = [2 * SECOND, 4 * SECOND];

let timers: NodeJS.Timeout[] = [];
let sweeping: Promise<void> = Promise.resolve();

/** Does the jobs, and looks for due work now and every SWEEP_SECONDS: a lost wake-up costs that long at most. */
export async function startWorker(): Promise<void> {
  await workQueue({ ...jobs, 'watch.sweep': sweep });
  await sweep();
  const look = () => {
    // One at a time: a look that takes long is not overtaken.
    sweeping = sweeping.then(sweep);
  };
  timers = [
    ...FIRST_LOOKS_MS.map((ms) => setTimeout(look, ms)),
    setInterval(look, config.SWEEP_SECONDS * SECOND),
  ];
}

export async function stopWorker(): Promise<void> {
  for (const timer of timers) clearInterval(timer);
  await sweeping;
}

/** Wakes a job for every row whose work is due. The tables decide; the queue may have forgotten. */
export async function sweep(): Promise<void> {
  const startedAt = currentTime();
  const found: Record<string, number> = {};
  await guardWhileRunning();
  for (const [name, find] of findDueWork) {
    try {
      const ids = await find();
      await wakeAll(name, ids);
      if (ids.length > 0) found[name] = ids.length;
    } catch (error) {
      log.error('sweep.failed', { job: name }, error);
    }
  }
  await rememberSweep(startedAt, found);
}
