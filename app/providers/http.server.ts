import type { z } from 'zod';
import { RemoteError } from '../platform/remote-error.ts';
import { ProviderError, type ProviderAnswer, type ProviderErrorKind } from './contract.ts';
import { parseLosslessJson } from '../platform/lossless-json.ts';
import { retryAfterMs } from '../platform/retry-after.ts';
import { currentTime } from '../platform/time.ts';

export const READ_TIMEOUT_MS = 15_000;
/** A purchase gets longer: giving up on it costs a read-back, and the supplier may be making profiles. */
export const PURCHASE_TIMEOUT_MS = 60_000;
const MAX_BODY_BYTES = 20_000_000;

export interface ProviderRequest<T> {
  fetch: typeof fetch;
  onAnswer?: ((answer: ProviderAnswer) => void) | undefined;
  /** For people and the log: "eSIM Go", "place order". */
  supplier: string;
  act: string;
  /** What tells this request from others in a log line: an order reference, a bundle. Never an ICCID. */
  reference?: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: URL;
  headers: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** True when the request must not happen twice: then whatever cannot be proved is `unknown-outcome`. */
  buys?: boolean;
  timeoutMs?: number;
  /** From the body's text to plain values; JSON with all digits kept unless told otherwise. */
  parse?: (text: string) => unknown;
  schema: z.ZodType<T>;
  /**
   * Turns the supplier's own "no" (400, 403) into an answer. Without it, or where it gives null, a "no" is a
   * `ProviderError` of kind `rejected` or `credentials`.
   */
  refusal?: (words: string, status: 400 | 403) => T | null;
  /** The answer to a 503 the supplier itself sends to a read that is too early. Without it a 503 is `down`. */
  notYet?: () => T;
}

/**
 * One request to a supplier, sent once: nothing in here repeats it, and no redirect is followed. Throws
 * `ProviderError`; its message names supplier, act and status, never a key, an ICCID or any text of the answer.
 * What the wired `fetch` throws itself (a database that is down) climbs, except a `RemoteError` of kind
 * `rate-limited`, by which it says that the request never left.
 */
export async function request<T>(options: ProviderRequest<T>): Promise<T> {
  const { status, headers, text } = await exchange(options);
  if (status >= 200 && status < 300) return readAnswer(options, text);

  if (status === 503 && options.notYet && !options.buys && suppliersWords(text) !== '')
    return options.notYet();
  const kind = kindOfStatus(status, text, options.buys === true);
  if ((status === 400 || status === 403) && kind !== 'unknown-outcome' && options.refusal) {
    const refusal = options.refusal(suppliersWords(text), status);
    if (refusal !== null) return refusal;
  }
  throw failure(
    options,
    kind,
    `answered ${String(status)}`,
    retryAfterMs(headers.get('retry-after'), currentTime()),
  );
}

async function exchange<T>(
  options: ProviderRequest<T>,
): Promise<{ status: number; headers: Headers; text: string }> {
  const headers = requestHeaders(options);
  const startedAt = performance.now();
  let status: number | null = null;
  try {
    const response = await options.fetch(options.url, {
      method: options.method,
      headers,
      body: options.body === undefined ? null : JSON.stringify(options.body),
      // Not 'error': that hides the status. A 3xx is classified below like any answer we did not ask for.
      redirect: 'manual',
      signal: AbortSignal.timeout(
        options.timeoutMs ?? (options.buys ? PURCHASE_TIMEOUT_MS : READ_TIMEOUT_MS),
      ),
    });
    status = response.status;
    return { status, headers: response.headers, text: await bodyText(response) };
  } catch (error) {
    throw asProviderError(options, error);
  } finally {
    const { supplier, act, method } = options;
    options.onAnswer?.({ supplier, act, method, status, ms: Math.round(performance.now() - startedAt) });
  }
}

function requestHeaders<T>(options: ProviderRequest<T>): Headers {
  try {
    const headers = new Headers({ accept: 'application/json', ...options.headers });
    if (options.body !== undefined) headers.set('content-type', 'application/json');
    // Every request, reads too, closes its connection: a socket left idle by a read and closed meanwhile by the
    // supplier would reset the purchase that reuses it, and a reset purchase is in doubt.
    headers.set('connection', 'close');
    return headers;
  } catch {
    // Headers repeats the bad value in its error, and the only values a merchant types here are credentials.
    throw failure(
      options,
      'credentials',
      'not sent: the credentials hold characters that no header can carry',
    );
  }
}

