import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData, useSearchParams } from '@remix-run/react';
import {
  Badge,
  Banner,
  BlockStack,
  Box,
  Button,
  Card,
  Divider,
  InlineStack,
  Link,
  List,
  Page,
  Pagination,
  Tabs,
  Text,
  TextField,
} from '@shopify/polaris';
import { ProductIcon, SearchIcon } from '@shopify/polaris-icons';
import { Icon } from '@shopify/polaris';
import { Fragment } from 'react';
import { z } from 'zod';
import { countryName } from '../catalogue/bundle.ts';
import { madeProducts, type MadeProduct } from '../products/made.server.ts';
import { refusalText } from '../products/refusal-words.ts';
import { previewRefresh, startRefresh } from '../products/refresh.server.ts';
import { comparedFields } from '../products/written.ts';
import { fieldNames } from '../products/default-templates.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { listItems, newestTask } from '../tasks/queries.server.ts';
import { cancelTask, resumeTask } from '../tasks/start.server.ts';
import { isFinished } from '../tasks/task.ts';
import { adminProductUrl } from '../ui/admin-links.ts';
import { counted, displayFor, lowerFirst, type Display } from '../ui/display.ts';
import { Empty } from '../ui/empty.tsx';
import { parseForm } from '../ui/form.server.ts';
import { Inset } from '../ui/inset.tsx';
import { ProblemBanner, problemText } from '../ui/problem.tsx';
import { useSearchBox } from '../ui/search-box.ts';
import { TaskCard } from '../ui/task-card.tsx';

export const meta = () => [{ title: 'Products' }];

const PER_PAGE = 50;
const tabs = [
  { state: 'all', label: 'All' },
  { state: 'live', label: 'In your shop' },
  { state: 'deleted', label: 'Deleted in Shopify' },
] as const;

const Query = z.object({
  state: z.enum(['all', 'live', 'deleted']).catch('all'),
  search: z.string().trim().max(100).catch(''),
  page: z.coerce.number().int().min(1).max(10_000).catch(1),
});

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const display = displayFor({ locale, timezone: shop.timezone });
  const parameters = new URL(request.url).searchParams;
  const query = Query.parse(Object.fromEntries(parameters));
  const [{ products, total }, task, preview] = await Promise.all([
    madeProducts(shop, { ...query, perPage: PER_PAGE }),
    newestTask(shop, 'products.refresh'),
    parameters.get('look') === 'yes' ? previewRefresh(shop) : null,
  ]);
  const { items: troubles } = task
    ? await listItems(shop, task.id, { states: ['refused', 'failed'], page: 1, perPage: 20 })
    : { items: [] };
  return json({
    ...{ query, total, task },
    troubles: troubles.map(({ title, reason, messages }) => ({
      text: `${title}: ${reason === null ? '' : refusalText(reason)} ${messages.join(' ')}`.trim(),
    })),
    preview: preview && {
      products: preview.products,
      changing: preview.changing.length,
      over: preview.changing.filter(({ over }) => over.length > 0).length,
      examples: preview.changing
        .toSorted((a, b) => b.over.length - a.over.length)
        .slice(0, 20)
        .map(({ title, fields, newTitle, over }) => ({ title, what: whatChanges(fields, newTitle, over) })),
    },
    rows: products.map((product) => toRow(product, display, locale)),
  });
}

const Intent = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('refresh') }),
  z.object({ intent: z.literal('resume'), taskId: z.uuid() }),
  z.object({ intent: z.literal('cancel-task'), taskId: z.uuid() }),
]);

export async function action({ request }: ActionFunctionArgs) {
  const { shop, staff } = await requireShop(request);
  const form = await parseForm(request, Intent);
  if (form.status === 'invalid') return json(form, 400);
  switch (form.input.intent) {
    case 'refresh': {
      const started = await startRefresh(shop, staff);
      return started.status === 'started'
        ? redirect('/app/products')
        : json({ status: 'nothing' as const }, 422);
    }
    case 'resume':
      await resumeTask(shop, form.input.taskId);
      return json({ status: 'done' as const });
    case 'cancel-task':
      await cancelTask(shop, form.input.taskId);
      return json({ status: 'done' as const });
    default:
      return form.input satisfies never;
  }
}

