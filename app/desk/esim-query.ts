import { z } from 'zod';
import { esimStatuses, type EsimStatus } from '../esims/status.ts';

export const esimSorts = ['added', 'end'] as const;
export type EsimSort = (typeof esimSorts)[number];

/** What a merchant may have to look after. */
export const concerns = ['not-installed', 'used-up', 'expiring', 'problem'] as const;
export type Concern = (typeof concerns)[number];

/** So long after the purchase an eSIM that nobody installed is worth a question, in days; and so long before its end. */
export const INSTALLED_WITHIN_DAYS = 3;
export const EXPIRING_WITHIN_DAYS = 3;

/** Which eSIMs a list shows, and in which order. A filter that is null, or an empty list, asks for nothing. */
export interface EsimQuery {
  concern: Concern | null;
  /** Of a list any one is enough, here and below. */
  status: EsimStatus[];
  /** As `Bundle.destination`. */
  destination: string[];
  /** Ids of supplier accounts. */
  account: string[];
  sort: EsimSort;
  order: 'asc' | 'desc';
  /** Ids of eSIMs: the page that begins after one, or ends before one. */
  after: string | null;
  before: string | null;
}

/** What a list is asked to show, from an address. Anything may be typed there: a bad part is as good as none. */
export function readEsimQuery(parameters: URLSearchParams): EsimQuery {
  const given = Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => [
      name,
      Object.hasOwn(lists, name) ? parameters.getAll(name) : parameters.get(name),
    ]),
  );
  return schema.parse(given);
}

/** The question that asks for these parts and nothing else. */
export function esimQuery(parts: Partial<EsimQuery>): EsimQuery {
  return { ...readEsimQuery(new URLSearchParams()), ...parts };
}

/** The address that asks for it: `readEsimQuery` reads the same again. What asks for nothing is left out. */
export function writeEsimQuery(query: EsimQuery): URLSearchParams {
  const plain = esimQuery({});
  const parameters = new URLSearchParams();
  for (const name of names) {
    const value = query[name];
    if (Array.isArray(value)) for (const item of value) parameters.append(name, item);
    else if (value !== null && value !== plain[name]) parameters.set(name, value);
  }
  return parameters;
}

/** The same list from its beginning. */
export function fromItsBeginning(query: EsimQuery): EsimQuery {
  return { ...query, after: null, before: null };
}

/** Whether it leaves eSIMs out. */
export function isNarrowed(query: EsimQuery): boolean {
  return writeEsimQuery({ ...fromItsBeginning(query), sort: 'added', order: 'desc' }).size > 0;
}

const MOST_CHOICES = 50;

function listOf<Item extends z.ZodType<string>>(item: Item) {
  return z.array(z.unknown()).transform((values) => {
    const good = values.flatMap((value) => {
      const parsed = item.safeParse(value);
      return parsed.success ? [parsed.data] : [];
    });
    return [...new Set(good)].slice(0, MOST_CHOICES);
  });
}

const lists = {
  status: listOf(z.enum(esimStatuses)),
  destination: listOf(z.string().regex(/^[\p{L}\p{N}-]{1,60}$/u)),
  account: listOf(z.uuid()),
};
const esimId = z.uuid().nullable();

const schema = z.object({
  concern: z.enum(concerns).nullable().catch(null),
  status: lists.status.catch([]),
  destination: lists.destination.catch([]),
  account: lists.account.catch([]),
  sort: z.enum(esimSorts).catch('added'),
  order: z.enum(['asc', 'desc']).catch('desc'),
  after: esimId.catch(null),
  before: esimId.catch(null),
});

const names = schema.keyof().options;
