import { useNavigate, useNavigation } from '@remix-run/react';
import {
  BlockStack,
  Box,
  Button,
  IndexTable,
  InlineStack,
  Link,
  Text,
  useIndexResourceState,
} from '@shopify/polaris';
import type { ReactNode } from 'react';
import { TickedTable } from '../ui/ticked-table.tsx';
import { useAsked } from '../ui/use-asked.ts';
import type { FilterChoices } from './bundle-filters.tsx';
import { readBundleQuery, withoutPage, writeBundleQuery, type BundleQuery } from './bundle-query.ts';
import { BundleViews } from './bundle-views.tsx';
import type { SoldAs } from './sold-as.ts';
import type { SavedView } from '../settings/saved-views.server.ts';
import { useDownload } from '../ui/use-download.ts';

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
  sold: SoldAs[];
  /** The label of its account; null where all that is connected is one. */
  supplier: string | null;
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

const address = {
  read: (from: URLSearchParams) => readBundleQuery(from),
  write: writeBundleQuery,
  fromItsBeginning: withoutPage,
};

/** Filter, sort, page through and choose bundles. What is asked for stands in the address. */
export function BundleList(props: Props) {
  const { query, viewId, change, show } = useAsked(address);
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
  const selection = useIndexResourceState(rows);
  const hasSuppliers = rows.some(({ supplier }) => supplier !== null);
  const { selectedResources, allResourcesSelected } = selection;
  const hasMore = previous !== null || next !== null;
  const everything = `all=yes&${writeBundleQuery(withoutPage(query)).toString()}`;
  return (
    <TickedTable
      resource={{ singular: 'bundle', plural: 'bundles' }}
      rows={rows}
      selection={selection}
      selectAll={hasMore ? `Select all that match (${count.toLowerCase()})` : undefined}
      isBusy={state === 'loading'}
      headings={[
        { title: 'Bundle' },
        { title: 'Works in' },
        { title: 'Data' },
        { title: 'Days' },
        ...(hasSuppliers ? [{ title: 'Supplier' }] : []),
        { title: 'Cost', alignment: 'end' },
        { title: 'Price', alignment: 'end' },
        { title: 'In your shop' },
      ]}
      wide={(row) => <WideCells row={row} badge={badge} />}
      narrow={(row) => <NarrowCell row={row} badge={badge} />}
      empty={{ title: 'No bundle fits', description: 'Try other words, or take a filter away.' }}
      bulk={[
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
    />
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
      {row.supplier !== null && <IndexTable.Cell>{row.supplier}</IndexTable.Cell>}
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

function NarrowCell({ row, badge }: { row: BundleRow; badge: Props['badge'] }) {
  return (
    <BlockStack gap="100">
      <BundleLink row={row} />
      <InlineStack align="space-between" gap="200">
        <Text as="span" tone="subdued">
          Cost {row.cost}
          {row.price !== null && ` · price ${row.price}`}
          {row.supplier !== null && ` · ${row.supplier}`}
        </Text>
        {(row.isWithdrawn || row.sold.length > 0) && badge(row)}
      </InlineStack>
    </BlockStack>
  );
}

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
