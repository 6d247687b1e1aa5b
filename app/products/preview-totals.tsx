import { BlockStack, Card, InlineGrid, Text } from '@shopify/polaris';

interface Props {
  totals: {
    changed: number;
    up: number;
    down: number;
    raised: number;
    theirs: number;
    averageNow: string;
    averageNext: string;
    shareNow: string;
    shareNext: string;
  };
}

/** What applying would come to. */
export function PreviewTotals({ totals }: Props) {
  return (
    <InlineGrid columns={{ xs: 2, md: 4 }} gap="400">
      <Total
        label="Prices that change"
        value={String(totals.changed)}
        note={`${String(totals.up)} up, ${String(totals.down)} down`}
      />
      <Total label="Average price" value={totals.averageNext} note={`now ${totals.averageNow}`} />
      <Total label="Margin of all prices" value={totals.shareNext} note={`now ${totals.shareNow}`} />
      <Total
        label="Raised to the floor"
        value={String(totals.raised)}
        note={totals.theirs > 0 ? `${String(totals.theirs)} changed in Shopify stay` : ''}
      />
    </InlineGrid>
  );
}

function Total({ label, value, note }: { label: string; value: string; note: string }) {
  return (
    <Card>
      <BlockStack gap="100">
        <Text as="h2" variant="bodyMd" tone="subdued">
          {label}
        </Text>
        <Text as="p" variant="headingLg">
          {value}
        </Text>
        <Text as="p" variant="bodySm" tone="subdued">
          {note}
        </Text>
      </BlockStack>
    </Card>
  );
}
