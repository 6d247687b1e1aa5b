import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData } from '@remix-run/react';
import {
  Badge,
  Banner,
  BlockStack,
  Box,
  Button,
  Card,
  InlineStack,
  Link,
  Page,
  Text,
} from '@shopify/polaris';
import { GlobeIcon } from '@shopify/polaris-icons';
import { z } from 'zod';
import { bundleTitle, countryName, dataLabel, daysLabel, placeLabel } from '../catalogue/bundle.ts';
import type { FilterChoices } from '../catalogue/bundle-filters.tsx';
import { BundleList, type BundleRow } from '../catalogue/bundle-list.tsx';
import { isFiltered, readBundleQuery, type BundleQuery } from '../catalogue/bundle-query.ts';
import { accountsWithPrices } from '../catalogue/consumption-prices.server.ts';
import { catalogueChoices, type CatalogueChoices } from '../catalogue/choices.server.ts';
import { countMatching, findBundles, type ListedBundle } from '../catalogue/queries.server.ts';

import { soldAsWords } from '../catalogue/sold-as.ts';
import { importedText } from '../catalogue/sync-words.ts';
import { startSync } from '../catalogue/sync.server.ts';
import { pricesFor } from '../products/prices.server.ts';
import type { Price } from '../products/pricing.ts';
import { refusalWords } from '../products/refusal-words.ts';
import { listViews } from '../settings/saved-views.server.ts';
import { listSellers } from '../settings/suppliers.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { newestTask } from '../tasks/queries.server.ts';
import { cancelTask } from '../tasks/start.server.ts';
import { isFinished } from '../tasks/task.ts';
import { displayFor, type Display } from '../ui/display.ts';
import { Empty } from '../ui/empty.tsx';
import { parseForm } from '../ui/form.server.ts';
import { ProblemBanner, problemText } from '../ui/problem.tsx';
import { TaskCard } from '../ui/task-card.tsx';

export const meta = () => [{ title: 'Catalogue' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const query = readBundleQuery(new URL(request.url).searchParams, locale);
  const display = displayFor({ locale, timezone: shop.timezone });
  const [suppliers, priced, choices, found, matching, views, progress] = await Promise.all([
    listSellers(shop),
    accountsWithPrices(shop),
    catalogueChoices(shop),
    findBundles(shop, query),
    isFiltered(query) ? countMatching(shop, query, { most: MOST_COUNTED + 1 }) : null,
    listViews(shop, 'catalogue'),
    newestTask(shop, 'catalogue.sync'),
  ]);
  const prices = await pricesFor(shop, found.bundles);
  const connected = suppliers.filter(({ state }) => state !== 'disconnected');
  const labels = new Map(suppliers.map(({ id, label }) => [id, label]));
  const supplierOf = ({ accountId }: ListedBundle) =>
    connected.length > 1 ? (labels.get(accountId) ?? '') : null;
  return json({
    accountIds: connected.map(({ id }) => id),
    hasBundles: choices.onSale > 0,
    hasPricesByData: priced.length > 0,
    cannotPrice: [...prices.values()].some(
      (price) => price.status === 'refused' && price.reason === 'no-rate',
    ),
    rows: found.bundles.map((bundle) => toRow(bundle, prices.get(bundle.id), display, supplierOf)),
    ...{ previous: found.previous, next: found.next, query },
    total: matching ?? choices.onSale,
    count: countWords(matching ?? choices.onSale, display, matching !== null),
    ...{ views, choices: filterChoices(choices, suppliers, locale) },
    compare: comparable(query, choices.destinations),
    progress,
    lastImport:
      progress?.state === 'done' && progress.finishedAt
        ? `Imported ${display.moment(progress.finishedAt)}: ${importedText(progress.counts)}.`
        : null,
  });
}

// Beyond it a person wants to narrow the question, not to know.
const MOST_COUNTED = 1000;

function countWords(count: number, display: Display, isCapped: boolean): string {
  if (isCapped && count > MOST_COUNTED) return `More than ${display.count(MOST_COUNTED)} bundles`;
  return `${display.count(count)} ${count === 1 ? 'bundle' : 'bundles'}`;
}

/** Where all bundles of the one destination that is asked for are compared. */
function comparable(
  { country, region, locale }: BundleQuery,
  destinations: CatalogueChoices['destinations'],
) {
  const [code, ...others] = country;
  const asked =
    code !== undefined && others.length === 0
      ? { key: code, name: countryName(code, locale) }
      : destinations.flatMap(({ key, region: name }) =>
          region.length === 1 && name === region[0] ? [{ key, name }] : [],
        )[0];
  if (!asked) return null;
  const parameters = new URLSearchParams({ destination: asked.key });
  return { name: asked.name, url: `/app/catalogue/compare?${parameters.toString()}` };
}

function filterChoices(
  { countries, regions, groups, speeds }: CatalogueChoices,
  suppliers: { id: string; label: string }[],
  locale: string,
): FilterChoices {
  const plain = (names: string[]) => names.map((name) => ({ value: name, label: name }));
  return {
    countries: countries
      .map((code) => ({ value: code, label: countryName(code, locale) }))
      .sort((a, b) => a.label.localeCompare(b.label, locale)),
    ...{ regions: plain(regions), groups: plain(groups), speeds: plain(speeds) },
    accounts: suppliers.map(({ id, label }) => ({ value: id, label })),
  };
}

const Intent = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('import') }),
  z.object({ intent: z.literal('cancel-task'), taskId: z.uuid() }),
]);

