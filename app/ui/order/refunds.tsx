import { useFetcher } from '@remix-run/react';
import { Banner, BlockStack, Button, InlineError, InlineStack, List, Text } from '@shopify/polaris';
import { useToastOf } from '../toast.ts';
import type { OrderAnswer } from './answer.ts';
import type { orderView } from './view.ts';

type Refund = ReturnType<typeof orderView>['refunds'][number];

/** What came of each time somebody pressed Cancel and refund. What ended well is on the timeline. */
export function Refunds({ refunds }: { refunds: Refund[] }) {
  return refunds
    .filter(({ state, left }) => state !== 'done' || left.length > 0)
    .map((refund) => <RefundBanner key={refund.id} refund={refund} />);
}

function RefundBanner({ refund }: { refund: Refund }) {
  const { title, tone } = titles[refund.state] ?? titles['revoking'];
  return (
    <Banner title={`${title}: ${refund.pieces}, ${refund.at}`} tone={tone}>
      <BlockStack gap="200">
        {refund.state === 'failed' && <Failed refund={refund} />}
        {refund.left.length > 0 && (
          <List>
            {refund.left.map(({ title: what, why }, index) => (
              <List.Item key={index}>
                {what}: {why}.
              </List.Item>
            ))}
          </List>
        )}
      </BlockStack>
    </Banner>
  );
}

const titles: Record<string, { title: string; tone: 'info' | 'warning' | 'critical' | 'success' }> & {
  revoking: { title: string; tone: 'info' };
} = {
  revoking: { title: 'The supplier is asked to take it back', tone: 'info' },
  refunding: { title: 'Taken back, and Shopify is asked to refund', tone: 'info' },
  done: { title: 'Refunded in part', tone: 'warning' },
  refused: { title: 'Nothing was refunded', tone: 'warning' },
  failed: { title: 'Taken back, but the buyer is not refunded', tone: 'critical' },
};

function Failed({ refund: { id, messages, problem } }: { refund: Refund }) {
  const fetcher = useFetcher<OrderAnswer>();
  useToastOf(fetcher.data);
  return (
    <>
      {messages.map((message) => (
        <Text as="p" key={message}>
          Shopify says: {message}
        </Text>
      ))}
      {problem && (
        <Text as="p">
          {problem.title}. {problem.whatNext}
        </Text>
      )}
      <Text as="p">
        Try again, or refund the buyer in Shopify. However often it is tried, it is refunded once.
      </Text>
      {fetcher.state === 'idle' && fetcher.data?.status === 'refused' && (
        <InlineError fieldID={`refund-${id}`} message={fetcher.data.sentence} />
      )}
      <InlineStack>
        <Button
          id={`refund-${id}`}
          loading={fetcher.state !== 'idle'}
          onClick={() => {
            fetcher.submit({ intent: 'retry-refund', refundId: id }, { method: 'post' });
          }}
        >
          Try the refund again
        </Button>
      </InlineStack>
    </>
  );
}
