import { databaseNowOnce, db, Prisma, type Transaction } from '../platform/db.server.ts';
import { holdLease, withLease, type Lease } from '../platform/lease.server.ts';
import { log } from '../platform/log.server.ts';
import { RemoteError } from '../platform/remote-error.ts';
import { after, currentTime, SECOND } from '../platform/time.ts';
import { readCounts } from './queries.server.ts';
import type { NewItem } from './start.server.ts';
import type { TaskItem, TaskKind } from './task.ts';

/**
 * The work of a task. It may be run again after a crash, and goes on where `run` says. Throwing ends the task: as
 * `failed` with the kind of a `RemoteError`, or `unknown`.
 */
export type TaskWork = (run: TaskRun) => Promise<void>;

/** A task in the hands of the process that does it. */
export interface TaskRun {
  id: string;
  shopId: string;
  subject: string;
  /** What was asked: parse it. */
  input: unknown;
  askedBy: string | null;
  /** How far it is, with what an earlier process did. */
  readonly done: number;
  readonly counts: Readonly<Record<string, number>>;
  /**
   * Writes progress: `counts` are added, the rest is set. Give it the transaction of what it counts. Throws
   * `TaskStopped` when the task was cancelled or is another process's now: do nothing more, and let it climb.
   */
  save(
    progress: { done?: number; total?: number | null; counts?: Record<string, number> },
    tx?: Transaction,
  ): Promise<void>;
  /** The next items that wait, in order. */
  nextItems(most: number): Promise<TaskItem[]>;
  /** Writes down things that were done and that nobody knew beforehand, behind the other items, in the caller's commit. */
  addItems(items: DoneItem[], tx: Transaction): Promise<void>;
  /** Writes how items went, and the progress with them, in one commit. Throws as `save` does. */
  settleItems(items: SettledItem[], counts?: Record<string, number>): Promise<void>;
}

export type SettledItem = Pick<TaskItem, 'position' | 'state'> &
  Partial<Pick<TaskItem, 'reason' | 'messages'>> & { detail?: Prisma.InputJsonObject };

export type DoneItem = NewItem & Pick<TaskItem, 'state'> & Partial<Pick<TaskItem, 'reason'>>;

/** Thrown by `save`: somebody cancelled the task, or its lease was lost. */
export class TaskStopped extends Error {}

export type TaskWorks = Partial<Record<TaskKind, TaskWork>>;

/** The job: does a task with the work of its kind, unless another process is at it. */
export function taskRunner(works: TaskWorks): (taskId: string) => Promise<void> {
  // A newer version of the app may have begun a task of a kind that this one does not know, and does it itself.
  const known = new Map<string, TaskWork>(Object.entries(works));
  return async (taskId) => {
    await withLease(taskLease(taskId), async (lease) => {
      const run = await take(taskId, lease, [...known.keys()]);
      const work = run && known.get(run.kind);
      if (work) await carryOut(run, work, lease);
    });
  };
}

