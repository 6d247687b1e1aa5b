import { db, isDuplicate } from '../platform/db.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { readBundleQuery, withoutPage, writeBundleQuery } from './bundle-query.ts';

/** A question of the catalogue page under a name. */
export interface SavedView {
  id: string;
  name: string;
  /** The address after the question mark, as `writeBundleQuery` writes it. */
  query: string;
}

/** Why a view was not kept. */
export type ViewRefusal = 'name-taken' | 'too-many';

const PAGE = 'catalogue';
// They are tabs: more of them help nobody.
const MOST = 50;

export function listViews(shop: Shop): Promise<SavedView[]> {
  return db.savedView.findMany({
    where: { shopId: shop.id, page: PAGE },
    select: { id: true, name: true, query: true },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
}

export async function saveView(
  shop: Shop,
  { name, query }: { name: string; query: string },
): Promise<{ status: 'saved'; view: SavedView } | { status: 'refused'; reason: ViewRefusal }> {
  const mine = { shopId: shop.id, page: PAGE };
  if ((await db.savedView.count({ where: mine })) >= MOST) return { status: 'refused', reason: 'too-many' };
  try {
    const { id } = await db.savedView.create({ data: { ...mine, name, query: tidy(query) } });
    return { status: 'saved', view: { id, name, query: tidy(query) } };
  } catch (error) {
    if (isDuplicate(error)) return { status: 'refused', reason: 'name-taken' };
    throw error;
  }
}

/** Another name or another question. `unknown` for an id that is not one of the shop's views. */
export async function changeView(
  shop: Shop,
  viewId: string,
  { name, query }: { name?: string; query?: string },
): Promise<{ status: 'saved' | 'unknown' } | { status: 'refused'; reason: ViewRefusal }> {
  try {
    const { count } = await db.savedView.updateMany({
      where: { id: viewId, shopId: shop.id, page: PAGE },
      data: { ...(name !== undefined && { name }), ...(query !== undefined && { query: tidy(query) }) },
    });
    return { status: count === 1 ? 'saved' : 'unknown' };
  } catch (error) {
    if (isDuplicate(error)) return { status: 'refused', reason: 'name-taken' };
    throw error;
  }
}

/** False for an id that is not one of the shop's views. */
export async function deleteView(shop: Shop, viewId: string): Promise<boolean> {
  const { count } = await db.savedView.deleteMany({ where: { id: viewId, shopId: shop.id, page: PAGE } });
  return count === 1;
}

/** As the page would write it, without a page: whatever else was sent is not kept. */
function tidy(query: string): string {
  return writeBundleQuery(withoutPage(readBundleQuery(new URLSearchParams(query)))).toString();
}
