import { Banner, BlockStack, Card, Text } from '@shopify/polaris';
import { Chart } from '../chart.tsx';
import type { burnView } from './view.ts';

/** How long the balance lasts, and why one may think so. */
export function BurnCard({ burn }: { burn: NonNullable<ReturnType<typeof burnView>> }) {
  const { cover, isShort, perDay, basis, chart } = burn;
  const rate = perDay === null ? basis : `About ${perDay} a day. ${basis}`;
  return (
    <Card>
      <BlockStack gap="300">
        {isShort && (
          <Banner tone="warning">At this rate orders will have to wait in less than a week.</Banner>
        )}
        <BlockStack gap="050">
          <Text as="p" tone="subdued">
            The balance lasts
          </Text>
          <Text as="p" variant="headingLg">
            {cover ?? 'Too few sales to tell'}
          </Text>
        </BlockStack>
        <Chart title="Spent and left, 30 days" summary={rate} data={chart} />
      </BlockStack>
    </Card>
  );
}
