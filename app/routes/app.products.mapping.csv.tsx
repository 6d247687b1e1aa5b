import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData, useNavigate } from '@remix-run/react';
import { Banner, BlockStack, Button, Card, DropZone, InlineStack, List, Page, Text } from '@shopify/polaris';
import { useEffect, useState } from 'react';
import { z } from 'zod';
import { useDownload } from '../catalogue/use-download.ts';
import { releaseMapped } from '../orders/release.server.ts';
import { ImportTable } from '../products/import-table.tsx';
import { applyImport, checkImport, type ImportReport } from '../products/import-mappings.server.ts';
import { findFileLook, startLookingAtFile, type Unreadable } from '../products/look-at-file.server.ts';
import { MOST_BYTES, MOST_LINES } from '../products/mapping.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { cancelTask, resumeTask } from '../tasks/start.server.ts';
import { counted } from '../ui/display.ts';
import { notFound } from '../ui/edge.server.ts';
import { parseForm } from '../ui/form.server.ts';
import { problemText } from '../ui/problem-words.ts';
import { TaskCard } from '../ui/task-card.tsx';
import { useToastOf } from '../ui/toast.ts';

export const meta = () => [{ title: 'Import mappings' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop } = await requireShop(request);
  const taskId = new URL(request.url).searchParams.get('look');
  if (taskId === null) return json(null);
  const look = await findFileLook(shop, taskId);
  if (!look) throw notFound();
  const { task, name } = look;
  return json({ task, name, report: task.state === 'done' ? told(await checkImport(shop, look)) : null });
}

const taskId = z.uuid();
const Intent = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('check'), csv: z.string(), name: z.string().max(300).default('') }),
  z.object({ intent: z.literal('apply'), taskId, approval: z.string().max(100) }),
  z.object({ intent: z.literal('cancel-task'), taskId }),
  z.object({ intent: z.literal('resume'), taskId }),
]);

export async function action({ request }: ActionFunctionArgs) {
  const { shop, staff } = await requireShop(request);
  // As a form the text may take three bytes for one.
  const form = await parseForm(request, Intent, { mostBytes: 3 * MOST_BYTES + 10_000 });
  if (form.status === 'invalid') return json(form, 400);
  const { input } = form;
  switch (input.intent) {
    case 'check':
      return json(await begin(shop, { name: input.name, text: input.csv, askedBy: staff }));
    case 'apply': {
      const look = await findFileLook(shop, input.taskId);
      if (look?.task.state !== 'done') throw notFound();
      const { name, text } = look;
      if (look.isOld) return json(await begin(shop, { name, text, askedBy: staff }));
      const result = await applyImport(shop, { ...look, approval: input.approval });
      if (result.status !== 'applied') return json({ ...told(result), hasMoved: true }, 409);
      const released = await releaseMapped(shop, result.variantGids);
      const toast = `${counted(result.variantGids.length, 'variant')} mapped`;
      return json({ status: 'applied' as const, toast, count: result.variantGids.length, released });
    }
    case 'cancel-task':
      await cancelTask(shop, input.taskId);
      return json(null);
    case 'resume':
      await resumeTask(shop, input.taskId);
      return json(null);
    default:
      return input satisfies never;
  }
}

async function begin(...asked: Parameters<typeof startLookingAtFile>) {
  const started = await startLookingAtFile(...asked);
  return started.status === 'started'
    ? { status: 'looking' as const, taskId: started.taskId }
    : { ...started, hasMoved: false };
}

/** What of a report the page shows: the plan stays here. */
function told(result: ImportReport | Unreadable) {
  if (result.status === 'unreadable') return { ...result, hasMoved: false };
  const lines = result.lines.map(({ line, variant, bundles, kind, outcome, complaints }) => ({
    ...{ line, variant, bundles, kind, outcome, complaints },
  }));
  return { ...result, lines, hasMoved: false };
}

