import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData } from '@remix-run/react';
import { BlockStack, Button, Card, Icon, InlineGrid, InlineStack, Link, Page, Text } from '@shopify/polaris';
import { AlertTriangleIcon } from '@shopify/polaris-icons';
import { z } from 'zod';
import { openAlerts } from '../alerts/queries.server.ts';
import { figuresOf } from '../balance/figures.server.ts';
import { readPeriod } from '../balance/period.ts';
import { countRequestsNearDue } from '../compliance/queries.server.ts';
import { destinationLabel } from '../desk/esim-words.ts';
import { regionNames } from '../desk/regions.server.ts';
import { orderAttention } from '../orders/attention.server.ts';
import { waitingChanges } from '../products/start-prices.server.ts';
import { downSuppliers } from '../purchases/breaker.server.ts';
import { markBlocksPlaced, setupProgress, type SetupProgress } from '../settings/setup.server.ts';
import { listSuppliers } from '../settings/suppliers.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { attentionItems } from '../ui/attention-words.ts';
import { counted, displayFor } from '../ui/display.ts';
import { Figure, PeriodFigures } from '../ui/figures/figures.tsx';
import { figuresView } from '../ui/figures/view.ts';
import { parseForm } from '../ui/form.server.ts';
import { PeriodPicker } from '../ui/period-picker.tsx';
import { useRemembered } from '../ui/remembered.ts';
import { SetupGuide, type SetupStep } from '../ui/setup-guide.tsx';
import { useToastOf } from '../ui/toast.ts';
import { currentTime } from '../platform/time.ts';

export const meta = () => [{ title: 'Home' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const now = currentTime();
  const period = readPeriod(new URL(request.url).searchParams, { now, timezone: shop.timezone });
  const [setup, figures, regions, suppliers, orders, requestsNearDue, alerts, newPrices, down] =
    await Promise.all([
      setupProgress(shop),
      figuresOf(shop, period),
      regionNames(shop),
      listSuppliers(shop),
      orderAttention(shop),
      countRequestsNearDue(shop, now),
      openAlerts(shop),
      waitingChanges(shop),
      downSuppliers(shop),
    ]);
  const show = displayFor({ locale, timezone: shop.timezone });
  const connected = suppliers.filter(({ state }) => state !== 'disconnected');
  return json({
    setup,
    attention: [
      ...(newPrices ? [newPricesItem(newPrices.total ?? 0)] : []),
      ...alerts.map(({ title, nextStep, page }) => ({ text: title, nextStep, url: page, link: 'Open' })),
      ...attentionItems({
        orders,
        requestsNearDue,
        down: down.map(({ label, since }) => ({ label, since: show.moment(since) })),
        refusedKeys: suppliers.filter(({ state }) => state === 'key-refused'),
      }),
    ],
    period,
    figures: figuresView(figures, period, {
      ...{ shop, show, locale },
      place: (key) => destinationLabel(key, regions, locale),
    }),
    balances: connected.flatMap(({ id, label, balance, currency, balanceAt }) =>
      balance && currency !== null && balanceAt
        ? [
            {
              id,
              label,
              balance: show.cost({ amount: balance, currency }),
              age: show.distance(balanceAt, now),
            },
          ]
        : [],
    ),
  });
}

function newPricesItem(count: number) {
  return {
    text: `${counted(count, 'new price')} ${count === 1 ? 'waits' : 'wait'} for you`,
    nextStep: 'Costs or exchange rates changed by more than you let happen by itself.',
    url: '/app/pricing',
    link: 'Decide',
  };
}

const Intent = z.object({ intent: z.literal('blocks-placed') });

export async function action({ request }: ActionFunctionArgs) {
  const { shop } = await requireShop(request);
  const form = await parseForm(request, Intent);
  if (form.status === 'invalid') throw json(form, 400);
  await markBlocksPlaced(shop);
  return json({ toast: 'Step done' });
}

export default function Home() {
  const { setup, attention, period, figures, balances } = useLoaderData<typeof loader>();
  return (
    <Page title="Home">
      <BlockStack gap="400">
        <Setup setup={setup} />
        {attention.length > 0 && <Attention items={attention} />}
        <PeriodPicker period={period} />
        <PeriodFigures
          figures={figures}
          marginUrl={`/app/margin?${new URLSearchParams({ period: period.name, from: period.from, until: period.until }).toString()}`}
        />
        <InlineGrid columns={{ xs: 1, sm: 2, lg: 4 }} gap="400">
          {balances.length === 0 ? (
            <Figure label="Balance at the supplier" value="–" note="Connect a supplier to see it" />
          ) : (
            balances.map(({ id, label, balance, age }) => (
              <Link key={id} url={`/app/balance?account=${id}`} monochrome removeUnderline>
                <Figure label={`Balance at ${label}`} value={balance} note={`asked ${age}`} />
              </Link>
            ))
          )}
        </InlineGrid>
      </BlockStack>
    </Page>
  );
}

function Attention({ items }: { items: ReturnType<typeof attentionItems> }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Needs your attention
        </Text>
        {items.map(({ text, nextStep, url, link }) => (
          <InlineStack key={text} gap="200" wrap={false} blockAlign="start">
            <div>
              <Icon source={AlertTriangleIcon} tone="caution" />
            </div>
            <BlockStack gap="050">
              <Text as="p" fontWeight="medium">
                {text}
              </Text>
              <Text as="p" tone="subdued">
                {nextStep}
              </Text>
              <Link url={url}>{link}</Link>
            </BlockStack>
          </InlineStack>
        ))}
      </BlockStack>
    </Card>
  );
}

