import { z } from 'zod';
import { db } from '../platform/db.server.ts';
import { findTask, listItems, listTasks } from '../tasks/queries.server.ts';
import type { TaskProgress } from '../tasks/task.ts';
import { bundleTitle } from './bundle.ts';
import { fields, type Change } from './difference.ts';
import type { LeftOut } from './sync-items.ts';

/** What a sync found of one bundle. */
export interface SyncItem {
  position: number;
  what: 'new' | 'changed' | 'withdrawn' | 'returned' | 'left-out';
  /** The bundle's title in the viewer's language, and its code; the code alone of what was left out, empty where it had none. */
  title: string;
  /** Null where there is no such row. */
  bundleId: string | null;
  changes: Change[];
  reason: LeftOut['reason'] | null;
}

/** The shop's syncs, newest first. */
export function listSyncs(shop: { id: string }): Promise<TaskProgress[]> {
  return listTasks(shop, { kind: 'catalogue.sync', most: 50 });
}

/** One sync; null when the shop has none of this id. */
export async function findSync(shop: { id: string }, taskId: string): Promise<TaskProgress | null> {
  const task = await findTask(shop, taskId);
  return task?.kind === 'catalogue.sync' ? task : null;
}

interface Asked {
  what: SyncItem['what'] | null;
  /** Words of the title as it was stored, in English, or the code. */
  search: string;
  page: number;
  locale: string;
}

/** A page of what a sync found, and how much there is of it in all. */
export async function listSyncItems(
  shop: { id: string },
  taskId: string,
  { what, search, page, locale }: Asked,
): Promise<{ items: SyncItem[]; total: number }> {
  const { items, total } = await listItems(shop, taskId, {
    ...{ search, page },
    ...(what !== null && { detail: { what } }),
  });
  const titles = await titlesOf(
    shop,
    items.map(({ subject }) => subject),
    locale,
  );
  return {
    total,
    items: items.map(({ position, title, subject, reason, detail }) => {
      const read = itemDetail.parse(detail);
      return {
        ...{ position, title: titles.get(subject) ?? title, ...read },
        bundleId: read.what === 'left-out' ? null : subject,
        reason: reasons.parse(reason),
      };
    }),
  };
}

/** Of the bundles that are still there, by their ids. */
async function titlesOf(shop: { id: string }, ids: string[], locale: string): Promise<Map<string, string>> {
  const bundles = await db.bundle.findMany({ where: { shopId: shop.id, id: { in: ids } } });
  return new Map(bundles.map((bundle) => [bundle.id, `${bundleTitle(bundle, locale)} (${bundle.code})`]));
}

const itemDetail = z.object({
  what: z.enum(['new', 'changed', 'withdrawn', 'returned', 'left-out']),
  changes: z.array(z.object({ field: z.enum(fields), old: z.unknown(), new: z.unknown() })).default([]),
});
const reasons = z.enum(['no-price', 'no-days', 'unreadable']).nullable();
