import { useState } from 'react';

/** The texts of a form as they are typed, by the names of their fields; `fields` says what is wrong with one. */
export function useDraft(saved: Record<string, string>, fields: Record<string, string>) {
  const [draft, setDraft] = useState(saved);
  const put = (name: string) => (value: string) => {
    setDraft((before) => ({ ...before, [name]: value }));
  };
  return {
    draft,
    discard: () => {
      setDraft(saved);
    },
    /** What a `TextField` takes. */
    text: (name: string) => ({
      ...{ name, value: draft[name] ?? '', onChange: put(name), error: fields[name] ?? false },
      autoComplete: 'off',
    }),
    /** What a `Checkbox` takes: `on` or nothing. */
    toggle: (name: string) => ({
      ...{ name, checked: draft[name] === 'on' },
      onChange: (checked: boolean) => {
        put(name)(checked ? 'on' : '');
      },
    }),
    /** What a `ChoiceList` of which one is chosen takes. */
    choice: (name: string) => ({
      selected: [draft[name] ?? ''],
      onChange: ([value = '']: string[]) => {
        put(name)(value);
      },
    }),
  };
}
