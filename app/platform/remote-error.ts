/**
 * Another computer failed us. `kind` is a closed word that decides what happens next; the message is for the log
 * and names who failed, doing what, to which reference of ours. It never holds a secret or an address.
 */
export abstract class RemoteError<Kind extends string> extends Error {
  readonly kind: Kind;
  /** Milliseconds the other side asked us to wait, where it said so. */
  readonly retryAfterMs: number | null;

  constructor(kind: Kind, message: string, options: { retryAfterMs?: number | null; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
