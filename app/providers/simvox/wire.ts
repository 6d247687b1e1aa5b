import { z } from 'zod';
import { flag, listOf, optionalDecimal, optionalText, text } from '../lenient.ts';

/*
 * Simvox publishes no answer of the endpoints that are used here. That an answer is wrapped in {status: {code, msg}, response}
 * stands on its start page, as do the fields of a package; all other names are assumed, and several are taken for each.
 */

/** The same under any of the names. */
function named<T>(row: z.ZodType<T>, aliases: Record<string, readonly string[]>) {
  return z
    .record(z.string(), z.unknown())
    .transform((told) => {
      const first = (names: readonly string[]) =>
        names
          .map((name) => told[name])
          .find((value) => value !== undefined && value !== null && value !== '');
      const found = Object.entries(aliases).map(([name, others]) => [name, first([name, ...others])]);
      return { ...told, ...Object.fromEntries(found.filter(([, value]) => value !== undefined)) } as unknown;
    })
    .pipe(row);
}

/** What an answer says of itself: the code within it, null where it has none, and what it wraps. */
export interface Wrapped {
  code: number | null;
  value: unknown;
}

const status = z.object({ code: optionalDecimal }).nullable().catch(null);

/** Any answer, bare or wrapped. */
export const Answer: z.ZodType<Wrapped> = z.union([
  z
    .object({ status, response: z.unknown().optional() })
    .refine(({ status, response }) => status?.code || response !== undefined)
    .transform(({ status, response }) => ({ code: status?.code?.toNumber() ?? null, value: response })),
  z
    .object({ data: z.unknown().refine((data) => typeof data === 'object' && data !== null) })
    .transform(({ data }) => ({ code: null, value: data })),
  z.union([z.array(z.unknown()), z.looseObject({})]).transform((value) => ({ code: null, value })),
]);

const esim = z.object({
  id: optionalText.default(null),
  iccid: text,
  status: optionalText.default(null),
  network_status: optionalText.default(null),
  activation_code: optionalText.default(null),
  smdp_address: optionalText.default(null),
  matching_id: optionalText.default(null),
  installed_at: optionalText.default(null),
  created_at: optionalText.default(null),
});
export const EsimRow = named(esim, {
  id: ['esim_id'],
  status: ['profile_status', 'esim_status'],
  activation_code: ['lpa', 'qr_code', 'qrcode', 'ac'],
  smdp_address: ['smdp', 'smdpAddress', 'sm_dp_address'],
  matching_id: ['matchingId'],
});
export type EsimRow = z.infer<typeof EsimRow>;

const plan = z.object({
  id: optionalText.default(null),
  code: text,
  status: optionalText.default(null),
  order_status: optionalText.default(null),
  order_id: optionalText.default(null),
  data: optionalDecimal.default(null),
  used: optionalDecimal.default(null),
  remaining: optionalDecimal.default(null),
  is_unlimited: flag.catch(false).default(false),
  started_at: optionalText.default(null),
  expires_at: optionalText.default(null),
  created_at: optionalText.default(null),
});
export const PlanRow = named(plan, {
  code: ['package_id', 'plan_id', 'policy', 'title'],
  data: ['amount', 'data_total', 'total'],
  used: ['data_used', 'used_data', 'usage'],
  remaining: ['data_remaining', 'remaining_data', 'data_left'],
  started_at: ['activated_at', 'start_date'],
  expires_at: ['expired_at', 'end_date'],
});
export type PlanRow = z.infer<typeof PlanRow>;

const topUp = z.object({
  code: text,
  title: optionalText.default(null),
  data: optionalDecimal.default(null),
  day: optionalDecimal.default(null),
  is_unlimited: flag.catch(false).default(false),
  price: optionalDecimal.default(null),
  currency: optionalText.default(null),
});
export const TopUpRow = named(topUp, {
  code: ['id', 'package_id', 'plan_id', 'policy'],
  title: ['name', 'description'],
  data: ['amount'],
  day: ['days', 'validity'],
});
export type TopUpRow = z.infer<typeof TopUpRow>;

/** The rows of a list, bare or under its name; whatever else an object holds, it is no list. */
export function rowsOf<T>(row: z.ZodType<T>, name: string) {
  return z.union([listOf(row), z.object({ [name]: listOf(row) }).transform((answer) => answer[name] ?? [])]);
}

/** One eSIM, bare or as `esim`. */
export const OneEsim = z.union([EsimRow, z.object({ esim: EsimRow }).transform((answer) => answer.esim)]);
