import {
  Badge,
  BlockStack,
  Box,
  Button,
  Card,
  IndexTable,
  Select,
  Text,
  useBreakpoints,
  useIndexResourceState,
} from '@shopify/polaris';
import { useState } from 'react';
import { counted } from '../ui/display.ts';
import { pageTurns } from '../ui/page-turns.ts';
import type { SkuMatch } from './match-skus.server.ts';

/** A variant whose SKU looks like the pattern. (An alias, because Polaris asks for an index signature.) */
export type MatchRow = {
  /** Of the variant. */
  id: string;
  title: string;
  sku: string;
  outcome: SkuMatch['outcome'];
  candidates: { id: string; code: string; label: string }[];
  asksForAddress: boolean;
};

const PER_PAGE = 100;

const words: Record<SkuMatch['outcome'], { label: string; tone?: 'success' | 'warning' | 'critical' }> = {
  matched: { label: 'One bundle fits', tone: 'success' },
  choose: { label: 'Choose a bundle', tone: 'warning' },
  unknown: { label: 'No bundle fits' },
  mapped: { label: 'Mapped already' },
  'gift-card': { label: 'Gift card, cannot be mapped', tone: 'critical' },
};

/** Shows what fits, lets a person choose where several bundles do, and maps what is ticked. */
export function MatchTable({
  rows,
  isBusy,
  most,
  onMap,
}: {
  rows: MatchRow[];
  isBusy: boolean;
  /** How many are mapped at once. */
  most: number;
  /** Each pair is `<variant id>=<bundle id>`. */
  onMap: (pairs: string[]) => void;
}) {
  const { smDown } = useBreakpoints();
  const [page, setPage] = useState(1);
  const [chosen, setChosen] = useState<Record<string, string>>({});
  const bundleOf = ({ id, outcome, candidates }: MatchRow) =>
    chosen[id] ?? (outcome === 'matched' ? candidates[0]?.id : undefined);
  const isReady = (row: MatchRow) =>
    (row.outcome === 'matched' || row.outcome === 'choose') && bundleOf(row) !== undefined;
  const ready = rows.filter(isReady);
  const sorted = [...rows].sort((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome));
  const pages = Math.max(1, Math.ceil(sorted.length / PER_PAGE));
  const shown = sorted.slice((Math.min(page, pages) - 1) * PER_PAGE, Math.min(page, pages) * PER_PAGE);
  const { selectedResources, handleSelectionChange, clearSelection } = useIndexResourceState(shown);
  const ticked = shown.filter((row) => selectedResources.includes(row.id) && isReady(row));
  const map = (some: MatchRow[]) => {
    clearSelection();
    onMap(some.slice(0, most).map((row) => `${row.id}=${bundleOf(row) ?? ''}`));
  };
  return (
    <Card padding="0">
      {ready.length > 0 && (
        <Box padding="400">
          <Button
            disabled={isBusy}
            onClick={() => {
              map(ready);
            }}
          >
            {`Map ${ready.length === 1 ? 'the variant that has' : `all ${String(Math.min(most, ready.length))} that have`} a bundle`}
          </Button>
        </Box>
      )}
      <IndexTable
        itemCount={shown.length}
        selectedItemsCount={selectedResources.length}
        onSelectionChange={handleSelectionChange}
        loading={isBusy}
        resourceName={{ singular: 'variant', plural: 'variants' }}
        promotedBulkActions={[
          {
            content: `Map ${counted(ticked.length, 'variant')}`,
            disabled: isBusy || ticked.length === 0,
            onAction: () => {
              map(ticked);
            },
          },
        ]}
        // Polaris has no ticks in its condensed list: a phone gets a table of one column.
        headings={
          smDown
            ? [{ title: 'Variant' }]
            : [{ title: 'Variant' }, { title: 'SKU' }, { title: 'Bundle' }, { title: 'Result' }]
        }
        {...(pages > 1 && {
          pagination: pageTurns({ page, pages, onTurn: setPage }),
        })}
      >
        {shown.map((row, position) => (
          <IndexTable.Row
            key={row.id}
            id={row.id}
            position={position}
            selected={selectedResources.includes(row.id)}
            disabled={!isReady(row) && row.outcome !== 'choose'}
          >
            {smDown ? (
              <IndexTable.Cell>
                <div style={wraps}>
                  <BlockStack gap="100">
                    <Text as="span" fontWeight="semibold">
                      {row.title}
                    </Text>
                    <span>{row.sku}</span>
                    <Bundle row={row} chosen={bundleOf(row)} onChoose={setChosen} />
                    <Result row={row} />
                  </BlockStack>
                </div>
              </IndexTable.Cell>
            ) : (
              <>
                <IndexTable.Cell>
                  <div style={{ ...wraps, minWidth: '9rem' }}>{row.title}</div>
                </IndexTable.Cell>
                <IndexTable.Cell>
                  <div style={{ ...wraps, minWidth: '7rem' }}>{row.sku}</div>
                </IndexTable.Cell>
                <IndexTable.Cell>
                  <div style={{ ...wraps, minWidth: '14rem' }}>
                    <Bundle row={row} chosen={bundleOf(row)} onChoose={setChosen} />
                  </div>
                </IndexTable.Cell>
                <IndexTable.Cell>
                  <Result row={row} />
                </IndexTable.Cell>
              </>
            )}
          </IndexTable.Row>
        ))}
      </IndexTable>
    </Card>
  );
}

const order: SkuMatch['outcome'][] = ['choose', 'matched', 'unknown', 'gift-card', 'mapped'];
const wraps = { whiteSpace: 'normal', overflowWrap: 'anywhere' } as const;

function Bundle({
  row: { id, title, outcome, candidates },
  chosen,
  onChoose,
}: {
  row: MatchRow;
  chosen: string | undefined;
  onChoose: (change: (before: Record<string, string>) => Record<string, string>) => void;
}) {
  const [first] = candidates;
  if (outcome === 'matched') return <span>{first?.label}</span>;
  if (outcome !== 'choose') return <span>–</span>;
  return (
    // A click on the list must not tick the row.
    <div
      onClick={(event) => {
        event.stopPropagation();
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
      }}
      role="presentation"
    >
      <Select
        label={`Bundle of ${title}`}
        labelHidden
        placeholder="Choose …"
        options={candidates.map((bundle) => ({ value: bundle.id, label: bundle.label }))}
        {...(chosen !== undefined && { value: chosen })}
        onChange={(bundleId) => {
          onChoose((before) => ({ ...before, [id]: bundleId }));
        }}
      />
    </div>
  );
}

function Result({ row: { outcome, asksForAddress } }: { row: MatchRow }) {
  const { label, tone } = words[outcome];
  return (
    <BlockStack gap="100" inlineAlign="start">
      <Badge {...(tone && { tone })}>{label}</Badge>
      {asksForAddress && (outcome === 'matched' || outcome === 'choose') && (
        <Badge tone="warning">Physical product</Badge>
      )}
    </BlockStack>
  );
}
