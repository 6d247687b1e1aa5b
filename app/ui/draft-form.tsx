import type { ReactNode } from 'react';
import { UnsavedBar } from './unsaved-bar.tsx';

interface Props {
  saved: unknown;
  /** As it is typed, of the shape of `saved`. */
  draft: unknown;
  isSaving: boolean;
  onSave: () => void;
  onDiscard: () => void;
  children: ReactNode;
}

/** A form whose values are kept until they are saved or discarded; the bar of Shopify's admin says that there are some. */
export function DraftForm({ saved, draft, isSaving, onSave, onDiscard, children }: Props) {
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSave();
      }}
    >
      <UnsavedBar
        isDirty={JSON.stringify(draft) !== JSON.stringify(saved)}
        isSaving={isSaving}
        onSave={onSave}
        onDiscard={onDiscard}
      />
      {children}
    </form>
  );
}
