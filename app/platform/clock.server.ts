import { databaseNow, db, type Transaction } from './db.server.ts';
import { log } from './log.server.ts';
import { bothClocks, elapsedSince, MINUTE, SECOND, setDatabaseAhead, type Clocks } from './time.ts';

/**
 * Keeps `currentTime` on the database's clock: measured now, every minute, and within a second when this process's clock
 * was set. A database that is away leaves what was measured before; the first measurement throws.
 */
export async function startClock(): Promise<void> {
  let measuredAt = bothClocks();
  await measure();
  let isMeasuring = false;
  timer = setInterval(() => {
    if (isMeasuring || !isDue(measuredAt)) return;
    isMeasuring = true;
    const askedAt = bothClocks();
    measure()
      .then(() => (measuredAt = askedAt))
      .catch((error: unknown) => {
        log.warn('clock.unmeasured', {}, error);
      })
      .finally(() => (isMeasuring = false));
  }, SECOND);
}

/** The database's time itself, for what decides about money: no clock of this process has a part in it. */
export async function readTime(from: Transaction = db): Promise<Date> {
  const [row] = await from.$queryRaw<{ at: Date }[]>`SELECT ${databaseNow} AS at`;
  if (!row) throw new Error('the database did not tell the time');
  return row.at;
}

export function stopClock(): void {
  clearInterval(timer);
}

let timer: NodeJS.Timeout | undefined;

function isDue(measuredAt: Clocks): boolean {
  const { monotonic, wall } = elapsedSince(measuredAt);
  return monotonic >= MINUTE || Math.abs(wall - monotonic) > SECOND / 2;
}

async function measure(): Promise<void> {
  const asked = [await ask(), await ask(), await ask()];
  const { aheadMs, uncertainMs } = asked.reduce((best, each) =>
    each.uncertainMs < best.uncertainMs ? each : best,
  );
  // Clocks that agree as far as anyone can tell are not made to differ by a millisecond, nor by another one each minute.
  const isSame = Math.abs(aheadMs) <= uncertainMs;
  setDatabaseAhead(isSame ? 0 : aheadMs);
  if (Math.abs(aheadMs) > uncertainMs + MINUTE) log.warn('clock.differs', { ms: aheadMs });
}

/** How far the database's clock is ahead of ours, in ms, and how far that may be wrong. */
async function ask(): Promise<{ aheadMs: number; uncertainMs: number }> {
  const askedAt = bothClocks();
  const at = await readTime();
  const { monotonic, wall } = elapsedSince(askedAt);
  // Two for the milliseconds that both clocks cut off. A clock that was set meanwhile makes this the worst answer.
  const uncertainMs = Math.max(monotonic, Math.abs(wall)) / 2 + 2;
  return { aheadMs: Math.round(at.getTime() - askedAt.wall - wall / 2), uncertainMs };
}
