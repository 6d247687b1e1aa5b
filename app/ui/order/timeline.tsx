import { BlockStack, Card, InlineGrid, Text } from '@shopify/polaris';

/** What happened to an order, the newest first. */
export function Timeline({ events }: { events: { id: string; text: string; at: string }[] }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Timeline
        </Text>
        {events.length === 0 && (
          <Text as="p" tone="subdued">
            Nothing has happened yet.
          </Text>
        )}
        <ol style={{ listStyle: 'none', margin: 0, padding: 0, display: 'grid', gap: 'var(--p-space-200)' }}>
          {events.map(({ id, text, at }) => (
            <li key={id}>
              <InlineGrid columns={{ xs: '1fr', sm: '1fr auto' }} gap={{ xs: '0', sm: '400' }}>
                <Text as="span">{text}</Text>
                <Text as="span" tone="subdued">
                  {at}
                </Text>
              </InlineGrid>
            </li>
          ))}
        </ol>
      </BlockStack>
    </Card>
  );
}
