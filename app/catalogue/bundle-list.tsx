import { useLocation, useNavigate, useNavigation } from '@remix-run/react';
import {
  BlockStack,
  Box,
  Button,
  EmptySearchResult,
  IndexTable,
  InlineStack,
  Link,
  Text,
  useBreakpoints,
  useIndexResourceState,
} from '@shopify/polaris';
import { useCallback, type ReactNode } from 'react';
import type { FilterChoices } from './bundle-filters.tsx';
import { readBundleQuery, withoutPage, writeBundleQuery, type BundleQuery } from './bundle-query.ts';
import { BundleViews } from './bundle-views.tsx';
import type { SavedView } from './saved-views.server.ts';
import { useDownload } from './use-download.ts';

/** One line of the catalogue, in words. (An alias, because Polaris asks for an index signature.) */
export type BundleRow = {
  id: string;
  title: string;
  code: string;
  places: string;
  data: string;
  days: string;
  cost: string;
  /** Null when the shop cannot price it. */
  price: string | null;
  isWithdrawn: boolean;
  sold: 'published' | 'mapped' | 'no';
};

interface Props {
  rows: BundleRow[];
  /** "2,297 bundles", "More than 1,000 bundles" */
  count: string;
  previous: string | null;
  next: string | null;
  query: BundleQuery;
  choices: FilterChoices;
  views: SavedView[];
  /** The destination that is asked for, when it is one. */
  compare: { name: string; url: string } | null;
  badge: (row: BundleRow) => ReactNode;
}

/** Filter, sort, page through and choose bundles. What is asked for stands in the address. */
export function BundleList(props: Props) {
  const { query, viewId, change, show } = useAsked();
  return (
    <>
      <BundleViews {...props} query={query} viewId={viewId} onChange={change} onShow={show} />
      <Tools {...props} />
      {/* Another page or question starts with nothing chosen: nobody publishes what they do not see. */}
      <Rows key={JSON.stringify(props.query)} {...props} onChange={change} />
    </>
  );
}

function Tools({ count, compare, query }: Props) {
  const { download, isDownloading } = useDownload('/app/catalogue/export', 'catalogue.csv');
  return (
    <Box paddingInline="400" paddingBlock="200">
      <InlineStack gap="400" align="space-between" blockAlign="center">
        <Text as="p" tone="subdued">
          {count}
        </Text>
        <InlineStack gap="400">
          {compare && (
            <Link url={compare.url} removeUnderline>
              Compare {compare.name}
            </Link>
          )}
          <Button
            variant="plain"
            loading={isDownloading}
            onClick={() => {
              download(writeBundleQuery(withoutPage(query)).toString());
            }}
          >
            Export CSV
          </Button>
        </InlineStack>
      </InlineStack>
    </Box>
  );
}

function Rows({
  rows,
  count,
  previous,
  next,
  query,
  badge,
  onChange,
}: Props & { onChange: (parts: Partial<BundleQuery>) => void }) {
  const { state } = useNavigation();
  const navigate = useNavigate();
  const { smDown } = useBreakpoints();
  const { selectedResources, allResourcesSelected, handleSelectionChange } = useIndexResourceState(rows);
  const hasMore = previous !== null || next !== null;
  const everything = `all=yes&${writeBundleQuery(withoutPage(query)).toString()}`;
  return (
    <IndexTable
      resourceName={{ singular: 'bundle', plural: 'bundles' }}
      itemCount={rows.length}
      hasMoreItems={hasMore}
      paginatedSelectAllActionText={`Select all that match (${count.toLowerCase()})`}
      selectedItemsCount={allResourcesSelected ? 'All' : selectedResources.length}
      onSelectionChange={handleSelectionChange}
      loading={state === 'loading'}
      // Polaris has no ticks in its condensed list: a phone gets a table of one column.
      headings={
        smDown
          ? [{ title: 'Bundle' }]
          : [
              { title: 'Bundle' },
              { title: 'Works in' },
              { title: 'Data' },
              { title: 'Days' },
              { title: 'Cost', alignment: 'end' },
              { title: 'Price', alignment: 'end' },
              { title: 'In your shop' },
            ]
      }
      emptyState={
        <EmptySearchResult
          title="No bundle fits"
          description="Try other words, or take a filter away."
          withIllustration
        />
      }
      promotedBulkActions={[
        {
          content: 'Publish',
          onAction: () => {
            const chosen = new URLSearchParams(selectedResources.map((id) => ['bundles', id]));
            navigate(`/app/publish?${allResourcesSelected && hasMore ? everything : chosen.toString()}`);
          },
        },
      ]}
      pagination={{
        hasPrevious: previous !== null,
        hasNext: next !== null,
        onPrevious: () => {
          onChange({ before: previous });
        },
        onNext: () => {
          onChange({ after: next });
        },
      }}
    >
      {rows.map((row, position) => (
        <IndexTable.Row
          key={row.id}
          id={row.id}
          position={position}
          selected={selectedResources.includes(row.id)}
        >
          {smDown ? <NarrowCells row={row} badge={badge} /> : <WideCells row={row} badge={badge} />}
        </IndexTable.Row>
      ))}
    </IndexTable>
  );
}