export default function ImportMappings() {
  const look = useLoaderData<typeof loader>();
  const fetcher = useFetcher<typeof action>();
  const navigate = useNavigate();
  const [tooLarge, setTooLarge] = useState(false);
  const template = useDownload('/app/products/mapping/export', 'mapping-template.csv');
  useToastOf(fetcher.data);
  const isBusy = fetcher.state !== 'idle';
  const answer = isBusy ? undefined : fetcher.data;
  const begun = answer?.status === 'looking' ? answer.taskId : null;
  useEffect(() => {
    if (begun !== null) navigate(`?look=${begun}`, { replace: true });
  }, [begun, navigate]);
  // What was to be applied and would have done something else than was seen is shown instead.
  const isOver = answer?.status === 'applied' || answer?.status === 'unreadable';
  const report = isOver ? null : answer?.status === 'report' ? answer : look?.report;
  const send = (fields: Record<string, string>) => {
    fetcher.submit(fields, { method: 'post', encType: 'multipart/form-data' });
  };
  const take = async ([taken]: File[]) => {
    if (!taken) return;
    setTooLarge(taken.size > MOST_BYTES);
    if (taken.size > MOST_BYTES) return;
    const text = await taken.text();
    send({ intent: 'check', csv: text, name: taken.name });
  };
  return (
    <Page
      title="Import mappings"
      subtitle="From a CSV file: look at what it would change, then apply all of it"
      backAction={{ content: 'Mapped variants', url: '/app/products/mapping' }}
    >
      <BlockStack gap="400">
        {tooLarge && (
          <Banner tone="critical" title="The file is larger than 1 MB. Split it into several files." />
        )}
        {look && <TaskCard task={look.task} title={`Looking at ${look.name}`} unit="parts of the file" />}
        {look && (look.task.state === 'failed' || look.task.state === 'cancelled') && (
          <Banner
            tone={look.task.state === 'failed' ? 'critical' : 'info'}
            title={
              look.task.state === 'failed'
                ? problemText(look.task.problem ?? 'unknown', 'shopify').title
                : `You stopped looking at ${look.name}`
            }
            action={{
              content: 'Go on',
              onAction: () => {
                send({ intent: 'resume', taskId: look.task.id });
              },
            }}
          >
            Nothing was changed.
          </Banner>
        )}
        {answer?.status === 'invalid' && (
          <Banner tone="critical" title={Object.values(answer.fields)[0] ?? 'This is no CSV file.'} />
        )}
        {answer?.status === 'unreadable' && (
          <Banner tone="critical" title="This file cannot be read. Nothing was changed.">
            <List>
              {answer.sentences.map((sentence) => (
                <List.Item key={sentence}>{sentence}</List.Item>
              ))}
            </List>
          </Banner>
        )}
        {answer?.status === 'applied' && (
          <Banner
            tone="success"
            title={`${counted(answer.count, 'variant')} mapped`}
            action={{ content: 'Show mapped variants', url: '/app/products/mapping' }}
          >
            {answer.released > 0 && `${counted(answer.released, 'waiting eSIM')} will be bought now.`}
          </Banner>
        )}
        <Card>
          <BlockStack gap="400">
            <DropZone
              label="CSV file"
              accept=".csv,text/csv"
              type="file"
              allowMultiple={false}
              disabled={isBusy}
              onDrop={(_files, accepted) => {
                void take(accepted);
              }}
            >
              <DropZone.FileUpload
                actionTitle={look === null ? 'Choose a file' : 'Choose another file'}
                actionHint={
                  look === null ? `CSV in UTF-8, ${String(MOST_LINES)} lines and 1 MB at most` : look.name
                }
              />
            </DropZone>
            <Text as="p" tone="subdued">
              Name each variant by Variant ID, by SKU, or by Handle with Option 1 to 3. Write the codes of its
              bundles in the order in which they are tried, under Bundle 1, Bundle 2 and on. Kind is eSIM or
              top-up. Prices stay as they are.
            </Text>
            <InlineStack gap="200">
              <Button
                loading={template.isDownloading}
                onClick={() => {
                  template.download('template');
                }}
              >
                Download template
              </Button>
            </InlineStack>
          </BlockStack>
        </Card>
        {look && report?.status === 'report' && (
          <ImportTable
            key={JSON.stringify([look.task.id, report.approval])}
            lines={report.lines}
            hasMoved={report.hasMoved}
            canApply={report.approval !== null && !isBusy}
            onApply={() => {
              if (report.approval !== null)
                send({ intent: 'apply', taskId: look.task.id, approval: report.approval });
            }}
          />
        )}
      </BlockStack>
    </Page>
  );
}
