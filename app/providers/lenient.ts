import { Decimal } from 'decimal.js';
import { z } from 'zod';

/*
 * What suppliers' answers are read with: only what is used, leniently. Numbers arrive as text (platform/lossless-json.ts), so a
 * price keeps every digit; a JavaScript number is taken too, exact to 15 digits.
 */

export const text = z.union([z.string(), z.number()]).transform((value) => String(value).trim());
export const optionalText = text.nullable().catch(null);
export const flag = z
  .union([z.boolean(), z.string()])
  .transform((value) => /^(true|yes|1)$/i.test(String(value)));
export const optionalFlag = flag.nullable().catch(null);
export const decimal = text
  .refine((value) => /^-?\d{1,30}(\.\d{1,30})?(e[+-]?\d{1,2})?$/i.test(value))
  .transform((value) => new Decimal(value));
export const optionalDecimal = decimal.nullable().catch(null);
export const texts = listOf(text).catch([]);

/** A list whose unreadable rows are left out. */
export function listOf<T>(row: z.ZodType<T>) {
  return z.array(z.unknown()).transform((rows) => parsed(row, rows));
}

/** Those of the rows that can be read. */
export function parsed<T>(schema: z.ZodType<T>, rows: unknown[]): T[] {
  return rows.flatMap((row) => {
    const result = schema.safeParse(row);
    return result.success ? [result.data] : [];
  });
}

/** A schema that fails, naming the field, when the answer proves nothing. */
export function required<In, Out>(
  schema: z.ZodType<In>,
  outcome: (answer: In) => Out | null,
  field: string,
): z.ZodType<Out> {
  return schema.transform((answer, context) => {
    const result = outcome(answer);
    if (result !== null) return result;
    context.addIssue({ code: 'custom', path: [field], message: 'missing' });
    return z.NEVER;
  });
}

/** One of our words, in any letter case; `unknown` for any other. */
export function wordFrom<Word extends string>(
  words: readonly Word[],
  value: string | null,
): Word | 'unknown' {
  return words.find((word) => word === value?.toLowerCase()) ?? 'unknown';
}

/**
 * Epoch milliseconds, or ISO with up to nine fractional digits; without a zone, UTC. The year 1 is how Go writes that there is
 * no date.
 */
export function toInstant(value: string | null): Date | null {
  if (value === null || value === '' || value === '0' || value.startsWith('0001-')) return null;
  const zoned = /(Z|[+-]\d\d:?\d\d)$/i.test(value) ? value : `${value}Z`;
  const instant = /^\d+$/.test(value)
    ? new Date(Number(value))
    : new Date(zoned.replace(/(\.\d{3})\d+/, '$1'));
  return Number.isNaN(instant.getTime()) ? null : instant;
}

/** Null for less than nothing; of an amount that is beyond belief as much as a column of the database holds. */
export function toBytes(amount: Decimal | null): bigint | null {
  if (amount === null || amount.isNegative()) return null;
  return amount.greaterThan(MOST_BYTES) ? MOST_BYTES : BigInt(amount.toFixed(0));
}

const MOST_BYTES = 2n ** 63n - 1n;

/** Those of the codes that are ISO 3166-1 alpha-2, once each, in upper case, sorted. */
export function countryCodes(codes: (string | null)[]): string[] {
  const upper = codes.map((code) => code?.toUpperCase() ?? '');
  return [...new Set(upper.filter(isCountryCode))].sort();
}

export function isCountryCode(iso: string): boolean {
  return /^[A-Z]{2}$/.test(iso);
}

/** A host name as an activation code holds it. */
export function stripScheme(address: string): string {
  return address
    .trim()
    .replace(/^[a-z]+:\/\//i, '')
    .replace(/\/+$/, '');
}

// These become links in e-mails and pages; anything but https is not worth that.
export function httpsUrl(value: string | null): string | null {
  return value !== null && /^https:\/\//i.test(value) && URL.canParse(value) ? value : null;
}
