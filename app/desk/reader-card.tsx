import { useFetcher } from '@remix-run/react';
import { BlockStack, Button, Card, InlineStack, Text } from '@shopify/polaris';
import { useState } from 'react';
import { useToastOf } from '../ui/toast.ts';
import { ReaderFields } from './reader-fields.tsx';

/** Who is told of an eSIM that another place sold, and the form that changes it. */
export function ReaderCard({ reader }: { reader: { maskedEmail: string; language: string } | null }) {
  const saving = useFetcher<{ toast: string } | { status: 'invalid'; fields: Record<string, string> }>();
  const [values, setValues] = useState({ email: '', language: reader?.language ?? 'en' });
  const [isOpen, setOpen] = useState(false);
  const answer = saving.data;
  useToastOf(answer);
  const error = answer && 'fields' in answer ? answer.fields['email'] : undefined;
  const isBusy = saving.state !== 'idle';
  const send = (email: string) => {
    saving.submit({ intent: 'reader', email, language: values.language }, { method: 'post' });
    setValues({ ...values, email });
  };
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Traveller
        </Text>
        <Text as="p" {...(!reader && { tone: 'subdued' })}>
          {reader
            ? `${reader.maskedEmail} gets the e-mails to travellers that are switched on, with a link to a page of this eSIM.`
            : 'Nobody is told anything about this eSIM: no e-mail address is known.'}
        </Text>
        {isOpen && <ReaderFields values={values} error={error} onChange={setValues} />}
        <InlineStack gap="200">
          <Button
            loading={isBusy}
            onClick={() => {
              if (isOpen) send(values.email);
              else setOpen(true);
            }}
          >
            {isOpen ? 'Save' : reader ? 'Change the address' : 'Enter an address'}
          </Button>
          {reader && (
            <Button
              tone="critical"
              variant="plain"
              disabled={isBusy}
              onClick={() => {
                send('');
                setOpen(false);
              }}
            >
              Remove the address
            </Button>
          )}
        </InlineStack>
      </BlockStack>
    </Card>
  );
}