function WideCells({ row, badge }: { row: BundleRow; badge: Props['badge'] }) {
  return (
    <>
      <IndexTable.Cell>
        <BlockStack>
          <BundleLink row={row} />
          <Text as="span" tone="subdued" variant="bodySm">
            {row.code}
          </Text>
        </BlockStack>
      </IndexTable.Cell>
      <IndexTable.Cell>{row.places}</IndexTable.Cell>
      <IndexTable.Cell>{row.data}</IndexTable.Cell>
      <IndexTable.Cell>{row.days}</IndexTable.Cell>
      <IndexTable.Cell>
        <Figure>{row.cost}</Figure>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Figure>{row.price ?? '–'}</Figure>
      </IndexTable.Cell>
      <IndexTable.Cell>{badge(row)}</IndexTable.Cell>
    </>
  );
}

function NarrowCells({ row, badge }: { row: BundleRow; badge: Props['badge'] }) {
  return (
    <IndexTable.Cell>
      <div style={wraps}>
        <BlockStack gap="100">
          <BundleLink row={row} />
          <InlineStack align="space-between" gap="200">
            <Text as="span" tone="subdued">
              Cost {row.cost}
              {row.price !== null && ` · price ${row.price}`}
            </Text>
            {(row.isWithdrawn || row.sold !== 'no') && badge(row)}
          </InlineStack>
        </BlockStack>
      </div>
    </IndexTable.Cell>
  );
}

const wraps = { whiteSpace: 'normal', overflowWrap: 'anywhere' } as const;

function BundleLink({ row }: { row: BundleRow }) {
  return (
    <Link url={`/app/catalogue/${row.id}`} removeUnderline dataPrimaryLink monochrome>
      <Text as="span" fontWeight="semibold">
        {row.title}
      </Text>
    </Link>
  );
}

function Figure({ children }: { children: string }) {
  return (
    <Text as="span" alignment="end" numeric>
      {children}
    </Text>
  );
}

/**
 * What was asked for last, though the answer may still be on its way: a tick is seen at once, and a second change
 * does not forget the first. Another question starts at its first page.
 */
function useAsked() {
  const here = useLocation();
  const { location } = useNavigation();
  const navigate = useNavigate();
  const { search } = location?.pathname === here.pathname ? location : here;
  const parameters = new URLSearchParams(search);
  const query = readBundleQuery(parameters);
  const viewId = parameters.get('view');
  const show = useCallback(
    (asked: BundleQuery, view: string | null, isTurn = false) => {
      const address = writeBundleQuery(asked);
      if (view !== null) address.set('view', view);
      navigate(`?${address.toString()}`, { replace: true, preventScrollReset: !isTurn });
    },
    [navigate],
  );
  const change = (parts: Partial<BundleQuery>) => {
    const isTurn = 'after' in parts || 'before' in parts;
    show({ ...withoutPage(query), ...parts }, viewId, isTurn);
  };
  return { query, viewId, change, show };
}
