import { AsyncLocalStorage } from 'node:async_hooks';
import { withLease } from '../platform/lease.server.ts';
import { after, MINUTE, SECOND } from '../platform/time.ts';
import { sessionStorage } from './session-storage.server.ts';

/**
 * Who may ask Shopify for a new token of this shop, one at a time in all processes: each new pair of tokens retires the refresh
 * token before it, and of two asked for at once the one that is stored last may be the one that died first. `taken`: somebody
 * else's turn did not end.
 */
export const inTurn = <T>(domain: string, ask: () => Promise<T>): Promise<T | 'taken'> =>
  withLease(turnOf(`offline_${domain}`), ask, { patienceMs: PATIENCE_MS });

const PATIENCE_MS = 20 * SECOND;
const turnOf = (sessionId: string) => `token ${sessionId}`;

interface Visit {
  /** Lets the next one ask; null before the visit's own turn. */
  endTurn: (() => Promise<void>) | null;
}

const visits = new AsyncLocalStorage<Visit>();

/**
 * Signs a visit in by Shopify's package, which exchanges the visit's own proof for a token when it finds none that is
 * usable. A page asks with several requests at once: the first of them gets the token, and the others find it.
 */
export async function visitInTurn<T>(signIn: () => Promise<T>): Promise<T> {
  const visit: Visit = { endTurn: null };
  try {
    return await visits.run(visit, signIn);
  } finally {
    await visit.endTurn?.();
  }
}

/** The storage for the package: a visit that would be told that there is no usable token waits for its turn to get one. */
export function storageInTurn(): ReturnType<typeof sessionStorage> {
  const storage = sessionStorage();
  return {
    ...storage,
    loadSession: async (id) => {
      const session = await storage.loadSession(id);
      const visit = visits.getStore();
      if (!visit || visit.endTurn || isFresh(session)) return session;
      await takeTurn(visit, id);
      return storage.loadSession(id);
    },
  };
}

/** Resolves when the turn has come; it lasts until the visit ends it. One that waited in vain asks all the same. */
function takeTurn(visit: Visit, id: string): Promise<void> {
  return new Promise((come, fail) => {
    const turn = withLease(
      turnOf(id),
      () =>
        new Promise<void>((end) => {
          visit.endTurn = async () => {
            end();
            await turn;
          };
          come();
        }),
      { patienceMs: PATIENCE_MS },
    );
    turn.then(() => {
      come();
    }, fail);
  });
}

/** A session without an expiry was stored by an answer that lost `expires_in`; Shopify's package would use it for ever. */
export function isFresh(session: { expires?: Date | undefined } | undefined): boolean {
  return session?.expires !== undefined && session.expires > after(5 * MINUTE);
}
