import { BlockStack, Card, Divider, InlineStack, Text } from '@shopify/polaris';

interface TakingsProps {
  takings: { paid: string; costs: string[]; margin: string | null };
  purchases: {
    id: string;
    bundleCode: string;
    quantity: number;
    orderReference: string | null;
    sent: string;
    took: string | null;
    total: string | null;
  }[];
}

/** What the buyer paid, what the supplier took, and the purchases behind it. */
export function Takings({ takings, purchases }: TakingsProps) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Margin
        </Text>
        <Row label="Paid by the buyer" value={takings.paid} />
        <Row
          label="Paid to the supplier"
          value={takings.costs.length === 0 ? 'Not known yet' : takings.costs.join(' + ')}
        />
        {takings.margin !== null && <Row label="Left for you" value={takings.margin} />}
        {purchases.map(({ id, bundleCode, quantity, orderReference, sent, took, total }) => (
          <BlockStack key={id} gap="100">
            <Divider />
            <Text as="h3" variant="headingSm">
              Purchase: {quantity} × <span style={{ overflowWrap: 'anywhere' }}>{bundleCode}</span>
            </Text>
            <Row label="Ordered" value={sent} />
            {took !== null && <Row label="Took" value={took} />}
            {total !== null && <Row label="Cost" value={total} />}
            <Row label="Reference" value={orderReference ?? 'None yet'} />
          </BlockStack>
        ))}
      </BlockStack>
    </Card>
  );
}

function Row({ label, value }: { label: string; value: string }) {
  return (
    <InlineStack align="space-between" gap="200">
      <Text as="span" tone="subdued">
        {label}
      </Text>
      <span style={{ overflowWrap: 'anywhere' }}>{value}</span>
    </InlineStack>
  );
}
