import { isRecord, parseUsage, type Usage } from '../../shared/reading.ts';

export const states = [
  'preparing',
  'test',
  'waits',
  'new',
  'installed',
  'active',
  'used-up',
  'expired',
  'refunded',
  'revoked',
  'cancelled',
  'gone',
] as const;
export type State = (typeof states)[number];

export interface Unit {
  id: string;
  title: string;
  isTopUp: boolean;
  state: State;
  /** Where the app has all that can be done about it; begins with a slash. */
  path: string;
  iccidLast4: string | null;
  usage: Usage | null;
}

export interface StaffOrder {
  id: string;
  maskedEmail: string | null;
  canResend: boolean;
  units: Unit[];
}

/** `unknown`: an order that sold no eSIM, or that the app has not received yet. `unreachable`: no answer that can be read. */
export type Reading = { kind: 'answer'; order: StaffOrder } | { kind: 'unknown' } | { kind: 'unreachable' };

/**
 * Asks the app once; never throws. Shopify resolves the address against the app's own and adds a token that says which shop
 * and who of its staff.
 */
export async function readStaffOrder(orderGid: string): Promise<Reading> {
  try {
    const response = await fetch(`/api/admin/order?order=${encodeURIComponent(orderGid)}`);
    if (response.status === 404) return { kind: 'unknown' };
    const order = response.ok ? parseStaffOrder(await response.json()) : null;
    return order === null ? { kind: 'unreachable' } : { kind: 'answer', order };
  } catch {
    // Network gone, an answer that is no JSON: to the merchant they are one thing, "try again".
    return { kind: 'unreachable' };
  }
}

const refusals = ['address', 'no-esims', 'no-address', 'too-many'] as const;
export type Sent = 'sent' | 'unreachable' | (typeof refusals)[number];

/** Mails the eSIMs once more; never throws. The same `pressId` again is the same e-mail, so `unreachable` may be repeated. */
export async function sendAgain(press: { order: string; pressId: string; email: string }): Promise<Sent> {
  try {
    const response = await fetch('/api/admin/order', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(press),
    });
    if (response.ok) return 'sent';
    const answer: unknown = response.status === 422 ? await response.json() : null;
    return refusals.find((reason) => isRecord(answer) && answer.reason === reason) ?? 'unreachable';
  } catch {
    return 'unreachable';
  }
}

/** Null when what the block needs is not there. A state that only a newer app knows is under way. */
export function parseStaffOrder(input: unknown): StaffOrder | null {
  if (!isRecord(input) || typeof input.id !== 'string' || !Array.isArray(input.units)) return null;
  const units = input.units.map(parseUnit).filter((unit) => unit !== null);
  if (units.length < input.units.length) return null;
  const { id, maskedEmail, canResend } = input;
  return { id, maskedEmail: textOrNull(maskedEmail), canResend: canResend === true, units };
}

function parseUnit(input: unknown): Unit | null {
  if (!isRecord(input)) return null;
  const { id, title, path } = input;
  if (typeof id !== 'string' || typeof title !== 'string' || typeof path !== 'string') return null;
  // It ends in an href.
  if (!/^\/app\/[\w/-]+$/.test(path)) return null;
  return {
    ...{ id, title, path, isTopUp: input.isTopUp === true },
    state: states.find((state) => state === input.state) ?? 'preparing',
    iccidLast4: textOrNull(input.iccidLast4),
    usage: parseUsage(input.usage),
  };
}

function textOrNull(input: unknown): string | null {
  return typeof input === 'string' ? input : null;
}
