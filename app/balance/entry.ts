/** Why the balance of a supplier account moved. */
export const entryKinds = [
  'opening', // what was there when the ledger began
  'purchase', // bought by the app
  'refund', // given back by the supplier
  'top-up', // paid in
  'elsewhere', // bought with the account, not by the app
  'adjustment', // booked by a person, to explain a difference
] as const;
export type EntryKind = (typeof entryKinds)[number];

/** The movements that make the cost of what was sold. */
export const costKinds = ['purchase', 'refund'] as const satisfies EntryKind[];

export const isEntryKind = (word: string): word is EntryKind =>
  (entryKinds as readonly string[]).includes(word);

/** Whether a movement is in the ledger, or may still come to it. */
export const entryStates = ['booked', 'open'] as const;
export type EntryState = (typeof entryStates)[number];
