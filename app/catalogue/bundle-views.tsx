import { useEffect, useState } from 'react';
import type { SavedView } from '../settings/saved-views.server.ts';
import { ListViews } from '../ui/list-views.tsx';
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

  const accountNames = new Map(choices.accounts.map(({ value, label }) => [value, label]));
  const countryNames = new Map(choices.countries.map(({ value, label }) => [value, label]));
  return (
    <ListViews
      action="/app/catalogue/views"
      views={views}
      viewId={viewId}
      asked={writeBundleQuery(withoutPage(query)).toString()}
      isFiltered={isFiltered(query)}
      onShowView={(view) => {
        const shown = view ? readBundleQuery(new URLSearchParams(view.query)) : bundleQuery({});
        setTyped(shown.search);
        onShow(shown, view?.id ?? null);
      }}
      queryValue={typed}
      queryPlaceholder="Search by country, region, data or code"
      onQueryChange={setTyped}
      onQueryClear={() => {
        setTyped('');
        onChange({ search: '' });
      }}
      filters={bundleFilters(query, choices, onChange)}
      chips={filterChips(query, { countryNames, accountNames })}
      onClearAll={() => {
        setTyped('');
        onShow(bundleQuery({ sort: query.sort, order: query.order }), viewId);
      }}
      sorts={bundleSorts}
      sortWords={sortNames}
      sorted={query}
      onChange={onChange}
    />
  );
}