/** Tasks that nobody is at: their wake-up was lost, or their process died. For the sweeper. */
export async function dueTasks(): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT t.id FROM "Task" t JOIN "Shop" s ON s.id = t."shopId" AND s."uninstalledAt" IS NULL
    WHERE (t.state = 'running' OR (t.state = 'queued' AND t."createdAt" < ${after(-2 * SECOND)}))
      AND NOT EXISTS (SELECT FROM "Lease" l WHERE l.name = 'task ' || t.id AND l.until >= ${databaseNowOnce})`;
  return rows.map(({ id }) => id);
}

const taskLease = (taskId: string) => `task ${taskId}`;

async function take(taskId: string, lease: Lease, kinds: string[]) {
  const { count } = await db.task.updateMany({
    where: { id: taskId, kind: { in: kinds }, state: { in: ['queued', 'running'] } },
    data: { state: 'running' },
  });
  if (count === 0) return null;
  await db.task.updateMany({ where: { id: taskId, startedAt: null }, data: { startedAt: currentTime() } });
  const task = await db.task.findUniqueOrThrow({ where: { id: taskId } });
  return new Run(task, lease);
}

class Run implements TaskRun {
  readonly id: string;
  readonly kind: TaskKind;
  readonly shopId: string;
  readonly subject: string;
  readonly input: unknown;
  readonly askedBy: string | null;
  done: number;
  counts: Record<string, number>;
  readonly #lease: Lease;
  #nextPosition: number | null = null;

  constructor(task: Prisma.TaskGetPayload<object>, lease: Lease) {
    this.id = task.id;
    this.kind = task.kind as TaskKind; // only startTask writes the column
    this.shopId = task.shopId;
    this.subject = task.subject;
    this.input = task.input;
    this.askedBy = task.askedBy;
    this.done = task.done;
    this.counts = readCounts(task.counts);
    this.#lease = lease;
  }

  async save(progress: Parameters<TaskRun['save']>[0], tx?: Transaction): Promise<void> {
    if (!tx) {
      await db.$transaction((own) => this.save(progress, own));
      return;
    }
    if (!(await holdLease(this.#lease, tx))) throw new TaskStopped();
    const done = progress.done ?? this.done;
    const counts = { ...this.counts };
    for (const [name, count] of Object.entries(progress.counts ?? {}))
      counts[name] = (counts[name] ?? 0) + count;
    const { count } = await tx.task.updateMany({
      where: { id: this.id, shopId: this.shopId, state: 'running', cancelAskedAt: null },
      data: { done, counts, ...(progress.total !== undefined && { total: progress.total }) },
    });
    if (count === 0) throw new TaskStopped();
    this.done = done;
    this.counts = counts;
  }

  async nextItems(most: number): Promise<TaskItem[]> {
    const rows = await db.taskItem.findMany({
      where: { taskId: this.id, shopId: this.shopId, state: 'waiting' },
      orderBy: { position: 'asc' },
      take: most,
      omit: { taskId: true, shopId: true },
    });
    return rows.map((row) => ({ ...row, state: 'waiting' }));
  }

  async addItems(items: DoneItem[], tx: Transaction): Promise<void> {
    if (items.length === 0) return;
    const first = this.#nextPosition ?? (await this.#positionBehindAll(tx));
    // A commit that fails leaves a gap, which is harmless.
    this.#nextPosition = first + items.length;
    const mine = { taskId: this.id, shopId: this.shopId };
    await tx.taskItem.createMany({
      data: items.map((item, index) => ({ ...item, ...mine, position: first + index })),
    });
  }

  async #positionBehindAll(tx: Transaction): Promise<number> {
    const last = await tx.taskItem.aggregate({ where: { taskId: this.id }, _max: { position: true } });
    return (last._max.position ?? -1) + 1;
  }

  async settleItems(items: SettledItem[], counts: Record<string, number> = {}): Promise<void> {
    await db.$transaction(async (tx) => {
      for (const { position, ...how } of items) {
        await tx.taskItem.update({ where: { taskId_position: { taskId: this.id, position } }, data: how });
      }
      await this.save({ done: this.done + items.length, counts }, tx);
    });
  }
}

async function carryOut(run: Run, work: TaskWork, lease: Lease): Promise<void> {
  try {
    await work(run);
    await end(run, lease, { state: 'done' });
  } catch (error) {
    if (error instanceof TaskStopped) {
      await end(run, lease, { state: 'cancelled' }, { cancelAskedAt: { not: null } });
      return;
    }
    const problem = error instanceof RemoteError ? String(error.kind) : 'unknown';
    await end(run, lease, { state: 'failed', problem });
    if (!(error instanceof RemoteError)) throw error;
    log.warn('task.failed', { taskId: run.id, reason: problem }, error);
  }
}

// Another process may have the task by now: then its end is not ours to write.
async function end(
  { id, shopId, kind }: Run,
  lease: Lease,
  how: { state: string; problem?: string },
  where: Prisma.TaskWhereInput = {},
): Promise<void> {
  await db.$transaction(async (tx) => {
    if (!(await holdLease(lease, tx))) return;
    await tx.task.updateMany({
      where: { ...where, id, shopId, state: 'running' },
      data: { ...how, openKey: null, finishedAt: currentTime() },
    });
  });
  await forgetOld(shopId, kind);
}

/** Tasks of a kind that a shop keeps; those that hold a whole file are few. */
const kept = (kind: TaskKind) => (kind === 'mappings.look' ? 5 : 100);

async function forgetOld(shopId: string, kind: TaskKind) {
  const old = await db.task.findMany({
    where: { shopId, kind, openKey: null },
    orderBy: { createdAt: 'desc' },
    skip: kept(kind),
    select: { id: true },
  });
  if (old.length > 0) await db.task.deleteMany({ where: { shopId, id: { in: old.map(({ id }) => id) } } });
}
