import { MINUTE } from '../platform/time.ts';

/** Suppliers count usage in steps of minutes, and every look costs turns that purchases need. */
export const REFRESH_EVERY_MS = 2 * MINUTE;

/** Older than that, a page that is opened asks by itself. */
export const STALE_MS = 10 * MINUTE;

/** How long until an eSIM may be read again for a person, in ms; 0: now. */
export function waitBeforeRefresh(lookedAt: Date | null, now: Date): number {
  return lookedAt === null ? 0 : Math.max(0, lookedAt.getTime() + REFRESH_EVERY_MS - now.getTime());
}
