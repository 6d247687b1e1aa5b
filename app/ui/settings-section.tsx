import { Box, InlineGrid, Text, BlockStack } from '@shopify/polaris';
import type { ReactNode } from 'react';
import { Inset } from './inset.tsx';

/** Some settings with what they are about beside them; above them on a phone. Its cards are the children. */
export function SettingsSection({
  title,
  description,
  children,
}: {
  title: string;
  description?: string;
  children: ReactNode;
}) {
  return (
    <InlineGrid columns={{ xs: 1, md: ['oneThird', 'twoThirds'] }} gap="400">
      <Inset>
        <Box paddingBlockStart={{ xs: '200', md: '400' }}>
          <BlockStack gap="200">
            <Text as="h2" variant="headingMd">
              {title}
            </Text>
            {description !== undefined && (
              <Text as="p" tone="subdued">
                {description}
              </Text>
            )}
          </BlockStack>
        </Box>
      </Inset>
      {children}
    </InlineGrid>
  );
}
