import type { ReactNode } from 'react';
import { UnsavedBar } from './unsaved-bar.tsx';

interface Props<Values> {
  saved: unknown;
  /** As it is typed, of the shape of `saved`. */
  draft: Values;
  isSaving: boolean;
  onSave: (draft: Values) => void;
  onDiscard: () => void;
  children: ReactNode;
}

/** A form whose values are kept until they are saved or discarded; the bar of Shopify's admin says that there are some. */
export function DraftForm<Values>({ saved, draft, isSaving, onSave, onDiscard, children }: Props<Values>) {
  const save = () => {
    onSave(draft);
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <UnsavedBar
        isDirty={JSON.stringify(draft) !== JSON.stringify(saved)}
        isSaving={isSaving}
        onSave={save}
        onDiscard={onDiscard}
      />
      {children}
    </form>
  );
}
