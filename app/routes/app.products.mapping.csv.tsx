import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher } from '@remix-run/react';
import { Banner, BlockStack, Button, Card, DropZone, InlineStack, List, Page, Text } from '@shopify/polaris';
import { useState } from 'react';
import { z } from 'zod';
import { useDownload } from '../catalogue/use-download.ts';
import { releaseMapped } from '../orders/release.server.ts';
import { ImportTable } from '../products/import-table.tsx';
import {
  applyImport,
  checkImport,
  type ImportReport,
  type Unreadable,
} from '../products/import-mappings.server.ts';
import { MOST_BYTES, MOST_LINES } from '../products/mapping.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { counted } from '../ui/display.ts';
import { problemBody } from '../ui/edge.server.ts';
import { parseForm } from '../ui/form.server.ts';
import { ProblemBanner, problemText } from '../ui/problem.tsx';
import { useToastOf } from '../ui/toast.ts';

export const meta = () => [{ title: 'Import mappings' }];

export async function loader({ request }: LoaderFunctionArgs) {
  await requireShop(request);
  return json({});
}

const Intent = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('check'), csv: z.string() }),
  z.object({ intent: z.literal('apply'), csv: z.string(), approval: z.string().max(100) }),
]);

export async function action({ request }: ActionFunctionArgs) {
  const { shop } = await requireShop(request);
  // As a form the text may take three bytes for one.
  const form = await parseForm(request, Intent, { mostBytes: 3 * MOST_BYTES + 10_000 });
  if (form.status === 'invalid') return json(form, 400);
  try {
    const { input } = form;
    switch (input.intent) {
      case 'check':
        return json(told(await checkImport(shop, input.csv)));
      case 'apply': {
        const result = await applyImport(shop, { text: input.csv, approval: input.approval });
        if (result.status !== 'applied') return json({ ...told(result), hasMoved: true }, 409);
        const released = await releaseMapped(shop, result.variantGids);
        const toast = `${counted(result.variantGids.length, 'variant')} mapped`;
        return json({ status: 'applied' as const, toast, count: result.variantGids.length, released });
      }
      default:
        return input satisfies never;
    }
  } catch (error) {
    const problem = problemBody(error);
    if (!problem) throw error;
    return json({ status: 'failed' as const, problem }, 502);
  }
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
  const fetcher = useFetcher<typeof action>();
  const [file, setFile] = useState<{ name: string; text: string } | null>(null);
  const [tooLarge, setTooLarge] = useState(false);
  const template = useDownload('/app/products/mapping/export', 'mapping-template.csv');
  useToastOf(fetcher.data);
  const isBusy = fetcher.state !== 'idle';
  const answer = fetcher.state === 'idle' ? fetcher.data : undefined;
  const send = (fields: Record<string, string>) => {
    fetcher.submit(fields, { method: 'post', encType: 'multipart/form-data' });
  };
  const take = async ([taken]: File[]) => {
    if (!taken) return;
    setTooLarge(taken.size > MOST_BYTES);
    if (taken.size > MOST_BYTES) return;
    const text = await taken.text();
    setFile({ name: taken.name, text });
    send({ intent: 'check', csv: text });
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
        {answer?.status === 'failed' && (
          <ProblemBanner
            problem={problemText(answer.problem.kind, answer.problem.side)}
            messages={['Nothing was changed.', ...answer.problem.messages]}
          />
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
                actionTitle={file === null ? 'Choose a file' : 'Choose another file'}
                actionHint={
                  file === null
                    ? `CSV in UTF-8, ${String(MOST_LINES)} lines and 1 MB at most`
                    : `${file.name}${isBusy ? ' is being looked at …' : ''}`
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
        {answer?.status === 'report' && file && (
          <ImportTable
            key={JSON.stringify([file.name, answer.approval])}
            lines={answer.lines}
            hasMoved={answer.hasMoved}
            canApply={answer.approval !== null}
            onApply={() => {
              if (answer.approval !== null)
                send({ intent: 'apply', csv: file.text, approval: answer.approval });
            }}
          />
        )}
      </BlockStack>
    </Page>
  );
}
