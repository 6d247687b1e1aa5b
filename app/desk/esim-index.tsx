import { useFetcher } from '@remix-run/react';
import { Box, Button, InlineStack, Text } from '@shopify/polaris';
import { useState, type ReactNode } from 'react';
import type { SavedView } from '../settings/saved-views.server.ts';
import type { FoundView } from '../ui/esim/found-view.ts';
import type { EsimRow } from '../ui/esim/list-view.ts';
import { ListViews } from '../ui/list-views.tsx';
import { useSearchBox } from '../ui/search-box.ts';
import { useAsked } from '../ui/use-asked.ts';
import { useDownload } from '../ui/use-download.ts';
import { esimFilters, type FilterChoices } from './esim-filters.tsx';
import {
  esimQuery,
  esimSorts,
  fromItsBeginning,
  isNarrowed,
  readEsimQuery,
  writeEsimQuery,
  type EsimQuery,
} from './esim-query.ts';
import { EsimRows } from './esim-rows.tsx';
import { filterChips, sortWords } from './esim-words.ts';
import { SearchResults } from './search-results.tsx';
import { MOST_TYPED } from './search-terms.ts';

export interface IndexProps {
  rows: EsimRow[];
  /** "120 eSIMs", "More than 1,000 eSIMs" */
  count: string;
  previous: string | null;
  next: string | null;
  query: EsimQuery;
  choices: FilterChoices;
  views: SavedView[];
  /** Shown in place of the rows when there is no eSIM at all; the search stays. */
  empty: ReactNode;
}

const address = { read: readEsimQuery, write: writeEsimQuery, fromItsBeginning };

/** All eSIMs of the shop: search, filter, page through and choose. While something is searched, what was found is shown. */
export function EsimIndex(props: IndexProps) {
  const { choices, views } = props;
  const { query, viewId, change, show } = useAsked(address);
  const { typed, setTyped, found, isSearching } = useSearch();
  const names = {
    destinations: new Map(choices.destinations.map(({ value, label }) => [value, label])),
    accounts: new Map(choices.accounts.map(({ value, label }) => [value, label])),
  };
  return (
    <>
      <ListViews
        action="/app/esims/views"
        views={views}
        viewId={viewId}
        asked={writeEsimQuery(fromItsBeginning(query)).toString()}
        isFiltered={isNarrowed(query)}
        isReading={isSearching}
        onShowView={(view) => {
          setTyped('');
          show(view ? readEsimQuery(new URLSearchParams(view.query)) : esimQuery({}), view?.id ?? null);
        }}
        queryValue={typed}
        queryPlaceholder="ICCID or its last 4 digits, order, e-mail, name, install code"
        onQueryChange={setTyped}
        onQueryClear={() => {
          setTyped('');
        }}
        filters={esimFilters(query, choices, change)}
        chips={filterChips(query, names)}
        onClearAll={() => {
          setTyped('');
          show(esimQuery({ sort: query.sort, order: query.order }), viewId);
        }}
        sorts={esimSorts}
        sortWords={sortWords}
        sorted={query}
        onChange={change}
      />
      {typed.trim() !== '' ? (
        <SearchResults found={found} typed={typed.trim()} />
      ) : props.empty ? (
        props.empty
      ) : (
        <>
          <Tools count={props.count} query={props.query} />
          {/* Another page or question starts with nothing chosen. */}
          <EsimRows key={JSON.stringify(props.query)} {...props} onChange={change} />
        </>
      )}
    </>
  );
}

type SearchAnswer = ({ status: 'found' } & FoundView) | { status: 'invalid' };

/** What is typed is asked for by POST: an address or a code in the browser's history would stay there. */
function useSearch() {
  const asking = useFetcher<SearchAnswer>();
  const [answeredFor, setAnsweredFor] = useState('');
  const [typed, setTyped] = useSearchBox('', (text) => {
    setAnsweredFor(text);
    if (text.trim() !== '')
      asking.submit({ typed: text.slice(0, MOST_TYPED) }, { method: 'post', action: '/app/esims/search' });
  });
  const isAnswered = asking.state === 'idle' && answeredFor === typed;
  return {
    ...{ typed, setTyped },
    isSearching: typed.trim() !== '' && !isAnswered,
    // While the next answer is on its way the last one stays, so that nothing flickers.
    found: asking.data?.status === 'found' ? asking.data : null,
  };
}

function Tools({ count, query }: Pick<IndexProps, 'count' | 'query'>) {
  const { download, isDownloading } = useDownload('/app/esims/export', 'esims.csv');
  return (
    <Box paddingInline="400" paddingBlock="200">
      <InlineStack gap="400" align="space-between" blockAlign="center">
        <Text as="p" tone="subdued">
          {count}
        </Text>
        <Button
          variant="plain"
          loading={isDownloading}
          onClick={() => {
            download(writeEsimQuery(fromItsBeginning(query)).toString());
          }}
        >
          Export CSV
        </Button>
      </InlineStack>
    </Box>
  );
}
