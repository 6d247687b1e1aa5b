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
  Text,
} from '@shopify/polaris';
import { Fragment } from 'react';
import { z } from 'zod';
import { itemResult } from '../products/publish-result.ts';
import { publishAgain } from '../products/publish.server.ts';
import { refusalText } from '../products/refusal-words.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { findTask, listItems } from '../tasks/queries.server.ts';
import { cancelTask, resumeTask } from '../tasks/start.server.ts';
import { isFinished, type TaskItem, type TaskState } from '../tasks/task.ts';
import { adminProductUrl } from '../ui/admin-links.ts';
import { counted } from '../ui/display.ts';
import { notFound } from '../ui/edge.server.ts';
import { parseForm } from '../ui/form.server.ts';
import { Inset } from '../ui/inset.tsx';
import { notesOf } from '../ui/product-words.ts';
import { ProblemBanner, problemText } from '../ui/problem.tsx';
import { TaskCard } from '../ui/task-card.tsx';
import { pageTurns } from '../ui/page-turns.ts';

export const meta = () => [{ title: 'Publishing' }];

const PER_PAGE = 50;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { shop } = await requireShop(request);
  const task = await findTask(shop, params['taskId'] ?? '');
  if (task?.kind !== 'products.publish') throw notFound();
  const parameters = new URL(request.url).searchParams;
  const page = z.coerce.number().int().min(1).max(10_000).catch(1).parse(parameters.get('page'));
  const onlyFailed = parameters.get('only') === 'failed';
  const { items, total, byState } = await listItems(shop, task.id, {
    ...{ page, perPage: PER_PAGE },
    ...(onlyFailed && { states: ['refused', 'failed'] }),
  });
  return json({
    ...{ task, page, onlyFailed },
    busy: parameters.get('busy') === 'yes',
    notMade: (byState.refused ?? 0) + (byState.failed ?? 0),
    waiting: byState.waiting ?? 0,
    pages: Math.max(1, Math.ceil(total / PER_PAGE)),
    rows: items.map(toRow),
  });
}

const Intent = z.object({ intent: z.enum(['cancel-task', 'resume', 'again']) });

export async function action({ request, params }: ActionFunctionArgs) {
  const { shop, staff } = await requireShop(request);
  const task = await findTask(shop, params['taskId'] ?? '');
  if (task?.kind !== 'products.publish') throw notFound();
  const form = await parseForm(request, Intent);
  if (form.status === 'invalid') return json(form, 400);
  switch (form.input.intent) {
    case 'cancel-task':
      await cancelTask(shop, task.id);
      return json({ status: 'done' as const });
    case 'resume':
      await resumeTask(shop, task.id);
      return json({ status: 'done' as const });
    case 'again': {
      const started = await publishAgain(shop, task.id, staff);
      if (started?.status !== 'started') return json({ status: 'nothing' as const }, 422);
      return redirect(`/app/publish/${started.taskId}`);
    }
    default:
      return form.input.intent satisfies never;
  }
}

function toRow(item: TaskItem) {
  const result = itemResult(item.detail);
  return {
    ...{ position: item.position, title: item.title, state: item.state },
    productGid: result?.productGid ?? null,
    what: result ? whatBecame(result.status, result.added) : null,
    notes: result ? notesOf(result) : [],
    reason: item.reason === null ? null : refusalText(item.reason),
    messages: item.messages,
  };
}

function whatBecame(status: 'made' | 'changed' | 'unchanged', added: number): string {
  if (status === 'made') return counted(added, 'variant');
  if (status === 'unchanged') return 'Nothing to change';
  return added > 0 ? `${counted(added, 'variant')} added` : 'Texts updated';
}

