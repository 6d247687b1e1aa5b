import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData, useNavigation, useSearchParams } from '@remix-run/react';
import {
  Badge,
  Banner,
  BlockStack,
  Box,
  Card,
  Divider,
  EmptySearchResult,
  IndexFilters,
  IndexFiltersMode,
  InlineStack,
  Link,
  Page,
  Pagination,
  Text,
  useSetIndexFiltersMode,
} from '@shopify/polaris';
import { Fragment } from 'react';
import { z } from 'zod';
import { changeText, leftOutWords } from '../catalogue/sync-words.ts';
import { findSync, listSyncItems, type SyncItem } from '../catalogue/syncs.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { displayFor } from '../ui/display.ts';
import { notFound } from '../ui/edge.server.ts';
import { ProblemBanner, problemText } from '../ui/problem.tsx';
import { useSearchBox } from '../ui/search-box.ts';

const Query = z.object({
  what: z.enum(['new', 'changed', 'withdrawn', 'returned', 'left-out']).nullable().catch(null),
  search: z.string().trim().max(100).catch(''),
  page: z.coerce.number().int().min(1).max(10_000).catch(1),
});
const PER_PAGE = 50;

export const meta = () => [{ title: 'Import' }];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const query = Query.parse({
    what: null,
    ...Object.fromEntries(new URL(request.url).searchParams),
  });
  const task = await findSync(shop, params.taskId ?? '');
  if (!task) throw notFound();
  const { items, total } = await listSyncItems(shop, task.id, { ...query, locale });
  const show = displayFor({ locale, timezone: shop.timezone });
  return json({
    ...query,
    at: show.moment(task.createdAt),
    problem: task.state === 'failed' ? (task.problem ?? '') : null,
    counts: task.counts,
    isFirst: (task.counts['created'] ?? 0) > 0 && total === 0 && query.what === null && query.search === '',
    items: items.map(({ changes, reason, ...item }) => ({
      ...item,
      reason: reason && leftOutWords[reason],
      changes: changes.map((change) => changeText(change, show)),
    })),
    pages: Math.max(1, Math.ceil(total / PER_PAGE)),
  });
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

const tabs: { what: SyncItem['what'] | null; label: string; count: string | null }[] = [
  { what: null, label: 'All', count: null },
  { what: 'new', label: 'New', count: 'created' },
  { what: 'changed', label: 'Changed', count: 'changed' },
  { what: 'withdrawn', label: 'Withdrawn', count: 'withdrawn' },
  { what: 'returned', label: 'Back again', count: 'returned' },
  { what: 'left-out', label: 'Left out', count: 'leftOut' },
];

export default function Sync() {
  const { at, problem, counts, isFirst, items, ...query } = useLoaderData<typeof loader>();
  const [, setParams] = useSearchParams();
  // Where all is new, there is nothing to tell apart.
  const isBare = isFirst && items.length === 0 && query.what === null && query.search === '';
  const go = (changes: Record<string, string>) => {
    setParams((before) => {
      const after = new URLSearchParams(before);
      after.delete('page');
      for (const [name, value] of Object.entries(changes)) {
        if (value === '') after.delete(name);
        else after.set(name, value);
      }
      return after;
    });
  };
  return (
    <Page title={`Import of ${at}`} backAction={{ content: 'Imports', url: '/app/catalogue/syncs' }}>
      <BlockStack gap="400">
        {problem !== null && (
          <ProblemBanner
            problem={problemText(problem)}
            messages={['This import stopped. What it had stored by then is below, and is right.']}
          />
        )}
        {isFirst && (
          <Banner>
            The first import: {(counts['created'] ?? 0).toLocaleString('en')} bundles, all of them new. From
            the next one on, what changes is listed here.
          </Banner>
        )}
        {(counts['incomplete'] ?? 0) > 0 && (
          <Banner tone="warning">
            The supplier’s list was not whole, or changed while it was read, so nothing was taken as
            withdrawn. The next import looks again.
          </Banner>
        )}
        {!isBare && (
          <Card padding="0">
            <Filters query={query} counts={counts} go={go} />
            {items.length === 0 ? (
              <Box padding="600">
                <EmptySearchResult
                  title={
                    query.search !== ''
                      ? 'Nothing found'
                      : query.what
                        ? 'Nothing of this kind'
                        : 'Nothing changed'
                  }
                  description={query.search === '' ? '' : 'Try other words, or another tab.'}
                  withIllustration={false}
                />
              </Box>
            ) : (
              items.map((item) => (
                <Fragment key={item.position}>
                  <Divider />
                  <Item item={item} />
                </Fragment>
              ))
            )}
            {query.pages > 1 && (
              <Pagination
                type="table"
                hasPrevious={query.page > 1}
                hasNext={query.page < query.pages}
                onPrevious={() => {
                  go({ page: String(query.page - 1) });
                }}
                onNext={() => {
                  go({ page: String(query.page + 1) });
                }}
                label={`Page ${String(query.page)} of ${String(query.pages)}`}
              />
            )}
          </Card>
        )}
      </BlockStack>
    </Page>
  );
}

