import { Text, TextField } from '@shopify/polaris';
import { useState } from 'react';
import { DeedModal } from './deed-modal.tsx';
import { useDeed } from './use-deed.ts';

/** Writes the merchant's own reference on the supplier's copy of the eSIM. */
export function ReferenceModal({ esimId, customerRef }: { esimId: string; customerRef: string }) {
  const deed = useDeed(esimId, 'reference');
  const [reference, setReference] = useState(customerRef);
  const typed = reference.trim();
  return (
    <DeedModal
      deed={deed}
      label="Customer reference"
      title="Write a customer reference?"
      confirm="Write reference"
      isReady={typed !== '' && typed !== customerRef}
      onOpen={() => {
        setReference(customerRef);
      }}
      onConfirm={() => {
        deed.send({ reference: typed });
      }}
    >
      <Text as="p">
        It stands beside this eSIM in the supplier’s portal and reports, in place of what is there now. The
        traveller does not see it. Write no name or address in it.
      </Text>
      <TextField
        label="Customer reference"
        value={reference}
        onChange={setReference}
        maxLength={100}
        showCharacterCount
        autoComplete="off"
        autoFocus
        error={deed.fields['reference'] ?? false}
      />
    </DeedModal>
  );
}
