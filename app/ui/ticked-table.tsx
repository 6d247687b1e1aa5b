import {
  EmptySearchResult,
  IndexTable,
  useBreakpoints,
  type IndexTableProps,
  type useIndexResourceState,
} from '@shopify/polaris';
import type { ReactNode } from 'react';

/** (An index signature is what Polaris asks of a row: an alias has one, an interface has not.) */
type AnyRow = { id: string };

interface Props<Row extends AnyRow> {
  resource: { singular: string; plural: string };
  rows: Row[];
  /** Of the wide table. The first is the one of a phone, too. */
  headings: IndexTableProps['headings'];
  wide: (row: Row) => ReactNode;
  narrow: (row: Row) => ReactNode;
  selection: ReturnType<typeof useIndexResourceState>;
  bulk: NonNullable<IndexTableProps['promotedBulkActions']>;
  empty: { title: string; description: string };
  isBusy: boolean;
  pagination?: NonNullable<IndexTableProps['pagination']> | undefined;
  /** Offers to choose what stands on other pages, too: "Select all that match (120 eSIMs)". */
  selectAll?: string | undefined;
}

/** A page of rows that can be ticked, in many columns or, on a phone, in one. */
export function TickedTable<Row extends AnyRow>(props: Props<Row>) {
  const { resource, rows, headings, wide, narrow, selection, bulk, empty, isBusy, pagination, selectAll } =
    props;
  const { smDown } = useBreakpoints();
  const { selectedResources, allResourcesSelected, handleSelectionChange } = selection;
  return (
    <IndexTable
      resourceName={resource}
      itemCount={rows.length}
      selectedItemsCount={allResourcesSelected ? 'All' : selectedResources.length}
      onSelectionChange={handleSelectionChange}
      promotedBulkActions={bulk}
      loading={isBusy}
      // Polaris has no ticks in its condensed list: a phone gets a table of one column.
      headings={smDown ? [headings[0]] : headings}
      emptyState={<EmptySearchResult {...empty} withIllustration />}
      {...(selectAll !== undefined && { hasMoreItems: true, paginatedSelectAllActionText: selectAll })}
      {...(pagination && { pagination })}
    >
      {rows.map((row, position) => (
        <IndexTable.Row
          key={row.id}
          id={row.id}
          position={position}
          selected={selectedResources.includes(row.id)}
        >
          {smDown ? (
            <IndexTable.Cell>
              <div style={{ whiteSpace: 'normal', overflowWrap: 'anywhere' }}>{narrow(row)}</div>
            </IndexTable.Cell>
          ) : (
            wide(row)
          )}
        </IndexTable.Row>
      ))}
    </IndexTable>
  );
}
