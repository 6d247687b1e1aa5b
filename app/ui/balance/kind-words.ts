import type { EntryKind, EntryState } from '../../balance/entry.ts';

/** What a merchant calls an entry of the ledger. */
export const entryWords: Record<EntryKind, string> = {
  opening: 'Beginning',
  purchase: 'Purchase',
  refund: 'Refund',
  'top-up': 'Top-up',
  elsewhere: 'Bought elsewhere',
  adjustment: 'Adjustment',
};

/** Whether it is in the ledger. */
export const stateWords: Record<EntryState, string> = {
  booked: 'Booked',
  open: 'Not booked yet',
};
