import type { AttemptEvent } from './ledger.ts';

/** What was let out of this process for one purchase: only it can know. */
export interface Departure {
  /** When the last request that may buy was let out; null: none was. */
  at: Date | null;
  /** One was not let out, since the right to buy had passed on. */
  wasStopped: boolean;
}

/** Asked before each request that may buy. False: it must not leave. */
export function maySend(departure: Departure, isSurelyHeld: boolean, now: Date): boolean {
  if (isSurelyHeld) departure.at = now;
  else departure.wasStopped = true;
  return isSurelyHeld;
}

/**
 * What a purchase is known to have come to, given what has left. Not sent, when one was stopped and none had left before
 * or did after it; once one has left, a failure of another proves nothing about it, and only a look can tell.
 */
export function whatCameOf({ at, wasStopped }: Departure, event: AttemptEvent): AttemptEvent {
  if (!wasStopped) return event;
  if (at === null) return { type: 'not-sent' };
  return event.type === 'failed' ? { type: 'failed', kind: 'unknown-outcome', retryAfterMs: null } : event;
}
