import type { DoneItem } from '../tasks/run.server.ts';
import { bundleTitle } from './bundle.ts';
import type { KeptBundle } from './difference.ts';
import type { PageNews, WithdrawnRow } from './store.server.ts';

/** What the supplier lists and nobody can sell. */
export interface LeftOut {
  code: string | null;
  reason: 'no-price' | 'no-days' | 'unreadable';
}

/** What a sync tells of a page's bundles, and what it counts. A first import counts only: everything would be new. */
export function newsItems(
  { created, changed, returned }: PageNews,
  isFirst: boolean,
): { items: DoneItem[]; counts: Record<string, number> } {
  const counts = { created: created.length, changed: changed.length, returned: returned.length };
  if (isFirst) return { items: [], counts };
  return {
    items: [
      ...created.map((row) => item('new', row)),
      ...changed.map(({ row, changes }) => {
        const told = item('changed', row);
        // Plain values already: they were read from JSON or become it.
        return { ...told, detail: { ...told.detail, changes: JSON.parse(JSON.stringify(changes)) as [] } };
      }),
      ...returned.map((row) => item('returned', row)),
    ],
    counts,
  };
}

export function withdrawnItem(row: WithdrawnRow): DoneItem {
  return told('withdrawn', row.id, bundleTitle(row), row.code);
}

/** Its subject is the code: there need be no row. */
export function leftOutItem({ code, reason }: LeftOut): DoneItem {
  const name = code ?? '';
  return {
    ...{ subject: name.slice(0, 200), title: name.slice(0, 200), state: 'refused', reason },
    detail: { what: 'left-out' },
  };
}

function item(what: 'new' | 'changed' | 'returned', row: KeptBundle & { id: string }) {
  const dataBytes = row.dataBytes === null ? null : BigInt(row.dataBytes);
  return told(what, row.id, bundleTitle({ ...row, dataBytes }), row.code);
}

// The code stands in the title, so that searching the titles finds it.
function told(what: string, id: string, title: string, code: string) {
  return { subject: id, title: `${title} (${code})`, state: 'done' as const, detail: { what } };
}
