export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The n-th try (from 1) after a failure: `firstMs`, doubled each time, at most `mostMs`. */
export function backOff(tries: number, firstMs: number, mostMs: number): number {
  return Math.min(firstMs * 2 ** Math.max(0, tries - 1), mostMs);
}

export const after = (ms: number, from: Date = new Date()): Date => new Date(from.getTime() + ms);
