import { BlockStack, Button, InlineStack, Text, TextField } from '@shopify/polaris';
import { useState } from 'react';
import type { EntryView } from './view.ts';

/** A disputed payment, and what may be said to the bank as long as it listens. */
export function Dispute({
  dispute: { what, status, answer },
}: {
  dispute: Exclude<EntryView['dispute'], null>;
}) {
  return (
    <BlockStack gap="300">
      <Text as="p">
        {what}: {status}.
      </Text>
      {answer !== null && <Answer text={answer} />}
    </BlockStack>
  );
}

function Answer({ text }: { text: string }) {
  const [isCopied, setCopied] = useState(false);
  return (
    <>
      <TextField
        label="For your answer to the bank"
        autoComplete="off"
        readOnly
        multiline={6}
        maxHeight={320}
        value={text}
        selectTextOnFocus
      />
      <InlineStack>
        <Button
          onClick={() => {
            void navigator.clipboard.writeText(text).then(() => {
              setCopied(true);
            });
          }}
        >
          {isCopied ? 'Copied' : 'Copy the text'}
        </Button>
      </InlineStack>
    </>
  );
}
