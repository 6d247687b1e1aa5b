import { z } from 'zod';
import type { TextField, Texts } from './template.ts';

/** The texts of a product that are compared with Shopify's. The handle is not: a new address would break links. */
export const comparedFields = [
  ...(['title', 'description', 'seoTitle', 'seoDescription', 'tags', 'productType', 'vendor'] as const),
] as const satisfies TextField[];
export type ComparedField = (typeof comparedFields)[number];
export type ProductTexts = Pick<Texts, ComparedField>;

/**
 * Whose a text is: the merchant's from the moment they change it in Shopify; theirs as soon as the product is made; or
 * the app's, and what they write there is written over.
 */
export const owners = ['once-changed', 'theirs', 'ours'] as const;
export type Owner = (typeof owners)[number];

/** The shop's choice. A text that is in neither list is the merchant's once they changed it. */
export interface Owned {
  theirs: readonly ComparedField[];
  ours: readonly ComparedField[];
}

/** Whose a text is, by what was chosen for its product (`own`) or else for the shop. */
export function ownerOf(field: ComparedField, { theirs, ours }: Owned, own: Written['owners'] = {}): Owner {
  return own[field] ?? (ours.includes(field) ? 'ours' : theirs.includes(field) ? 'theirs' : 'once-changed');
}

/** What the app last wrote of a product. */
export interface Written {
  /** As Shopify kept it: another value there is the merchant's. */
  fields: Partial<ProductTexts>;
  /** As we asked for it, where Shopify tidied it. */
  asked: Partial<ProductTexts>;
  /** Names of the options, in order: data, validity and perhaps the plan. */
  options: string[];
  /** Values of the app's metafields by key. */
  metafields: Record<string, string>;
  /** Texts that the merchant had changed when we last looked. */
  kept: ComparedField[];
  /** What it sold when it was deleted in Shopify: ids of bundles. */
  bundleIds: string[];
  /** What the merchant chose for this product alone. */
  owners: Partial<Record<ComparedField, Owner>>;
}

const text = z.string().optional();
const texts = z
  .object({
    ...{ title: text, description: text, seoTitle: text, seoDescription: text },
    ...{ tags: z.array(z.string()).optional(), productType: text, vendor: text },
  })
  .transform((fields): Partial<ProductTexts> =>
    Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
  )
  .catch({});
const schema = z.object({
  ...{ fields: texts, asked: texts },
  options: z.array(z.string()).catch([]),
  metafields: z.record(z.string(), z.string()).catch({}),
  kept: z.array(z.enum(comparedFields)).catch([]),
  bundleIds: z.array(z.string()).catch([]),
  owners: z.partialRecord(z.enum(comparedFields), z.enum(owners)).catch({}),
});

/** Reads the column; what a newer version wrote there and this one does not know is left out. */
export function readWritten(stored: unknown): Written {
  return schema.parse(stored);
}

/**
 * Which texts are to be written, and which stay although they differ: those that are the merchant's, by their choice or
 * because Shopify has them otherwise than the app last wrote them.
 */
export function fieldChanges(
  wanted: ProductTexts,
  seen: ProductTexts,
  written: Pick<Written, 'fields' | 'asked' | 'owners'>,
  shop: Owned,
): { changes: Partial<ProductTexts>; kept: ComparedField[] } {
  const isAsWritten = (field: ComparedField) => isSame(seen[field], written.fields[field]);
  const differing = comparedFields.filter(
    (field) =>
      !isSame(wanted[field], seen[field]) &&
      !(isAsWritten(field) && isSame(wanted[field], written.asked[field])),
  );
  const isOurs = (field: ComparedField) => {
    const owner = ownerOf(field, shop, written.owners);
    return owner === 'ours' || (owner === 'once-changed' && isAsWritten(field));
  };
  const ours = differing.filter(isOurs);
  return {
    changes: Object.fromEntries(ours.map((field) => [field, wanted[field]])),
    kept: differing.filter((field) => !ours.includes(field)),
  };
}

/** What is remembered when Shopify has `seen` after `asked` was written. What nobody wrote is remembered as before. */
export function afterWriting(
  before: Pick<Written, 'fields' | 'asked'>,
  asked: Partial<ProductTexts>,
  seen: ProductTexts,
): Pick<Written, 'fields' | 'asked'> {
  const fields = comparedFields.filter((field) => asked[field] !== undefined);
  const tidied = fields.filter((field) => !isSame(asked[field], seen[field]));
  const stillAsked = Object.entries(before.asked).filter(
    ([field]) => asked[field as ComparedField] === undefined,
  );
  return {
    fields: { ...before.fields, ...Object.fromEntries(fields.map((field) => [field, seen[field]])) },
    asked: Object.fromEntries([...stillAsked, ...tidied.map((field) => [field, asked[field]] as const)]),
  };
}

// Shopify gives tags back in an order of its own.
function isSame(a: string | string[] | undefined, b: string | string[] | undefined): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  return JSON.stringify(a.toSorted()) === JSON.stringify(b.toSorted());
}
