import { z } from 'zod';
import type { ProviderErrorKind, ProviderPurchase } from '../providers/contract.ts';

/** What a look at the supplier found about a purchase. */
export type Found =
  /** Among its orders: those that fit as far as anyone can tell, and those that only a person may name. */
  | { what: 'orders'; fits: number; foreign: number }
  /** In the order that was bought. */
  | { what: 'esims'; listed: number; of: number }
  /** Nothing: the supplier could not be asked. */
  | { what: 'problem'; kind: ProviderErrorKind };

/** Looks that found the same, one after the other. Times are ISO 8601. */
export interface Looked {
  from: string;
  until: string;
  times: number;
  found: Found;
}

/** More than a purchase is looked at before it is decided; the oldest are forgotten first. */
const MOST_KEPT = 40;

/** The log with one look more. */
export function withLook(log: readonly Looked[], found: Found, at: Date): Looked[] {
  const now = at.toISOString();
  const last = log.at(-1);
  if (last && JSON.stringify(last.found) === JSON.stringify(found))
    return [...log.slice(0, -1), { ...last, until: now, times: last.times + 1 }];
  return [...log, { from: now, until: now, times: 1, found }].slice(-MOST_KEPT);
}

export function foundOf({ fits, foreign }: Record<'fits' | 'foreign', ProviderPurchase[]>): Found {
  return { what: 'orders', fits: fits.length, foreign: foreign.length };
}

/** As it is kept. What only a newer version wrote, beside this one, is left out. */
export function readLog(kept: unknown): Looked[] {
  const rows = z.array(z.unknown()).parse(kept);
  return rows.flatMap((row) => {
    const looked = Row.safeParse(row);
    return looked.success ? [looked.data] : [];
  });
}

const problems = [
  'credentials',
  'funds',
  'rejected',
  'rate-limited',
  'down',
  'unknown-outcome',
  'unreadable',
] as const satisfies ProviderErrorKind[];

const Row: z.ZodType<Looked> = z.object({
  from: z.string(),
  until: z.string(),
  times: z.number(),
  // Its keys stand in the order in which they are compared.
  found: z.discriminatedUnion('what', [
    z.object({ what: z.literal('orders'), fits: z.number(), foreign: z.number() }),
    z.object({ what: z.literal('esims'), listed: z.number(), of: z.number() }),
    z.object({ what: z.literal('problem'), kind: z.enum(problems) }),
  ]),
});