async function bodyText(response: Response): Promise<string> {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  // The DOM's type of ReadableStream lacks the iterator that Node's has.
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) throw new BodyTooLarge();
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

class BodyTooLarge extends Error {}

function readAnswer<T>(options: ProviderRequest<T>, text: string): T {
  const kind = options.buys ? 'unknown-outcome' : 'unreadable';
  let value: unknown;
  try {
    value = (options.parse ?? parseLosslessJson)(text);
  } catch {
    // Not passed on as a cause: JSON.parse quotes the text it fails on.
    throw failure(options, kind, 'answered 200 with a body that does not parse');
  }
  const parsed = options.schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'} (${issue.code})`);
  throw failure(options, kind, `answered 200 in an unknown shape: ${where.slice(0, 5).join(', ')}`);
}

function kindOfStatus(status: number, text: string, buys: boolean): ProviderErrorKind {
  if (status === 429) return 'rate-limited';
  // A page of HTML is a proxy speaking, and it cannot know what the supplier did behind it.
  if (buys && isHtml(text)) return 'unknown-outcome';
  if (status === 401 || status === 403) return 'credentials';
  if (buys) return status === 400 ? 'rejected' : 'unknown-outcome';
  if (status >= 500 || status === 408) return 'down';
  return status >= 400 ? 'rejected' : 'unreadable';
}

function asProviderError<T>(options: ProviderRequest<T>, error: unknown): unknown {
  if (error instanceof RemoteError && error.kind === 'rate-limited') {
    return failure(options, 'rate-limited', 'not sent: the request budget is spent', error.retryAfterMs);
  }
  if (error instanceof BodyTooLarge) {
    const kind = options.buys ? 'unknown-outcome' : 'unreadable';
    return failure(options, kind, `answered more than ${String(MAX_BODY_BYTES)} bytes`);
  }
  const timedOut = error instanceof DOMException && error.name === 'TimeoutError';
  if (!timedOut && !(error instanceof TypeError)) return error;

  // No cause: undici hangs the raw bytes of a malformed answer on its error, and those would reach the log.
  const reason = timedOut ? 'gave no answer in time' : `could not be reached (${errorCode(error)})`;
  const kind = options.buys && (timedOut || !neverSent(error.cause)) ? 'unknown-outcome' : 'down';
  return failure(options, kind, reason);
}

const NEVER_SENT = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'ECONNREFUSED',
  'UND_ERR_CONNECT_TIMEOUT',
  // undici writes the request after the handshake, so a certificate it does not believe stops it in time.
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ERR_SSL_WRONG_VERSION_NUMBER',
]);

/** True only where the failure proves that not one byte of the request was written. */
function neverSent(cause: unknown): boolean {
  // One error per address when a name has several; one that got further spoils the proof.
  if (cause instanceof AggregateError) return cause.errors.length > 0 && cause.errors.every(neverSent);
  if (!(cause instanceof Error)) return false;
  return NEVER_SENT.has(errorCode({ cause })) || ('syscall' in cause && cause.syscall === 'connect');
}

function errorCode({ cause }: { cause?: unknown }): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'no code';
}

/** What the supplier said in an error body: `{"message": …}`, or plain text. Empty when it is a page. */
function suppliersWords(text: string): string {
  if (isHtml(text)) return '';
  const words = messageOf(text) ?? text;
  return words.replace(/\s+/g, ' ').trim().slice(0, 300);
}

function messageOf(text: string): string | null {
  try {
    const value = parseLosslessJson(text);
    if (typeof value === 'string') return value;
    const hasMessage = typeof value === 'object' && value !== null && 'message' in value;
    return hasMessage && typeof value.message === 'string' ? value.message : '';
  } catch {
    return null;
  }
}

function isHtml(text: string): boolean {
  return /^\s*</.test(text);
}

function failure<T>(
  { supplier, act, reference }: ProviderRequest<T>,
  kind: ProviderErrorKind,
  what: string,
  waitMs: number | null = null,
): ProviderError {
  const subject = reference === undefined ? act : `${act} ${reference}`;
  return new ProviderError(kind, `${supplier}, ${subject}: ${what}`, { retryAfterMs: waitMs });
}
