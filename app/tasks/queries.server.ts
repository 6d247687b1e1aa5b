import { z } from 'zod';
import { db, Prisma } from '../platform/db.server.ts';
import type { ItemState, TaskItem, TaskKind, TaskProgress, TaskState } from './task.ts';

/** The shop's newest task of a kind (and subject); null before the first. */
export async function newestTask(
  shop: { id: string },
  kind: TaskKind,
  subject?: string,
): Promise<TaskProgress | null> {
  const [task] = await listTasks(shop, { kind, ...(subject !== undefined && { subject }), most: 1 });
  return task ?? null;
}

/** The shop's tasks of a kind, newest first. */
export async function listTasks(
  shop: { id: string },
  { kind, subject, most }: { kind: TaskKind; subject?: string; most: number },
): Promise<TaskProgress[]> {
  const rows = await db.task.findMany({
    where: { shopId: shop.id, kind, ...(subject !== undefined && { subject }) },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    take: most,
  });
  return rows.map(progress);
}

/** One task; null when the shop has none of this id. */
export async function findTask(shop: { id: string }, taskId: string): Promise<TaskProgress | null> {
  const row = await db.task.findFirst({ where: { id: taskId, shopId: shop.id } });
  return row && progress(row);
}

/**
 * A page of a task's items in their order, and how many there are of each state. `page` counts from 1; `detail` is what
 * must stand in theirs.
 */
export async function listItems(
  shop: { id: string },
  taskId: string,
  {
    states,
    detail = {},
    search = '',
    page,
    perPage = 50,
  }: {
    states?: ItemState[];
    detail?: Record<string, string>;
    search?: string;
    page: number;
    perPage?: number;
  },
): Promise<{ items: TaskItem[]; total: number; byState: Partial<Record<ItemState, number>> }> {
  const mine = { taskId, shopId: shop.id };
  const where: Prisma.TaskItemWhereInput = {
    ...mine,
    ...(states && { state: { in: states } }),
    AND: Object.entries(detail).map(([name, value]) => ({ detail: { path: [name], equals: value } })),
    ...(search !== '' && { title: { contains: search, mode: 'insensitive' } }),
  };
  const [rows, total, groups] = await Promise.all([
    db.taskItem.findMany({
      where,
      orderBy: { position: 'asc' },
      skip: (page - 1) * perPage,
      take: perPage,
      omit: { taskId: true, shopId: true },
    }),
    db.taskItem.count({ where }),
    db.taskItem.groupBy({ by: ['state'], where: mine, _count: true }),
  ]);
  return {
    // Only this folder writes the column.
    items: rows.map((row) => ({ ...row, state: row.state as ItemState })),
    total,
    byState: Object.fromEntries(groups.map(({ state, _count }) => [state, _count])),
  };
}

function progress(row: Prisma.TaskGetPayload<object>): TaskProgress {
  const { id, subject, done, total, problem, askedBy, cancelAskedAt, createdAt, finishedAt } = row;
  return {
    ...{ id, subject, done, total, problem, askedBy, createdAt, finishedAt },
    // Only this folder writes these columns, and it writes these words.
    kind: row.kind as TaskKind,
    state: row.state as TaskState,
    counts: readCounts(row.counts),
    isCancelling: cancelAskedAt !== null && row.state === 'running',
  };
}

const counts = z.record(z.string(), z.number()).catch({});

export function readCounts(stored: unknown): Record<string, number> {
  return counts.parse(stored);
}