export default function Publishing() {
  const { task, page, pages, onlyFailed, busy, notMade, waiting, rows } = useLoaderData<typeof loader>();
  const fetcher = useFetcher<typeof action>();
  const [, setParameters] = useSearchParams();
  const send = (intent: string) => {
    fetcher.submit({ intent }, { method: 'post' });
  };
  const show = (changes: Record<string, string>) => {
    setParameters({ ...(onlyFailed && { only: 'failed' }), ...changes });
  };
  const isOver = isFinished(task.state);
  return (
    <Page
      title={titleOf(task.state)}
      backAction={{ content: 'Products', url: '/app/products' }}
      {...(isOver &&
        notMade > 0 && {
          primaryAction: {
            content: 'Try the others again',
            loading: fetcher.state !== 'idle',
            onAction: () => {
              send('again');
            },
          },
        })}
    >
      <BlockStack gap="400">
        {busy && !isOver && (
          <Banner tone="warning" title="This publishing was under way already">
            What you chose now was not added to it. Publish it when this one is done.
          </Banner>
        )}
        {fetcher.data?.status === 'nothing' && (
          <Banner tone="warning" title="Nothing could be tried again">
            None of these bundles can be sold now. The reasons are below.
          </Banner>
        )}
        <TaskCard task={task} title="Publishing products" unit="products" />
        {task.state === 'failed' && (
          <ProblemBanner
            problem={problemText(task.problem ?? '', 'shopify')}
            messages={[`${counted(waiting, 'product')} not made yet. What is done stays done.`]}
          />
        )}
        {(task.state === 'failed' || task.state === 'cancelled') && waiting > 0 && (
          <Inset>
            <Button
              loading={fetcher.state !== 'idle'}
              onClick={() => {
                send('resume');
              }}
            >
              {`Go on with ${counted(waiting, 'product')}`}
            </Button>
          </Inset>
        )}
        {isOver && <Summary counts={task.counts} state={task.state} />}
        <Card padding="0">
          {notMade > 0 && (
            <Box padding="400">
              <Button
                variant="plain"
                onClick={() => {
                  setParameters(onlyFailed ? {} : { only: 'failed' });
                }}
              >
                {onlyFailed ? 'Show all' : `Show the ${counted(notMade, 'product')} not made`}
              </Button>
            </Box>
          )}
          {rows.map((row, index) => (
            <Fragment key={row.position}>
              {(index > 0 || notMade > 0) && <Divider />}
              <Row row={row} />
            </Fragment>
          ))}
        </Card>
        {pages > 1 && (
          <Pagination
            {...pageTurns({
              page,
              pages,
              onTurn: (next) => {
                show({ page: String(next) });
              },
            })}
          />
        )}
      </BlockStack>
    </Page>
  );
}

function titleOf(state: TaskState): string {
  if (state === 'failed') return 'Publishing stopped';
  if (state === 'cancelled') return 'Publishing cancelled';
  return isFinished(state) ? 'Published' : 'Publishing';
}

function Summary({ counts, state }: { counts: Record<string, number>; state: TaskState }) {
  const { made = 0, changed = 0, unchanged = 0, refused = 0, failed = 0 } = counts;
  const parts = [
    made > 0 ? `${counted(made, 'product')} made` : null,
    changed > 0 ? `${counted(changed, 'product')} changed` : null,
    unchanged > 0 ? `${counted(unchanged, 'product')} had nothing to change` : null,
    refused + failed > 0 ? `${counted(refused + failed, 'product')} not made` : null,
  ].filter((part) => part !== null);
  // What stopped it is said already.
  if (state === 'failed' && parts.length === 0) return null;
  return (
    <Banner
      tone={refused + failed > 0 ? 'warning' : state === 'done' ? 'success' : 'info'}
      title={state === 'done' ? 'Done' : state === 'cancelled' ? 'Cancelled' : 'Done before it stopped'}
      action={{ content: 'See your products', url: '/app/products' }}
    >
      {parts.length === 0 ? 'Nothing was made.' : `${parts.join(', ')}.`}
    </Banner>
  );
}

type RowData = ReturnType<typeof toRow>;

function Row({ row }: { row: RowData }) {
  return (
    <Box padding="400">
      <BlockStack gap="100">
        <InlineStack gap="200" blockAlign="center">
          {row.productGid === null ? (
            <Text as="span">{row.title}</Text>
          ) : (
            <Link url={adminProductUrl(row.productGid)} target="_top" removeUnderline>
              {row.title}
            </Link>
          )}
          <StateBadge state={row.state} />
          {row.what !== null && (
            <Text as="span" tone="subdued">
              {row.what}
            </Text>
          )}
        </InlineStack>
        {row.reason !== null && <Text as="p">{row.reason}</Text>}
        {[...row.messages, ...row.notes].length > 0 && (
          <List>
            {[...row.messages, ...row.notes].map((message) => (
              <List.Item key={message}>{message}</List.Item>
            ))}
          </List>
        )}
      </BlockStack>
    </Box>
  );
}

function StateBadge({ state }: { state: RowData['state'] }) {
  if (state === 'done') return <Badge tone="success">Published</Badge>;
  if (state === 'refused' || state === 'failed') return <Badge tone="critical">Not made</Badge>;
  return <Badge>Waiting</Badge>;
}
