import { z } from 'zod';
import { listOf } from '../form.server.ts';

/** The waits a form names, each as `<unit id>@<since, ISO 8601>`. More than a page shows is no form of ours. */
export const waitTokens = listOf(
  z
    .string()
    .regex(/^[\w-]{36}@/)
    .transform((token) => ({ unitId: token.slice(0, 36), since: token.slice(37) }))
    .refine(({ since }) => z.iso.datetime().safeParse(since).success),
).pipe(z.array(z.object({ unitId: z.string(), since: z.string() })).max(1000));
