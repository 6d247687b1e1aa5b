import { z } from 'zod';

const PER_PAGE = 50;

// What is typed into an address may be anything: a bad part is as good as none.
const schema = z.object({
  search: z.string().trim().max(100).catch(''),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .or(z.literal(''))
    .catch(''),
  onlySold: z
    .literal('yes')
    .transform(() => true)
    .catch(false),
  page: z.coerce.number().int().min(1).max(100_000).catch(1),
});

export type BundleListQuery = z.output<typeof schema> & { perPage: number };

/** What the catalogue page is asked to show, from its address. */
export function readBundleQuery(parameters: URLSearchParams): BundleListQuery {
  return { ...schema.parse(Object.fromEntries(parameters)), perPage: PER_PAGE };
}
