export interface Budget {
  allowed: boolean;
  headers: Record<string, string>;
}

const WINDOW_MS = 1000;

/** Fixed one-second windows per address. Some endpoints cost more than one request. */
export function makeLimiter(requestsPerSecond: number) {
  const windows = new Map<string, { startedAt: number; spent: number }>();

  return function spend(ip: string, cost: number, now: number): Budget {
    let window = windows.get(ip);
    if (!window || now - window.startedAt >= WINDOW_MS) {
      window = { startedAt: now, spent: 0 };
      windows.set(ip, window);
    }
    const allowed = window.spent + cost <= requestsPerSecond;
    if (allowed) window.spent += cost;
    const secondsLeft = Math.max(1, Math.ceil((window.startedAt + WINDOW_MS - now) / 1000));
    return {
      allowed,
      headers: {
        'X-Ratelimit-Limit': String(requestsPerSecond),
        'X-Ratelimit-Remaining': String(requestsPerSecond - window.spent),
        'X-Ratelimit-Reset': String(secondsLeft),
        'X-Ratelimit-Cost': String(cost),
        ...(allowed ? {} : { 'Retry-After': String(secondsLeft) }),
      },
    };
  };
}
