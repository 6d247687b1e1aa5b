import {
  Badge,
  BlockStack,
  ChoiceList,
  IndexFilters,
  IndexFiltersMode,
  IndexTable,
  InlineStack,
  Link,
  Text,
  useIndexResourceState,
  useSetIndexFiltersMode,
} from '@shopify/polaris';
import { useState } from 'react';
import { ConfirmModal } from '../ui/confirm.tsx';
import { counted } from '../ui/display.ts';
import { pageTurns } from '../ui/page-turns.ts';
import { useSearchBox } from '../ui/search-box.ts';
import { TickedTable } from '../ui/ticked-table.tsx';
import { mappingTabs, type MappingQuery } from './mapping-query.ts';
import { obstacleWords, type MappingRow } from './mapping-view.ts';

interface Props {
  rows: MappingRow[];
  query: MappingQuery;
  pages: number;
  problems: number;
  isReading: boolean;
  isBusy: boolean;
  onAsk: (changes: Record<string, string>) => void;
  onUnmap: (variantGids: string[]) => void;
}

const tabNames: Record<MappingQuery['tab'], string> = {
  all: 'All',
  problems: 'Problems',
  published: 'Published by the app',
  mapped: 'Mapped by you',
};
const problemNames = {
  withdrawn: 'A bundle is withdrawn',
  supplier: 'A supplier is not connected',
  gone: 'Deleted in Shopify',
  price: 'Price below cost',
};
const kindNames = { esim: 'New eSIM', 'top-up': 'Top-up' };

/** Search, filter, page through and unmap mapped variants. What is asked for stands in the address. */
export function MappingTable({ query, problems, isReading, onAsk, ...props }: Props) {
  const { mode, setMode } = useSetIndexFiltersMode(
    query.search === '' ? IndexFiltersMode.Default : IndexFiltersMode.Filtering,
  );
  const [typed, setTyped] = useSearchBox(query.search, (search) => {
    onAsk({ search });
  });
  const clear = () => {
    setTyped('');
  };
  const filters = [
    {
      key: 'kind',
      label: 'Sold as',
      filter: (
        <Choices
          title="Sold as"
          names={kindNames}
          chosen={query.kind}
          onChoose={(kind) => {
            onAsk({ kind });
          }}
        />
      ),
      shortcut: true,
    },
    {
      key: 'problem',
      label: 'Problem',
      filter: (
        <Choices
          title="Problem"
          names={problemNames}
          chosen={query.problem}
          onChoose={(problem) => {
            onAsk({ problem });
          }}
        />
      ),
      shortcut: true,
    },
  ];
  const applied = [
    ...(query.kind === '' ? [] : [{ key: 'kind', label: `Sold as: ${kindNames[query.kind]}` }]),
    ...(query.problem === '' ? [] : [{ key: 'problem', label: problemNames[query.problem] }]),
  ].map((filter) => ({
    ...filter,
    onRemove: () => {
      onAsk({ [filter.key]: '' });
    },
  }));
  return (
    <>
      <IndexFilters
        mode={mode}
        setMode={setMode}
        tabs={mappingTabs.map((id) => ({
          id,
          content: tabNames[id],
          ...(id === 'problems' && problems > 0 && { badge: String(problems) }),
          onAction: () => {
            onAsk({ tab: id });
          },
        }))}
        selected={mappingTabs.indexOf(query.tab)}
        canCreateNewView={false}
        queryValue={typed}
        queryPlaceholder="Search by product, SKU or bundle"
        onQueryChange={setTyped}
        onQueryClear={clear}
        cancelAction={{ onAction: clear }}
        filters={filters}
        appliedFilters={applied}
        onClearAll={() => {
          setTyped('');
          onAsk({ kind: '', problem: '', search: '' });
        }}
        loading={isReading}
      />
      {/* Another page or question starts with nothing chosen: nobody unmaps what they do not see. */}
      <Rows key={JSON.stringify(query)} query={query} onAsk={onAsk} {...props} />
    </>
  );
}

function Choices({
  title,
  names,
  chosen,
  onChoose,
}: {
  title: string;
  names: Record<string, string>;
  chosen: string;
  onChoose: (chosen: string) => void;
}) {
  return (
    <ChoiceList
      title={title}
      titleHidden
      choices={Object.entries(names).map(([value, label]) => ({ value, label }))}
      selected={[chosen]}
      onChange={([value = '']) => {
        onChoose(value);
      }}
    />
  );
}

