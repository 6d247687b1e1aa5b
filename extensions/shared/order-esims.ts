import { isRecord, numberOrNull, parseUsage, type Usage } from './reading.ts';

/** What the app says about one order's eSIMs, read from `POST {app}/api/buyer/esims` and checked here. */
export interface OrderEsims {
  status: 'none' | 'preparing' | 'ready' | 'problem';
  /** Milliseconds to leave the app alone; `null` when it has no wish. */
  retryAfterMs: number | null;
  esims: Esim[];
  /** More data for eSIMs the buyer has: nothing to install. */
  topUps: TopUp[];
}

export interface TopUp extends Plan {
  id: string;
  state: 'ready' | 'preparing' | 'problem' | 'cancelled';
  /** Of the eSIM it is for; `null` while the shop has not found it. */
  iccidLast4: string | null;
}

/** One eSIM; only a ready one has a code. */
export type Esim = EsimDetails &
  ({ state: 'ready'; code: InstallCode } | { state: 'preparing' | 'problem' | 'cancelled'; code: null });

/** What was bought. */
export interface Plan {
  destination: Destination;
  /** `null` = unlimited. */
  dataBytes: number | null;
  days: number;
}

interface EsimDetails extends Plan {
  id: string;
  /** Position within the order, from 1: "eSIM 1 of 2". */
  index: number;
  of: number;
  /** `null` until it is installed and the supplier was asked since. */
  usage: Usage | null;
  /** Where more data for it is bought; `null` where the shop sells none. */
  topUpUrl: string | null;
}

/** Where an eSIM works; countries are ISO 3166-1 alpha-2. */
export interface Destination {
  countries: string[];
  region: string | null;
  description: string;
}

/** The code in its three spellings. The one-tap links are `null` where the supplier gave none. */
export interface InstallCode {
  activationCode: string;
  smdpAddress: string;
  matchingId: string;
  appleInstallUrl: string | null;
  androidInstallUrl: string | null;
}

/** Who asks, for which order. `checkoutToken` is the proof on the thank-you page, `null` where the buyer is signed in. */
export interface OrderQuestion {
  sessionToken: string;
  orderId: string;
  checkoutToken: string | null;
}

/**
 * One reading. `unknown` = the app has no such order for this buyer, or has not received it yet (404);
 * `unreachable` = no answer, or none that can be read.
 */
export type Reading = { kind: 'answer'; order: OrderEsims } | { kind: 'unknown' } | { kind: 'unreachable' };

const TIMEOUT_MS = 15_000;

/** Asks the app once. Never throws; an abort through `signal` reads as `unreachable`. */
export async function readOrderEsims(question: OrderQuestion, signal: AbortSignal): Promise<Reading> {
  const timeout = new AbortController();
  const giveUp = () => {
    timeout.abort();
  };
  const timer = setTimeout(giveUp, TIMEOUT_MS);
  signal.addEventListener('abort', giveUp);
  try {
    const response = await fetch(`${appUrl()}/api/buyer/esims`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${question.sessionToken}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ orderId: question.orderId, checkoutToken: question.checkoutToken }),
      signal: timeout.signal,
    });
    if (response.status === 404) return { kind: 'unknown' };
    const order = response.ok ? parseOrderEsims(await response.json()) : null;
    return order === null ? { kind: 'unreachable' } : { kind: 'answer', order };
  } catch {
    // Network gone, time-out, an answer that is no JSON: to the buyer they are one thing, "try again".
    return { kind: 'unreachable' };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}

/**
 * The app's address, written into the bundle when it is built. `shopify app dev` passes its tunnel as APP_URL;
 * `app build` and `app deploy` take both names from the environment or `.env`.
 */
function appUrl(): string {
  return (atBuild(() => process.env.APP_URL) ?? atBuild(() => process.env.SHOPIFY_APP_URL) ?? '').replace(
    /\/$/,
    '',
  );
}

/** An expression the build did not replace throws here: an extension's worker has no `process`. */
function atBuild(read: () => string | undefined): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** `null` when what this page needs is not there. Fields it does not know are left alone. */
export function parseOrderEsims(input: unknown): OrderEsims | null {
  if (!isRecord(input) || !isOneOf(input.status, ['none', 'preparing', 'ready', 'problem'])) return null;
  if (!Array.isArray(input.esims)) return null;
  const esims = input.esims.map(parseEsim).filter((esim) => esim !== null);
  if (esims.length < input.esims.length) return null;
  // What cannot be read of a top-up is left out: the codes matter more.
  const topUps = Array.isArray(input.topUps)
    ? input.topUps.map(parseTopUp).filter((topUp) => topUp !== null)
    : [];
  return { status: input.status, retryAfterMs: numberOrNull(input.retryAfterMs), esims, topUps };
}

const STATES = ['preparing', 'ready', 'problem', 'cancelled'] as const;

function parseTopUp(input: unknown): TopUp | null {
  if (!isRecord(input) || typeof input.id !== 'string' || typeof input.days !== 'number') return null;
  const destination = parseDestination(input.destination);
  if (destination === null || !isOneOf(input.state, STATES)) return null;
  const iccidLast4 = typeof input.iccidLast4 === 'string' ? input.iccidLast4 : null;
  const dataBytes = numberOrNull(input.dataBytes);
  return { id: input.id, state: input.state, iccidLast4, destination, dataBytes, days: input.days };
}

function parseEsim(input: unknown): Esim | null {
  if (!isRecord(input) || typeof input.id !== 'string') return null;
  if (!isOneOf(input.state, STATES)) return null;
  const { id, index, of, days, state } = input;
  if (typeof index !== 'number' || typeof of !== 'number' || typeof days !== 'number') return null;
  const destination = parseDestination(input.destination);
  if (destination === null) return null;
  const dataBytes = numberOrNull(input.dataBytes);
  const usage = parseUsage(input.usage);
  const details = {
    id,
    index,
    of,
    days,
    destination,
    dataBytes,
    usage,
    topUpUrl: httpsOrNull(input.topUpUrl),
  };
  if (state !== 'ready') return { ...details, state, code: null };
  const code = parseCode(input.code);
  return code === null ? null : { ...details, state, code };
}

function parseDestination(input: unknown): Destination | null {
  if (!isRecord(input) || !Array.isArray(input.countries)) return null;
  return {
    countries: input.countries.filter((country) => typeof country === 'string'),
    region: typeof input.region === 'string' ? input.region : null,
    description: typeof input.description === 'string' ? input.description : '',
  };
}

function parseCode(input: unknown): InstallCode | null {
  if (!isRecord(input)) return null;
  const { activationCode, smdpAddress, matchingId } = input;
  if (
    typeof activationCode !== 'string' ||
    typeof smdpAddress !== 'string' ||
    typeof matchingId !== 'string'
  ) {
    return null;
  }
  return {
    activationCode,
    smdpAddress,
    matchingId,
    appleInstallUrl: httpsOrNull(input.appleInstallUrl),
    androidInstallUrl: httpsOrNull(input.androidInstallUrl),
  };
}

/** The links come from suppliers and end in an href: nothing but https gets there. */
function httpsOrNull(input: unknown): string | null {
  return typeof input === 'string' && input.startsWith('https://') ? input : null;
}

function isOneOf<const Word extends string>(input: unknown, words: readonly Word[]): input is Word {
  return words.some((word) => word === input);
}
