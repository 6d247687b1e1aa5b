import type { OrderEsims, Reading } from './order-esims.ts';

/** What the buyer sees. `late` = we have stopped asking by ourselves; the e-mail will bring it. */
export type Face =
  | { name: 'nothing' }
  | { name: 'checking' }
  | ({ name: 'preparing'; late: boolean } & Bought)
  | ({ name: 'ready' | 'problem' | 'unreachable' } & Bought);

export type Bought = Pick<OrderEsims, 'esims' | 'topUps'>;

export interface Watch {
  read: (signal: AbortSignal) => Promise<Reading>;
  onFace: (face: Face) => void;
  /** How long an order the app does not know may still be on its way from Shopify. 0 = it would be there by now. */
  patienceMs: number;
}

// Most orders are ready within a second of being paid: the first questions follow closely.
const BACK_OFF_MS = [500, 500, 1_000, 1_000, 2_000, 3_000, 5_000, 8_000, 13_000, 20_000, 30_000];
const LONGEST_WAIT_MS = 60_000;
const GIVE_UP_AFTER_MS = 10 * 60_000;
/** Two lost answers are a passing cloud; the third is worth a sentence. */
const FAILURES_BEFORE_SAYING_SO = 3;

/**
 * Asks until there is nothing more to learn, slower and slower, for about ten minutes.
 * Returns the function that stops it; after that `onFace` is not called again.
 */
export function watchOrder({ read, onFace, patienceMs }: Watch): () => void {
  const startedAt = Date.now();
  const stopping = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let failures = 0;
  let last: OrderEsims | null = null;

  void ask();
  return () => {
    stopping.abort();
    clearTimeout(timer);
  };

  async function ask(): Promise<void> {
    const reading = await read(stopping.signal);
    if (stopping.signal.aborted) return;
    const elapsedMs = Date.now() - startedAt;
    switch (reading.kind) {
      case 'answer': {
        failures = 0;
        // The order has just arrived: the supplier usually answers within seconds, so start over with short waits.
        if (last === null) attempt = 0;
        last = reading.order;
        const wait = waitFor(reading.order, attempt);
        const late = wait !== null && elapsedMs + wait > GIVE_UP_AFTER_MS;
        onFace(faceOf(reading.order, late));
        if (wait !== null && !late) askAgainIn(wait);
        return;
      }
      case 'unknown':
        failures = 0;
        if (elapsedMs + backOff(attempt) <= patienceMs) askAgainIn(backOff(attempt));
        else onFace({ name: 'nothing' });
        return;
      case 'unreachable':
        failures += 1;
        if (failures >= FAILURES_BEFORE_SAYING_SO) onFace({ name: 'unreachable', ...boughtOf(last) });
        else askAgainIn(backOff(attempt));
        return;
      default:
        reading satisfies never;
    }
  }

  function askAgainIn(ms: number): void {
    attempt += 1;
    timer = setTimeout(() => void ask(), ms);
  }
}

/** Milliseconds until the next question, or `null` when this answer is the last word. */
function waitFor(order: OrderEsims, attempt: number): number | null {
  if (order.status !== 'preparing' && order.retryAfterMs === null) return null;
  return Math.max(backOff(attempt), Math.min(order.retryAfterMs ?? 0, LONGEST_WAIT_MS));
}

function backOff(attempt: number): number {
  return BACK_OFF_MS[attempt] ?? 30_000;
}

function boughtOf(order: OrderEsims | null): Bought {
  return { esims: order?.esims ?? [], topUps: order?.topUps ?? [] };
}

function faceOf(order: OrderEsims, late: boolean): Face {
  const bought = boughtOf(order);
  switch (order.status) {
    case 'none':
      return { name: 'nothing' };
    case 'preparing':
      return { name: 'preparing', ...bought, late };
    case 'ready':
      return order.esims.length + order.topUps.length === 0
        ? { name: 'nothing' }
        : { name: 'ready', ...bought };
    case 'problem':
      return { name: 'problem', ...bought };
    default:
      return order.status satisfies never;
  }
}
