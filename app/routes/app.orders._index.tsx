import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData, useNavigation, useSearchParams } from '@remix-run/react';
import {
  Badge,
  BlockStack,
  Button,
  Card,
  EmptySearchResult,
  IndexFilters,
  IndexFiltersMode,
  IndexTable,
  InlineStack,
  Link,
  Page,
  Text,
  useBreakpoints,
  useSetIndexFiltersMode,
} from '@shopify/polaris';
import { OrderIcon } from '@shopify/polaris-icons';
import { z } from 'zod';
import { listOrders, orderFilters, type OrderFilter } from '../orders/queries.server.ts';
import { countForPeople } from '../purchases/queue.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { counted, displayFor } from '../ui/display.ts';
import { Empty } from '../ui/empty.tsx';
import { reasonText } from '../ui/reason-words.ts';
import { useSearchBox } from '../ui/search-box.ts';
import { OrderStateBadge } from '../ui/state-badge.tsx';

const Query = z.object({
  state: z.enum(orderFilters).catch('all'),
  search: z.string().max(100).catch(''),
  page: z.coerce.number().int().min(1).max(10_000).catch(1),
});

export const meta = () => [{ title: 'Orders' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const query = Query.parse(Object.fromEntries(new URL(request.url).searchParams));
  const [{ orders, hasNext }, waiting] = await Promise.all([listOrders(shop, query), countForPeople(shop)]);
  const show = displayFor({ locale, timezone: shop.timezone });
  return json({
    ...{ ...query, hasNext, waiting },
    orders: orders.map(({ placedAt, paid, ...order }) => ({
      ...order,
      placedAt: show.moment(placedAt),
      paid: show.money(paid),
    })),
  });
}

type OrderRow = ReturnType<typeof useLoaderData<typeof loader>>['orders'][number];

const tabs: { state: OrderFilter; label: string }[] = [
  { state: 'all', label: 'All' },
  { state: 'attention', label: 'Needs attention' },
  { state: 'preparing', label: 'Preparing' },
  { state: 'delivered', label: 'Delivered' },
  { state: 'cancelled', label: 'Cancelled' },
];

export default function Orders() {
  const { orders, hasNext, waiting, state, search, page } = useLoaderData<typeof loader>();
  const [, setParams] = useSearchParams();
  const isReading = useNavigation().state === 'loading';
  const { smDown } = useBreakpoints();
  const { mode, setMode } = useSetIndexFiltersMode(
    search === '' ? IndexFiltersMode.Default : IndexFiltersMode.Filtering,
  );
  const go = (changes: { state?: OrderFilter; search?: string; page?: number }) => {
    setParams((before) => changed(before, changes), { preventScrollReset: changes.page === undefined });
  };
  const [typed, setTyped] = useSearchBox(search, (text) => {
    go({ search: text });
  });

  if (orders.length === 0 && state === 'all' && search === '' && page === 1) return <NoOrders />;
  return (
    <Page
      title="Orders"
      {...(waiting > 0 && {
        secondaryActions: [{ content: `Needs you (${String(waiting)})`, url: '/app/queue' }],
      })}
    >
      <Card padding="0">
        <IndexFilters
          mode={mode}
          setMode={setMode}
          tabs={tabs.map(({ state: id, label }) => ({
            id,
            content: label,
            onAction: () => {
              go({ state: id });
            },
          }))}
          selected={tabs.findIndex((tab) => tab.state === state)}
          canCreateNewView={false}
          queryValue={typed}
          queryPlaceholder="Search by order number"
          onQueryChange={setTyped}
          onQueryClear={() => {
            setTyped('');
          }}
          cancelAction={{
            onAction: () => {
              setTyped('');
            },
          }}
          filters={[]}
          hideFilters
          onClearAll={() => {
            setTyped('');
          }}
          loading={isReading}
        />
        <IndexTable
          condensed={smDown}
          selectable={false}
          itemCount={orders.length}
          resourceName={{ singular: 'order', plural: 'orders' }}
          headings={[
            { title: 'Order' },
            { title: 'Date' },
            { title: 'eSIMs' },
            { title: 'State' },
            { title: 'Paid', alignment: 'end' },
          ]}
          emptyState={
            <EmptySearchResult
              title="No orders found"
              description="Try another order number or another filter."
              withIllustration
            />
          }
          {...((page > 1 || hasNext) && {
            pagination: {
              hasPrevious: page > 1,
              hasNext,
              onPrevious: () => {
                go({ page: page - 1 });
              },
              onNext: () => {
                go({ page: page + 1 });
              },
              label: `Page ${String(page)}`,
              accessibilityLabels: { previous: 'Newer orders', next: 'Older orders' },
            },
          })}
        >
          {orders.map((order, index) =>
            smDown ? (
              <NarrowRow key={order.id} order={order} index={index} />
            ) : (
              <WideRow key={order.id} order={order} index={index} />
            ),
          )}
        </IndexTable>
      </Card>
    </Page>
  );
}

function WideRow({ order, index }: { order: OrderRow; index: number }) {
  return (
    <IndexTable.Row id={order.id} position={index}>
      <IndexTable.Cell>
        <InlineStack gap="200" blockAlign="center">
          <OrderLink order={order} />
          {order.isTest && <Badge>Test</Badge>}
        </InlineStack>
      </IndexTable.Cell>
      <IndexTable.Cell>{order.placedAt}</IndexTable.Cell>
      <IndexTable.Cell>{titleOf(order)}</IndexTable.Cell>
      <IndexTable.Cell>
        <StateOf order={order} />
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Text as="span" alignment="end" numeric>
          {order.paid}
        </Text>
      </IndexTable.Cell>
    </IndexTable.Row>
  );
}

function NarrowRow({ order, index }: { order: OrderRow; index: number }) {
  return (
    <IndexTable.Row id={order.id} position={index}>
      <div style={{ padding: 'var(--p-space-300) var(--p-space-400)', width: '100%' }}>
        <BlockStack gap="100">
          <InlineStack align="space-between">
            <OrderLink order={order} />
            <Text as="span" numeric>
              {order.paid}
            </Text>
          </InlineStack>
          <Text as="span" tone="subdued">
            {order.placedAt} · {titleOf(order)}
          </Text>
          <InlineStack gap="200">
            <StateOf order={order} />
            {order.isTest && <Badge>Test</Badge>}
          </InlineStack>
        </BlockStack>
      </div>
    </IndexTable.Row>
  );
}

function OrderLink({ order }: { order: OrderRow }) {
  return (
    <Link url={`/app/orders/${order.id}`} dataPrimaryLink monochrome removeUnderline>
      <Text as="span" fontWeight="semibold">
        {order.name}
      </Text>
    </Link>
  );
}

function StateOf({ order }: { order: OrderRow }) {
  const why = whyOf(order);
  return (
    <InlineStack gap="200" blockAlign="center">
      <OrderStateBadge state={order.state} />
      {why !== null && (
        <Text as="span" tone="subdued">
          {why}
        </Text>
      )}
    </InlineStack>
  );
}

function whyOf({ reason, isMailFailed, isFulfilmentFailed }: OrderRow): string | null {
  if (reason !== null) return reasonText(reason).short;
  if (isMailFailed) return 'E-mail not sent';
  return isFulfilmentFailed ? 'Not fulfilled in Shopify' : null;
}

function NoOrders() {
  return (
    <Page title="Orders">
      <Card>
        <Empty
          icon={OrderIcon}
          title="No eSIM orders yet"
          text="Orders with eSIMs appear here as soon as they are paid in your shop."
          action={<Button url="/app">See what is left to set up</Button>}
        />
      </Card>
    </Page>
  );
}

function titleOf({ esims, titles }: OrderRow): string {
  const [first, ...others] = titles;
  if (first === undefined) return '–';
  return `${String(esims)} × ${first}${others.length > 0 ? ` and ${counted(others.length, 'other')}` : ''}`;
}

/** The address with changes; whatever narrows the list starts it from its first page. */
function changed(
  before: URLSearchParams,
  { state, search, page }: { state?: OrderFilter; search?: string; page?: number },
) {
  const next = new URLSearchParams(before);
  const put = (name: string, value: string, plain: string) => {
    if (value === plain) next.delete(name);
    else next.set(name, value);
  };
  if (state !== undefined) put('state', state, 'all');
  if (search !== undefined) put('search', search, '');
  put('page', String(page ?? 1), '1');
  return next;
}
