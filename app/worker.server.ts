import { findDueWork, jobs } from './jobs.server.ts';
import { config } from './platform/config.server.ts';
import { log } from './platform/log.server.ts';
import { wakeAll, workQueue } from './platform/queue.server.ts';
import { currentTime, SECOND, sleep } from './platform/time.ts';
import { guardWhileRunning } from './watch/restore.server.ts';
import { rememberSweep, type Found } from './watch/runs.server.ts';

// A process that died left rows that are due in a moment: the first looks follow each other closely.
const FIRST_LOOKS_MS = [2 * SECOND, 4 * SECOND];

let timers: NodeJS.Timeout[] = [];
/** Null while none is under way. */
let sweeping: Promise<void> | null = null;

/** Does the jobs, and looks for due work now and every SWEEP_SECONDS: a lost wake-up costs that long at most. */
export async function startWorker(): Promise<void> {
  await workQueue({ ...jobs, 'watch.sweep': sweep });
  await sweep();
  const look = () => {
    // One at a time. While the database is away a look takes minutes: those that fall due meanwhile would only queue up.
    sweeping ??= sweep().finally(() => {
      sweeping = null;
    });
  };
  timers = [
    ...FIRST_LOOKS_MS.map((ms) => setTimeout(look, ms)),
    setInterval(look, config.SWEEP_SECONDS * SECOND),
  ];
}

/** Waits for a look under way, but not for a database that is away. */
export async function stopWorker(): Promise<void> {
  for (const timer of timers) clearInterval(timer);
  await Promise.race([sweeping, sleep(5 * SECOND)]);
}

/** Wakes a job for every row whose work is due. The tables decide; the queue may have forgotten. */
export async function sweep(): Promise<void> {
  const startedAt = currentTime();
  const found: Found[] = [];
  await guardWhileRunning();
  for (const [name, find] of findDueWork) {
    try {
      const ids = await find();
      await wakeAll(name, ids);
      if (ids.length > 0) found.push({ job: name, ids });
    } catch (error) {
      log.error('sweep.failed', { job: name }, error);
    }
  }
  await rememberSweep(startedAt, found);
}
