import { db, isDuplicate } from '../platform/db.server.ts';
import type { Shop } from '../shopify/shops.server.ts';

/** A question of a list page under a name. */
export interface SavedView {
  id: string;
  name: string;
  /** The address after the question mark, as the page writes it. */
  query: string;
}

/** A list page with views. */
export interface ViewPage {
  name: 'catalogue' | 'esims';
  /** A question as the page would write it, without a page: whatever else was sent is not kept. */
  tidy: (query: string) => string;
}

/** Why a view was not kept. */
export type ViewRefusal = 'name-taken' | 'too-many';

// They are tabs: more of them help nobody.
const MOST = 50;

export function listViews(shop: Shop, page: ViewPage['name']): Promise<SavedView[]> {
  return db.savedView.findMany({
    where: { shopId: shop.id, page },
    select: { id: true, name: true, query: true },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
}

export async function saveView(
  shop: Shop,
  page: ViewPage,
  { name, query }: { name: string; query: string },
): Promise<{ status: 'saved'; view: SavedView } | { status: 'refused'; reason: ViewRefusal }> {
  const mine = { shopId: shop.id, page: page.name };
  if ((await db.savedView.count({ where: mine })) >= MOST) return { status: 'refused', reason: 'too-many' };
  try {
    const tidy = page.tidy(query);
    const { id } = await db.savedView.create({ data: { ...mine, name, query: tidy } });
    return { status: 'saved', view: { id, name, query: tidy } };
  } catch (error) {
    if (isDuplicate(error)) return { status: 'refused', reason: 'name-taken' };
    throw error;
  }
}

/** Another name or another question. `unknown` for an id that is not one of the shop's views. */
export async function changeView(
  shop: Shop,
  page: ViewPage,
  viewId: string,
  { name, query }: { name?: string; query?: string },
): Promise<{ status: 'saved' | 'unknown' } | { status: 'refused'; reason: ViewRefusal }> {
  try {
    const { count } = await db.savedView.updateMany({
      where: { id: viewId, shopId: shop.id, page: page.name },
      data: { ...(name !== undefined && { name }), ...(query !== undefined && { query: page.tidy(query) }) },
    });
    return { status: count === 1 ? 'saved' : 'unknown' };
  } catch (error) {
    if (isDuplicate(error)) return { status: 'refused', reason: 'name-taken' };
    throw error;
  }
}

/** False for an id that is not one of the shop's views. */
export async function deleteView(shop: Shop, page: ViewPage, viewId: string): Promise<boolean> {
  const { count } = await db.savedView.deleteMany({
    where: { id: viewId, shopId: shop.id, page: page.name },
  });
  return count === 1;
}
