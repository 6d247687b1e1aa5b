import { databaseNow, db } from './db.server.ts';
import { log } from './log.server.ts';
import { MINUTE, SECOND } from './time.ts';

/**
 * The time all processes share: this process's clock, corrected by what the database's said at the start and every few
 * minutes. Whatever is compared with another process's rows, or with the supplier's, is measured by it.
 */
export function now(): Date {
  return new Date(Date.now() + offsetMs);
}

/** From `now`, as `after` is from this process's own clock. */
export function later(ms: number): Date {
  return new Date(now().getTime() + ms);
}

let offsetMs = 0;
let timer: NodeJS.Timeout | undefined;

const COMPARE_EVERY_MS = 5 * MINUTE;
// Less is the time the question takes.
const WORTH_CORRECTING_MS = SECOND;

export async function startClock(): Promise<void> {
  await compare();
  timer = setInterval(() => {
    void compare().catch((error: unknown) => {
      log.warn('clock.uncompared', {}, error);
    });
  }, COMPARE_EVERY_MS);
}

export function stopClock(): void {
  clearInterval(timer);
}

async function compare() {
  const askedAt = Date.now();
  const [row] = await db.$queryRaw<{ ms: number }[]>`
    SELECT (extract(epoch FROM ${databaseNow}) * 1000)::float8 AS ms`;
  const middle = (askedAt + Date.now()) / 2;
  const offset = row ? row.ms - middle : 0;
  offsetMs = Math.abs(offset) < WORTH_CORRECTING_MS ? 0 : Math.round(offset);
  if (offsetMs !== 0) log.warn('clock.differs', { ms: offsetMs });
}
