import { BlockStack, Button, Card, Form, InlineStack, Text, TextField } from '@shopify/polaris';
import { useState } from 'react';
import { useMoney } from './use-money.ts';

/** From which balance on the merchant is told. */
export function AlertLine({
  accountId,
  saved,
  currency,
}: {
  accountId: string;
  saved: string;
  currency: string | null;
}) {
  const line = useMoney('alert-line');
  const [amount, setAmount] = useState(saved);
  return (
    <Card>
      <Form
        onSubmit={() => {
          line.send({ accountId, alertBelow: amount });
        }}
      >
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            Tell me when it runs low
          </Text>
          <TextField
            label="When the balance falls below"
            value={amount}
            onChange={setAmount}
            autoComplete="off"
            inputMode="decimal"
            suffix={currency ?? ''}
            placeholder="Never"
            error={line.fields['alertBelow'] ?? false}
            helpText="By e-mail, at most once a day, and on the home page. Leave it empty to hear nothing before orders have to wait."
          />
          <InlineStack>
            <Button submit loading={line.isBusy}>
              Save
            </Button>
          </InlineStack>
        </BlockStack>
      </Form>
    </Card>
  );
}
