import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData, useNavigate, useNavigation } from '@remix-run/react';
import {
  Badge,
  BlockStack,
  Box,
  Button,
  Card,
  IndexTable,
  InlineStack,
  Link,
  Page,
  Select,
  Text,
  useBreakpoints,
} from '@shopify/polaris';
import { GlobeIcon } from '@shopify/polaris-icons';
import { z } from 'zod';
import { countryName, dataLabel, daysLabel } from '../catalogue/bundle.ts';
import { catalogueChoices } from '../catalogue/choices.server.ts';
import { compareBundles, compareSorts, sortCompared, type CompareSort } from '../catalogue/compare.ts';
import { DestinationPicker } from '../catalogue/destination-picker.tsx';
import { bundlesFor } from '../catalogue/queries.server.ts';
import { TodayCard } from '../catalogue/today-card.tsx';
import { costsInShop } from '../products/scheme.server.ts';
import { accountsAbleTo, listSuppliers } from '../settings/suppliers.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { counted, displayFor } from '../ui/display.ts';
import { Empty } from '../ui/empty.tsx';

const Query = z.object({
  destination: z
    .string()
    .trim()
    .max(200)
    .refine((text) => !text.includes('\0'))
    .catch(''),
  sort: z.enum(compareSorts).catch('size'),
});

