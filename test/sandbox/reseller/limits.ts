/** So many in a window that slides, for each key; answers how many seconds to wait, 0 when it is allowed. */
export function makeWindow(most: number, windowMs: number) {
  const times = new Map<string, number[]>();
  return function spend(key: string, now: number): number {
    const recent = (times.get(key) ?? []).filter((at) => now - at < windowMs);
    times.set(key, recent);
    const [oldest = now] = recent;
    if (recent.length >= most) return Math.max(1, Math.ceil((oldest + windowMs - now) / 1000));
    recent.push(now);
    return 0;
  };
}
