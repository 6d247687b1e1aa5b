/** What a mapped variant is sold as: a new eSIM, or more data for one the traveller has. */
export const mappingKinds = ['esim', 'top-up'] as const;
export type MappingKind = (typeof mappingKinds)[number];

/** `text` comes from a stored row. */
export function kindOf(text: string): MappingKind {
  return text === 'top-up' ? 'top-up' : 'esim';
}

/** The longest list of bundles a variant may have. */
export const MOST_BUNDLES = 10;

/** What a file of mappings may hold: lines, and bytes of its text in UTF-8. */
export const MOST_LINES = 5000;
export const MOST_BYTES = 1_000_000;
