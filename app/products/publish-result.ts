import { z } from 'zod';
import type { Outcome } from './counter.server.ts';
import { comparedFields, type ComparedField } from './written.ts';

/** What came of a product, as its task item keeps it. */
export type ProductResult = Omit<Extract<Outcome, { productGid: string }>, 'kept'> & {
  kept: ComparedField[];
};

/** Null while nothing came of it, and for what this version does not understand. */
export function itemResult(detail: unknown): ProductResult | null {
  return schema.safeParse(detail).data?.result ?? null;
}

const count = z.number().catch(0);
const schema = z.object({
  result: z.object({
    status: z.enum(['made', 'changed', 'unchanged']),
    productGid: z.string(),
    ...{ added: count, gone: count, taken: count },
    kept: z.array(z.enum(comparedFields)).catch([]),
  }),
});
