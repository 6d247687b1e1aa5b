import {
  Badge,
  BlockStack,
  Box,
  Button,
  Collapsible,
  Divider,
  InlineStack,
  Text,
  Thumbnail,
} from '@shopify/polaris';
import { Fragment, useId, useState } from 'react';
import { counted } from '../ui/display.ts';

export interface PlanRow {
  key: string;
  title: string;
  picture: string;
  /** The least price of what is added; null when nothing is. */
  price: string | null;
  /** `grows`: it exists and gets variants; `same`: it exists and lacks none; `deleted` in Shopify, to be made anew. */
  state: 'new' | 'grows' | 'same' | 'deleted';
  added: number;
  variants: {
    title: string;
    /** Null for a variant that is there already. */
    price: string | null;
    cost: string | null;
    code: string;
    supplier: string;
    /** In their order. `gap`: what a traveller would miss who gets this one instead; null where that is nothing. */
    substitutes: { name: string; gap: string | null }[];
  }[];
}

/** The products that are about to be made, each with its variants. */
export function PlanList({
  rows,
  heading,
  isLoading,
}: {
  rows: PlanRow[];
  heading: string;
  isLoading: boolean;
}) {
  return (
    <div aria-busy={isLoading} style={{ opacity: isLoading ? 0.6 : 1 }}>
      <Box padding="400">
        <Text as="h2" variant="headingSm">
          {heading}
        </Text>
      </Box>
      {rows.map((row) => (
        <Fragment key={row.key}>
          <Divider />
          <Planned row={row} />
        </Fragment>
      ))}
    </div>
  );
}

function Planned({ row }: { row: PlanRow }) {
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  return (
    <Box padding="400">
      <BlockStack gap="300">
        <InlineStack gap="300" blockAlign="center" wrap={false}>
          <Thumbnail source={row.picture} alt="" size="small" />
          <Box width="100%">
            <BlockStack gap="100">
              <InlineStack gap="200" blockAlign="center">
                <Text as="h3" fontWeight="semibold">
                  {row.title}
                </Text>
                <StateBadge row={row} />
              </InlineStack>
              <Text as="p" tone="subdued">
                {counted(row.variants.length, 'variant')}
                {row.price !== null && `, from ${row.price}`}
              </Text>
            </BlockStack>
          </Box>
          <Button
            variant="plain"
            disclosure={isOpen ? 'up' : 'down'}
            ariaExpanded={isOpen}
            ariaControls={id}
            accessibilityLabel={`Variants of ${row.title}`}
            onClick={() => {
              setIsOpen(!isOpen);
            }}
          >
            Variants
          </Button>
        </InlineStack>
        <Collapsible id={id} open={isOpen}>
          <BlockStack gap="200" as="ul">
            {row.variants.map((variant) => (
              <Variant key={`${variant.title} ${variant.code}`} variant={variant} />
            ))}
          </BlockStack>
        </Collapsible>
      </BlockStack>
    </Box>
  );
}

function Variant({ variant }: { variant: PlanRow['variants'][number] }) {
  return (
    <Box as="li">
      <InlineStack align="space-between" gap="200">
        <BlockStack>
          <Text as="span">{variant.title}</Text>
          <Text as="span" tone="subdued" variant="bodySm" breakWord>
            {`${variant.supplier} ${variant.code}`}
          </Text>
          {variant.substitutes.length > 0 && (
            <Text as="span" tone="subdued" variant="bodySm" breakWord>
              {`Else: ${variant.substitutes.map(({ name }) => name).join(', ')}`}
            </Text>
          )}
          {variant.substitutes.map(
            ({ name, gap }) =>
              gap !== null && (
                <Text key={name} as="span" tone="caution" variant="bodySm" breakWord>
                  {`${name} covers less: ${gap}`}
                </Text>
              ),
          )}
        </BlockStack>
        <BlockStack inlineAlign="end">
          <Text as="span">{variant.price ?? 'On sale already'}</Text>
          {variant.cost !== null && (
            <Text as="span" tone="subdued" variant="bodySm">
              {`costs you ${variant.cost}`}
            </Text>
          )}
        </BlockStack>
      </InlineStack>
    </Box>
  );
}

function StateBadge({ row }: { row: PlanRow }) {
  switch (row.state) {
    case 'new':
      return <Badge tone="success">New</Badge>;
    case 'grows':
      return <Badge tone="info">{`${String(row.added)} more`}</Badge>;
    case 'same':
      return <Badge>Up to date</Badge>;
    case 'deleted':
      return <Badge tone="attention">Deleted in Shopify, made anew</Badge>;
    default:
      return row.state satisfies never;
  }
}
