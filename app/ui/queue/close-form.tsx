import { BlockStack, Button, InlineStack, Text, TextField } from '@shopify/polaris';
import { useState } from 'react';

/** Ends an entry with a few words for whoever asks later. */
export function CloseForm({
  consequence,
  isBusy,
  error,
  onClose,
  onCancel,
}: {
  consequence: string;
  isBusy: boolean;
  error: string | null;
  onClose: (note: string) => void;
  onCancel: () => void;
}) {
  const [note, setNote] = useState('');
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onClose(note);
      }}
    >
      <BlockStack gap="300">
        <Text as="p">{consequence}</Text>
        <TextField
          label="Note"
          placeholder="Refunded the buyer in Shopify"
          autoComplete="off"
          autoFocus
          maxLength={500}
          value={note}
          onChange={setNote}
          error={error ?? false}
        />
        <InlineStack gap="200">
          <Button submit variant="primary" tone="critical" loading={isBusy}>
            Close with this note
          </Button>
          <Button onClick={onCancel}>Cancel</Button>
        </InlineStack>
      </BlockStack>
    </form>
  );
}
