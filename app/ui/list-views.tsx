import { useFetcher, useNavigation } from '@remix-run/react';
import {
  Banner,
  Box,
  IndexFilters,
  IndexFiltersMode,
  useSetIndexFiltersMode,
  type IndexFiltersProps,
} from '@shopify/polaris';
import type { SavedView } from '../settings/saved-views.server.ts';
import { useToastOf } from './toast.ts';

interface Sorted<Sort extends string> {
  sort: Sort;
  order: 'asc' | 'desc';
}

interface Props<Sort extends string, Parts> extends Pick<
  IndexFiltersProps,
  'queryValue' | 'queryPlaceholder' | 'onQueryChange' | 'onQueryClear' | 'filters'
> {
  /** Where the views are kept: takes what `ui/keep-view.server.ts` reads. */
  action: string;
  views: SavedView[];
  /** Of the tab that is open; null for the one that shows all. */
  viewId: string | null;
  /** What is asked for now, as a view keeps it. */
  asked: string;
  isFiltered: boolean;
  isReading?: boolean;
  /** Null: the tab that shows all. */
  onShowView: (view: SavedView | null) => void;
  onClearAll: () => void;
  /** What is applied of the filters, each with what takes it away. */
  chips: { key: string; label: string; without: Parts }[];
  sorted: Sorted<Sort>;
  /** By what the list can be sorted. */
  sorts: readonly Sort[];
  sortWords: Record<Sort, { label: string; asc: string; desc: string }>;
  onChange: (parts: Parts | Sorted<Sort>) => void;
}

/** Tabs of saved views, the search, the filters with what is applied of them, and the order of a list page. */
export function ListViews<Sort extends string, Parts>({
  action,
  views,
  viewId,
  asked,
  isFiltered,
  isReading = false,
  onShowView,
  chips,
  sorted,
  sorts,
  sortWords,
  onChange,
  ...filters
}: Props<Sort, Parts>) {
  const isNavigating = useNavigation().state === 'loading';
  const keeping = useFetcher<{ status: string; text?: string; fields?: Record<string, string> }>();
  useToastOf(keeping.data);
  const keep = (fields: Record<string, string>) => {
    keeping.submit(fields, { method: 'post', action });
    // Polaris closes its dialog; a refusal stands above the list.
    return Promise.resolve(true);
  };
  const { mode, setMode } = useSetIndexFiltersMode(
    isFiltered ? IndexFiltersMode.Filtering : IndexFiltersMode.Default,
  );
  const open = views.find(({ id }) => id === viewId) ?? null;
  const isChanged = asked !== (open?.query ?? '');
  const why =
    keeping.data?.status === 'refused'
      ? keeping.data.text
      : keeping.data?.status === 'invalid'
        ? Object.values(keeping.data.fields ?? {}).join(' ')
        : undefined;
  return (
    <>
      {why !== undefined && (
        <Box padding="300">
          <Banner tone="warning" title="The view was not kept">
            {why}
          </Banner>
        </Box>
      )}
      <IndexFilters
        {...filters}
        mode={mode}
        setMode={setMode}
        loading={isNavigating || isReading}
        tabs={[
          { id: 'all', content: 'All', isLocked: true, actions: [] },
          ...views.map(({ id, name }) => ({
            ...{ id, content: name },
            actions: [
              {
                type: 'rename' as const,
                onPrimaryAction: (newName: string) => keep({ intent: 'rename', viewId: id, name: newName }),
              },
              {
                type: 'delete' as const,
                onPrimaryAction: () => keep({ intent: 'delete', viewId: id }),
              },
            ],
          })),
        ]}
        selected={open ? views.indexOf(open) + 1 : 0}
        onSelect={(index) => {
          onShowView(views[index - 1] ?? null);
        }}
        canCreateNewView
        onCreateNewView={(name) => keep({ intent: 'save', name, query: asked })}
        primaryAction={
          open
            ? {
                type: 'save',
                disabled: !isChanged,
                loading: keeping.state !== 'idle',
                onAction: () => keep({ intent: 'change', viewId: open.id, query: asked }),
              }
            : {
                type: 'save-as',
                disabled: !isChanged,
                loading: keeping.state !== 'idle',
                onAction: (name) => keep({ intent: 'save', name, query: asked }),
              }
        }
        cancelAction={{
          onAction: () => {
            onShowView(open);
          },
        }}
        appliedFilters={chips.map(({ key, label, without }) => ({
          ...{ key, label },
          onRemove: () => {
            onChange(without);
          },
        }))}
        sortOptions={sorts.flatMap((sort) => {
          const { label, asc, desc } = sortWords[sort];
          return [
            { label, value: `${sort} asc` as const, directionLabel: asc },
            { label, value: `${sort} desc` as const, directionLabel: desc },
          ];
        })}
        sortSelected={[`${sorted.sort} ${sorted.order}`]}
        onSort={([chosen = '']) => {
          const sort = sorts.find((each) => chosen.startsWith(`${each} `));
          if (sort) onChange({ sort, order: chosen.endsWith(' desc') ? 'desc' : 'asc' });
        }}
      />
    </>
  );
}
