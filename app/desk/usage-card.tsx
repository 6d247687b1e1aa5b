import { Badge, Banner, BlockStack, Button, Card, Divider, InlineStack, Link, Text } from '@shopify/polaris';
import { Fragment, type ReactNode } from 'react';
import type { BundleUse } from '../esims/status.ts';
import type { UsageView } from './esim-words.ts';
import { stageWords } from './esim-words.ts';
import { UsageBar } from './usage-bar.tsx';

export interface BundleView {
  key: string;
  title: string;
  code: string;
  bundleId: string | null;
  use: BundleUse;
  state: string;
  usage: UsageView;
  left: string | null;
  added: string | null;
  started: string | null;
  end: string | null;
  timeLeft: string | null;
  days: number | null;
}

export interface Freshness {
  asOf: string | null;
  problem: { title: string; whatNext: string } | null;
}

interface Props {
  bundles: BundleView[];
  freshness: Freshness;
  isReading: boolean;
  /** What became of the last press of the button, where that is worth a word. */
  answer: string | null;
  onRefresh: () => void;
  /** What can be done with one bundle. */
  actionsOf: (bundle: BundleView) => ReactNode;
}

/** Every bundle on an eSIM with what is used of it, and how old all that is. */
export function UsageCard({ bundles, freshness, isReading, answer, onRefresh, actionsOf }: Props) {
  const { asOf, problem } = freshness;
  return (
    <Card>
      <BlockStack gap="400">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <BlockStack>
            <Text as="h2" variant="headingMd">
              Usage
            </Text>
            <Text as="span" tone="subdued" variant="bodySm">
              {asOf === null ? 'Not read at the supplier yet' : `As of ${asOf}`}
            </Text>
          </BlockStack>
          <Button loading={isReading} onClick={onRefresh}>
            Refresh usage
          </Button>
        </InlineStack>
        {problem && (
          <Banner tone="warning" title={problem.title}>
            {asOf === null ? problem.whatNext : `What you see is what was known ${asOf}. ${problem.whatNext}`}
          </Banner>
        )}
        {answer !== null && !isReading && (
          <div role="status">
            <Text as="p" tone="subdued">
              {answer}
            </Text>
          </div>
        )}
        {bundles.length === 0 && (
          <Text as="p" tone="subdued">
            {asOf === null ? 'Its bundles are known once it was read.' : 'There is no bundle on this eSIM.'}
          </Text>
        )}
        {bundles.map((bundle, index) => (
          <Fragment key={bundle.key}>
            {index > 0 && <Divider />}
            <Bundle bundle={bundle} actions={actionsOf(bundle)} />
          </Fragment>
        ))}
      </BlockStack>
    </Card>
  );
}

function Bundle({ bundle, actions }: { bundle: BundleView; actions: ReactNode }) {
  const { title, bundleId, code, usage, left, use, started, end, timeLeft, added, days } = bundle;
  const { label, ...look } = stageWords[use];
  const facts = [
    left,
    timeLeft,
    started === null ? null : `started ${started}`,
    end === null ? null : `${timeLeft === null ? 'ended' : 'ends'} ${end}`,
    started === null && days !== null && use === 'waiting' ? `${String(days)} days from first use` : null,
    added === null ? null : `added ${added}`,
  ];
  return (
    <BlockStack gap="200">
      <InlineStack align="space-between" gap="200" blockAlign="center">
        <BlockStack>
          <Text as="h3" variant="headingSm">
            {bundleId === null ? (
              title
            ) : (
              <Link url={`/app/catalogue/${bundleId}`} removeUnderline monochrome>
                {title}
              </Link>
            )}
          </Text>
          {title !== code && (
            <Text as="span" tone="subdued" variant="bodySm" breakWord>
              {code}
            </Text>
          )}
        </BlockStack>
        <Badge {...look}>{label}</Badge>
      </InlineStack>
      <UsageBar usage={usage} id={`bundle-${bundle.key}`} />
      <Text as="p" tone="subdued">
        {facts.filter((fact) => fact !== null).join(' · ')}
      </Text>
      {actions}
    </BlockStack>
  );
}
