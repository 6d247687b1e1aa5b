import type { z } from 'zod';
import { RemoteError } from '../platform/remote-error.ts';
import type { ProviderAnswer } from './connection.ts';
import { ProviderError, type ProviderErrorKind } from './contract.ts';
import { parseLosslessJson } from '../platform/lossless-json.ts';
import { askedToWaitMs } from '../platform/retry-after.ts';
import { currentTime } from '../platform/time.ts';

export const READ_TIMEOUT_MS = 15_000;
/** A purchase gets longer: giving up on it costs a read-back, and the supplier may be making profiles. */
export const PURCHASE_TIMEOUT_MS = 60_000;
const MAX_BODY_BYTES = 20_000_000;

export interface ProviderRequest<T> {
  fetch: typeof fetch;
  signal?: AbortSignal | undefined;
  onAnswer?: ((answer: ProviderAnswer) => void) | undefined;
  /** For people and the log: "eSIM Go", "place order". */
  supplier: string;
  act: string;
  /** What tells this request from others in a log line: an order reference, a bundle. Never an ICCID. */
  reference?: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: URL;
  headers: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** True when the request must not happen twice: then whatever cannot be proved is `unknown-outcome`. */
  buys?: boolean;
  timeoutMs?: number;
  /** From the body to plain values; JSON with all digits kept unless told otherwise. */
  parse?: (text: string, bytes: Uint8Array) => unknown;
  schema: z.ZodType<T>;
  /**
   * Turns the supplier's own "no" (400, 403) into an answer. Without it, or where it gives null, a "no" is a
   * `ProviderError` of kind `rejected` or `credentials`.
   */
  refusal?: (words: string, status: 400 | 403) => T | null;
  /** The supplier's own word for what went wrong, from the body of a failure; told in the log where it is one word. */
  errorCode?: (body: unknown) => string | null;
  /** The answer to a 503 the supplier itself sends to a read that is too early. Without it a 503 is `down`. */
  notYet?: () => T;
}

/**
 * One request to a supplier, sent once: nothing in here repeats it, and no redirect is followed. Throws
 * `ProviderError`; its message names supplier, act and status, never a key, an ICCID or any text of the answer,
 * but one word for what went wrong, of a supplier that has such words.
 * What the wired `fetch` throws itself (a database that is down) climbs, as does the reason of a signal that called it off,
 * except a `RemoteError` of kind `rate-limited`, by which it says that the request never left.
 */
export async function request<T>(options: ProviderRequest<T>): Promise<T> {
  const { status, headers, bytes } = await exchange(options);
  const text = new TextDecoder().decode(bytes);
  if (status >= 200 && status < 300) return readAnswer(options, text, bytes);

  if (status === 503 && options.notYet && !options.buys && suppliersWords(text) !== '')
    return options.notYet();
  const kind = kindOfStatus(status, text, options.buys === true);
  if ((status === 400 || status === 403) && kind !== 'unknown-outcome' && options.refusal) {
    const refusal = options.refusal(suppliersWords(text), status);
    if (refusal !== null) return refusal;
  }
  const what = `answered ${String(status)}${codeIn(options, text)}`;
  throw failure(options, kind, what, askedToWaitMs(headers, currentTime()));
}

/** Null where the supplier said no to the request. */
export async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'rejected') return null;
    throw error;
  }
}

async function exchange<T>(
  options: ProviderRequest<T>,
): Promise<{ status: number; headers: Headers; bytes: Uint8Array }> {
  options.signal?.throwIfAborted();
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
      signal: giveUp(options),
    });
    status = response.status;
    return { status, headers: response.headers, bytes: await bodyBytes(response) };
  } catch (error) {
    throw asProviderError(options, error);
  } finally {
    const { supplier, act, method } = options;
    options.onAnswer?.({ supplier, act, method, status, ms: Math.round(performance.now() - startedAt) });
  }
}

function giveUp<T>({ timeoutMs, buys, signal }: ProviderRequest<T>): AbortSignal {
  const late = AbortSignal.timeout(timeoutMs ?? (buys ? PURCHASE_TIMEOUT_MS : READ_TIMEOUT_MS));
  // Calling off what must not happen twice would leave a doubt.
  return signal && !buys ? AbortSignal.any([late, signal]) : late;
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

async function bodyBytes(response: Response): Promise<Uint8Array> {
  if (response.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  // The DOM's type of ReadableStream lacks the iterator that Node's has.
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength;
    if (length > MAX_BODY_BYTES) throw new BodyTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

class BodyTooLarge extends Error {}

function readAnswer<T>(options: ProviderRequest<T>, text: string, bytes: Uint8Array): T {
  const kind = options.buys ? 'unknown-outcome' : 'unreadable';
  let value: unknown;
  try {
    value = (options.parse ?? parseLosslessJson)(text, bytes);
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
  if (options.signal?.aborted && error === options.signal.reason) return error;
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
  'ERR_INWARD_ADDRESS',
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

/** Not any text of the answer: that could hold an ICCID or a name. */
function codeIn<T>({ errorCode }: ProviderRequest<T>, text: string): string {
  if (!errorCode || isHtml(text)) return '';
  try {
    const code = errorCode(parseLosslessJson(text)) ?? '';
    return /^[a-z][\w.-]{0,39}$/i.test(code) && !/\d{6}/.test(code) ? ` (${code})` : '';
  } catch {
    return '';
  }
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
