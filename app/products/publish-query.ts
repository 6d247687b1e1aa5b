import { z } from 'zod';
import { alternatives, shapes } from './shapes.ts';

const schema = z.object({
  shape: z.enum(shapes).catch('destination'),
  alternatives: z.enum(alternatives).catch('substitutes'),
  bundles: z.array(z.uuid()).catch([]),
  page: z.coerce.number().int().min(1).max(10_000).catch(1),
});

export type PublishQuery = z.output<typeof schema>;

/** What the page is asked to publish, from its address: bundles by hand, and how. Its filters are the catalogue's. */
export function readPublishQuery(parameters: URLSearchParams): PublishQuery {
  const bundles = parameters.getAll('bundles').flatMap((value) => value.split(','));
  return schema.parse({ ...Object.fromEntries(parameters), bundles: bundles.filter((id) => id !== '') });
}
