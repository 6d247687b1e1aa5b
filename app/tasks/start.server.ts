import { db, type Prisma } from '../platform/db.server.ts';
import { wake } from '../platform/queue.server.ts';
import type { TaskItem, TaskKind } from './task.ts';
import { currentTime } from '../platform/time.ts';

export interface TaskRequest {
  kind: TaskKind;
  /** What it is about, where a shop can have several of a kind at once. */
  subject?: string;
  /** What the work needs to know, besides the items. */
  input?: Prisma.InputJsonObject;
  /** The member of staff who asks. */
  askedBy?: string | null;
  items?: NewItem[];
  /** Wait for somebody's approval first. */
  needsApproval?: boolean;
}

export type NewItem = Pick<TaskItem, 'subject' | 'title'> & { detail?: Prisma.InputJsonObject };

/** Begins a task, or names the unfinished one of the same kind and subject (`isNew` false: nothing was added to it). */
export async function startTask(
  shop: { id: string },
  { kind, subject = '', input = {}, askedBy = null, items = [], needsApproval = false }: TaskRequest,
): Promise<{ taskId: string; isNew: boolean }> {
  const openKey = `${kind} ${shop.id} ${subject}`;
  const started = await db.$transaction(async (tx) => {
    const { count } = await tx.task.createMany({
      data: {
        ...{ shopId: shop.id, kind, subject, openKey, input, askedBy },
        state: needsApproval ? 'waiting' : 'queued',
        ...(items.length > 0 && { total: items.length }),
      },
      skipDuplicates: true,
    });
    const { id } = await tx.task.findUniqueOrThrow({ where: { openKey }, select: { id: true } });
    if (count === 1 && items.length > 0) await tx.taskItem.createMany({ data: rows(shop.id, id, items) });
    return { taskId: id, isNew: count === 1 };
  });
  if (!needsApproval) await wake('tasks.run', started.taskId);
  return started;
}

function rows(shopId: string, taskId: string, items: NewItem[]) {
  return items.map((item, position) => ({ ...item, taskId, shopId, position }));
}

/**
 * Lets a waiting task begin, or one that failed or was cancelled go on. False when it is none of these, or when another
 * of its kind and subject was begun meanwhile.
 */
export async function resumeTask(shop: { id: string }, taskId: string): Promise<boolean> {
  const found = await db.task.findFirst({ where: { id: taskId, shopId: shop.id } });
  if (!found) return false;
  const openKey = `${found.kind} ${shop.id} ${found.subject}`;
  const other = await db.task.findFirst({ where: { openKey, id: { not: taskId } }, select: { id: true } });
  if (other) return false;
  const { count } = await db.task.updateMany({
    where: { id: taskId, shopId: shop.id, state: { in: ['waiting', 'failed', 'cancelled'] } },
    data: { ...{ state: 'queued', problem: null, cancelAskedAt: null, finishedAt: null }, openKey },
  });
  if (count === 1) await wake('tasks.run', taskId);
  return count === 1;
}

/** Asks a task to stop. One that nobody works at ends at once; one under way ends at its next step. */
export async function cancelTask(shop: { id: string }, taskId: string): Promise<void> {
  const mine = { id: taskId, shopId: shop.id };
  const now = currentTime();
  await db.task.updateMany({
    where: { ...mine, state: { in: ['queued', 'waiting'] } },
    data: { state: 'cancelled', openKey: null, finishedAt: now },
  });
  await db.task.updateMany({ where: { ...mine, state: 'running' }, data: { cancelAskedAt: now } });
}