function Rows({ rows, query, pages, isBusy, onAsk, onUnmap }: Omit<Props, 'problems' | 'isReading'>) {
  const selection = useIndexResourceState(rows);
  const { selectedResources, clearSelection } = selection;
  const [isAsking, setAsking] = useState(false);
  const chosen = rows.filter(({ id }) => selectedResources.includes(id));
  const { page } = query;
  return (
    <>
      <TickedTable
        resource={{ singular: 'variant', plural: 'variants' }}
        rows={rows}
        selection={selection}
        isBusy={isBusy}
        headings={[
          { title: 'Variant' },
          { title: 'SKU' },
          { title: 'Bundles, in order' },
          { title: 'Sold as' },
          { title: 'Price', alignment: 'end' },
          { title: 'State' },
        ]}
        wide={(row) => <WideCells row={row} />}
        narrow={(row) => <NarrowCell row={row} />}
        empty={{ title: 'No variant fits', description: 'Try other words, or another filter.' }}
        bulk={[
          {
            content: 'Unmap',
            disabled: isBusy,
            onAction: () => {
              setAsking(true);
            },
          },
        ]}
        {...(pages > 1 && {
          pagination: pageTurns({
            page,
            pages,
            onTurn: (next) => {
              onAsk({ page: String(next) });
            },
          }),
        })}
      />
      <ConfirmModal
        open={isAsking}
        title={`Unmap ${counted(chosen.length, 'variant')}?`}
        confirm="Unmap"
        tone="critical"
        onCancel={() => {
          setAsking(false);
        }}
        onConfirm={() => {
          setAsking(false);
          clearSelection();
          onUnmap(chosen.map(({ variantGid }) => variantGid));
        }}
      >
        They stay in your shop. Whoever buys one of them gets no eSIM until you map it again: the order waits
        in Needs you.
      </ConfirmModal>
    </>
  );
}

const wraps = { whiteSpace: 'normal', overflowWrap: 'anywhere' } as const;

function WideCells({ row }: { row: MappingRow }) {
  return (
    <>
      <IndexTable.Cell>
        <div style={{ ...wraps, minWidth: '10rem' }}>
          <VariantLink row={row} />
        </div>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <div style={{ ...wraps, minWidth: '6rem' }}>{row.sku ?? '–'}</div>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <div style={{ ...wraps, minWidth: '12rem' }}>
          <Bundles row={row} />
        </div>
      </IndexTable.Cell>
      <IndexTable.Cell>{kindNames[row.kind]}</IndexTable.Cell>
      <IndexTable.Cell>
        <Text as="span" alignment="end" numeric>
          {row.price ?? '–'}
        </Text>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <States row={row} />
      </IndexTable.Cell>
    </>
  );
}

function NarrowCell({ row }: { row: MappingRow }) {
  return (
    <BlockStack gap="150">
      <VariantLink row={row} />
      <Text as="span" tone="subdued">
        {[row.sku, kindNames[row.kind], row.price].filter((part) => part !== null).join(' · ')}
      </Text>
      <Bundles row={row} />
      <States row={row} />
    </BlockStack>
  );
}

function VariantLink({ row: { id, title } }: { row: MappingRow }) {
  return (
    <Link url={`/app/products/mapping/${id}`} dataPrimaryLink monochrome removeUnderline>
      <Text as="span" fontWeight="semibold">
        {title}
      </Text>
    </Link>
  );
}

const SHOWN = 3;

const firstBy = { order: null, cost: 'The one that costs least first', stock: 'One that is in stock first' };

function Bundles({ row: { bundles, choosing } }: { row: MappingRow }) {
  // Two suppliers may sell what is called the same.
  const isMixed = new Set(bundles.map(({ supplier }) => supplier)).size > 1;
  return (
    <BlockStack gap="050">
      {bundles.slice(0, SHOWN).map(({ id, title, supplier, cost }, at) => (
        <Text as="span" key={id} {...(at > 0 && { tone: 'subdued' })}>
          {bundles.length > 1 ? `${String(at + 1)}. ` : ''}
          {title}, {cost}
          {isMixed && ` (${supplier})`}
        </Text>
      ))}
      {bundles.length > SHOWN && (
        <Text as="span" tone="subdued">
          and {bundles.length - SHOWN} more
        </Text>
      )}
      {bundles.length > 1 && firstBy[choosing] !== null && (
        <Text as="span" tone="subdued">
          {firstBy[choosing]}
        </Text>
      )}
    </BlockStack>
  );
}

/** What is wrong, the gravest first; when nothing is, who made the mapping. */
function States({ row }: { row: MappingRow }) {
  const obstacles = [...new Set(row.bundles.flatMap(({ obstacle }) => obstacle ?? []))];
  const isBelowCost = row.bundles.some(({ isAbovePrice }) => isAbovePrice);
  return (
    <InlineStack gap="100">
      {row.isGone && <Badge tone="critical">Deleted in Shopify</Badge>}
      {obstacles.map((obstacle) => (
        <Badge key={obstacle} tone={row.sellsNothing ? 'critical' : 'warning'}>
          {obstacleWords[obstacle]}
        </Badge>
      ))}
      {isBelowCost && <Badge tone="critical">Price below cost</Badge>}
      {row.substitute?.isCheaper === false && <Badge tone="info">Substitute sold</Badge>}
      <Badge {...(row.isPublished && { tone: 'success' })}>{row.isPublished ? 'Published' : 'Mapped'}</Badge>
    </InlineStack>
  );
}
