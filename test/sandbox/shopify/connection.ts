import { GraphQLError } from 'graphql';

export type PageArgs = {
  first?: number | null;
  last?: number | null;
  after?: string | null;
  before?: string | null;
  reverse?: boolean | null;
};

/**
 * A Relay connection over a list that is in its final order but for `reverse`. The cursor holds the id of the record,
 * and for a list sorted by a `key` that record's key: a page stays where it was when records are added, and when the
 * record before it has changed its place or left the list. Refused: no `first` or `last`, more than 250, a foreign cursor.
 */
export function connection<Item extends { id: number }>(
  items: Item[],
  args: PageArgs,
  view: (item: Item) => unknown,
  key?: (item: Item) => number | string,
) {
  const asked = args.first ?? args.last;
  if (asked === null || asked === undefined) {
    throw new GraphQLError('you must provide one of first or last', { extensions: { code: 'BAD_REQUEST' } });
  }
  if (asked > 250 || asked < 0) {
    throw new GraphQLError(`The number of nodes requested (${String(asked)}) must be between 0 and 250.`, {
      extensions: { code: 'MAX_INPUT_SIZE_EXCEEDED' },
    });
  }
  const all = args.reverse ? [...items].reverse() : items;
  const sorting = { key, isReversed: args.reverse ?? false };
  const from = args.after ? placeOf(all, args.after, sorting).end : 0;
  const to = args.before ? placeOf(all, args.before, sorting).start : all.length;
  const start = args.first === null || args.first === undefined ? Math.max(from, to - asked) : from;
  const end = args.first === null || args.first === undefined ? to : Math.min(to, from + asked);
  const page = all.slice(start, end);
  return {
    nodes: page.map(view),
    edges: page.map((item) => ({ cursor: cursorOf(item, key), node: view(item) })),
    pageInfo: {
      hasNextPage: end < all.length,
      hasPreviousPage: start > 0,
      startCursor: page.slice(0, 1).map((item) => cursorOf(item, key))[0] ?? null,
      endCursor: page.slice(-1).map((item) => cursorOf(item, key))[0] ?? null,
    },
  };
}

export function cursorOf<Item extends { id: number }>(
  item: Item,
  key?: (item: Item) => number | string,
): string {
  const place = key ? { last_id: item.id, last_value: key(item) } : { last_id: item.id };
  return Buffer.from(JSON.stringify(place)).toString('base64');
}

/** Where the record of a cursor begins and ends in the list; for one that is no longer there both are the same place. */
function placeOf<Item extends { id: number }>(
  items: Item[],
  cursor: string,
  { key, isReversed }: { key: ((item: Item) => number | string) | undefined; isReversed: boolean },
): { start: number; end: number } {
  const { id, value } = readCursor(cursor);
  if (!key || value === null) {
    const start = items.findIndex((item) => item.id === id);
    return start < 0 ? refuse() : { start, end: start + 1 };
  }
  const before = items.filter((item) => {
    const own = key(item);
    const order = own < value ? -1 : own > value ? 1 : item.id - id;
    return isReversed ? order > 0 : order < 0;
  });
  const start = before.length;
  const found = items[start];
  return { start, end: found?.id === id && key(found) === value ? start + 1 : start };
}

function readCursor(cursor: string): { id: number; value: number | string | null } {
  let place: unknown;
  try {
    place = JSON.parse(Buffer.from(cursor, 'base64').toString('utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (place === null || typeof place !== 'object' || !('last_id' in place)) return refuse();
  const value = 'last_value' in place ? place.last_value : null;
  if (typeof place.last_id !== 'number') return refuse();
  return { id: place.last_id, value: typeof value === 'number' || typeof value === 'string' ? value : null };
}

function refuse(): never {
  throw new GraphQLError('Invalid cursor for current pagination sort.', {
    extensions: { code: 'BAD_REQUEST' },
  });
}
