import { Badge, BlockStack, Box, Button, Card, Divider, InlineStack, Link, Text } from '@shopify/polaris';
import { Fragment } from 'react';
import { adminProductUrl } from '../ui/admin-links.ts';
import { stoppedText } from './withdrawn.ts';

export interface SoldVariant {
  variantGid: string;
  productGid: string;
  productTitle: string;
  origin: string;
  price: string | null;
  stopped: string | null;
}

interface Props {
  variants: SoldVariant[];
  canMap: boolean;
  /** The form that is on its way. */
  underway: string | null;
  onMap: () => void;
  onUnmap: (variantGid: string) => void;
}

/** The variants that sell a bundle, and the way to choose another one. */
export function SoldAs({ variants, canMap, underway, onMap, onUnmap }: Props) {
  return (
    <Card>
      <BlockStack gap="400">
        <InlineStack align="space-between" blockAlign="center">
          <Text as="h2" variant="headingSm">
            Sold as
          </Text>
          <InlineStack gap="200">
            <Button variant="plain" url="/app/products/mapping">
              All mapped variants
            </Button>
            <Button onClick={onMap} disabled={!canMap} loading={underway === 'map'}>
              Map an existing variant
            </Button>
          </InlineStack>
        </InlineStack>
        {variants.length === 0 && (
          <Text as="p" tone="subdued">
            No product sells this bundle yet. Publish it as a new product, or map a variant you have already:
            whoever buys that variant gets this eSIM.
          </Text>
        )}
        {variants.map((variant, index) => (
          <Fragment key={variant.variantGid}>
            {index > 0 && <Divider />}
            <Variant variant={variant} isUnderway={underway === 'unmap'} onUnmap={onUnmap} />
          </Fragment>
        ))}
      </BlockStack>
    </Card>
  );
}

function Variant({
  variant,
  isUnderway,
  onUnmap,
}: {
  variant: SoldVariant;
  isUnderway: boolean;
  onUnmap: Props['onUnmap'];
}) {
  const isOurs = variant.origin === 'published';
  const stopped = stoppedText(variant.stopped);
  return (
    <InlineStack align="space-between" blockAlign="center" gap="200">
      <BlockStack gap="100">
        <Link url={adminProductUrl(variant.productGid)} target="_top" removeUnderline>
          {variant.productTitle}
        </Link>
        <InlineStack gap="200">
          <Badge tone={isOurs ? 'success' : 'info'}>{isOurs ? 'Published by this app' : 'Mapped'}</Badge>
          <Text as="span" tone="subdued">
            {variant.price ?? 'The price is the one you set in Shopify'}
          </Text>
        </InlineStack>
        {stopped !== null && <Text as="p">{stopped}</Text>}
      </BlockStack>
      <Box>
        <Button
          variant="tertiary"
          tone="critical"
          disabled={isUnderway}
          accessibilityLabel={`Unmap ${variant.productTitle}`}
          onClick={() => {
            onUnmap(variant.variantGid);
          }}
        >
          Unmap
        </Button>
      </Box>
    </InlineStack>
  );
}
