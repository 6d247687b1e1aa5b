import { useFetcher } from '@remix-run/react';
import { BlockStack, Button, Card, InlineStack, Text } from '@shopify/polaris';
import { useState } from 'react';
import { useToastOf } from '../toast.ts';
import { ConnectForm } from './connect-form.tsx';
import type { SupplierAnswer, SupplierRow } from './row.ts';

/** Another account of a supplier that has one here. */
export function AddAccount({ supplier }: { supplier: SupplierRow }) {
  const { title } = supplier;
  const connect = useFetcher<SupplierAnswer>();
  const [isOpen, setOpen] = useState(false);
  const [seen, setSeen] = useState(connect.data);
  useToastOf(connect.data);
  // The account that was added has its own card now.
  if (isOpen && connect.data !== seen && typeof connect.data?.toast === 'string') {
    setSeen(connect.data);
    setOpen(false);
  }
  if (!isOpen)
    return (
      <InlineStack>
        <Button
          variant="plain"
          onClick={() => {
            setOpen(true);
          }}
        >
          {`Add another ${title} account`}
        </Button>
      </InlineStack>
    );
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          {`Another ${title} account`}
        </Text>
        <ConnectForm
          supplier={supplier}
          connect={connect}
          isAnother
          answer={connect.state === 'idle' && connect.data !== seen ? connect.data : undefined}
          onCancel={() => {
            setSeen(connect.data);
            setOpen(false);
          }}
        />
      </BlockStack>
    </Card>
  );
}
