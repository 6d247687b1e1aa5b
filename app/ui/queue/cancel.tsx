import { Banner, BlockStack, Button, InlineStack, Text } from '@shopify/polaris';
import type { Decision } from './use-decision.ts';

/** Whether an order that nobody claims can be cancelled at its supplier. */
export interface CancelView {
  canCancel: boolean;
  /** Of the next press. */
  clickId: string;
  /** A try whose answer was lost. */
  doubt: { actionId: string; at: string } | null;
}

/** What a person says of a cancellation whose answer was lost. */
export function CancelDoubt({
  doubt,
  decision: { decide, busy },
}: {
  doubt: NonNullable<CancelView['doubt']>;
  decision: Decision;
}) {
  const say = (happened: 'yes' | 'no') => () => {
    decide('decide-cancel', { actionId: doubt.actionId, happened });
  };
  return (
    <Banner tone="critical" title="It may be cancelled already">
      <BlockStack gap="200">
        <Text as="p">
          The supplier’s answer of {doubt.at} was lost, and it is not asked again. Look at the order in the
          supplier’s portal. What came back shows as a difference on the balance page.
        </Text>
        <InlineStack gap="200">
          <Button loading={busy === 'decide-cancel'} disabled={busy !== null} onClick={say('yes')}>
            It was cancelled
          </Button>
          <Button disabled={busy !== null} onClick={say('no')}>
            It was not
          </Button>
        </InlineStack>
      </BlockStack>
    </Banner>
  );
}