function Setup({ setup }: { setup: SetupProgress }) {
  const placed = useFetcher<typeof action>();
  useToastOf(placed.data);
  const steps = stepsOf(setup, {
    isPlacing: placed.state !== 'idle',
    onPlaced: () => {
      placed.submit({ intent: 'blocks-placed' }, { method: 'post' });
    },
  });
  const isComplete = steps.every(({ isDone }) => isDone);
  // A finished guide waits until the browser says whether it was dismissed, so that it never flashes.
  const [isDismissed, dismiss] = useRemembered('set-up-dismissed', { lasts: 'browser', beforeKnown: true });
  if (isComplete && isDismissed) return null;
  return <SetupGuide steps={steps} onDismiss={dismiss} />;
}

function stepsOf(
  setup: SetupProgress,
  { isPlacing, onPlaced }: { isPlacing: boolean; onPlaced: () => void },
): SetupStep[] {
  return [
    {
      id: 'supplier',
      title: 'Connect a supplier',
      text: 'Enter the API key of your account with an eSIM supplier. Every eSIM you sell is paid from your balance there.',
      isDone: setup.isConnected,
      action: (
        <Button url="/app/settings/suppliers" variant="primary">
          Connect a supplier
        </Button>
      ),
    },
    {
      id: 'import',
      title: 'Import the catalogue',
      text: 'Fetch the bundles your account may sell, with what each costs you.',
      isDone: setup.hasBundles,
      action: (
        <Button url="/app/catalogue" variant="primary">
          Open the catalogue
        </Button>
      ),
    },
    {
      id: 'publish',
      title: 'Publish a bundle',
      text: 'Choose bundles and publish them as products, or link products you already have.',
      isDone: setup.hasProducts,
      action: (
        <Button url="/app/catalogue" variant="primary">
          Choose bundles
        </Button>
      ),
    },
    {
      id: 'blocks',
      title: 'Show the eSIM after checkout',
      text: 'In Settings → Checkout, choose Customise. Add this app’s block to the Thank you page and to the Order status page, then save. Buyers scan their eSIM there.',
      isDone: setup.areBlocksPlaced,
      action: (
        <>
          <Button url="shopify://admin/settings/checkout" target="_top" variant="primary">
            Open checkout settings
          </Button>
          {!setup.areBlocksPlaced && (
            <Button onClick={onPlaced} loading={isPlacing}>
              I have placed them
            </Button>
          )}
        </>
      ),
    },
    {
      id: 'order',
      title: 'Place a test order',
      text: 'Buy one of your eSIM products in your shop and follow it in Orders. An order that Shopify marks as a test spends nothing until you say so.',
      isDone: setup.hasOrders,
      action: (
        <Button url="/app/orders" variant="primary">
          Open orders
        </Button>
      ),
    },
  ];
}
