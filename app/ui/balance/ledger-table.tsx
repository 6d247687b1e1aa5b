import { useNavigation, useSearchParams } from '@remix-run/react';
import {
  Badge,
  BlockStack,
  Box,
  Button,
  EmptySearchResult,
  IndexTable,
  InlineGrid,
  InlineStack,
  Link,
  Select,
  Text,
  TextField,
  useBreakpoints,
} from '@shopify/polaris';
import { entryKinds, entryStates } from '../../balance/entry.ts';
import type { LedgerQuery } from '../../balance/ledger-query.ts';
import { DayField } from '../day-field.tsx';
import { useDownload } from '../use-download.ts';
import { useSearchBox } from '../search-box.ts';
import { entryWords, stateWords } from './kind-words.ts';
import type { LineView } from './view.ts';

interface Props {
  lines: LineView[];
  previous: string | null;
  next: string | null;
  query: LedgerQuery;
}

/** Every movement of an account's balance, the newest first, with what it left. What is asked for stands in the address. */
export function LedgerTable({ lines, previous, next, query }: Props) {
  const { smDown } = useBreakpoints();
  const { change, isReading } = useAsked();
  return (
    <BlockStack>
      <Filters query={query} onChange={change} />
      <IndexTable
        condensed={smDown}
        selectable={false}
        itemCount={lines.length}
        resourceName={{ singular: 'entry', plural: 'entries' }}
        loading={isReading}
        headings={[
          { title: 'When' },
          { title: 'What' },
          { title: 'For' },
          { title: 'Amount', alignment: 'end' },
          { title: 'Balance after', alignment: 'end' },
        ]}
        emptyState={
          <EmptySearchResult
            title="No entries found"
            description="Try other words, another kind or other days."
            withIllustration
          />
        }
        {...((previous !== null || next !== null) && {
          pagination: {
            hasPrevious: previous !== null,
            hasNext: next !== null,
            onPrevious: () => {
              change({ before: previous ?? '' });
            },
            onNext: () => {
              change({ after: next ?? '' });
            },
            accessibilityLabels: { previous: 'Newer entries', next: 'Older entries' },
          },
        })}
      >
        {lines.map((line, index) =>
          smDown ? (
            <NarrowRow key={line.id} line={line} index={index} />
          ) : (
            <WideRow key={line.id} line={line} index={index} />
          ),
        )}
      </IndexTable>
    </BlockStack>
  );
}

function Filters({
  query,
  onChange,
}: {
  query: LedgerQuery;
  onChange: (changes: Record<string, string>) => void;
}) {
  const [typed, setTyped] = useSearchBox(query.search, (search) => {
    onChange({ search });
  });
  const [params] = useSearchParams();
  const { download, isDownloading } = useDownload('/app/balance/export', 'ledger.csv');
  return (
    <Box padding="400">
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center">
          <Text as="h2" variant="headingMd">
            Ledger
          </Text>
          <Button
            variant="plain"
            loading={isDownloading}
            onClick={() => {
              download(params.toString());
            }}
          >
            Export CSV
          </Button>
        </InlineStack>
        <InlineGrid columns={{ xs: 1, sm: 2, md: 3, xl: 5 }} gap="300">
          <TextField
            label="Search"
            placeholder="Order, reference, note"
            value={typed}
            onChange={setTyped}
            autoComplete="off"
            clearButton
            onClearButtonClick={() => {
              setTyped('');
            }}
          />
          <Select
            label="Kind"
            options={[
              { value: '', label: 'All' },
              ...entryKinds.map((value) => ({ value, label: entryWords[value] })),
            ]}
            value={query.kind ?? ''}
            onChange={(kind) => {
              onChange({ kind });
            }}
          />
          <Select
            label="State"
            options={[
              { value: '', label: 'All' },
              ...entryStates.map((value) => ({ value, label: stateWords[value] })),
            ]}
            value={query.state ?? ''}
            onChange={(state) => {
              onChange({ state });
            }}
          />
          <DayField
            label="From"
            value={query.from ?? ''}
            onChange={(from) => {
              onChange({ from });
            }}
          />
          <DayField
            label="Until"
            value={query.until ?? ''}
            onChange={(until) => {
              onChange({ until });
            }}
          />
        </InlineGrid>
      </BlockStack>
    </Box>
  );
}

function WideRow({ line, index }: { line: LineView; index: number }) {
  return (
    <IndexTable.Row id={line.id} position={index}>
      <IndexTable.Cell>{line.at}</IndexTable.Cell>
      <IndexTable.Cell>
        <Kind line={line} />
      </IndexTable.Cell>
      <IndexTable.Cell>
        <What line={line} />
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Amount line={line} />
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Text as="span" alignment="end" numeric>
          {line.standing}
        </Text>
      </IndexTable.Cell>
    </IndexTable.Row>
  );
}

function NarrowRow({ line, index }: { line: LineView; index: number }) {
  return (
    <IndexTable.Row id={line.id} position={index}>
      <div style={{ padding: 'var(--p-space-300) var(--p-space-400)', width: '100%' }}>
        <BlockStack gap="100">
          <InlineStack align="space-between">
            <Kind line={line} />
            <Amount line={line} />
          </InlineStack>
          <What line={line} />
          <InlineStack align="space-between">
            <Text as="span" tone="subdued">
              {line.at}
            </Text>
            <Text as="span" tone="subdued" numeric>
              {line.standing}
            </Text>
          </InlineStack>
        </BlockStack>
      </div>
    </IndexTable.Row>
  );
}

function Kind({ line: { kind, isOpen } }: { line: LineView }) {
  return (
    <InlineStack gap="200" blockAlign="center">
      <Text as="span" fontWeight="semibold">
        {entryWords[kind]}
      </Text>
      {isOpen && <Badge tone="attention">{stateWords.open}</Badge>}
    </InlineStack>
  );
}

function Amount({ line: { amount, isIn } }: { line: LineView }) {
  return (
    <Text as="span" alignment="end" numeric {...(isIn && { tone: 'success' as const })}>
      {amount}
    </Text>
  );
}

function What({ line: { order, place, reference, note, by } }: { line: LineView }) {
  const words = [place, note, by].filter((part) => part !== null);
  return (
    <div style={{ whiteSpace: 'normal', overflowWrap: 'anywhere' }}>
      <BlockStack>
        <InlineStack gap="200">
          {order && (
            <Link url={`/app/orders/${order.id}`} removeUnderline>
              {order.name}
            </Link>
          )}
          {words.length > 0 && <Text as="span">{words.join(' · ')}</Text>}
        </InlineStack>
        {reference !== null && (
          <Text as="span" variant="bodySm" tone="subdued">
            {reference}
          </Text>
        )}
      </BlockStack>
    </div>
  );
}

function useAsked() {
  const [, setParams] = useSearchParams();
  const { state } = useNavigation();
  return {
    isReading: state === 'loading',
    /** Whatever narrows the ledger starts it from its first page. */
    change: (changes: Record<string, string>) => {
      setParams(
        (before) => {
          const asked = new URLSearchParams(before);
          for (const name of ['after', 'before']) asked.delete(name);
          for (const [name, value] of Object.entries(changes))
            if (value === '') asked.delete(name);
            else asked.set(name, value);
          return asked;
        },
        { preventScrollReset: true },
      );
    },
  };
}
