import { useFetcher } from '@remix-run/react';
import { BlockStack, Button, Card, InlineStack, Text } from '@shopify/polaris';
import type { OrderAnswer } from './answer.ts';

/** The buyer's address, in full only for who asks. */
export function Buyer({ maskedEmail }: { maskedEmail: string | null }) {
  const shown = useFetcher<OrderAnswer>();
  const email = shown.data?.status === 'shown' ? shown.data.email : null;
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          Buyer
        </Text>
        {maskedEmail === null ? (
          <Text as="p" tone="subdued">
            The order has no e-mail address. The buyer finds the eSIM on the thank-you and order status pages.
          </Text>
        ) : (
          <InlineStack gap="200" blockAlign="center" align="space-between">
            <span aria-live="polite" style={{ overflowWrap: 'anywhere' }}>
              {email ?? maskedEmail}
            </span>
            {email === null && (
              <Button
                variant="plain"
                accessibilityLabel="Show the e-mail address; this is recorded in the timeline"
                loading={shown.state === 'submitting'}
                onClick={() => {
                  shown.submit({ intent: 'show-email' }, { method: 'post' });
                }}
              >
                Show
              </Button>
            )}
          </InlineStack>
        )}
      </BlockStack>
    </Card>
  );
}
