import { useLocation, useNavigate, useNavigation } from '@remix-run/react';
import {
  BlockStack,
  Box,
  Checkbox,
  EmptySearchResult,
  IndexTable,
  InlineStack,
  Link,
  Select,
  Text,
  TextField,
  useIndexResourceState,
} from '@shopify/polaris';
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import { readBundleQuery, type BundleQuery } from './bundle-query.ts';

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
  /** "2,297 bundles" */
  count: string;
  previous: string | null;
  next: string | null;
  query: BundleQuery;
  countries: { code: string; name: string }[];
  isPublishing: boolean;
  onPublish: (ids: string[]) => void;
  badge: (row: BundleRow) => ReactNode;
}

/** Search, filter, page through and choose bundles. What is asked for stands in the address. */
export function BundleTable(props: Props) {
  const { query, change } = useAsked();
  return (
    <>
      <QueryBar query={query} countries={props.countries} onChange={change} />
      {/* Another page or question starts with nothing chosen: nobody publishes what they do not see. */}
      <Rows key={JSON.stringify(props.query)} {...props} onChange={change} />
    </>
  );
}

function Rows({
  rows,
  count,
  previous,
  next,
  isPublishing,
  onPublish,
  badge,
  onChange,
}: Props & { onChange: QueryChange }) {
  const { state } = useNavigation();
  const { selectedResources, allResourcesSelected, handleSelectionChange, clearSelection } =
    useIndexResourceState(rows);
  return (
    <IndexTable
      resourceName={{ singular: 'bundle', plural: 'bundles' }}
      itemCount={rows.length}
      selectedItemsCount={allResourcesSelected ? 'All' : selectedResources.length}
      onSelectionChange={handleSelectionChange}
      loading={state === 'loading' || isPublishing}
      headings={[
        { title: 'Bundle' },
        { title: 'Works in' },
        { title: 'Data' },
        { title: 'Days' },
        { title: 'Cost', alignment: 'end' },
        { title: 'Price', alignment: 'end' },
        { title: 'In your shop' },
      ]}
      emptyState={
        <EmptySearchResult
          title="No bundle fits"
          description="Try other words, or another country."
          withIllustration
        />
      }
      promotedBulkActions={[
        {
          content: 'Publish as products',
          disabled: isPublishing,
          onAction: () => {
            onPublish(selectedResources);
            clearSelection();
          },
        },
      ]}
      pagination={{
        hasPrevious: previous !== null,
        hasNext: next !== null,
        onPrevious: () => {
          onChange({ before: previous ?? '' });
        },
        onNext: () => {
          onChange({ after: next ?? '' });
        },
        label: count,
      }}
    >
      {rows.map((row, position) => (
        <IndexTable.Row
          key={row.id}
          id={row.id}
          position={position}
          selected={selectedResources.includes(row.id)}
        >
          <IndexTable.Cell>
            <BlockStack>
              <Link url={`/app/catalogue/${row.id}`} removeUnderline dataPrimaryLink monochrome>
                <Text as="span" fontWeight="semibold">
                  {row.title}
                </Text>
              </Link>
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
        </IndexTable.Row>
      ))}
    </IndexTable>
  );
}

function Figure({ children }: { children: string }) {
  return (
    <Text as="span" alignment="end" numeric>
      {children}
    </Text>
  );
}

interface QueryBarProps {
  query: BundleQuery;
  countries: { code: string; name: string }[];
  onChange: QueryChange;
}

function QueryBar({ query, countries, onChange }: QueryBarProps) {
  const [search, setSearch] = useState(query.search);
  useEffect(() => {
    if (search.trim() === query.search) return;
    // One question when the typing pauses, not one for each letter.
    const timer = setTimeout(() => {
      onChange({ search: search.trim() });
    }, 300);
    return () => {
      clearTimeout(timer);
    };
  }, [search, query.search, onChange]);
  const options = [
    { label: 'All countries', value: '' },
    ...countries.map(({ code, name }) => ({ label: name, value: code })),
  ];
  return (
    <Box padding="300">
      <InlineStack gap="300" blockAlign="center">
        <div style={{ flex: '1 1 16rem' }}>
          <TextField
            label="Search bundles"
            labelHidden
            placeholder="Search by country, region, data or code"
            autoComplete="off"
            type="search"
            value={search}
            onChange={setSearch}
            clearButton
            onClearButtonClick={() => {
              setSearch('');
            }}
          />
        </div>
        <Select
          label="Country"
          labelHidden
          options={options}
          value={query.country[0] ?? ''}
          onChange={(country) => {
            onChange({ country });
          }}
        />
        <Checkbox
          label="Only what my shop sells"
          checked={query.sold === 'yes'}
          onChange={(checked) => {
            onChange({ sold: checked ? 'yes' : '' });
          }}
        />
      </InlineStack>
    </Box>
  );
}

type QueryChange = (changes: Record<string, string>) => void;

/**
 * What was asked for last, though the answer may still be on its way: a tick is seen at once, and a second change
 * does not forget the first.
 */
function useAsked(): { query: BundleQuery; change: QueryChange } {
  const here = useLocation();
  const { location } = useNavigation();
  const navigate = useNavigate();
  const { search } = location?.pathname === here.pathname ? location : here;
  const change = useCallback<QueryChange>(
    (changes) => {
      const after = withChanges(new URLSearchParams(search), changes);
      navigate(`?${after.toString()}`, { replace: true, preventScrollReset: true });
    },
    [search, navigate],
  );
  return { query: readBundleQuery(new URLSearchParams(search)), change };
}

/** Changes parts of the address; another question starts at its first page. */
function withChanges(before: URLSearchParams, changes: Record<string, string>): URLSearchParams {
  const after = new URLSearchParams(before);
  after.delete('after');
  after.delete('before');
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') after.delete(name);
    else after.set(name, value);
  }
  return after;
}
