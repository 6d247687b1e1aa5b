import { useNavigation, useSearchParams } from '@remix-run/react';
import {
  Badge,
  BlockStack,
  Box,
  Card,
  EmptySearchResult,
  IndexTable,
  InlineStack,
  Select,
  Text,
  TextField,
  useIndexResourceState,
} from '@shopify/polaris';
import { useSearchBox } from '../ui/search-box.ts';
import type { PreviewLine } from './preview-lines.ts';
import { shows, showWords, type PreviewQuery } from './preview-query.ts';

interface Props {
  lines: PreviewLine[];
  total: number;
  pages: number;
  query: PreviewQuery;
  destinations: { value: string; label: string }[];
  isBusy: boolean;
  onApply: (variantGids: string[]) => void;
  onLock: (intent: 'lock' | 'unlock', variantGids: string[]) => void;
}

/** Old and new prices, to narrow, choose, apply and lock. What is asked for stands in the address. */
export function PreviewTable({ lines, total, pages, query, destinations, isBusy, onApply, onLock }: Props) {
  const [, setParams] = useSearchParams();
  const { state } = useNavigation();
  const { selectedResources, allResourcesSelected, handleSelectionChange, clearSelection } =
    useIndexResourceState(lines);
  const ask = (change: Partial<Record<keyof PreviewQuery, string>>) => {
    setParams((before) => {
      const next = new URLSearchParams(before);
      if (!('page' in change)) next.delete('page');
      for (const [name, value] of Object.entries(change)) {
        if (value === '') next.delete(name);
        else next.set(name, value);
      }
      return next;
    });
  };
  const bulk = (act: (ids: string[]) => void) => () => {
    act(selectedResources);
    clearSelection();
  };
  return (
    <Card padding="0">
      <Filters query={query} destinations={destinations} onAsk={ask} />
      <IndexTable
        resourceName={{ singular: 'price', plural: 'prices' }}
        itemCount={lines.length}
        loading={state === 'loading' || isBusy}
        selectedItemsCount={allResourcesSelected ? 'All' : selectedResources.length}
        onSelectionChange={handleSelectionChange}
        headings={[
          { title: 'Bundle' },
          { title: 'Now', alignment: 'end' },
          { title: 'New', alignment: 'end' },
          { title: 'Cost', alignment: 'end' },
          { title: 'Margin', alignment: 'end' },
          { title: 'Decided by' },
        ]}
        promotedBulkActions={[
          { content: 'Apply to the chosen', onAction: bulk(onApply) },
          {
            content: 'Lock',
            onAction: bulk((ids) => {
              onLock('lock', ids);
            }),
          },
          {
            content: 'Unlock',
            onAction: bulk((ids) => {
              onLock('unlock', ids);
            }),
          },
        ]}
        emptyState={
          <EmptySearchResult
            title={query.show === 'changed' ? 'Every price is what your rules make' : 'No price fits'}
            description={
              query.show === 'changed'
                ? 'Change a rule, or look at all prices.'
                : 'Choose another filter or other words.'
            }
            withIllustration={false}
          />
        }
        pagination={{
          hasPrevious: query.page > 1,
          hasNext: query.page < pages,
          label: `${String(total)} ${total === 1 ? 'price' : 'prices'}`,
          onPrevious: () => {
            ask({ page: String(query.page - 1) });
          },
          onNext: () => {
            ask({ page: String(query.page + 1) });
          },
        }}
      >
        {lines.map((line, index) => (
          <IndexTable.Row
            key={line.id}
            id={line.id}
            position={index}
            selected={selectedResources.includes(line.id)}
          >
            <Cells line={line} />
          </IndexTable.Row>
        ))}
      </IndexTable>
    </Card>
  );
}

function Cells({ line }: { line: PreviewLine }) {
  const isMoving = line.change === 'up' || line.change === 'down';
  return (
    <>
      <IndexTable.Cell>
        <BlockStack gap="050">
          <Text as="span" fontWeight="medium">
            {line.title}
          </Text>
          {line.product !== line.title && (
            <Text as="span" tone="subdued">
              {line.product}
            </Text>
          )}
          <InlineStack gap="100">
            {line.isLocked && <Badge>Locked</Badge>}
            {line.found !== null && <Badge tone="attention">{`Changed in Shopify: ${line.found}`}</Badge>}
          </InlineStack>
        </BlockStack>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Text as="span" alignment="end" numeric>
          {line.old}
        </Text>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Text as="span" alignment="end" numeric fontWeight={isMoving ? 'bold' : 'regular'}>
          {line.next ?? '–'}
          {isMoving && <span aria-hidden="true">{line.change === 'up' ? ' ↑' : ' ↓'}</span>}
          {isMoving && (
            <Text as="span" visuallyHidden>
              {line.change === 'up' ? ' dearer' : ' cheaper'}
            </Text>
          )}
        </Text>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Text as="span" alignment="end" numeric>
          {line.cost}
        </Text>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Text as="span" alignment="end" numeric>
          {line.margin} ({line.share})
        </Text>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <BlockStack gap="050">
          <Text as="span">{line.decided}</Text>
          {[...line.lifts, ...line.standIns].map((text) => (
            <Text key={text} as="span" tone="subdued">
              {text}
            </Text>
          ))}
        </BlockStack>
      </IndexTable.Cell>
    </>
  );
}

interface FilterProps extends Pick<Props, 'query' | 'destinations'> {
  onAsk: (change: Partial<Record<keyof PreviewQuery, string>>) => void;
}

function Filters({ query, destinations, onAsk }: FilterProps) {
  const [typed, type] = useSearchBox(query.search, (text) => {
    onAsk({ search: text });
  });
  return (
    <Box padding="300">
      <InlineStack gap="300">
        <Box minWidth="12rem">
          <TextField
            label="Search"
            labelHidden
            placeholder="Search bundles"
            autoComplete="off"
            value={typed}
            clearButton
            onChange={type}
            onClearButtonClick={() => {
              type('');
            }}
          />
        </Box>
        <Select
          label="Show"
          labelInline
          options={shows.map((value) => ({ value, label: showWords[value] }))}
          value={query.show}
          onChange={(show) => {
            onAsk({ show });
          }}
        />
        <Select
          label="Destination"
          labelInline
          options={[{ value: '', label: 'All' }, ...destinations]}
          value={query.destination}
          onChange={(destination) => {
            onAsk({ destination });
          }}
        />
      </InlineStack>
    </Box>
  );
}
