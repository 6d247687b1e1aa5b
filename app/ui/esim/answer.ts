/** What the acts on an eSIM answer. A refusal, or a wait, is a sentence that stays beside what was pressed. */
export type DeskAnswer =
  | { status: 'done'; toast: string }
  | { status: 'refused'; reason: string; sentence: string }
  /** It may be done, or is being done: pressing again asks for nothing more. */
  | { status: 'waiting'; sentence: string }
  | { status: 'invalid'; fields: Record<string, string> };
