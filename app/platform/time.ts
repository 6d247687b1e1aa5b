export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The n-th try (from 1) after a failure: `firstMs`, doubled each time, at most `mostMs`. */
export function backOff(tries: number, firstMs: number, mostMs: number): number {
  return Math.min(firstMs * 2 ** Math.max(0, tries - 1), mostMs);
}

/**
 * Now, by the database's clock: what one process writes down another compares, and their own clocks may differ by
 * minutes. As exact as `platform/clock.server.ts` measured it last; in a browser it is the browser's own.
 */
export const currentTime = (): Date => new Date(Date.now() + databaseAheadMs);

export const after = (ms: number, from: Date = currentTime()): Date => new Date(from.getTime() + ms);

/** How long ago, by the same clock. Negative for what lies ahead. */
export const msSince = (date: Date): number => currentTime().getTime() - date.getTime();

/** For `platform/clock.server.ts` alone. */
export function setDatabaseAhead(ms: number): void {
  databaseAheadMs = ms;
}

let databaseAheadMs = 0;

/** An instant on both clocks of this process. */
export interface Clocks {
  monotonic: number;
  wall: number;
}

export const bothClocks = (): Clocks => ({ monotonic: performance.now(), wall: Date.now() });

/** What each clock says has passed since, in ms: one stands still in a machine that sleeps, the other may be set. */
export const elapsedSince = ({ monotonic, wall }: Clocks): Clocks => ({
  monotonic: performance.now() - monotonic,
  wall: Date.now() - wall,
});
