import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData } from '@remix-run/react';
import { BlockStack, Button, Card, InlineStack, Page, Text } from '@shopify/polaris';
import { z } from 'zod';
import { startAdopting } from '../desk/adopt-all.server.ts';
import { AdoptedBanner } from '../desk/adopted-banner.tsx';
import { lineOf, startAdoptingFound, startFinding } from '../desk/adopt-file.server.ts';
import { FoundTable } from '../desk/found-table.tsx';
import { MOST_ICCID_BYTES, MOST_ICCIDS } from '../desk/iccid-file.ts';
import { HOUR, msSince } from '../platform/time.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { findTask, listItems, newestTask } from '../tasks/queries.server.ts';
import { cancelTask, resumeTask } from '../tasks/start.server.ts';
import { isFinished } from '../tasks/task.ts';
import { CsvComplaints, CsvZone, useCsvFile } from '../ui/csv-file.tsx';
import { notFound } from '../ui/edge.server.ts';
import { parseForm } from '../ui/form.server.ts';
import { StoppedTask } from '../ui/stopped-task.tsx';
import { TaskCard } from '../ui/task-card.tsx';
import { useToastOf } from '../ui/toast.ts';

export const meta = () => [{ title: 'Add eSIMs sold elsewhere' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop } = await requireShop(request);
  const findingId = new URL(request.url).searchParams.get('file');
  const [adopting, finding] = await Promise.all([
    newestTask(shop, 'esims.adopt'),
    findingId === null ? null : findTask(shop, findingId),
  ]);
  if (findingId !== null && finding?.kind !== 'esims.find') throw notFound();
  const adoptingFound = finding && (await newestTask(shop, 'esims.adopt-found', finding.id));
  // What is on record by now is told by the later task.
  const shown = adoptingFound ?? finding;
  const { items } = shown
    ? await listItems(shop, shown.id, { page: 1, perPage: MOST_ICCIDS })
    : { items: [] };
  // What came of it is news for a while.
  const isOver = adopting?.finishedAt && msSince(adopting.finishedAt) > HOUR;
  return json({
    most: MOST_ICCIDS,
    mostBytes: MOST_ICCID_BYTES,
    adopting: isOver ? null : adopting,
    ...{ finding, adoptingFound },
    lines: shown && isFinished(shown.state) ? items.map((item) => lineOf(shop, item)) : [],
  });
}

const taskId = z.uuid();
const Intent = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('adopt-all') }),
  z.object({ intent: z.literal('find'), csv: z.string(), name: z.string().max(300).default('') }),
  z.object({ intent: z.literal('adopt-found'), taskId }),
  z.object({ intent: z.literal('cancel-task'), taskId }),
  z.object({ intent: z.literal('resume'), taskId }),
]);

export async function action({ request }: ActionFunctionArgs) {
  const { shop, staff } = await requireShop(request);
  // As a form the text may take three bytes for one.
  const form = await parseForm(request, Intent, { mostBytes: 3 * MOST_ICCID_BYTES + 10_000 });
  if (form.status === 'invalid') return json(form, 400);
  const { input } = form;
  switch (input.intent) {
    case 'adopt-all': {
      const status = await startAdopting(shop, staff);
      const toast = status === 'begun' ? 'The supplier is being asked' : 'No supplier here lists its eSIMs';
      return json({ status, toast });
    }
    case 'find':
      return json(await startFinding(shop, { name: input.name, text: input.csv, askedBy: staff }));
    case 'adopt-found': {
      const begun = await startAdoptingFound(shop, input.taskId, staff);
      if (begun === null) throw notFound();
      return json({ status: 'adopting' as const, toast: 'They are being added' });
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

export default function AddEsims() {
  const { adopting, finding, adoptingFound, lines, most, mostBytes } = useLoaderData<typeof loader>();
  const fetcher = useFetcher<typeof action>();
  useToastOf(fetcher.data);
  const isBusy = fetcher.state !== 'idle';
  const answer = isBusy ? undefined : fetcher.data;
  const send = (fields: Record<string, string>) => {
    fetcher.submit(fields, { method: 'post', encType: 'multipart/form-data' });
  };
  const file = useCsvFile({
    ...{ mostBytes, isBusy, answer, parameter: 'file' },
    onChoose: (chosen) => {
      send({ intent: 'find', ...chosen });
    },
  });
  const shown = adoptingFound ?? finding;
  return (
    <Page
      title="Add eSIMs sold elsewhere"
      subtitle="Sold on another channel, or before you had this app: look up their usage and help their travellers from here"
      backAction={{ content: 'eSIMs', url: '/app/esims' }}
    >
      <BlockStack gap="400">
        {adopting && (
          <TaskCard
            task={adopting}
            title="Adding what your suppliers list"
            unit="eSIMs"
            waiting="Reading the list"
          />
        )}
        {adopting && <AdoptedBanner task={adopting} />}
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              All that your suppliers list
            </Text>
            <Text as="p">
              Those that this shop did not sell are added, without an order. Nothing is bought, and their
              travellers are told nothing until you enter an address on an eSIM’s page. eSIMs of the last day
              are left out, since a purchase may be about them.
            </Text>
            <InlineStack>
              <Button
                loading={isBusy}
                disabled={adopting !== null && !isFinished(adopting.state)}
                onClick={() => {
                  send({ intent: 'adopt-all' });
                }}
              >
                Add all of them
              </Button>
            </InlineStack>
          </BlockStack>
        </Card>
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              Those of a file
            </Text>
            <Text as="p">
              For suppliers that list nothing, or for some eSIMs only. The file has a column ICCID, and where
              you know whom to write to a column E-mail and a column Language (en, de, fr, es or ja). Without
              an e-mail address nobody is told anything. Each ICCID is looked up first, and nothing is added
              before you say so.
            </Text>
            <CsvComplaints file={file} nothing="Nothing was added." />
            <CsvZone
              file={file}
              alsoAccept=".txt,text/plain"
              isFirst={finding === null}
              hint={`CSV, at most ${most.toLocaleString('en')} ICCIDs. Format the column as text, or the spreadsheet rounds them.`}
            />
          </BlockStack>
        </Card>
        {finding && <TaskCard task={finding} title="Looking the ICCIDs up" unit="ICCIDs" />}
        {adoptingFound && <TaskCard task={adoptingFound} title="Adding what was found" unit="eSIMs" />}
        {shown && (
          <StoppedTask
            task={shown}
            side="supplier"
            cancelled="It was cancelled before the end"
            onGoOn={() => {
              send({ intent: 'resume', taskId: shown.id });
            }}
          />
        )}
        {finding && lines.length > 0 && (
          <FoundTable
            key={shown?.id}
            lines={lines}
            isAdded={adoptingFound !== null}
            isBusy={isBusy}
            onAdd={() => {
              send({ intent: 'adopt-found', taskId: finding.id });
            }}
          />
        )}
      </BlockStack>
    </Page>
  );
}
