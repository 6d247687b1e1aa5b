import type { BundleQuery } from './bundle-query.ts';
import { countriesNamed } from './bundle.ts';

/**
 * What the index is asked for, as PostgreSQL's tsquery: the parts of the question that few bundles of a shop fit. Null
 * when there are none. The terms are those that the function `bundle_terms` of the migration gives a bundle.
 */
export function termQuery(shopId: string, query: BundleQuery): string | null {
  const scope = shopId.slice(0, 8);
  const term = (kind: string, value: string) => `'${scope}:${kind}:${value.replace(/['\\]/g, '$&$&')}'`;
  const oneOf = (kind: string, values: string[]) => any(values.map((value) => term(kind, value)));
  const word = (text: string) => {
    const parts = text.toLowerCase().split(/[^a-z0-9]+/);
    const prefixes = parts.filter(Boolean).map((part) => `${term('w', part)}:*`);
    const countries = countriesNamed(text, query.locale).map((code) => term('c', code));
    return any([...(prefixes.length > 0 ? [all(prefixes)] : []), ...countries]);
  };
  const { words, bytes, days } = readSearch(query.search);
  const parts = [
    ...(['country', 'kind', 'region', 'group'] as const)
      .filter((name) => query[name].length > 0)
      .map((name) => oneOf(name.charAt(0), query[name])),
    ...bytes.map((size) => term('b', size)),
    ...days.map((length) => term('d', length)),
    ...words.map(word),
  ];
  return parts.length === 0 ? null : all(parts);
}

const all = (parts: string[]) => `(${parts.join(' & ')})`;
// A word that can be found nowhere finds nothing: no bundle has an empty kind.
const any = (parts: string[]) => (parts.length === 0 ? `'nothing'` : `(${parts.join(' | ')})`);

// Enough for every question a person types, and few enough for an index.
const MOST_WORDS = 8;

// A hyphen joins them to a supplier's code, which is looked for as it stands: plan-FR-1GB-7D.
const SIZE = /(?<![\w.,-])(\d+(?:[.,]\d+)?)\s*(mb|gb|tb)(?![\w-])/gi;
const LENGTH = /(?<![\w-])(\d{1,4})\s*(?:days?|d)(?![\w-])/gi;
const unitBytes = { mb: 1e6, gb: 1e9, tb: 1e12 };

/** "france 5 GB 7 days" → the word france, the size 5·10⁹ bytes, the length 7. Sizes and lengths are whole, not parts of words. */
export function readSearch(search: string): { words: string[]; bytes: string[]; days: string[] } {
  const bytes = [...search.matchAll(SIZE)].map(([, figure = '', unit = '']) =>
    String(
      Math.round(Number(figure.replace(',', '.')) * unitBytes[unit.toLowerCase() as 'mb' | 'gb' | 'tb']),
    ),
  );
  const days = [...search.matchAll(LENGTH)].map(([, figure = '']) => String(Number(figure)));
  const words = search
    .replaceAll(SIZE, ' ')
    .replaceAll(LENGTH, ' ')
    .split(/[\s,;]+/)
    // What has no letter and no figure says nothing: "–" between two words.
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  return { words: words.slice(0, MOST_WORDS), bytes, days };
}
