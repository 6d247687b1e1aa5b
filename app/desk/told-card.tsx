import { useFetcher } from '@remix-run/react';
import { BlockStack, Button, Card, InlineError, InlineStack, List, Text } from '@shopify/polaris';
import type { toldView } from '../ui/esim/told-view.ts';

type Answer = ReturnType<typeof toldView> | { status: 'unanswered'; sentence: string };

/** What the supplier knows of an eSIM besides its usage, once somebody asks for it. */
export function ToldCard({ esimId, supplier }: { esimId: string; supplier: string }) {
  const asking = useFetcher<Answer>();
  const answer = asking.data;
  const told = answer?.status === 'told' ? answer : null;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          What {supplier} knows
        </Text>
        {told?.facts.map(([label, value]) => (
          <InlineStack key={label} align="space-between" gap="200">
            <Text as="span" tone="subdued">
              {label}
            </Text>
            <span style={{ overflowWrap: 'anywhere' }}>{value}</span>
          </InlineStack>
        ))}
        {told?.topUps && (
          <BlockStack gap="100">
            <Text as="h3" variant="headingSm">
              Top-ups it sells for this eSIM
            </Text>
            {told.topUps.length === 0 ? (
              <Text as="p" tone="subdued">
                None now.
              </Text>
            ) : (
              <List>
                {told.topUps.map((option) => (
                  <List.Item key={option}>{option}</List.Item>
                ))}
              </List>
            )}
            <Text as="p" tone="subdued">
              They are bought at {supplier} itself.
            </Text>
          </BlockStack>
        )}
        {answer?.status === 'unanswered' && asking.state === 'idle' && (
          <InlineError message={answer.sentence} fieldID={`told-${esimId}`} />
        )}
        {!told && (
          <InlineStack>
            <Button
              id={`told-${esimId}`}
              loading={asking.state !== 'idle'}
              onClick={() => {
                asking.load(`/app/esims/${esimId}/told`);
              }}
            >
              Ask {supplier}
            </Button>
          </InlineStack>
        )}
      </BlockStack>
    </Card>
  );
}
