import { z } from 'zod';
import { mappingKinds } from './mapping.ts';

/** What may be wrong with a mapping, as the filter asks for it. */
export const mappingProblems = ['withdrawn', 'supplier', 'gone', 'price'] as const;
export type MappingProblem = (typeof mappingProblems)[number];

export const mappingTabs = ['all', 'problems', 'published', 'mapped'] as const;

// What is typed into an address may be anything: a bad part is as good as none.
const schema = z.object({
  tab: z.enum(mappingTabs).catch('all'),
  search: z.string().trim().max(100).catch(''),
  kind: z.enum(mappingKinds).or(z.literal('')).catch(''),
  problem: z.enum(mappingProblems).or(z.literal('')).catch(''),
  page: z.coerce.number().int().min(1).max(10_000).catch(1),
});

export type MappingQuery = z.output<typeof schema>;

/** What the mapping page is asked to show, from its address. */
export function readMappingQuery(parameters: URLSearchParams): MappingQuery {
  return schema.parse(Object.fromEntries(parameters));
}

/** Whether anything narrows the list. */
export function isNarrowed({ tab, search, kind, problem }: MappingQuery): boolean {
  return tab !== 'all' || search !== '' || kind !== '' || problem !== '';
}
