/** The page on which the merchant decides about a unit; null where there is nothing to decide. */
export function queuePath(unit: {
  id: string;
  state: string;
  reason: string | null;
  attemptId: string | null;
  /** The buyer has it, and got the money back. */
  isRefunded: boolean;
}): string | null {
  const { id, state, reason, attemptId, isRefunded } = unit;
  if (state === 'held' || isRefunded) return `/app/queue/unit-${id}`;
  if (state !== 'parked') return null;
  return reason === 'gone' || attemptId === null
    ? `/app/queue/unit-${id}`
    : `/app/queue/attempt-${attemptId}`;
}

/** The page on which the merchant sees to a disputed payment. */
export function disputePath(id: string): string {
  return `/app/queue/dispute-${id}`;
}
