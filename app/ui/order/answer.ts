/** What the order page's acts answer. A refusal is a sentence that stays beside what was pressed. */
export type OrderAnswer =
  | { status: 'shown'; email: string | null }
  | { status: 'done'; toast: string }
  | { status: 'refused'; sentence: string };
