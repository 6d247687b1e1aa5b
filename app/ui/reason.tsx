import { BlockStack, Link, Text } from '@shopify/polaris';
import { reasonText } from './reason-words.ts';

/** Why a unit waits, and the next step. */
export function Reason({ reason }: { reason: string | null }) {
  const { sentence, nextStep, link } = reasonText(reason);
  return (
    <BlockStack gap="100">
      <Text as="p">{sentence}</Text>
      <Text as="p" tone="subdued">
        {nextStep}
      </Text>
      {link && <Link url={link.url}>{link.label}</Link>}
    </BlockStack>
  );
}
