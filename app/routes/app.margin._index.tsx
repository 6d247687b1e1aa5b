import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData, useSearchParams } from '@remix-run/react';
import { BlockStack, Card, Page, Tabs, Text } from '@shopify/polaris';
import { figuresOf } from '../balance/figures.server.ts';
import { marginOf } from '../balance/figures.ts';
import { orderMargins } from '../balance/order-margins.server.ts';
import { readPeriod } from '../balance/period.ts';
import { useDownload } from '../ui/use-download.ts';
import { destinationLabel } from '../desk/esim-words.ts';
import { regionNames } from '../desk/regions.server.ts';
import { currentTime } from '../platform/time.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { displayFor } from '../ui/display.ts';
import { MarginTable } from '../ui/figures/margin-table.tsx';
import { marginLine, notesOn, type MarginLine } from '../ui/figures/view.ts';
import { Inset } from '../ui/inset.tsx';
import { PeriodPicker } from '../ui/period-picker.tsx';

export const meta = () => [{ title: 'Margin' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const asked = new URL(request.url).searchParams;
  const now = currentTime();
  const period = readPeriod(asked, { now, timezone: shop.timezone });
  const [by, after] = [asked.get('by') === 'order' ? 'order' : 'destination', asked.get('after')] as const;
  const regions = await regionNames(shop);
  const show = displayFor({ locale, timezone: shop.timezone });
  const place = (key: string) => destinationLabel(key, regions, locale);
  const reader = { shop, show, locale, place };
  const figures = await figuresOf(shop, period);
  const total = marginLine(
    { ...figures, margin: marginOf(figures) },
    { key: 'total', title: 'Total' },
    reader,
  );
  const page = { ...{ period, by, isFirst: after === null }, notes: notesOn(figures, reader) };
  if (by === 'destination')
    return json({
      ...page,
      next: null,
      total,
      lines: [...figures.byDestination]
        .sort(([, a], [, b]) => b.sales.cmp(a.sales) || b.cost.cmp(a.cost))
        .map(([key, sums]) =>
          marginLine(
            { ...sums, margin: marginOf({ ...sums, unknown: figures.unknown }) },
            { key: key || 'unknown', title: key === '' ? 'For no destination' : place(key) },
            reader,
          ),
        ),
    });
  const { orders, next } = await orderMargins(shop, period, { after });
  return json({
    ...page,
    next,
    total: null,
    lines: orders.map((order): MarginLine => ({
      ...marginLine(order, { key: order.orderId, title: order.name }, reader),
      url: `/app/orders/${order.orderId}`,
      note: show.moment(order.placedAt),
      isTest: order.isTest,
    })),
  });
}

const tabs = [
  { id: 'destination', content: 'By destination' },
  { id: 'order', content: 'By order' },
];

export default function Margin() {
  const { period, by, isFirst, next, lines, total, notes } = useLoaderData<typeof loader>();
  const [params, setParams] = useSearchParams();
  const { download, isDownloading } = useDownload('/app/margin/export', `margin-by-${by}.csv`);
  const go = (changes: Record<string, string | null>) => {
    setParams((before) => {
      const asked = new URLSearchParams(before);
      for (const [name, value] of Object.entries(changes))
        if (value === null) asked.delete(name);
        else asked.set(name, value);
      return asked;
    });
  };
  return (
    <Page
      title="Margin"
      backAction={{ content: 'Home', url: '/app' }}
      secondaryActions={[
        {
          content: 'Export CSV',
          loading: isDownloading,
          onAction: () => {
            download(params.toString());
          },
        },
      ]}
    >
      <BlockStack gap="400">
        <PeriodPicker period={period} />
        {notes.map((note) => (
          <Inset key={note}>
            <Text as="p" tone="subdued">
              {note}
            </Text>
          </Inset>
        ))}
        <Card padding="0">
          <Tabs
            tabs={tabs}
            selected={by === 'order' ? 1 : 0}
            onSelect={(index) => {
              go({ by: tabs[index]?.id ?? null, after: null });
            }}
          />
          <MarginTable
            heading={by === 'order' ? 'Order' : 'Destination'}
            lines={lines}
            total={total}
            isFirst={isFirst}
            onFirst={() => {
              go({ after: null });
            }}
            onNext={
              next === null
                ? null
                : () => {
                    go({ after: next });
                  }
            }
          />
        </Card>
        <Inset>
          <Text as="p" tone="subdued">
            {by === 'order'
              ? 'Orders placed in this period, with all that was sold, bought and given back for each since.'
              : 'What was bought and given back at the suppliers in this period, to the cent as the ledger has it.'}
          </Text>
        </Inset>
      </BlockStack>
    </Page>
  );
}
