import { z } from 'zod';
import { findTask, listItems, listTasks } from '../tasks/queries.server.ts';
import type { TaskProgress } from '../tasks/task.ts';
import { fields, type Change } from './difference.ts';
import type { LeftOut } from './sync-items.ts';

/** What a sync found of one bundle. */
export interface SyncItem {
  position: number;
  what: 'new' | 'changed' | 'withdrawn' | 'returned' | 'left-out';
  /** The bundle's title and code; the code alone of what was left out, empty where it had none. */
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

/** A page of what a sync found, and how much there is of it in all. */
export async function listSyncItems(
  shop: { id: string },
  taskId: string,
  { what, search, page }: { what: SyncItem['what'] | null; search: string; page: number },
): Promise<{ items: SyncItem[]; total: number }> {
  const { items, total } = await listItems(shop, taskId, {
    ...{ search, page },
    ...(what !== null && { detail: { what } }),
  });
  return {
    total,
    items: items.map(({ position, title, subject, reason, detail }) => {
      const read = itemDetail.parse(detail);
      return {
        ...{ position, title, ...read },
        bundleId: read.what === 'left-out' ? null : subject,
        reason: reasons.parse(reason),
      };
    }),
  };
}

const itemDetail = z.object({
  what: z.enum(['new', 'changed', 'withdrawn', 'returned', 'left-out']),
  changes: z.array(z.object({ field: z.enum(fields), old: z.unknown(), new: z.unknown() })).default([]),
});
const reasons = z.enum(['no-price', 'no-days', 'unreadable']).nullable();
