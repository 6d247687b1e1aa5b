import type { Response } from 'express';

/** What a server of the sandbox would answer. */
export interface Given {
  status: number;
  type: string;
  body: string | Buffer;
  headers?: Record<string, string>;
}

/** What becomes of a request: an answer, no answer while the line stays open, or a broken line. */
export type Fate = { how: 'answer' | 'reset'; given: Given } | { how: 'silence' | 'cut' };

export function answered(given: Given): Fate {
  return { how: 'answer', given };
}

/** The headers that ask to wait until so many seconds from now, with the date of the clock that this is by. */
export function waitUntil(now: number, seconds: number): Record<string, string> {
  const date = (at: number) => new Date(at).toUTCString();
  return { Date: date(now), 'Retry-After': date(now + seconds * 1000) };
}

/** Lets the request meet its fate, and notes the status of an answer. */
export function deliver(res: Response, fate: Fate, entry: { status: number | null }): void {
  switch (fate.how) {
    case 'silence':
      return;
    case 'cut':
      res.socket?.destroy();
      return;
    case 'reset': {
      const half = fate.given.body.slice(0, Math.floor(fate.given.body.length / 2));
      res
        .status(200)
        .set('content-length', String(fate.given.body.length))
        .write(half, () => {
          res.socket?.resetAndDestroy();
        });
      return;
    }
    case 'answer': {
      const { status, type, headers = {}, body } = fate.given;
      entry.status = status;
      res.status(status).set(headers).set('content-type', type).end(body);
      return;
    }
    default:
      fate satisfies never;
  }
}

/** The fields of a JSON object; none for anything else. */
export function readJson(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    // Any object may be read as a record of unknowns.
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
