import { useFetcher } from '@remix-run/react';
import { BlockStack, Button, Card, InlineError, InlineStack, Link, List, Text } from '@shopify/polaris';
import { counted } from '../ui/display.ts';
import type { Difference } from './today.server.ts';

interface Answer {
  suppliers: {
    label: string;
    sold: number;
    problem: string | null;
    differences: (Omit<Difference, 'cost'> & { cost: string | null })[];
  }[];
}

const words: Record<Difference['what'], string> = {
  new: 'new',
  changed: 'changed',
  returned: 'sold again',
  gone: 'not sold any more',
};

/** What suppliers sell for a destination now, once somebody asks: the list above is as old as the last import. */
export function TodayCard({ destination, suppliers }: { destination: string; suppliers: string[] }) {
  const asking = useFetcher<Answer>();
  const told = asking.state === 'idle' ? asking.data?.suppliers : undefined;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Sold there today
        </Text>
        <Text as="p" tone="subdued">
          The catalogue is as it was imported last. {suppliers.join(', ')} can be asked for this destination
          alone.
        </Text>
        <div role="status">
          <BlockStack gap="300">
            {told?.map((supplier) => (
              <Told key={supplier.label} {...supplier} />
            ))}
          </BlockStack>
        </div>
        <InlineStack>
          <Button
            loading={asking.state !== 'idle'}
            onClick={() => {
              asking.load(`/app/catalogue/compare/today?${new URLSearchParams({ destination }).toString()}`);
            }}
          >
            Ask now
          </Button>
        </InlineStack>
      </BlockStack>
    </Card>
  );
}

function Told({ label, sold, problem, differences }: Answer['suppliers'][number]) {
  if (problem !== null) return <InlineError message={`${label}: ${problem}.`} fieldID={`today-${label}`} />;
  if (differences.length === 0)
    return (
      <Text as="p">{`${label} sells ${counted(sold, 'bundle')} there, as your catalogue has them.`}</Text>
    );
  return (
    <BlockStack gap="200">
      <Text as="p">
        {label} sells {counted(sold, 'bundle')} there. Not as in your catalogue:
      </Text>
      <List>
        {differences.map(({ code, description, what, cost }) => (
          <List.Item key={code}>
            {description}: {words[what]}
            {cost !== null && `, ${cost}`}
          </List.Item>
        ))}
      </List>
      <Text as="p">
        <Link url="/app/catalogue">Import the catalogue</Link> to sell them so.
      </Text>
    </BlockStack>
  );
}
