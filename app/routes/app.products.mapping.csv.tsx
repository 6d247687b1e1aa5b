import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData } from '@remix-run/react';
import { Banner, BlockStack, Button, Card, InlineStack, Page, Text } from '@shopify/polaris';
import { z } from 'zod';
import { useDownload } from '../ui/use-download.ts';
import { releaseMapped } from '../orders/release.server.ts';
import { ImportTable } from '../products/import-table.tsx';
import { applyImport, checkImport, type ImportReport } from '../products/import-mappings.server.ts';
import { findFileLook, startLookingAtFile, type Unreadable } from '../products/look-at-file.server.ts';
import { MOST_BYTES, MOST_LINES } from '../products/mapping.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { cancelTask, resumeTask } from '../tasks/start.server.ts';
import { CsvComplaints, CsvZone, useCsvFile } from '../ui/csv-file.tsx';
import { counted } from '../ui/display.ts';
import { notFound } from '../ui/edge.server.ts';
import { parseForm } from '../ui/form.server.ts';
import { StoppedTask } from '../ui/stopped-task.tsx';
import { TaskCard } from '../ui/task-card.tsx';
import { useToastOf } from '../ui/toast.ts';

export const meta = () => [{ title: 'Import mappings' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const taskId = new URL(request.url).searchParams.get('look');
  if (taskId === null) return json(null);
  const look = await findFileLook(shop, taskId);
  if (!look) throw notFound();
  const { task, name } = look;
  const isDone = task.state === 'done';
  return json({ task, name, report: isDone ? told(await checkImport(shop, { ...look, locale })) : null });
}

const taskId = z.uuid();
const Intent = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('check'), csv: z.string(), name: z.string().max(300).default('') }),
  z.object({ intent: z.literal('apply'), taskId, approval: z.string().max(100) }),
  z.object({ intent: z.literal('cancel-task'), taskId }),
  z.object({ intent: z.literal('resume'), taskId }),
]);

export async function action({ request }: ActionFunctionArgs) {
  const { shop, staff, locale } = await requireShop(request);
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
      const result = await applyImport(shop, { ...look, locale, approval: input.approval });
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
  const lines = result.lines.map(({ line, variant, bundles, kind, choosing, outcome, complaints }) => ({
    ...{ line, variant, bundles, kind, choosing, outcome, complaints },
  }));
  return { ...result, lines, hasMoved: false };
}

export default function ImportMappings() {
  const look = useLoaderData<typeof loader>();
  const fetcher = useFetcher<typeof action>();
  const template = useDownload('/app/products/mapping/export', 'mapping-template.csv');
  useToastOf(fetcher.data);
  const isBusy = fetcher.state !== 'idle';
  const answer = isBusy ? undefined : fetcher.data;
  // What was to be applied and would have done something else than was seen is shown instead.
  const isOver = answer?.status === 'applied' || answer?.status === 'unreadable';
  const report = isOver ? null : answer?.status === 'report' ? answer : look?.report;
  const send = (fields: Record<string, string>) => {
    fetcher.submit(fields, { method: 'post', encType: 'multipart/form-data' });
  };
  const file = useCsvFile({
    ...{ mostBytes: MOST_BYTES, isBusy, answer, parameter: 'look' },
    onChoose: (chosen) => {
      send({ intent: 'check', ...chosen });
    },
  });
  return (
    <Page
      title="Import mappings"
      subtitle="From a CSV file: look at what it would change, then apply all of it"
      backAction={{ content: 'Mapped variants', url: '/app/products/mapping' }}
    >
      <BlockStack gap="400">
        {look && <TaskCard task={look.task} title={`Looking at ${look.name}`} unit="parts of the file" />}
        {look && (
          <StoppedTask
            task={look.task}
            side="shopify"
            cancelled={`You stopped looking at ${look.name}`}
            onGoOn={() => {
              send({ intent: 'resume', taskId: look.task.id });
            }}
          >
            Nothing was changed.
          </StoppedTask>
        )}
        <CsvComplaints file={file} nothing="Nothing was changed." />
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
            <CsvZone
              file={file}
              isFirst={look === null}
              hint={look === null ? `CSV in UTF-8, ${String(MOST_LINES)} lines and 1 MB at most` : look.name}
            />
            <Text as="p" tone="subdued">
              Name each variant by Variant ID, by SKU, or by Handle with Option 1 to 3. Write the codes of its
              bundles in the order in which they are tried, under Bundle 1, Bundle 2 and on. Kind is eSIM or
              top-up. Choose by is order, lowest cost or stock: which of the bundles is bought first; left
              empty it stays as it is. Prices stay as they are.
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
