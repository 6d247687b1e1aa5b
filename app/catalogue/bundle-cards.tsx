import { BlockStack, Button, Card, Collapsible, InlineStack, Link, Text, Thumbnail } from '@shopify/polaris';
import { useId, useState } from 'react';
import type { Fact } from './bundle-facts.ts';

/** What a bundle is: terms and their words. */
export function FactsCard({
  facts,
  image,
  compareUrl,
}: {
  facts: Fact[];
  image: string | null;
  compareUrl: string;
}) {
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center">
          <Text as="h2" variant="headingSm">
            Bundle
          </Text>
          {image !== null && <Thumbnail source={image} alt="" size="small" />}
        </InlineStack>
        {/* A list of terms may hold nothing but its groups. */}
        <dl style={{ margin: 0, display: 'grid', gap: 'var(--p-space-200)' }}>
          {facts.map(({ term, description }) => (
            <div key={term}>
              <Text as="dt" tone="subdued" variant="bodySm">
                {term}
              </Text>
              <dd style={{ margin: 0, overflowWrap: 'anywhere' }}>{description}</dd>
            </div>
          ))}
        </dl>
        <InlineStack gap="300">
          <Link url={compareUrl}>Compare with others of this destination</Link>
          <Link url="/app/pricing">Change how prices are made</Link>
        </InlineStack>
      </BlockStack>
    </Card>
  );
}

const SHOWN_AT_FIRST = 5;

/** The mobile networks of each country. Of many countries the first are shown, and the rest when asked for. */
export function NetworksCard({
  countries,
}: {
  countries: { country: string; networks: { name: string; speeds: string }[] }[];
}) {
  const [isOpen, setIsOpen] = useState(false);
  const restId = useId();
  const rest = countries.slice(SHOWN_AT_FIRST);
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingSm">
          Networks
        </Text>
        {countries.length === 0 && (
          <Text as="p" tone="subdued">
            The supplier named no networks for this destination yet. They come with the next import.
          </Text>
        )}
        <Countries countries={countries.slice(0, SHOWN_AT_FIRST)} />
        {rest.length > 0 && (
          <>
            <Collapsible id={restId} open={isOpen}>
              <Countries countries={rest} />
            </Collapsible>
            <InlineStack>
              <Button
                variant="plain"
                ariaControls={restId}
                ariaExpanded={isOpen}
                onClick={() => {
                  setIsOpen(!isOpen);
                }}
              >
                {isOpen
                  ? 'Show fewer'
                  : `Show ${String(rest.length)} more ${rest.length === 1 ? 'country' : 'countries'}`}
              </Button>
            </InlineStack>
          </>
        )}
      </BlockStack>
    </Card>
  );
}

function Countries({
  countries,
}: {
  countries: { country: string; networks: { name: string; speeds: string }[] }[];
}) {
  return (
    <BlockStack gap="200">
      {countries.map(({ country, networks }) => (
        <div key={country}>
          <Text as="h3" variant="bodySm" tone="subdued">
            {country}
          </Text>
          {networks.map(({ name, speeds }) => (
            <Text as="p" key={name + speeds}>
              {speeds === '' ? name : `${name} (${speeds})`}
            </Text>
          ))}
        </div>
      ))}
    </BlockStack>
  );
}