function toRow(
  { id, productGid, title, destination, ...product }: MadeProduct,
  display: Display,
  locale: string,
) {
  return {
    // A country by its code; a region has its own word.
    destination: countryName(destination, locale),
    ...{ id, productGid, title, state: product.state, withdrawn: product.withdrawn },
    variants: product.variants,
    kept: namesOf(product.kept),
    checked: product.checkedAt && display.moment(product.checkedAt),
    again: product.bundleIds.map((bundle) => `bundles=${bundle}`).join('&'),
    shape: product.shape,
  };
}

function whatChanges(fields: string[], newTitle: string, over: string[]): string {
  const fresh = fields.includes('title') ? `new title “${newTitle}”` : `new ${namesOf(fields)}`;
  const parts = [
    ...(fields.length > 0 ? [fresh] : []),
    ...(over.length > 0 ? [`your own ${namesOf(over)} ${over.length === 1 ? 'goes' : 'go'}`] : []),
  ];
  return parts.join('; ');
}

function namesOf(fields: string[]): string {
  return comparedFields
    .filter((field) => fields.includes(field))
    .map((field) => lowerFirst(fieldNames[field]))
    .join(', ');
}

export default function Products() {
  const { query, total, task, troubles, preview, rows } = useLoaderData<typeof loader>();
  const [parameters, setParameters] = useSearchParams();
  const fetcher = useFetcher<typeof action>();
  const change = (changes: Record<string, string>) => {
    setParameters(
      (before) => {
        const after = new URLSearchParams(before);
        after.delete('page');
        for (const [name, value] of Object.entries(changes)) after.set(name, value);
        return after;
      },
      { replace: true },
    );
  };
  const [typed, setTyped] = useSearchBox(query.search, (search) => {
    change({ search });
  });
  const isRunning = task !== null && !isFinished(task.state);
  const hasAny = total > 0 || query.search !== '' || query.state !== 'all';
  const pages = Math.max(1, Math.ceil(total / PER_PAGE));
  const send = (fields: Record<string, string>) => {
    fetcher.submit(fields, { method: 'post', action: '/app/products?index' });
  };
  if (!hasAny) return <NothingYet />;
  return (
    <Page
      title="Products"
      primaryAction={{ content: 'Publish more', url: '/app/catalogue' }}
      secondaryActions={[
        {
          content: 'Check with Shopify',
          disabled: isRunning,
          onAction: () => {
            change({ look: 'yes' });
          },
        },
        { content: 'Map variants', url: '/app/products/mapping' },
        { content: 'Texts and pictures', url: '/app/settings/products' },
      ]}
    >
      <BlockStack gap="400">
        {task && <TaskCard task={task} title="Checking products with Shopify" unit="products" />}
        {task?.state === 'failed' && (
          <ProblemBanner
            problem={problemText(task.problem ?? '', 'shopify')}
            messages={['The last check stopped. What is done stays done.']}
          />
        )}
        {task && (task.state === 'failed' || task.state === 'cancelled') && (
          <InlineStack>
            <Button
              loading={fetcher.state !== 'idle'}
              onClick={() => {
                send({ intent: 'resume', taskId: task.id });
              }}
            >
              Go on with the check
            </Button>
          </InlineStack>
        )}
        {task?.state === 'done' && troubles.length > 0 && (
          <Banner tone="warning" title="The last check found something">
            <List>
              {troubles.map(({ text }) => (
                <List.Item key={text}>{text}</List.Item>
              ))}
            </List>
          </Banner>
        )}
        {preview && !isRunning && (
          <Look
            preview={preview}
            isBusy={fetcher.state !== 'idle'}
            onStart={() => {
              send({ intent: 'refresh' });
            }}
          />
        )}
        <Card padding="0">
          <Tabs
            tabs={tabs.map(({ state, label }) => ({ id: state, content: label }))}
            selected={tabs.findIndex(({ state }) => state === query.state)}
            onSelect={(index) => {
              change({ state: tabs[index]?.state ?? 'all' });
            }}
          />
          <Box padding="400">
            <TextField
              label="Search products"
              labelHidden
              placeholder="Search by title, country code or bundle"
              prefix={<Icon source={SearchIcon} tone="subdued" />}
              value={typed}
              onChange={setTyped}
              autoComplete="off"
              clearButton
              onClearButtonClick={() => {
                setTyped('');
              }}
            />
          </Box>
          {rows.length === 0 && (
            <Box padding="400">
              <Text as="p" tone="subdued">
                No product fits. Try other words.
              </Text>
            </Box>
          )}
          {rows.map((row) => (
            <Fragment key={row.id}>
              <Divider />
              <Row row={row} />
            </Fragment>
          ))}
        </Card>
        {pages > 1 && (
          <Pagination
            label={`Page ${String(query.page)} of ${String(pages)}`}
            hasPrevious={query.page > 1}
            hasNext={query.page < pages}
            onPrevious={() => {
              change({ page: String(query.page - 1) });
            }}
            onNext={() => {
              change({ page: String(query.page + 1) });
            }}
          />
        )}
        {parameters.get('look') === null && (
          <Inset>
            <Text as="p" tone="subdued">
              What you change in Shopify stays, unless you chose that a text is the app’s. Which bundle a
              variant sells, and what is bought instead, is under Map variants.
            </Text>
          </Inset>
        )}
      </BlockStack>
    </Page>
  );
}

