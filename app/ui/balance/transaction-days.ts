/** How far a supplier's own list may be read back, in days. */
export const transactionDays = [7, 30, 90];

/** Those an address asks for; the middle one by default. */
export function readDays(asked: URLSearchParams): number {
  return transactionDays.find((days) => String(days) === asked.get('days')) ?? 30;
}
