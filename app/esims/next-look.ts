import { DAY, HOUR, MINUTE } from '../platform/time.ts';
import type { EsimStatus } from './status.ts';

/** What decides how soon an eSIM is worth another question. */
export interface LookFacts {
  status: EsimStatus;
  /** Since it was bought, in ms. */
  ageMs: number;
  /** Of the bundle in use, 0 to 1; null when unlimited, or not known. */
  usedShare: number | null;
  /** Until its bundle ends, in ms; null when that is not known. */
  endsInMs: number | null;
}

/**
 * How long until an eSIM is read again by itself, in ms; null: never, since nothing will change. A question costs two or
 * three turns at the supplier, and purchases need them more: what a traveller uses is asked often, what lies in a drawer
 * the more rarely the longer it lies.
 */
export function nextLook({ status, ageMs, usedShare, endsInMs }: LookFacts): number | null {
  switch (status) {
    case 'new':
      return clamp(ageMs / 4, 15 * MINUTE, ageMs < 90 * DAY ? DAY : 7 * DAY);
    case 'installed':
      return clamp(ageMs / 8, HOUR, DAY);
    case 'active': {
      const isNearEnd = (usedShare ?? 0) >= 0.8 || (endsInMs ?? DAY) < DAY;
      const usual = isNearEnd ? 20 * MINUTE : HOUR;
      // The end itself is worth a look soon after.
      return endsInMs === null ? usual : clamp(endsInMs + MINUTE, MINUTE, usual);
    }
    case 'used-up':
    case 'expired':
    case 'revoked':
    case 'gone':
      return null;
    default:
      return status satisfies never;
  }
}

/** After the n-th failure in a row the first retry comes in 5 minutes, and later ones at most after 6 hours. */
export const FIRST_RETRY_MS = 5 * MINUTE;
export const MOST_RETRY_MS = 6 * HOUR;

const clamp = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most);