type RowData = ReturnType<typeof toRow>;

function Row({ row }: { row: RowData }) {
  return (
    <Box padding="400">
      <BlockStack gap="100">
        <InlineStack gap="200" blockAlign="center">
          {row.state === 'live' ? (
            <Link url={adminProductUrl(row.productGid)} target="_top" removeUnderline>
              <Text as="span" fontWeight="semibold">
                {row.title}
              </Text>
            </Link>
          ) : (
            <Text as="span" fontWeight="semibold">
              {row.title}
            </Text>
          )}
          {row.state === 'deleted' && <Badge tone="attention">Deleted in Shopify</Badge>}
          {row.withdrawn > 0 && (
            <Badge tone="critical">{`${counted(row.withdrawn, 'variant')} withdrawn by the supplier`}</Badge>
          )}
          {row.kept !== '' && <Badge tone="info">Changed by you</Badge>}
        </InlineStack>
        <Text as="p" tone="subdued">
          {row.destination}
          {row.state === 'live' && ` · ${counted(row.variants, 'variant')}`}
          {row.checked !== null && ` · looked at ${row.checked}`}
        </Text>
        {row.kept !== '' && <Text as="p" tone="subdued">{`Yours, and left alone: ${row.kept}.`}</Text>}
        {row.state === 'live' && (
          <InlineStack>
            <Button
              variant="plain"
              url={`/app/products/${row.id}`}
              accessibilityLabel={`Whose texts: ${row.title}`}
            >
              Whose texts
            </Button>
          </InlineStack>
        )}
        {row.state === 'deleted' && row.again !== '' && (
          <InlineStack>
            <Button
              url={`/app/publish?shape=${row.shape}&${row.again}`}
              accessibilityLabel={`Publish again: ${row.title}`}
            >
              Publish again
            </Button>
          </InlineStack>
        )}
      </BlockStack>
    </Box>
  );
}

interface LookProps {
  preview: { products: number; changing: number; over: number; examples: { title: string; what: string }[] };
  isBusy: boolean;
  onStart: () => void;
}

function Look({ preview, isBusy, onStart }: LookProps) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingSm">
          {`Check ${counted(preview.products, 'product')} with Shopify`}
        </Text>
        <Text as="p">
          {preview.changing === 0
            ? 'No text has changed since it was written. The check finds what you deleted or changed in Shopify.'
            : `${counted(preview.changing, 'product')} ${preview.changing === 1 ? 'gets' : 'get'} new texts. What you changed in Shopify stays.`}
        </Text>
        {preview.over > 0 && (
          <Banner tone="warning">
            {`Except where you chose that a text is the app’s: what you wrote there yourself goes, in ${counted(preview.over, 'product')}.`}
          </Banner>
        )}
        {preview.examples.length > 0 && (
          <List>
            {preview.examples.map(({ title, what }) => (
              <List.Item key={title}>{`${title}: ${what}`}</List.Item>
            ))}
          </List>
        )}
        <InlineStack>
          <Button variant="primary" loading={isBusy} onClick={onStart}>
            Start
          </Button>
        </InlineStack>
      </BlockStack>
    </Card>
  );
}

function NothingYet() {
  return (
    <Page title="Products">
      <Card>
        <Empty
          icon={ProductIcon}
          title="No products yet"
          text="Choose bundles in the catalogue and publish them: one product for each destination, with data and validity to choose."
          action={
            <Button variant="primary" url="/app/catalogue">
              Open the catalogue
            </Button>
          }
        />
      </Card>
    </Page>
  );
}
