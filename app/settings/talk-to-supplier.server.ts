import { config } from '../platform/config.server.ts';
import { log } from '../platform/log.server.ts';
import { BudgetExhausted, countTurn, holdTurns, takeTurn } from '../platform/rate-limit.server.ts';
import { askedToWaitMs } from '../platform/retry-after.ts';
import { blindIndex } from '../platform/secrets.server.ts';
import { currentTime, HOUR, MINUTE, SECOND } from '../platform/time.ts';
import type { ProviderSession } from '../providers/connection.ts';
import { ProviderError, type EsimProvider } from '../providers/contract.ts';
import { fieldsOf } from '../providers/form.ts';
import { providers, type ProviderEntry, type ProviderKey } from '../providers/registry.server.ts';
import { fetchAt } from './supplier-address.server.ts';

/** How requests of this use leave. */
export interface Manners {
  /** Asked at the last moment before anything but a read leaves; false stops it. */
  mayStillSend?: () => boolean;
  /** Nobody waits for the answer any more (`ProviderConnection.signal`). */
  signal?: AbortSignal;
  /** How long to wait for a free turn at the supplier; what can wait asks for none. */
  patienceMs?: number;
}

/** Whom to talk to, with the session that a supplier one logs in to would use. */
export interface Talk extends Manners {
  provider: ProviderKey;
  credentials: unknown;
  session: (wire: { host: string; fetch: typeof fetch }) => ProviderSession;
}

/** A supplier, ready to be asked. Throws `ZodError` for credentials that are not its. */
export function talkTo({
  provider: key,
  credentials,
  session,
  mayStillSend,
  signal,
  patienceMs,
}: Talk): EsimProvider {
  const entry: ProviderEntry = providers[key];
  const { baseUrl, open } = wayTo(key, credentials);
  const { host } = new URL(baseUrl);
  const counted = { turns: turnsOf(entry, host, credentials), title: entry.title, patienceMs };
  return entry.create({
    credentials,
    baseUrl,
    signal,
    fetch: inTurn(open, counted, () => {
      signal?.throwIfAborted();
      return mayStillSend?.() ?? true;
    }),
    session: session({ host, fetch: inTurn(open, counted) }),
    onAnswer: ({ act, method, status, ms }) => {
      log.info('supplier.answered', { provider: key, act, method, status: status ?? 'none', ms });
    },
  });
}

/** Where a supplier is, and how it is reached there. */
function wayTo(key: ProviderKey, credentials: unknown): { baseUrl: string; open: typeof fetch } {
  const entry: ProviderEntry = providers[key];
  const known = config.SUPPLIER_BASE_URLS.get(key) ?? entry.baseUrl;
  // Looked up when it is called: tests close the network.
  if (known !== undefined) return { baseUrl: known, open: (input, init) => fetch(input, init) };
  const address = valueOf(entry, addressField(entry), credentials);
  if (address === undefined) throw new Error(`nobody says where ${key} is`);
  return { baseUrl: address, open: fetchAt(address) };
}

/** The credential that is the supplier's address; undefined where it has one for everybody. */
export function addressField({ credentials }: ProviderEntry): string | undefined {
  return fieldsOf(credentials).find(({ kind }) => kind === 'address')?.name;
}

function valueOf({ credentials }: ProviderEntry, name: string | undefined, values: unknown) {
  return name === undefined ? undefined : credentials.parse(values)[name];
}

interface Turns {
  /** By what turns are counted, in rows shared by every process. */
  name: string;
  perSecond: number;
  /** Null where the supplier does not count the hour. */
  hour: { name: string; perSecond: number; burst: number } | null;
}

function turnsOf(entry: ProviderEntry, host: string, credentials: unknown): Turns {
  const { requestsPerSecond, requestsPerHour, countedBy } = entry.limits;
  const user = valueOf(entry, countedBy, credentials);
  const name = user === undefined ? host : `${host} ${blindIndex('user of a supplier', user.toLowerCase())}`;
  return {
    name,
    // A fifth below the limit: our clock is not the supplier's.
    perSecond: requestsPerSecond * 0.8,
    // Spaced evenly a purchase would take half a minute. So some come at once, and both together stay below the limit.
    hour:
      requestsPerHour === undefined
        ? null
        : {
            name: `${name} by the hour`,
            perSecond: (requestsPerHour * 0.55 * SECOND) / HOUR,
            burst: Math.floor(requestsPerHour * 0.4),
          },
  };
}

/** A `fetch` that waits for its turn, and heeds what the supplier says of its limits. */
function inTurn(
  open: typeof fetch,
  { turns, title, patienceMs }: { turns: Turns; title: string; patienceMs: number | undefined },
  mayStillSend = () => true,
): typeof fetch {
  const { name, perSecond } = turns;
  let counting = Promise.resolve();
  return async (input, init) => {
    // Waiting ends long before any time-out, and nothing has left by then, so the purchase is not in doubt.
    await counting;
    await takeTurns(turns, patienceMs).catch((error: unknown) => {
      if (!(error instanceof BudgetExhausted)) throw error;
      throw new ProviderError('rate-limited', `${title} has no free turn`, { retryAfterMs: error.waitMs });
    });
    if (init?.method !== undefined && init.method !== 'GET' && !mayStillSend())
      throw new ProviderError('rate-limited', `${title} was not asked: the right to buy has passed on`);
    const response = await open(input, init);
    // eSIM Go counts some calls double, and says so in the answer.
    const cost = Number(response.headers.get('x-ratelimit-cost') ?? 1);
    // Not waited for here: a body that nobody reads while its connection closes is an assertion in Node's HTTP client
    // that fails, and takes the process with it.
    if (response.status === 429) counting = counted(holdTurns(name, holdFor(response)));
    else if (cost > 1) counting = counted(countTurn(name, Math.min(cost, MOST_TURNS), perSecond));
    return response;
  };
}

/** Throws `BudgetExhausted`. What can wait leaves half of what is left of the hour to those who cannot. */
async function takeTurns({ name, perSecond, hour }: Turns, patienceMs = 5 * SECOND): Promise<void> {
  if (hour) {
    const left = patienceMs === 0 ? (-hour.burst * SECOND) / 2 / hour.perSecond : patienceMs;
    await takeTurn(hour.name, hour.perSecond, left, hour.burst);
  }
  await takeTurn(name, perSecond, patienceMs);
}

/** What is not counted, since the database is away, shows as a 429 at worst. */
function counted(writing: Promise<void>): Promise<void> {
  return writing.catch((error: unknown) => {
    log.warn('turns.uncounted', {}, error);
  });
}

/** A call that is said to cost more is not believed. */
const MOST_TURNS = 100;

// For everybody behind this address, where the supplier counts by address; never longer than a minute on its word.
function holdFor({ headers }: Response): number {
  return Math.min(askedToWaitMs(headers, currentTime()) ?? SECOND, MINUTE);
}
