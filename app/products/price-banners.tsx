import { Banner, BlockStack, Button, InlineStack, List, Text } from '@shopify/polaris';
import { counted } from '../ui/display.ts';

/** What the page says of exchange rates, from `rateNews`. */
export interface RateNews {
  /** "20 Nov 2026", or null before the first. */
  day: string | null;
  ageDays: number;
  isOld: boolean;
  problem: 'down' | 'unreadable' | null;
  /** "3 hours ago" */
  looked: string | null;
}

/** Warns while prices would follow rates that are too old, or none. */
export function RatesBanner({ rates }: { rates: RateNews }) {
  if (!rates.isOld && rates.day !== null) return null;
  return (
    <Banner
      tone="warning"
      title={
        rates.day === null
          ? 'There are no exchange rates yet'
          : `The exchange rates are ${counted(rates.ageDays, 'day')} old`
      }
    >
      <Text as="p">
        {rateProblem(rates.problem)} No price is changed by itself until there are rates of the last four
        days. You can fix rates of your own under Exchange rates.
      </Text>
    </Banner>
  );
}

export function rateProblem(problem: RateNews['problem']): string {
  if (problem === 'down') return 'The European Central Bank’s feed does not answer; the last rates stay.';
  if (problem === 'unreadable')
    return 'The European Central Bank’s feed cannot be read; the last rates stay. If it stays so, tell whoever runs this app.';
  return '';
}

interface WaitingProps {
  waiting: {
    id: string;
    total: number;
    because: 'costs' | 'rates';
    items: { title: string; change: string }[];
  };
  isBusy: boolean;
  onDecide: (intent: 'approve' | 'refuse') => void;
}

/** Changes that wait for a person. */
export function WaitingChanges({ waiting, isBusy, onDecide }: WaitingProps) {
  const { total, items, because } = waiting;
  const cause = because === 'costs' ? 'Your supplier changed costs' : 'Exchange rates changed';
  return (
    <Banner tone="warning" title={`${counted(total, 'new price')} ${total === 1 ? 'waits' : 'wait'} for you`}>
      <BlockStack gap="300">
        <Text as="p">{cause}, and some prices would move by more than you let happen by itself.</Text>
        <List>
          {items.map(({ title, change }) => (
            <List.Item key={title + change}>
              {title}: {change}
            </List.Item>
          ))}
          {total > items.length && <List.Item>and {total - items.length} more</List.Item>}
        </List>
        <InlineStack gap="200">
          <Button
            variant="primary"
            disabled={isBusy}
            onClick={() => {
              onDecide('approve');
            }}
          >
            Change these prices
          </Button>
          <Button
            disabled={isBusy}
            onClick={() => {
              onDecide('refuse');
            }}
          >
            Keep the old prices
          </Button>
        </InlineStack>
      </BlockStack>
    </Banner>
  );
}
