/** What the acts of the balance pages answer. A refusal is a sentence that stays beside what was pressed. */
export type MoneyAnswer =
  | { status: 'done'; toast: string | null }
  | { status: 'refused'; sentence: string }
  /** What is wrong with a field, by its name. */
  | { status: 'invalid'; fields: Record<string, string> };
