import { BlockStack, Box, Icon, Text } from '@shopify/polaris';
import type { IconSource } from '@shopify/polaris';
import type { ReactNode } from 'react';

/** Nothing here yet: says why, and offers the next step (a button or a link). */
export function Empty({
  icon,
  title,
  text,
  action,
}: {
  icon: IconSource;
  title: string;
  text: string;
  action?: ReactNode;
}) {
  return (
    <Box padding="800">
      <BlockStack gap="300" inlineAlign="center">
        <Icon source={icon} tone="subdued" />
        <Text as="h2" variant="headingMd" alignment="center">
          {title}
        </Text>
        <Box maxWidth="30rem">
          <Text as="p" tone="subdued" alignment="center">
            {text}
          </Text>
        </Box>
        {action}
      </BlockStack>
    </Box>
  );
}
