import type { ProblemBody } from '../problem.tsx';

/** What came of a decision on the queue. Everything but `done` stays on the page, beside what was pressed. */
export type QueueAnswer =
  | { status: 'done'; toast: string }
  /** Somebody was faster: nothing was changed. */
  | { status: 'stale'; sentence: string }
  | { status: 'refused'; sentence: string }
  /** The second look found orders that may be the lost one: nothing was bought. */
  | { status: 'look-again'; sentence: string }
  /** The supplier cannot be asked now: nothing was changed. */
  | { status: 'failed'; problem: ProblemBody };
