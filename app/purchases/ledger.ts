import type { HoldReason, ParkReason } from '../orders/line.ts';
import type { ProviderErrorKind, Refused } from '../providers/contract.ts';
import { HOUR, MINUTE, SECOND } from '../platform/time.ts';

/** The life of one try to buy. `sending` is on disk before the first byte leaves for the supplier. */
export type AttemptState =
  | 'sending' // the request is leaving, or the process died while it was
  | 'in-doubt' // the supplier may have bought: it is asked what it did, never told again
  | 'preparing' // bought, and its eSIMs are not all listed yet
  | 'bought'
  | 'refused' // provably nothing was bought
  | 'parked'; // a person decides, from the evidence

export interface Attempt {
  state: AttemptState;
  /** How often the supplier was asked what it did. */
  looks: number;
  quantity: number;
}

/** What was learnt about an attempt. */
export type AttemptEvent =
  | { type: 'answered'; status: 'ready' | 'preparing' }
  | { type: 'refused'; reason: Refused['reason'] }
  | { type: 'failed'; kind: ProviderErrorKind; retryAfterMs: number | null }
  | { type: 'not-sent' } // this process lost its turn before the first byte
  | { type: 'interrupted' } // a process died, or was cut off, in `sending`
  | { type: 'looked'; fits: number; msSinceSent: number } // orders of the supplier that fit and belong to no attempt
  | { type: 'listed'; esims: number; complete: boolean; msSinceSent: number };

/** What to do about it. `units` says what becomes of the attempt's units. */
export interface Decision {
  attempt: AttemptState;
  units:
    | { become: 'buying' | 'preparing' | 'bought' | 'paid' }
    | { become: 'held'; reason: HoldReason; forMs: number | null }
    | { become: 'parked'; reason: ParkReason };
  /** Look at the supplier's side again after this many ms. */
  lookAfterMs?: number;
  /** Buy nothing with this account until the merchant enters a new key. */
  refuseKey?: true;
  /** Buy nothing with this account for so long. */
  waitMs?: number;
}

/** How long the supplier may take to show an order whose answer was lost. */
export const QUIET_WINDOW_MS = 15 * MINUTE;
/** How long the supplier may take to list the eSIMs of an order. */
export const ASSIGN_WINDOW_MS = HOUR;

/**
 * The one place that decides about money: pure, no clock, no database. The rule under it is that a purchase whose
 * outcome is unknown is looked up and never sent again by a timer.
 */
export function step(attempt: Attempt, event: AttemptEvent): Decision {
  switch (event.type) {
    case 'answered':
      return event.status === 'ready'
        ? { attempt: 'bought', units: { become: 'bought' } }
        : { attempt: 'preparing', units: { become: 'preparing' }, lookAfterMs: 2 * SECOND };
    case 'refused':
      return { attempt: 'refused', units: holdAfterRefusal(event.reason) };
    case 'failed':
      return afterFailure(event.kind, event.retryAfterMs);
    case 'not-sent':
      return { attempt: 'refused', units: { become: 'paid' } };
    case 'interrupted':
      return { attempt: 'in-doubt', units: { become: 'buying' }, lookAfterMs: 0 };
    case 'looked':
      return afterLook(attempt, event);
    case 'listed':
      return afterListing(attempt, event);
    default:
      return event satisfies never;
  }
}

function holdAfterRefusal(reason: Refused['reason']): Decision['units'] {
  switch (reason) {
    case 'funds':
      return { become: 'held', reason: 'funds', forMs: 5 * MINUTE };
    case 'bundle-unavailable':
    case 'rejected':
      return { become: 'held', reason, forMs: null };
    default:
      return reason satisfies never;
  }
}

function afterFailure(kind: ProviderErrorKind, retryAfterMs: number | null): Decision {
  switch (kind) {
    case 'credentials':
      return {
        attempt: 'refused',
        units: { become: 'held', reason: 'key-refused', forMs: 0 },
        refuseKey: true,
      };
    case 'funds':
      return { attempt: 'refused', units: holdAfterRefusal('funds') };
    case 'rejected':
      return { attempt: 'refused', units: holdAfterRefusal('rejected') };
    case 'rate-limited':
      return {
        attempt: 'refused',
        units: { become: 'paid' },
        waitMs: Math.max(retryAfterMs ?? 0, 5 * SECOND),
      };
    case 'down':
      return {
        attempt: 'refused',
        units: { become: 'paid' },
        waitMs: Math.max(retryAfterMs ?? 0, 30 * SECOND),
      };
    case 'unknown-outcome':
    case 'unreadable': // a purchase answered in a shape we do not know was still answered
      return { attempt: 'in-doubt', units: { become: 'buying' }, lookAfterMs: 2 * SECOND };
    default:
      return kind satisfies never;
  }
}

function afterLook(attempt: Attempt, { fits, msSinceSent }: { fits: number; msSinceSent: number }): Decision {
  if (fits === 1) return { attempt: 'preparing', units: { become: 'preparing' }, lookAfterMs: 0 };
  if (fits > 1) return { attempt: 'parked', units: { become: 'parked', reason: 'ambiguous' } };
  if (msSinceSent < QUIET_WINDOW_MS) {
    return { attempt: 'in-doubt', units: { become: 'buying' }, lookAfterMs: pause(attempt.looks) };
  }
  return { attempt: 'parked', units: { become: 'parked', reason: 'no-such-order' } };
}

function afterListing(
  attempt: Attempt,
  { esims, complete, msSinceSent }: { esims: number; complete: boolean; msSinceSent: number },
): Decision {
  if (esims >= attempt.quantity) return { attempt: 'bought', units: { become: 'bought' } };
  if (!complete && msSinceSent < ASSIGN_WINDOW_MS) {
    return { attempt: 'preparing', units: { become: 'preparing' }, lookAfterMs: pause(attempt.looks) };
  }
  return { attempt: 'parked', units: { become: 'parked', reason: esims === 0 ? 'not-assigned' : 'short' } };
}

/** 2, 4, 8 … 60 s. */
function pause(looks: number): number {
  return Math.min(2 * SECOND * 2 ** looks, MINUTE);
}