export async function action({ request }: ActionFunctionArgs) {
  const { shop, staff } = await requireShop(request);
  const form = await parseForm(request, Intent);
  if (form.status === 'invalid') return json(form, 400);
  switch (form.input.intent) {
    case 'import': {
      const suppliers = await listSellers(shop);
      const connected = suppliers.filter(({ state }) => state !== 'disconnected');
      await Promise.all(connected.map(({ id }) => startSync(shop, id, staff)));
      return json({ status: 'importing' as const });
    }
    case 'cancel-task':
      await cancelTask(shop, form.input.taskId);
      return json({ status: 'cancelling' as const });
    default:
      return form.input satisfies never;
  }
}

function toRow(
  bundle: ListedBundle,
  priced: Price | undefined,
  display: Display,
  supplierOf: (bundle: ListedBundle) => string | null,
): BundleRow {
  const own = bundle.mappings.find(({ origin }) => origin === 'published');
  const price =
    own && own.priceMinor !== null && own.currency !== null
      ? { amount: own.priceMinor, currency: own.currency }
      : priced?.status === 'priced'
        ? priced.price
        : null;
  return {
    id: bundle.id,
    title: bundleTitle(bundle, display.locale),
    code: bundle.code,
    places:
      bundle.countries.length > 1
        ? `${String(bundle.countries.length)} countries`
        : placeLabel(bundle, display.locale),
    data: dataLabel(bundle),
    days: daysLabel(bundle.days),
    cost: display.cost(bundle.cost),
    price: price && display.money(price),
    isWithdrawn: bundle.withdrawnAt !== null,
    sold: soldAsWords(bundle.mappings),
    supplier: supplierOf(bundle),
  };
}

export default function Catalogue() {
  const {
    accountIds,
    hasBundles,
    hasPricesByData,
    cannotPrice,
    rows,
    count,
    previous,
    next,
    query,
    choices,
    views,
    compare,
    progress,
    lastImport,
  } = useLoaderData<typeof loader>();
  const importing = useFetcher<typeof action>();
  const isRunning = progress !== null && !isFinished(progress.state);
  const startImporting = () => {
    importing.submit({ intent: 'import' }, { method: 'post' });
  };
  const isConnected = accountIds.length > 0;
  const isBusy = isRunning || importing.state !== 'idle';
  return (
    <Page
      title="Catalogue"
      fullWidth
      {...(hasBundles &&
        isConnected && {
          primaryAction: { content: 'Import catalogue', loading: isBusy, onAction: startImporting },
          secondaryActions: [
            { content: 'Imports', url: '/app/catalogue/syncs' },
            { content: 'Mapped variants', url: '/app/products/mapping' },
            ...(hasPricesByData ? [{ content: 'Prices by the gigabyte', url: '/app/catalogue/prices' }] : []),
          ],
        })}
    >
      <BlockStack gap="400">
        {progress?.state === 'failed' && (
          <ProblemBanner
            problem={problemText(progress.problem ?? '')}
            messages={['The last import of the catalogue stopped.']}
          />
        )}
        {cannotPrice && (
          <Banner tone="warning" title="These bundles have no price in your shop's currency">
            {refusalWords['no-rate']}
          </Banner>
        )}
        {progress && (
          <TaskCard
            task={progress}
            title="Importing the catalogue"
            unit="bundles"
            waiting="Waiting for the supplier"
          />
        )}
        {lastImport !== null && (
          <Box paddingInline={{ xs: '400', sm: '0' }}>
            <Text as="p" tone="subdued">
              {lastImport} <Link url={`/app/catalogue/syncs/${progress?.id ?? ''}`}>See what it found</Link>
            </Text>
          </Box>
        )}
        <Card padding="0">
          {!hasBundles && !isFiltered(query) ? (
            <NothingYet isConnected={isConnected} isBusy={isBusy} onImport={startImporting} />
          ) : (
            <BundleList
              {...{ rows, count, previous, next, query, choices, views, compare }}
              badge={(row) => <SoldBadge row={row} />}
            />
          )}
        </Card>
      </BlockStack>
    </Page>
  );
}

function NothingYet({
  isConnected,
  isBusy,
  onImport,
}: {
  isConnected: boolean;
  isBusy: boolean;
  onImport: () => void;
}) {
  if (!isConnected) {
    return (
      <Empty
        icon={GlobeIcon}
        title="Connect a supplier first"
        text="Bundles come from your eSIM supplier. Enter its API key, and import the catalogue here."
        action={
          <Button variant="primary" url="/app/settings/suppliers">
            Connect a supplier
          </Button>
        }
      />
    );
  }
  return (
    <Empty
      icon={GlobeIcon}
      title={isBusy ? 'The catalogue is being imported' : 'No bundles yet'}
      text="Import what your supplier sells. Then choose what your shop sells."
      action={
        <Button variant="primary" loading={isBusy} onClick={onImport}>
          Import catalogue
        </Button>
      }
    />
  );
}

function SoldBadge({ row }: { row: Pick<BundleRow, 'sold' | 'isWithdrawn'> }) {
  if (row.isWithdrawn) return <Badge tone="critical">Withdrawn</Badge>;
  if (row.sold.length === 0)
    return (
      <Text as="span" tone="subdued">
        –
      </Text>
    );
  return (
    <InlineStack gap="100">
      {row.sold.map((as) => (
        <Badge key={as} tone={as === 'published' ? 'success' : 'info'}>
          {as === 'published' ? 'Published' : 'Mapped'}
        </Badge>
      ))}
    </InlineStack>
  );
}
