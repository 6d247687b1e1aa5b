import { backOff, MINUTE, SECOND } from '../platform/time.ts';
import type { AttemptEvent } from './ledger.ts';

/** Whether a supplier account is asked to sell at all. Rows, so that every process knows (`BuyingPace`). */
export interface Breaker {
  /** Purchases in a row that were not answered as they should. */
  failures: number;
  /** Nothing is bought since then. */
  downSince: Date | null;
  /** When the next read that may end it is made; set while it is down. */
  probeAt: Date | null;
  /** Reads that were made since a purchase was answered. */
  probes: number;
}

/** So many failures in a row, and the supplier counts as down. */
export const MOST_FAILURES = 3;

/** What a purchase says of its supplier: that it works, that it does not, or nothing. */
export function healthOf(event: AttemptEvent): 'works' | 'fails' | null {
  switch (event.type) {
    case 'answered':
    case 'refused':
      return 'works';
    case 'failed':
      switch (event.kind) {
        case 'down':
        case 'unknown-outcome':
        case 'unreadable':
          return 'fails';
        case 'rate-limited': // it answers, and asks for patience
          return null;
        case 'credentials':
        case 'funds':
        case 'rejected':
          return 'works';
        default:
          return event.kind satisfies never;
      }
    default:
      return null; // what is looked up, or decided by a person, asked for no purchase
  }
}

export function afterPurchase(breaker: Breaker, health: 'works' | 'fails', now: Date): Breaker {
  if (health === 'works') return { failures: 0, downSince: null, probeAt: null, probes: 0 };
  const failures = breaker.failures + 1;
  return failures < MOST_FAILURES || breaker.downSince
    ? { ...breaker, failures }
    : { ...breaker, failures, downSince: now, probeAt: nextProbe(breaker.probes, now) };
}

/**
 * A read was answered: purchases are let through again. Half open: the first that fails closes the way at once, and it
 * stays closed for longer each time.
 */
export function afterProbe(breaker: Breaker, isAnswered: boolean, now: Date): Breaker {
  const probes = breaker.probes + 1;
  return isAnswered
    ? { failures: MOST_FAILURES - 1, downSince: null, probeAt: null, probes }
    : { ...breaker, probes, probeAt: nextProbe(probes, now) };
}

/** 15, 30, 60 s … 5 minutes. */
function nextProbe(probes: number, now: Date): Date {
  return new Date(now.getTime() + backOff(probes + 1, 15 * SECOND, 5 * MINUTE));
}
