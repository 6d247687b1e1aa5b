import { useBlocker } from '@remix-run/react';
import { SaveBar, useAppBridge } from '@shopify/app-bridge-react';
import { useEffect, useId } from 'react';

interface Unsaved {
  isDirty: boolean;
  isSaving: boolean;
  onSave: () => void;
  onDiscard: () => void;
}

/** The admin's save bar, there while a form holds unsaved changes; the page cannot be left without an answer. */
export function UnsavedBar({ isDirty, isSaving, onSave, onDiscard }: Unsaved) {
  const shopify = useAppBridge();
  const id = useId();
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => isDirty && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (blocker.state !== 'blocked') return;
    // Resolves when the merchant agrees to lose the changes; whoever stays keeps it pending.
    void shopify.saveBar.leaveConfirmation().then(() => {
      blocker.proceed();
    });
  }, [blocker, shopify]);
  return (
    <SaveBar id={id} open={isDirty} discardConfirmation>
      {/* App Bridge reads its own attributes from plain buttons. */}
      <button type="button" {...{ variant: 'primary' }} onClick={onSave} disabled={isSaving}>
        Save
      </button>
      <button type="button" onClick={onDiscard} disabled={isSaving}>
        Discard
      </button>
    </SaveBar>
  );
}
