/** What a task does; `jobs.server.ts` names the work of each. */
export type TaskKind =
  | 'catalogue.sync' // subject: a supplier account
  | 'products.publish'
  | 'products.refresh' // texts, pictures and withdrawn bundles of products that are published
  | 'mappings.look' // subject: a file, by its hash
  | 'prices.apply'
  | 'esims.look' // usage of many, read at the supplier
  | 'esims.resend' // e-mails of many orders
  | 'esims.adopt' // eSIMs sold elsewhere; subject: a supplier account
  | 'esims.find' // the ICCIDs of a file, asked of the suppliers
  | 'esims.adopt-found'; // subject: the task that found them

/** `waiting`: for somebody to approve it. The last three are the ends. */
export type TaskState = 'queued' | 'running' | 'waiting' | 'done' | 'failed' | 'cancelled';

/** `undone`: its effect was taken back by a later task. */
export type ItemState = 'waiting' | 'done' | 'refused' | 'failed' | 'undone';

/** How far a task is. */
export interface TaskProgress {
  id: string;
  kind: TaskKind;
  subject: string;
  state: TaskState;
  done: number;
  /** Null while nobody knows. */
  total: number | null;
  /** By the task's kind: {"created": 3, "changed": 1}. */
  counts: Record<string, number>;
  /** Why it failed: a word of `ui/problem-words`. */
  problem: string | null;
  /** The member of staff who asked for it; null when the app began it by itself. */
  askedBy: string | null;
  isCancelling: boolean;
  createdAt: Date;
  finishedAt: Date | null;
}

export interface TaskItem {
  position: number;
  /** The id of what it is about, by the task's kind. */
  subject: string;
  title: string;
  state: ItemState;
  /** Why it was refused or failed. */
  reason: string | null;
  /** Shopify's own sentences. */
  messages: string[];
  /** By the task's kind: parse it. */
  detail: unknown;
}

export function isFinished(state: TaskState): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}