export const meta = () => [{ title: 'Compare bundles' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const query = Query.parse(Object.fromEntries(new URL(request.url).searchParams));
  const [choices, suppliers, bundles, inShop, askable] = await Promise.all([
    catalogueChoices(shop),
    listSuppliers(shop),
    query.destination === '' ? [] : bundlesFor(shop, query.destination),
    costsInShop(shop),
    accountsAbleTo(shop, 'findBundles'),
  ]);
  // Suppliers that charge in several currencies are compared in the shop's.
  const isMixed = new Set(bundles.map(({ cost }) => cost.currency)).size > 1;
  const compared = isMixed
    ? bundles.map((bundle) => ({ ...bundle, cost: inShop(bundle.cost) ?? bundle.cost }))
    : bundles;
  const currencyOf = new Map(compared.map(({ id, cost }) => [id, cost.currency]));
  const display = displayFor({ locale, timezone: shop.timezone });
  const labels = new Map(suppliers.map(({ id, label }) => [id, label]));
  const byId = new Map(bundles.map((bundle) => [bundle.id, bundle]));
  const rows = sortCompared(compared, compareBundles(compared), query.sort).flatMap(
    ({ id, perGigabyte, perDay, ...marks }) => {
      const bundle = byId.get(id);
      if (!bundle) return [];
      const currency = currencyOf.get(id) ?? bundle.cost.currency;
      return {
        ...{ id, code: bundle.code, data: dataLabel(bundle), days: daysLabel(bundle.days) },
        supplier: labels.get(bundle.accountId) ?? '',
        cost: display.cost(bundle.cost),
        perGigabyte: perGigabyte && display.cost({ amount: perGigabyte, currency }),
        perDay: display.cost({ amount: perDay, currency }),
        isSold: bundle.mappings.length > 0,
        ...marks,
      };
    },
  );
  const destinations = choices.destinations
    .map(({ key, region }) => ({ value: key, label: region ?? countryName(key, locale) }))
    .sort((a, b) => a.label.localeCompare(b.label, locale));
  const name = destinations.find(({ value }) => value === query.destination)?.label ?? null;
  return json({ ...query, name, rows, destinations, askable: askable.map(({ label }) => label) });
}

type Row = ReturnType<typeof useLoaderData<typeof loader>>['rows'][number];

const sortLabels: Record<CompareSort, string> = {
  size: 'Data, then days',
  cost: 'Cost',
  'cost-per-gb': 'Cost per GB',
  'cost-per-day': 'Cost per day',
};

export default function Compare() {
  const { destination, sort, name, rows, destinations, askable } = useLoaderData<typeof loader>();
  const navigate = useNavigate();
  const isReading = useNavigation().state === 'loading';
  const { smDown } = useBreakpoints();
  const go = (changes: { destination?: string; sort?: string }) => {
    navigate(`?${new URLSearchParams({ destination, sort, ...changes }).toString()}`, { replace: true });
  };
  return (
    <Page
      fullWidth
      title={name === null ? 'Compare bundles' : `Compare bundles: ${name}`}
      backAction={{ content: 'Catalogue', url: '/app/catalogue' }}
    >
      <Card padding="0">
        <Box padding="300">
          <InlineStack gap="300" blockAlign="end">
            <div style={{ flex: '1 1 14rem' }}>
              <DestinationPicker
                key={destination}
                destinations={destinations}
                chosen={name === null ? null : { value: destination, label: name }}
                onChoose={(value) => {
                  go({ destination: value });
                }}
              />
            </div>
            <Select
              label="Lowest first"
              options={compareSorts.map((value) => ({ value, label: sortLabels[value] }))}
              value={sort}
              onChange={(value) => {
                go({ sort: value });
              }}
            />
          </InlineStack>
        </Box>
        {rows.length === 0 ? (
          <Nothing hasDestinations={destinations.length > 0} isAsked={destination !== ''} />
        ) : (
          <IndexTable
            condensed={smDown}
            selectable={false}
            itemCount={rows.length}
            loading={isReading}
            resourceName={{ singular: 'bundle', plural: 'bundles' }}
            headings={[
              { title: 'Data' },
              { title: 'Days' },
              { title: 'Supplier' },
              { title: 'Cost', alignment: 'end' },
              { title: 'Per GB', alignment: 'end' },
              { title: 'Per day', alignment: 'end' },
              { title: 'Cheapest' },
            ]}
          >
            {rows.map((row, position) => (
              <IndexTable.Row key={row.id} id={row.id} position={position}>
                {smDown ? <NarrowCells row={row} /> : <WideCells row={row} />}
              </IndexTable.Row>
            ))}
          </IndexTable>
        )}
      </Card>
      {rows.length > 0 && (
        <Box padding="300">
          <Text as="p" tone="subdued">
            {counted(rows.length, 'bundle')} on sale. Costs in several currencies are compared at the rates of
            your prices; those without a rate only with each other. Unlimited data has no cost per GB.
          </Text>
        </Box>
      )}
      {name !== null && askable.length > 0 && (
        <TodayCard key={destination} destination={destination} suppliers={askable} />
      )}
    </Page>
  );
}

function WideCells({ row }: { row: Row }) {
  return (
    <>
      <IndexTable.Cell>
        <BundleLink row={row}>{row.data}</BundleLink>
      </IndexTable.Cell>
      <IndexTable.Cell>{row.days}</IndexTable.Cell>
      <IndexTable.Cell>{row.supplier}</IndexTable.Cell>
      <IndexTable.Cell>
        <Figure>{row.cost}</Figure>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Figure>{row.perGigabyte ?? '–'}</Figure>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Figure>{row.perDay}</Figure>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Marks row={row} />
      </IndexTable.Cell>
    </>
  );
}

function NarrowCells({ row }: { row: Row }) {
  return (
    <div style={{ padding: 'var(--p-space-300) var(--p-space-400)', width: '100%' }}>
      <BlockStack gap="100">
        <InlineStack align="space-between">
          <BundleLink row={row}>{`${row.data}, ${row.days}`}</BundleLink>
          <Text as="span" numeric>
            {row.cost}
          </Text>
        </InlineStack>
        <Text as="span" tone="subdued">
          {row.perGigabyte !== null && `${row.perGigabyte} per GB, `}
          {row.perDay} per day · {row.supplier}
        </Text>
        <Marks row={row} />
      </BlockStack>
    </div>
  );
}

function BundleLink({ row, children }: { row: Row; children: string }) {
  return (
    <Link url={`/app/catalogue/${row.id}`} dataPrimaryLink monochrome removeUnderline>
      <Text as="span" fontWeight="semibold">
        {children}
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

function Marks({ row }: { row: Row }) {
  return (
    <InlineStack gap="100">
      {row.isCheapestPerGigabyte && <Badge tone="success">Lowest per GB</Badge>}
      {row.isCheapestPerDay && <Badge tone="success">Lowest per day</Badge>}
      {row.isCheapestOfSize && <Badge tone="info">Lowest of its size</Badge>}
      {row.isSold && <Badge>In your shop</Badge>}
    </InlineStack>
  );
}

function Nothing({ hasDestinations, isAsked }: { hasDestinations: boolean; isAsked: boolean }) {
  if (!hasDestinations) {
    return (
      <Empty
        icon={GlobeIcon}
        title="Nothing to compare yet"
        text="Import what your supplier sells. Then compare the bundles of a destination here."
        action={<Button url="/app/catalogue">Open the catalogue</Button>}
      />
    );
  }
  return (
    <Empty
      icon={GlobeIcon}
      title={isAsked ? 'No bundle is on sale there' : 'Choose a destination'}
      text="A country, a region or the world: all sizes of all your suppliers are shown side by side."
    />
  );
}
