/** What is used, as of a moment; instants in ms. Decimal bytes; `totalBytes` is `null` when unlimited, or not known. */
export interface Usage {
  usedBytes: number | null;
  totalBytes: number | null;
  isUnlimited: boolean;
  endsAt: number | null;
  asOf: number;
}

/** What cannot be read is not shown: the rest matters more. */
export function parseUsage(input: unknown): Usage | null {
  if (!isRecord(input)) return null;
  const asOf = instantOrNull(input.asOf);
  if (asOf === null) return null;
  return {
    usedBytes: numberOrNull(input.usedBytes),
    totalBytes: numberOrNull(input.totalBytes),
    isUnlimited: input.isUnlimited === true,
    endsAt: instantOrNull(input.endsAt),
    asOf,
  };
}

export function isRecord(input: unknown): input is Record<string, unknown> {
  return typeof input === 'object' && input !== null;
}

export function numberOrNull(input: unknown): number | null {
  return typeof input === 'number' && Number.isFinite(input) ? input : null;
}

function instantOrNull(input: unknown): number | null {
  const instant = typeof input === 'string' ? Date.parse(input) : NaN;
  return Number.isNaN(instant) ? null : instant;
}
