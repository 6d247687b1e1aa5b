import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData } from '@remix-run/react';
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
  Page,
  Text,
} from '@shopify/polaris';
import { ClockIcon } from '@shopify/polaris-icons';
import { Fragment } from 'react';
import { z } from 'zod';
import { countsText } from '../catalogue/sync-words.ts';
import { listSyncs } from '../catalogue/syncs.server.ts';
import { listSuppliers } from '../settings/suppliers.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { cancelTask, resumeTask } from '../tasks/start.server.ts';
import { isFinished, type TaskProgress } from '../tasks/task.ts';
import { counted, displayFor, type Display } from '../ui/display.ts';
import { Empty } from '../ui/empty.tsx';
import { parseForm } from '../ui/form.server.ts';
import { problemText } from '../ui/problem.tsx';
import { TaskCard } from '../ui/task-card.tsx';
import { useToastOf } from '../ui/toast.ts';

export const meta = () => [{ title: 'Imports' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const [tasks, suppliers] = await Promise.all([listSyncs(shop), listSuppliers(shop)]);
  const show = displayFor({ locale, timezone: shop.timezone });
  const labels = new Map(suppliers.map(({ id, label }) => [id, label]));
  return json({
    running: tasks.filter(({ state }) => !isFinished(state)),
    syncs: tasks.map((task, index) => ({
      ...toRow(task, show),
      supplier: labels.get(task.subject) ?? 'A supplier that was removed',
      // A later sync of the account has read what this one did not.
      canGoOn:
        (task.state === 'failed' || task.state === 'cancelled') &&
        tasks.findIndex(({ subject }) => subject === task.subject) === index,
    })),
  });
}

function toRow({ id, state, problem, counts, askedBy, createdAt, finishedAt }: TaskProgress, show: Display) {
  return {
    ...{ id, state, counts, isByItself: askedBy === null },
    problem: state === 'failed' ? problemText(problem ?? '').title : null,
    at: show.moment(createdAt),
    took: finishedAt && tookText(finishedAt.getTime() - createdAt.getTime()),
    found: countsText(counts),
    isIncomplete: (counts['incomplete'] ?? 0) > 0,
  };
}

function tookText(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  return seconds < 90 ? counted(seconds, 'second') : counted(Math.round(seconds / 60), 'minute');
}

const Intent = z.object({ intent: z.enum(['resume-task', 'cancel-task']), taskId: z.uuid() });

export async function action({ request }: ActionFunctionArgs) {
  const { shop } = await requireShop(request);
  const form = await parseForm(request, Intent);
  if (form.status === 'invalid') return json({ toast: null, isRefused: true }, 400);
  const { intent, taskId } = form.input;
  if (intent === 'cancel-task') {
    await cancelTask(shop, taskId);
    return json({ toast: null, isRefused: false });
  }
  const goesOn = await resumeTask(shop, taskId);
  return json({ toast: goesOn ? 'The import goes on' : null, isRefused: !goesOn }, goesOn ? 200 : 409);
}

type Row = ReturnType<typeof useLoaderData<typeof loader>>['syncs'][number];

export default function Syncs() {
  const { running, syncs } = useLoaderData<typeof loader>();
  const fetcher = useFetcher<typeof action>();
  useToastOf(fetcher.data);
  const goOn = (taskId: string) => {
    fetcher.submit({ intent: 'resume-task', taskId }, { method: 'post' });
  };
  return (
    <Page title="Imports" backAction={{ content: 'Catalogue', url: '/app/catalogue' }}>
      <BlockStack gap="400">
        <Box paddingInline={{ xs: '400', sm: '0' }}>
          <Text as="p" tone="subdued">
            The catalogue is also compared with your supplier’s every night, at a quiet hour.
          </Text>
        </Box>
        {fetcher.data?.isRefused === true && (
          <Banner tone="warning">This import cannot go on any more. Import the catalogue again.</Banner>
        )}
        {running.map((task) => (
          <TaskCard
            key={task.id}
            task={task}
            title="Importing the catalogue"
            unit="bundles"
            waiting="Waiting for the supplier"
          />
        ))}
        <Card padding="0">
          {syncs.length === 0 && (
            <Empty
              icon={ClockIcon}
              title="Nothing imported yet"
              text="Each import of the catalogue is listed here, with what it found."
              action={<Button url="/app/catalogue">Open the catalogue</Button>}
            />
          )}
          {syncs.map((row, index) => (
            <Fragment key={row.id}>
              {index > 0 && <Divider />}
              <SyncRow row={row} isBusy={fetcher.state !== 'idle'} onGoOn={goOn} />
            </Fragment>
          ))}
        </Card>
      </BlockStack>
    </Page>
  );
}

function SyncRow({ row, isBusy, onGoOn }: { row: Row; isBusy: boolean; onGoOn: (id: string) => void }) {
  const how = [
    row.supplier,
    row.isByItself ? 'by itself at night' : 'begun by your staff',
    ...(row.took === null ? [] : [`took ${row.took}`]),
  ];
  return (
    <Box padding="400">
      <InlineStack align="space-between" blockAlign="center" gap="300">
        <BlockStack gap="100">
          <InlineStack gap="200" align="start" blockAlign="center">
            <Link url={`/app/catalogue/syncs/${row.id}`} removeUnderline dataPrimaryLink>
              {row.at}
            </Link>
            <StateBadge state={row.state} />
          </InlineStack>
          <Text as="p">{foundText(row)}</Text>
          <Text as="p" tone="subdued" variant="bodySm">
            {how.join(' · ')}
          </Text>
        </BlockStack>
        {row.canGoOn && (
          <Button
            disabled={isBusy}
            onClick={() => {
              onGoOn(row.id);
            }}
            accessibilityLabel={`Go on with the import of ${row.at}`}
          >
            Go on
          </Button>
        )}
      </InlineStack>
    </Box>
  );
}

function foundText({ problem, found, state, isIncomplete }: Row): string {
  const nothing = state === 'done' ? 'Nothing changed' : '';
  const caution = isIncomplete
    ? 'The list was not whole, so nothing was taken as withdrawn. The next import looks again.'
    : '';
  return [problem, found || nothing, caution].filter(Boolean).join('. ');
}

function StateBadge({ state }: { state: Row['state'] }) {
  switch (state) {
    case 'done':
      return null;
    case 'failed':
      return <Badge tone="critical">Failed</Badge>;
    case 'cancelled':
      return <Badge>Cancelled</Badge>;
    case 'queued':
    case 'running':
    case 'waiting':
      return <Badge tone="info">Under way</Badge>;
    default:
      return state satisfies never;
  }
}
