import {
  Badge,
  Banner,
  BlockStack,
  Button,
  Card,
  InlineGrid,
  InlineStack,
  Link,
  Text,
} from '@shopify/polaris';
import type { ReactNode } from 'react';
import type { MoneyView } from './view.ts';

/** What an account has to spend, and how old that knowledge is. */
export function MoneyCard({
  account,
  isAsking,
  onAsk,
}: {
  account: MoneyView;
  isAsking: boolean;
  onAsk: () => void;
}) {
  const { label, balance, testCredit, age, reserve, line, isDisconnected, isRefused } = account;
  return (
    <BlockStack gap="400">
      {isRefused && (
        <Banner tone="critical" title={`${label} refused the key`}>
          Nothing is bought, and the balance cannot be read: this is what was known last.{' '}
          <Link url="/app/settings/suppliers">Enter a new key</Link>
        </Banner>
      )}
      {account.isLow && (
        <Banner tone="warning" title={`Only ${balance ?? ''} left at ${label}`}>
          {`That is less than ${line ?? ''}, the line you drew. Top up before buyers have to wait.`}
        </Banner>
      )}
      <Card>
        <BlockStack gap="300">
          <InlineStack align="space-between" blockAlign="center" gap="200">
            <InlineStack gap="200" blockAlign="center">
              <Text as="h2" variant="headingMd">
                {label}
              </Text>
              {isDisconnected && <Badge>Disconnected</Badge>}
            </InlineStack>
            {!isDisconnected && (
              <Button variant="plain" loading={isAsking} onClick={onAsk}>
                Ask again
              </Button>
            )}
          </InlineStack>
          <InlineGrid columns={{ xs: 1, sm: 3 }} gap="400">
            <Fact
              term="Balance"
              value={balance ?? 'Not known yet'}
              note={age === null ? null : `asked ${age}`}
            />
            <Fact
              term="Test credit"
              value={testCredit ?? 'None'}
              note={testCredit === null ? null : 'a part of the balance that buys for tests only'}
            />
            <Fact term="Kept in reserve" value={reserve ?? 'Nothing'} note={<ReserveLink />} />
          </InlineGrid>
        </BlockStack>
      </Card>
    </BlockStack>
  );
}

const ReserveLink = () => <Link url="/app/settings/buying">Change under Settings</Link>;

function Fact({ term, value, note }: { term: string; value: string; note: ReactNode }) {
  return (
    <BlockStack gap="050">
      <Text as="p" tone="subdued">
        {term}
      </Text>
      <Text as="p" variant="headingLg">
        {value}
      </Text>
      {note !== null && (
        <Text as="p" variant="bodySm" tone="subdued">
          {note}
        </Text>
      )}
    </BlockStack>
  );
}
