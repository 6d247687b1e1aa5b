import { useFetcher, useNavigation } from '@remix-run/react';
import { Banner, Box, IndexFilters, IndexFiltersMode, useSetIndexFiltersMode } from '@shopify/polaris';
import { useEffect, useState } from 'react';
import { useToastOf } from '../ui/toast.ts';
import { bundleFilters, type FilterChoices } from './bundle-filters.tsx';
import {
  bundleQuery,
  bundleSorts,
  MOST_LETTERS,
  isFiltered,
  readBundleQuery,
  withoutPage,
  writeBundleQuery,
  type BundleQuery,
} from './bundle-query.ts';
import { filterChips, sortNames } from './filter-words.ts';
import type { SavedView } from './saved-views.server.ts';

interface Props {
  query: BundleQuery;
  /** Of the tab that is open; null for the one that shows all. */
  viewId: string | null;
  views: SavedView[];
  choices: FilterChoices;
  onChange: (parts: Partial<BundleQuery>) => void;
  onShow: (query: BundleQuery, viewId: string | null) => void;
}

/** Tabs of saved views, the search, the filters with what is applied of them, and the order. */
export function BundleViews({ query, viewId, views, choices, onChange, onShow }: Props) {
  const isReading = useNavigation().state === 'loading';
  const keeping = useFetcher<{ status: string; text?: string; fields?: Record<string, string> }>();
  useToastOf(keeping.data);
  const keep = (fields: Record<string, string>) => {
    keeping.submit(fields, { method: 'post', action: '/app/catalogue/views' });
    // Polaris closes its dialog; a refusal stands above the list.
    return Promise.resolve(true);
  };
  const { mode, setMode } = useSetIndexFiltersMode(
    isFiltered(query) ? IndexFiltersMode.Filtering : IndexFiltersMode.Default,
  );
  const [typed, setTyped] = useState(query.search);
  const wanted = typed.trim().slice(0, MOST_LETTERS).trim();
  useEffect(() => {
    if (wanted === query.search) return;
    // One question when the typing pauses, not one for each letter; and always of the filters as they are by then.
    const pause = setTimeout(() => {
      onChange({ search: wanted });
    }, 250);
    return () => {
      clearTimeout(pause);
    };
  }, [wanted, query.search, onChange]);

  const open = views.find(({ id }) => id === viewId) ?? null;
  const asked = writeBundleQuery(withoutPage(query)).toString();
  const isChanged = asked !== (open?.query ?? '');
  const showView = (view: SavedView | null) => {
    const shown = view ? readBundleQuery(new URLSearchParams(view.query)) : bundleQuery({});
    setTyped(shown.search);
    onShow(shown, view?.id ?? null);
  };
  const clear = () => {
    setTyped('');
    onShow(bundleQuery({ sort: query.sort, order: query.order }), viewId);
  };
  const accountNames = new Map(choices.accounts.map(({ value, label }) => [value, label]));
  const countryNames = new Map(choices.countries.map(({ value, label }) => [value, label]));
  return (
    <>
      {keeping.data?.status === 'refused' && (
        <Box padding="300">
          <Banner tone="warning" title="The view was not kept">
            {keeping.data.text}
          </Banner>
        </Box>
      )}
      {keeping.data?.status === 'invalid' && (
        <Box padding="300">
          <Banner tone="warning" title="The view was not kept">
            {Object.values(keeping.data.fields ?? {}).join(' ')}
          </Banner>
        </Box>
      )}
      <IndexFilters
        mode={mode}
        setMode={setMode}
        loading={isReading}
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
          showView(views[index - 1] ?? null);
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
            showView(open);
          },
        }}
        queryValue={typed}
        queryPlaceholder="Search by country, region, data or code"
        onQueryChange={setTyped}
        onQueryClear={() => {
          setTyped('');
          onChange({ search: '' });
        }}
        filters={bundleFilters(query, choices, onChange)}
        appliedFilters={filterChips(query, { countryNames, accountNames }).map(({ key, label, without }) => ({
          key,
          label,
          onRemove: () => {
            onChange(without);
          },
        }))}
        onClearAll={clear}
        sortOptions={bundleSorts.flatMap((sort) => {
          const { label, asc, desc } = sortNames[sort];
          return [
            { label, value: `${sort} asc` as const, directionLabel: asc },
            { label, value: `${sort} desc` as const, directionLabel: desc },
          ];
        })}
        sortSelected={[`${query.sort} ${query.order}`]}
        onSort={([chosen = '']) => {
          const { sort, order } = readBundleQuery(
            new URLSearchParams({ sort: chosen.split(' ')[0] ?? '', order: chosen.split(' ')[1] ?? '' }),
          );
          onChange({ sort, order });
        }}
      />
    </>
  );
}
