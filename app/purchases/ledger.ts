import type { HoldReason, ParkReason } from '../orders/line.ts';
import type { ProviderErrorKind, Refused } from '../providers/contract.ts';
import { HOUR, MINUTE, SECOND } from '../platform/time.ts';
import type { PassReason } from './pass-on.ts';

/** The life of one try to buy, and where it may go from each state (purchases/README.md has the picture). */
export const arrows = {
  /** A person asked for it, and its turn has not come. Of top-ups that no order paid; whoever waits is soon told no. */
  asked: ['sending', 'in-doubt', 'refused'],
  /** The request is leaving, or the process died while it was. On disk before the first byte leaves. */
  sending: ['in-doubt', 'preparing', 'bought', 'refused', 'parked'],
  /** The supplier may have bought: it is asked what it did, never told again. */
  'in-doubt': ['in-doubt', 'preparing', 'bought', 'refused', 'parked'],
  /** Bought, and its eSIMs are not all listed yet. */
  preparing: ['preparing', 'bought', 'parked'],
  /** A person decides, from the evidence. */
  parked: ['preparing', 'bought', 'refused', 'closed'],
  bought: [],
  /** Provably nothing was bought, or a person took it on to buy again. */
  refused: [],
  /** A person ended it without an eSIM. */
  closed: [],
} as const satisfies Record<string, readonly string[]>;

export type AttemptState = keyof typeof arrows;

export interface Attempt {
  state: AttemptState;
  quantity: number;
  /** How often the supplier was asked what it did. */
  looks: number;
  /** The supplier's order it claims; null while none is known. */
  orderReference: string | null;
  /** The merchant allows to buy once more after a proof of absence, and these units were not bought so before. */
  mayRebuy: boolean;
}

/** What was learnt about an attempt. Times in ms. */
export type AttemptEvent =
  | { type: 'answered'; status: 'ready' | 'preparing'; orderReference: string }
  | { type: 'refused'; reason: Refused['reason'] }
  | { type: 'failed'; kind: ProviderErrorKind; retryAfterMs: number | null }
  | { type: 'not-sent' } // nothing bought, nothing in the way: the turn was lost before the first byte, or no stock was left
  | { type: 'interrupted' } // a process died, or was cut off, in `sending`; or the database forgot that it was sent
  /** The supplier's orders were read: `fits` of them may be this one and belong to no attempt. */
  | { type: 'looked'; fits: number; msSinceSent: number; emptyForMs: number; isProvedAbsent: boolean }
  /** The order was read: `esims` with a usable install code, `bad` whose code cannot be right. */
  | { type: 'listed'; esims: number; bad: number; complete: boolean; msSinceSent: number }
  | { type: 'duplicate' } // its reference, or one of its eSIMs, is somebody else's on our record
  | { type: 'found' } // the auditor, or a person, named the supplier's order that it was
  | { type: 'contested' } // the database was restored, and an order that fits may as well be another's
  | { type: 'read-again' } // a person asks to read an order once more that brought too few eSIMs
  | { type: 'bought-again' } // a person, from the evidence
  | { type: 'closed' }; // a person

/** What becomes of the attempt's units. */
export type UnitFate =
  | { become: 'buying' | 'preparing' | 'bought' | 'paid' | 'cancelled' }
  | { become: 'held'; reason: HoldReason; forMs: number | null }
  | { become: 'parked'; reason: ParkReason };

/** What the shell must do, in one transaction with the new state. */
export interface Effects {
  units: UnitFate;
  /**
   * Refused, and nothing was bought: what sells another bundle too is bought of that instead (pass-on.ts), and `units`
   * says what becomes of the rest.
   */
  passesOn?: PassReason;
  /** Look at the supplier's side (again) after this many ms. */
  lookAfterMs?: number;
  /** Buy nothing with this account until the merchant enters a new key. */
  refuseKey?: true;
  /** Buy nothing with this account for so long. */
  pauseMs?: number;
  /** The units are bought again by themselves: once, and never a second time. */
  rebuys?: true;
  /** A person let the units go: no guard holds them again. */
  approves?: true;
}

export interface Step {
  state: AttemptState;
  effects: Effects;
}

/** How long the supplier may take to show an order whose answer was lost. */
export const QUIET_WINDOW_MS = 15 * MINUTE;
/** How long the supplier may take to list the eSIMs of an order. */
export const ASSIGN_WINDOW_MS = HOUR;
/** A complete order that brought too little is read again so often: one list may have been cut off. */
export const SHORT_LOOKS = 2;
/** Two empty lists must lie so far apart before absence counts as proved. */
export const EMPTY_APART_MS = MINUTE;

/**
 * The one place that decides about money: pure, no clock, no database. The rule under it is that a purchase whose
 * outcome is unknown is looked up and never sent again by a timer. Null: in this state the event changes nothing.
 */
