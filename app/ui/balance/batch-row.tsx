import { Badge, Banner, BlockStack, Box, Button, Form, InlineStack, Text, TextField } from '@shopify/polaris';
import { useState } from 'react';
import { useMoney } from './use-money.ts';

interface Batch {
  id: string | null;
  remaining: number;
  expires: string | null;
  isSoon: boolean;
}

/** What was bought together, when it expires, and giving it back. */
export function BatchRow({
  accountId,
  code,
  batch,
  clickId,
  mayRefund,
}: {
  accountId: string;
  code: string;
  batch: Batch;
  clickId: string;
  mayRefund: boolean;
}) {
  const refund = useMoney('refund');
  const [isOpen, setOpen] = useState(false);
  const [quantity, setQuantity] = useState(String(batch.remaining));
  const isTooMany = Number(quantity) > batch.remaining;
  return (
    <Box borderColor="border" borderBlockStartWidth="025" paddingBlockStart="300">
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <InlineStack gap="200" blockAlign="center">
            <Text as="span">
              {batch.remaining} left
              {batch.expires === null ? '' : `, until ${batch.expires}`}
            </Text>
            {batch.isSoon && <Badge tone="warning">Expires soon</Badge>}
          </InlineStack>
          {mayRefund && !isOpen && (
            <Button
              onClick={() => {
                setOpen(true);
              }}
            >
              Give back
            </Button>
          )}
        </InlineStack>
        {refund.sentence !== null && <Banner tone="critical">{refund.sentence}</Banner>}
        {isOpen && mayRefund && (
          <Form
            onSubmit={() => {
              refund.send({ accountId, clickId, bundle: code, batchId: batch.id ?? '', quantity });
            }}
          >
            <BlockStack gap="300">
              <Text as="p">
                They leave your stock, and the supplier pays what they cost back to your balance. You cannot
                undo this here.
              </Text>
              <TextField
                label="How many"
                value={quantity}
                onChange={setQuantity}
                autoComplete="off"
                inputMode="numeric"
                suffix={`of ${String(batch.remaining)}`}
                error={
                  isTooMany
                    ? `Only ${String(batch.remaining)} are left.`
                    : (refund.fields['quantity'] ?? false)
                }
              />
              <InlineStack gap="200">
                <Button submit variant="primary" tone="critical" disabled={isTooMany} loading={refund.isBusy}>
                  {`Give ${quantity} back`}
                </Button>
                <Button
                  onClick={() => {
                    setOpen(false);
                  }}
                >
                  Cancel
                </Button>
              </InlineStack>
            </BlockStack>
          </Form>
        )}
      </BlockStack>
    </Box>
  );
}
