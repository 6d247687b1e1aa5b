import { GraphQLError } from 'graphql';

/** For every filter a list knows: the value of a record, in the form a search compares. */
export type Filters<Item> = Record<string, (item: Item) => boolean | number | string | string[] | null>;

/**
 * Shopify's search syntax as far as apps use it: `field:value`, `field:>value` (`>=`, `<`, `<=`), quotes, `-field:value`,
 * terms joined by blanks or AND, alternatives by OR. Where Shopify ignores a filter it does not know and returns
 * everything, the sandbox refuses: the app would act on the wrong records.
 */
export function matches<Item>(
  query: string | null | undefined,
  filters: Filters<Item>,
): (item: Item) => boolean {
  const alternatives = (query ?? '')
    .split(/\s+OR\s+/)
    .map((part) => [...part.matchAll(/(-?)([\w.]+):\s*(>=|<=|>|<)?\s*('[^']*'|"[^"]*"|[^\s]+)/g)])
    .map((terms) =>
      terms.map(([, minus, field = '', operator = '', raw = '']) => {
        const read = filters[field];
        if (!read) {
          throw new GraphQLError(
            `The sandbox's Shopify knows no filter "${field}" here (known: ${Object.keys(filters).join(', ')}).`,
          );
        }
        const wanted = raw.replace(/^['"]|['"]$/g, '');
        return (item: Item): boolean => compare(read(item), operator, wanted) !== (minus === '-');
      }),
    );
  if ((query ?? '').trim() !== '' && alternatives.every((terms) => terms.length === 0)) {
    throw new GraphQLError('The sandbox\'s Shopify searches by "field:value" only.');
  }
  return (item) => alternatives.some((terms) => terms.every((term) => term(item)));
}

function compare(
  value: boolean | number | string | string[] | null,
  operator: string,
  wanted: string,
): boolean {
  if (Array.isArray(value)) return value.some((each) => compare(each, operator, wanted));
  if (operator === '') {
    if (wanted === '*') return value !== null;
    return String(value ?? '').toLowerCase() === wanted.toLowerCase();
  }
  if (value === null) return false;
  const isDate = typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value);
  const [left, right] = isDate ? [Date.parse(value), Date.parse(wanted)] : [Number(value), Number(wanted)];
  if (Number.isNaN(right)) throw new GraphQLError(`The sandbox's Shopify compares nothing with "${wanted}".`);
  if (operator === '>') return left > right;
  if (operator === '>=') return left >= right;
  if (operator === '<') return left < right;
  return left <= right;
}
