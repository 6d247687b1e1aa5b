import { BlockStack, ProgressBar, Text } from '@shopify/polaris';
import type { UsageView } from './esim-words.ts';

/** How much is used, in words and as a bar. */
export function UsageBar({ usage: { label, percent }, id }: { usage: UsageView; id: string }) {
  return (
    <BlockStack gap="100">
      <Text as="span" id={id} variant="bodySm">
        {label}
      </Text>
      {percent !== null && (
        <ProgressBar
          progress={percent}
          size="small"
          tone={percent >= 100 ? 'critical' : 'primary'}
          ariaLabelledBy={id}
        />
      )}
    </BlockStack>
  );
}