interface FiltersProps {
  query: Pick<Data, 'what' | 'search'>;
  counts: Data['counts'];
  go: (changes: Record<string, string>) => void;
}

function Filters({ query: { what, search }, counts, go }: FiltersProps) {
  const isReading = useNavigation().state === 'loading';
  const { mode, setMode } = useSetIndexFiltersMode(
    search === '' ? IndexFiltersMode.Default : IndexFiltersMode.Filtering,
  );
  const [typed, setTyped] = useSearchBox(search, (text) => {
    go({ search: text });
  });
  const clear = () => {
    setTyped('');
  };
  return (
    <IndexFilters
      mode={mode}
      setMode={setMode}
      tabs={tabs.map(({ what: id, label, count }) => ({
        id: id ?? 'all',
        content: label,
        ...(count !== null && { badge: String(counts[count] ?? 0) }),
        onAction: () => {
          go({ what: id ?? '' });
        },
      }))}
      selected={tabs.findIndex((tab) => tab.what === what)}
      canCreateNewView={false}
      queryValue={typed}
      queryPlaceholder="Search by place or code"
      onQueryChange={setTyped}
      onQueryClear={clear}
      cancelAction={{ onAction: clear }}
      filters={[]}
      appliedFilters={[]}
      hideFilters
      onClearAll={clear}
      loading={isReading}
    />
  );
}

function Item({ item }: { item: Data['items'][number] }) {
  const title = item.title || 'A line without a name';
  return (
    <Box padding="400">
      <BlockStack gap="100">
        <InlineStack gap="200" blockAlign="center">
          <span style={{ overflowWrap: 'anywhere' }}>
            {item.bundleId === null ? (
              <Text as="span">{title}</Text>
            ) : (
              <Link url={`/app/catalogue/${item.bundleId}`} removeUnderline monochrome>
                {title}
              </Link>
            )}
          </span>
          <WhatBadge what={item.what} />
        </InlineStack>
        {item.changes.map((change) => (
          <Text as="p" key={change.field} tone="subdued" breakWord>
            {change.field}: {change.old} → {change.new}
          </Text>
        ))}
        {item.reason !== null && (
          <Text as="p" tone="subdued">
            {item.reason}
          </Text>
        )}
      </BlockStack>
    </Box>
  );
}

function WhatBadge({ what }: { what: SyncItem['what'] }) {
  switch (what) {
    case 'new':
      return <Badge tone="success">New</Badge>;
    case 'changed':
      return <Badge tone="info">Changed</Badge>;
    case 'withdrawn':
      return <Badge tone="critical">Withdrawn</Badge>;
    case 'returned':
      return <Badge tone="success">Back again</Badge>;
    case 'left-out':
      return <Badge tone="warning">Left out</Badge>;
    default:
      return what satisfies never;
  }
}
