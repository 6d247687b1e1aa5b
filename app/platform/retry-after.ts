const LONGEST_MS = 24 * 60 * 60 * 1000;

/**
 * Milliseconds to wait from a `Retry-After` header: seconds or an HTTP date. Null for a missing, malformed, past
 * or absurd value (over a day), so that one bad header cannot stop buying for a week.
 */
export function retryAfterMs(header: string | null, now: Date): number | null {
  const value = header?.trim() ?? '';
  const wait = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : httpDate(value) - now.getTime();
  return wait >= 0 && wait <= LONGEST_MS ? Math.ceil(wait) : null;
}

/** The same of an answer. A date in it is by the clock of the answer's own `Date`, which may be minutes from ours. */
export function askedToWaitMs(headers: Headers, now: Date): number | null {
  const answeredAt = httpDate(headers.get('date')?.trim() ?? '');
  return retryAfterMs(headers.get('retry-after'), Number.isNaN(answeredAt) ? now : new Date(answeredAt));
}

// Only real HTTP dates ("Wed, 21 Oct 2026 07:28:00 GMT"): Date.parse alone reads "-5" as a month.
function httpDate(value: string): number {
  return /^[A-Za-z]{3,9},? .*GMT$/.test(value) ? Date.parse(value) : NaN;
}
