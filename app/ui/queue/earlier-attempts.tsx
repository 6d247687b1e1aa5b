import { BlockStack, Text } from '@shopify/polaris';
import type { earlierView } from './view.ts';

export type Earlier = ReturnType<typeof earlierView>[number];

/** What was tried before, each with when, what came of it and what every look found. */
export function EarlierAttempts({ attempts }: { attempts: Earlier[] }) {
  return (
    <BlockStack gap="200">
      <Text as="h3" variant="headingSm">
        Tried before
      </Text>
      {attempts.map(({ id, title, lines }) => (
        <BlockStack key={id} gap="050">
          <span style={breaks}>{title}</span>
          {lines.map((line) => (
            <Text key={line} as="span" tone="subdued">
              <span style={breaks}>{line}</span>
            </Text>
          ))}
        </BlockStack>
      ))}
    </BlockStack>
  );
}

const breaks = { overflowWrap: 'anywhere' } as const;
