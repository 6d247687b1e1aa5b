/** What an adapter is built from. */
export interface ProviderConnection<Credentials> {
  credentials: Credentials;
  baseUrl: string;
  /**
   * Waits for the shared rate budget first. When it gives up waiting, nothing has left, and it throws a
   * `RemoteError` of kind `rate-limited`. Time-outs are the HTTP helper's.
   */
  fetch: typeof fetch;
  /**
   * Calls the adapter off: what has not left leaves no more, and a read that waits is given up; both throw the signal's
   * reason. What must not happen twice and has left is waited for, so that calling off never makes a doubt.
   */
  signal?: AbortSignal | undefined;
  /** For a supplier one logs in to. Without it a session lasts as long as the process. */
  session?: ProviderSession | undefined;
  /** Told of every request that was tried, for the log. */
  onAnswer?: (answer: ProviderAnswer) => void;
}

/** What a log-in brought, as the adapter writes it: kept with the account, and shared by all who use it. */
export interface ProviderSession {
  /** As it was kept last; null without one. */
  kept: () => string | null;
  /**
   * Keeps what `open` makes of what is kept now, and returns it. One at a time for the account: whoever comes meanwhile
   * waits, and then sees what the other made. Throws what `open` throws, and `ProviderError` of kind `rate-limited` after
   * too long a wait.
   */
  renew: (open: (kept: string | null) => Promise<string>) => Promise<string>;
  /**
   * Counts a log-in against those that the supplier allows an address of ours in a window that slides. Throws `ProviderError`
   * of kind `rate-limited` when they are spent.
   */
  countLogIn: (most: number, windowMs: number) => Promise<void>;
  /** As the connection's, for a log-in alone: it buys nothing, and so is no reason to doubt what came of a purchase. */
  fetch: typeof fetch;
}

/** All that may be logged of a request to a supplier: no URL (it may hold an ICCID), no header, no body. */
export interface ProviderAnswer {
  supplier: string;
  act: string;
  method: string;
  /** Null when no answer came. */
  status: number | null;
  ms: number;
}
