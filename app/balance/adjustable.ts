import type { EntryKind } from './entry.ts';

/** What a person may book by hand. */
export const adjustable = ['top-up', 'refund', 'adjustment'] as const satisfies readonly EntryKind[];
