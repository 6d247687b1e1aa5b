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
 * so a page stays where it was when records are added. Refused: no `first` or `last`, more than 250, a foreign cursor.
 */
export function connection<Item extends { id: number }>(
  items: Item[],
  args: PageArgs,
  view: (item: Item) => unknown,
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
  const from = args.after ? indexOf(all, args.after) + 1 : 0;
  const to = args.before ? indexOf(all, args.before) : all.length;
  const start = args.first === null || args.first === undefined ? Math.max(from, to - asked) : from;
  const end = args.first === null || args.first === undefined ? to : Math.min(to, from + asked);
  const page = all.slice(start, end);
  return {
    nodes: page.map(view),
    edges: page.map((item) => ({ cursor: cursorOf(item), node: view(item) })),
    pageInfo: {
      hasNextPage: end < all.length,
      hasPreviousPage: start > 0,
      startCursor: page[0] ? cursorOf(page[0]) : null,
      endCursor: page.length > 0 ? cursorOf(page[page.length - 1] ?? { id: 0 }) : null,
    },
  };
}

export function cursorOf(item: { id: number }): string {
  return Buffer.from(JSON.stringify({ last_id: item.id })).toString('base64');
}

function indexOf(items: { id: number }[], cursor: string): number {
  let id: unknown;
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64').toString('utf8'));
    id = value !== null && typeof value === 'object' && 'last_id' in value ? value.last_id : null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const index = items.findIndex((item) => item.id === id);
  if (index < 0)
    throw new GraphQLError('Invalid cursor for current pagination sort.', {
      extensions: { code: 'BAD_REQUEST' },
    });
  return index;
}
