import { db } from '../platform/db.server.ts';
import { withLease } from '../platform/lease.server.ts';
import { takeOfWindow } from '../platform/rate-limit.server.ts';
import { seal, unseal, type Place } from '../platform/secrets.server.ts';
import { bothClocks, elapsedSince, SECOND, sleep } from '../platform/time.ts';
import type { ProviderSession } from '../providers/connection.ts';
import { ProviderError } from '../providers/contract.ts';

const LONGEST_WAIT_MS = 20 * SECOND;
/** Of the log-ins of a window, those that nobody spends on trying a password: whoever sells needs them. */
const KEPT_FOR_ACCOUNTS = 2;

interface Wire {
  /** Whose log-ins are counted together. */
  host: string;
  fetch: typeof fetch;
}

interface Account extends Wire {
  shopId: string;
  accountId: string;
  /** The account's column. */
  sealed: string | null;
  /** Of the credentials it belongs to: what others bring is not kept with them. */
  keyMark: string;
}

/** The session of an account, shared by every process. */
export function sharedSession({ shopId, accountId, sealed, keyMark, ...wire }: Account): ProviderSession {
  const place = sessionPlace(shopId, accountId);
  const where = { id: accountId, shopId, credentials: { endsWith: keyMark } };
  let kept = sealed === null ? null : unseal(sealed, place);

  async function renewed(open: (kept: string | null) => Promise<string>): Promise<{ text: string }> {
    const row = await db.supplierAccount.findFirst({ where, select: { session: true } });
    const now = row?.session == null ? null : unseal(row.session, place);
    const text = await open(now);
    if (text !== now) await db.supplierAccount.updateMany({ where, data: { session: seal(text, place) } });
    return { text };
  }

  return {
    fetch: wire.fetch,
    kept: () => kept,
    countLogIn: (most, windowMs) => countLogIn(wire, most, windowMs),
    renew: async (open) => {
      const startedAt = bothClocks();
      for (;;) {
        const outcome = await withLease(`session ${accountId}`, () => renewed(open));
        if (outcome !== 'taken') return (kept = outcome.text);
        if (elapsedSince(startedAt).monotonic > LONGEST_WAIT_MS)
          throw spent('another log-in goes on', 2 * SECOND);
        await sleep(200);
      }
    },
  };
}

/** The session of credentials that are being tried, for as long as that takes; `sealFor` an account they prove good for. */
export function triedSession(wire: Wire): ProviderSession & {
  sealFor: (account: { shopId: string; accountId: string }) => string | null;
} {
  let kept: string | null = null;
  return {
    fetch: wire.fetch,
    kept: () => kept,
    renew: async (open) => (kept = await open(kept)),
    countLogIn: (most, windowMs) => countLogIn(wire, most - KEPT_FOR_ACCOUNTS, windowMs),
    sealFor: ({ shopId, accountId }) => (kept === null ? null : seal(kept, sessionPlace(shopId, accountId))),
  };
}

async function countLogIn({ host }: Wire, most: number, windowMs: number): Promise<void> {
  const waitMs = await takeOfWindow(`${host} log-ins`, most, windowMs);
  if (waitMs > 0) throw spent('the log-ins are spent', waitMs);
}

function spent(why: string, retryAfterMs: number): ProviderError {
  return new ProviderError('rate-limited', `log in: not sent: ${why}`, { retryAfterMs });
}

function sessionPlace(shopId: string, accountId: string): Place {
  return { table: 'SupplierAccount', column: 'session', shopId, rowId: accountId };
}
