/** A field of a form of settings, as the form posts it. */
export interface FieldChange {
  field: string;
  from: string;
  to: string;
}

/** What of a form is not as it was before. */
export function changedFields(before: Record<string, string>, after: Record<string, string>): FieldChange[] {
  return Object.entries(after).flatMap(([field, to]) => {
    const from = before[field] ?? '';
    return from === to ? [] : [{ field, from, to }];
  });
}
