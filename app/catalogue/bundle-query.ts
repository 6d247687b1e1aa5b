import { z } from 'zod';

export const bundleSorts = ['place', 'cost', 'cost-per-gb', 'data', 'days', 'name', 'added'] as const;
export type BundleSort = (typeof bundleSorts)[number];

export const destinationKinds = ['country', 'region', 'global'] as const;

export const soldAs = ['yes', 'published', 'mapped', 'no'] as const;

/** Which bundles a list shows, and in which order. A filter that is null, or an empty list, asks for nothing. */
export interface BundleQuery {
  /** Words that must all be found in description, code, region, size or the names of its countries. */
  search: string;
  /** BCP 47: the language of those names. No part of the address. */
  locale: string;
  /** ISO 3166-1 alpha-2. Of a list any one is enough, here and below. */
  country: string[];
  kind: (typeof destinationKinds)[number][];
  region: string[];
  group: string[];
  speed: string[];
  /** Ids of supplier accounts. */
  account: string[];
  /** Gigabytes of 10⁹ bytes, a decimal text. Unlimited is more than any of them. */
  dataMin: string | null;
  dataMax: string | null;
  daysMin: number | null;
  daysMax: number | null;
  /** In the supplier's currency, a decimal text. */
  costMin: string | null;
  costMax: string | null;
  unlimited: 'yes' | 'no' | null;
  /** Whether a variant of the shop sells it: any (`yes`), one the app published, or one the merchant mapped. */
  sold: (typeof soldAs)[number] | null;
  /** Null: what is on sale at the supplier; of what the shop sells (`sold`) whatever it is, withdrawn or not. */
  withdrawn: 'yes' | 'no' | null;
  sort: BundleSort;
  order: 'asc' | 'desc';
  /** Ids of bundles: the page that begins after one, or ends before one. */
  after: string | null;
  before: string | null;
}

/** The question that asks for these parts and nothing else. */
export function bundleQuery(parts: Partial<BundleQuery>): BundleQuery {
  return { ...readBundleQuery(new URLSearchParams()), ...parts };
}

/** What a list is asked to show, from an address. Anything may be typed there: a bad part is as good as none. */
export function readBundleQuery(parameters: URLSearchParams, locale = 'en'): BundleQuery {
  const given = Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => [
      name,
      Object.hasOwn(lists, name) ? parameters.getAll(name) : parameters.get(name),
    ]),
  );
  return { ...schema.parse(given), locale };
}

/** The address that asks for it: `readBundleQuery` reads the same again. What asks for nothing is left out. */
export function writeBundleQuery(query: BundleQuery): URLSearchParams {
  const plain = bundleQuery({});
  const parameters = new URLSearchParams();
  for (const name of names) {
    const value = query[name];
    if (Array.isArray(value)) for (const item of value) parameters.append(name, item);
    else if (value !== null && value !== plain[name]) parameters.set(name, String(value));
  }
  return parameters;
}

/** The same list from its beginning. */
export function withoutPage(query: BundleQuery): BundleQuery {
  return { ...query, after: null, before: null };
}

/** Whether it leaves bundles out that are on sale. */
export function isFiltered(query: BundleQuery): boolean {
  return writeBundleQuery({ ...withoutPage(query), sort: 'place', order: 'asc' }).size > 0;
}

// A longer list is no question of a person, and an address has an end.
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

/** Of a search, and of a name to choose. */
export const MOST_LETTERS = 100;

// PostgreSQL's text holds no NUL.
const text = z
  .string()
  .trim()
  .max(MOST_LETTERS)
  .refine((value) => !value.includes('\0'));
const name = text.min(1);

const lists = {
  country: listOf(z.string().regex(/^[A-Z]{2}$/)),
  kind: listOf(z.enum(destinationKinds)),
  region: listOf(name),
  group: listOf(name),
  speed: listOf(name),
  account: listOf(z.uuid()),
};

const gigabytes = z
  .string()
  .regex(/^\d{1,6}(\.\d{1,3})?$/)
  .nullable();
const days = z
  .string()
  .regex(/^\d{1,4}$/)
  .transform(Number)
  .nullable();
const cost = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,6})?$/)
  .nullable();
const yesOrNo = z.enum(['yes', 'no']).nullable();
const bundleId = z.uuid().nullable();

const schema = z.object({
  search: text.catch(''),
  country: lists.country.catch([]),
  kind: lists.kind.catch([]),
  region: lists.region.catch([]),
  group: lists.group.catch([]),
  speed: lists.speed.catch([]),
  account: lists.account.catch([]),
  dataMin: gigabytes.catch(null),
  dataMax: gigabytes.catch(null),
  daysMin: days.catch(null),
  daysMax: days.catch(null),
  costMin: cost.catch(null),
  costMax: cost.catch(null),
  unlimited: yesOrNo.catch(null),
  sold: z.enum(soldAs).nullable().catch(null),
  withdrawn: yesOrNo.catch(null),
  sort: z.enum(bundleSorts).catch('place'),
  order: z.enum(['asc', 'desc']).catch('asc'),
  after: bundleId.catch(null),
  before: bundleId.catch(null),
});

const names = schema.keyof().options;
