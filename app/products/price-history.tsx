import { Badge, BlockStack, Button, Card, Divider, InlineStack, List, Text } from '@shopify/polaris';
import { Fragment } from 'react';
import { counted } from '../ui/display.ts';
import { problemText } from '../ui/problem-words.ts';
import { notWrittenWords } from './price-words.ts';

interface Line {
  id: string;
  state: string;
  begun: string;
  what: string;
  written: number;
  undone: number;
  canUndo: boolean;
  canResume: boolean;
  refused: { title: string; reason: string; messages: string[] }[];
  refusedCount: number;
  problem: string | null;
}

interface Props {
  history: Line[];
  isBusy: boolean;
  onSend: (intent: 'undo' | 'resume', taskId: string) => void;
}

/** What was applied before, newest first. */
export function PriceHistory({ history, isBusy, onSend }: Props) {
  return (
    <Card>
      <BlockStack gap="300">
        {history.length === 0 && (
          <Text as="p" tone="subdued">
            Nothing was applied yet.
          </Text>
        )}
        {history.map((line, index) => (
          <Fragment key={line.id}>
            {index > 0 && <Divider />}
            <Application line={line} isBusy={isBusy} onSend={onSend} />
          </Fragment>
        ))}
      </BlockStack>
    </Card>
  );
}

function Application({ line, isBusy, onSend }: Omit<Props, 'history'> & { line: Line }) {
  const state = stateWords[line.state];
  return (
    <BlockStack gap="200">
      <InlineStack align="space-between" blockAlign="center" gap="200">
        <BlockStack gap="050">
          <InlineStack gap="200">
            <Text as="span" fontWeight="medium">
              {line.what}
            </Text>
            {state && <Badge {...(state.tone && { tone: state.tone })}>{state.label}</Badge>}
          </InlineStack>
          <Text as="span" tone="subdued">
            {line.begun} · {counted(line.written, 'price')} written
            {line.undone > 0 && `, ${String(line.undone)} taken back`}
          </Text>
        </BlockStack>
        <InlineStack gap="200">
          {line.canResume && (
            <Button
              disabled={isBusy}
              onClick={() => {
                onSend('resume', line.id);
              }}
            >
              Go on
            </Button>
          )}
          {line.canUndo && (
            <Button
              disabled={isBusy}
              accessibilityLabel={`Undo: ${line.what}, ${line.begun}`}
              onClick={() => {
                onSend('undo', line.id);
              }}
            >
              Undo
            </Button>
          )}
        </InlineStack>
      </InlineStack>
      {line.problem !== null && (
        <Text as="p" tone="critical">
          {problemText(line.problem, 'shopify').title}. {problemText(line.problem, 'shopify').whatNext}
        </Text>
      )}
      {line.refused.length > 0 && (
        <List>
          {line.refused.map(({ title, reason, messages }) => (
            <List.Item key={title}>
              {title}: {reasonWords(reason)} {messages.join(' ')}
            </List.Item>
          ))}
          {line.refusedCount > line.refused.length && (
            <List.Item>and {line.refusedCount - line.refused.length} more</List.Item>
          )}
        </List>
      )}
    </BlockStack>
  );
}

const stateWords: Record<string, { label: string; tone?: 'success' | 'critical' | 'attention' | 'info' }> = {
  done: { label: 'Done', tone: 'success' },
  failed: { label: 'Stopped', tone: 'critical' },
  cancelled: { label: 'Cancelled' },
  waiting: { label: 'Waits for you', tone: 'attention' },
  queued: { label: 'Begins', tone: 'info' },
  running: { label: 'Under way', tone: 'info' },
};

function reasonWords(reason: string): string {
  const words: Record<string, string> = notWrittenWords;
  return words[reason] ?? 'It was not written.';
}