export function step(attempt: Attempt, event: AttemptEvent): Step | null {
  switch (event.type) {
    case 'answered':
      return afterAnswer(attempt, event);
    case 'refused':
      return isOpen(attempt) ? afterRefusal(attempt, event.reason) : null;
    case 'failed':
      return attempt.state === 'sending' ? afterFailure(event.kind, event.retryAfterMs) : null;
    case 'not-sent':
      return isOpen(attempt) || attempt.state === 'asked'
        ? { state: 'refused', effects: { units: { become: 'paid' } } }
        : null;
    case 'interrupted':
      return attempt.state === 'sending' || attempt.state === 'asked' ? doubt(0) : null;
    case 'looked':
      return attempt.state === 'in-doubt' ? afterLook(attempt, event) : null;
    case 'listed':
      return attempt.state === 'preparing' ? afterListing(attempt, event) : null;
    case 'duplicate':
      return isOpen(attempt) || attempt.state === 'preparing' ? park('duplicate-iccid') : null;
    case 'found':
      return (attempt.state === 'in-doubt' || attempt.state === 'parked') && attempt.orderReference === null
        ? prepare(0)
        : null;
    case 'contested':
      return isOpen(attempt) ? park('database-restored') : null;
    case 'read-again':
      return attempt.state === 'parked' && attempt.orderReference !== null ? prepare(0) : null;
    case 'bought-again':
      return attempt.state === 'parked'
        ? // What is known to have been bought was not refused, even if it brought too few eSIMs.
          {
            state: attempt.orderReference === null ? 'refused' : 'closed',
            effects: { units: { become: 'paid' }, approves: true },
          }
        : null;
    case 'closed':
      return attempt.state === 'parked'
        ? { state: 'closed', effects: { units: { become: 'cancelled' } } }
        : null;
    default:
      return event satisfies never;
  }
}

/** Sent, and nobody has found out what came of it. */
function isOpen({ state }: Attempt): boolean {
  return state === 'sending' || state === 'in-doubt';
}

/** An answer proves what happened, also one that arrives after others began to look. */
function afterAnswer(
  attempt: Attempt,
  { status, orderReference }: { status: 'ready' | 'preparing'; orderReference: string },
): Step | null {
  const isThisOrder = attempt.orderReference === null || attempt.orderReference === orderReference;
  const isWaiting = isOpen(attempt) || attempt.state === 'preparing' || attempt.state === 'parked';
  if (!isWaiting || !isThisOrder) return null;
  if (status === 'ready') return { state: 'bought', effects: { units: { become: 'bought' } } };
  return attempt.state === 'preparing' ? null : prepare(2 * SECOND);
}

function afterFailure(kind: ProviderErrorKind, retryAfterMs: number | null): Step {
  switch (kind) {
    case 'credentials':
      return {
        state: 'refused',
        effects: {
          ...{ units: { become: 'held', reason: 'key-refused', forMs: 0 }, refuseKey: true },
          passesOn: 'key-refused',
        },
      };
    case 'funds':
    case 'rejected':
      return refuse(kind);
    case 'rate-limited':
      return notBought(Math.max(retryAfterMs ?? 0, 5 * SECOND));
    case 'down':
      return notBought(Math.max(retryAfterMs ?? 0, 30 * SECOND));
    case 'unknown-outcome':
    case 'unreadable': // a purchase answered in a shape we do not know was still answered
      return doubt(2 * SECOND);
    default:
      return kind satisfies never;
  }
}

/** A doubt that turns out to have been refused is not passed on: it was asked about for too long to be in a hurry now. */
function afterRefusal({ state }: Attempt, reason: Refused['reason']): Step {
  const step = refuse(reason);
  return state === 'sending' ? step : { ...step, effects: { units: step.effects.units } };
}

function refuse(reason: Refused['reason']): Step {
  return {
    state: 'refused',
    effects: {
      units: holdAfterRefusal(reason),
      // A top-up names its eSIM, and so its supplier.
      ...(reason !== 'incompatible' && { passesOn: reason }),
    },
  };
}

function holdAfterRefusal(reason: Refused['reason']): UnitFate {
  switch (reason) {
    case 'funds':
      return { become: 'held', reason: 'funds', forMs: 5 * MINUTE };
    case 'bundle-unavailable':
    case 'rejected':
    case 'incompatible':
    case 'branding':
      return { become: 'held', reason, forMs: null };
    default:
      return reason satisfies never;
  }
}

interface Look {
  fits: number;
  msSinceSent: number;
  emptyForMs: number;
  isProvedAbsent: boolean;
}

function afterLook(attempt: Attempt, { fits, msSinceSent, emptyForMs, isProvedAbsent }: Look): Step {
  if (fits === 1) return prepare(0);
  if (fits > 1) return park('ambiguous');
  if (msSinceSent < QUIET_WINDOW_MS) return doubt(pause(attempt.looks));
  const isProved = isProvedAbsent && emptyForMs >= EMPTY_APART_MS;
  return attempt.mayRebuy && isProved
    ? { state: 'refused', effects: { units: { become: 'paid' }, rebuys: true } }
    : park('no-such-order');
}

function afterListing(
  attempt: Attempt,
  {
    esims,
    bad,
    complete,
    msSinceSent,
  }: { esims: number; bad: number; complete: boolean; msSinceSent: number },
): Step {
  if (esims >= attempt.quantity) return { state: 'bought', effects: { units: { become: 'bought' } } };
  const isFinal = complete && attempt.looks >= SHORT_LOOKS;
  if (!isFinal && msSinceSent < ASSIGN_WINDOW_MS) return prepare(pause(attempt.looks));
  if (bad > 0) return park('bad-code');
  return park(esims === 0 ? 'not-assigned' : 'short');
}

function notBought(pauseMs: number): Step {
  return { state: 'refused', effects: { units: { become: 'paid' }, pauseMs } };
}

function doubt(lookAfterMs: number): Step {
  return { state: 'in-doubt', effects: { units: { become: 'buying' }, lookAfterMs } };
}

function prepare(lookAfterMs: number): Step {
  return { state: 'preparing', effects: { units: { become: 'preparing' }, lookAfterMs } };
}

function park(reason: ParkReason): Step {
  return { state: 'parked', effects: { units: { become: 'parked', reason } } };
}

/** 2, 4, 8 … 60 s. */
function pause(looks: number): number {
  return Math.min(2 * SECOND * 2 ** looks, MINUTE);
}
