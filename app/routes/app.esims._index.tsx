import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData, type ShouldRevalidateFunction } from '@remix-run/react';
import { BlockStack, Card, Page } from '@shopify/polaris';
import { MobileIcon } from '@shopify/polaris-icons';
import { z } from 'zod';
import { adoptEsim, findStranger } from '../desk/adopt.server.ts';
import { startLooks, startResending, type Chosen } from '../desk/bulk.server.ts';
import { EsimIndex } from '../desk/esim-index.tsx';
import { countEsims, destinationsOf, findEsims } from '../desk/esim-list.server.ts';
import { isNarrowed, readEsimQuery } from '../desk/esim-query.ts';
import { destinationLabel } from '../desk/esim-words.ts';
import { regionNames } from '../desk/regions.server.ts';
import { MOST_TYPED } from '../desk/search-terms.ts';
import { readerFields, readerIn } from '../delivery/reader-form.ts';
import { currentTime } from '../platform/time.ts';
import { listViews } from '../settings/saved-views.server.ts';
import { listSuppliers } from '../settings/suppliers.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { newestTask } from '../tasks/queries.server.ts';
import { cancelTask } from '../tasks/start.server.ts';
import { displayFor, type Display } from '../ui/display.ts';
import { Empty } from '../ui/empty.tsx';
import { esimRow } from '../ui/esim/list-view.ts';
import { profileLabel } from '../ui/esim/page-view.ts';
import { refusalSentence, type StrangerAnswer } from '../ui/esim/stranger-answer.ts';
import { listOf, parseForm } from '../ui/form.server.ts';
import { TaskCard } from '../ui/task-card.tsx';

export const meta = () => [{ title: 'eSIMs' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const query = readEsimQuery(new URL(request.url).searchParams);
  const display = displayFor({ locale, timezone: shop.timezone });
  const [found, matching, destinations, suppliers, regions, views, ...tasks] = await Promise.all([
    findEsims(shop, query),
    countEsims(shop, query, { most: MOST_COUNTED + 1 }),
    destinationsOf(shop),
    listSuppliers(shop),
    regionNames(shop),
    listViews(shop, 'esims'),
    newestTask(shop, 'esims.look'),
    newestTask(shop, 'esims.resend'),
  ]);
  const [looking, resending] = tasks;
  const now = currentTime();
  return json({
    rows: found.esims.map((esim) => esimRow(esim, { display, regions, locale, now })),
    ...{ previous: found.previous, next: found.next, query, views, looking, resending },
    isEmpty: matching === 0 && !isNarrowed(query),
    count: countWords(matching, display),
    choices: {
      destinations: destinations
        .map((key) => ({ value: key, label: destinationLabel(key, regions, locale) }))
        .sort((a, b) => a.label.localeCompare(b.label, locale)),
      accounts: suppliers.map(({ id, label }) => ({ value: id, label })),
    },
  });
}

// Beyond it a person wants to narrow the question, not to know.
const MOST_COUNTED = 1000;

function countWords(count: number, display: Display): string {
  if (count > MOST_COUNTED) return `More than ${display.count(MOST_COUNTED)} eSIMs`;
  return `${display.count(count)} ${count === 1 ? 'eSIM' : 'eSIMs'}`;
}

const iccid = z.string().max(MOST_TYPED);
const chosen = { ids: listOf(z.uuid()), all: z.string().max(8000).optional() };
const Intent = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('ask-suppliers'), iccid }),
  z.object({ intent: z.literal('adopt'), iccid, ...readerFields }),
  z.object({ intent: z.literal('look-many'), ...chosen }),
  z.object({ intent: z.literal('resend-many'), ...chosen }),
  z.object({ intent: z.literal('cancel-task'), taskId: z.uuid() }),
]);

export async function action({ request }: ActionFunctionArgs) {
  const { shop, staff } = await requireShop(request);
  const form = await parseForm(request, Intent);
  if (form.status === 'invalid') return json(form, 400);
  const { input } = form;
  switch (input.intent) {
    case 'ask-suppliers': {
      const found = await findStranger(shop, input.iccid, { signal: request.signal });
      if (found.status === 'known') return redirect(`/app/esims/${found.esimId}`);
      if (found.status === 'owned')
        return json<StrangerAnswer>({
          ...{ status: 'owned', account: found.account, profile: profileLabel(found.profileStatus) },
        });
      return json<StrangerAnswer>({ status: 'refused', sentence: refusalSentence(found) });
    }
    case 'adopt': {
      const found = await adoptEsim(shop, { iccid: input.iccid, by: staff, reader: readerIn(input) });
      if (found.status === 'known' || found.status === 'adopted')
        return redirect(`/app/esims/${found.esimId}`);
      return json<StrangerAnswer>({ status: 'refused', sentence: refusalSentence(found) });
    }
    case 'look-many':
      await startLooks(shop, toChosen(input), staff);
      return json({ status: 'begun' as const, toast: 'The supplier is being asked' });
    case 'resend-many': {
      const taskId = await startResending(shop, toChosen(input), staff);
      const toast = taskId === null ? 'None of these eSIMs has an order' : 'The e-mails are on their way';
      return json({ status: 'begun' as const, toast });
    }
    case 'cancel-task':
      await cancelTask(shop, input.taskId);
      return json({ status: 'cancelling' as const });
    default:
      return input satisfies never;
  }
}

function toChosen({ ids, all }: { ids: string[]; all?: string | undefined }): Chosen {
  return all === undefined ? { ids } : { query: readEsimQuery(new URLSearchParams(all)) };
}

// What is searched for changes nothing on this page.
export const shouldRevalidate: ShouldRevalidateFunction = ({ formAction, defaultShouldRevalidate }) =>
  formAction === '/app/esims/search' ? false : defaultShouldRevalidate;

export default function Esims() {
  const { isEmpty, looking, resending, ...list } = useLoaderData<typeof loader>();
  return (
    <Page
      title="eSIMs"
      fullWidth
      secondaryActions={[{ content: 'Add eSIMs sold elsewhere', url: '/app/esims/add' }]}
    >
      <BlockStack gap="400">
        {looking && <TaskCard task={looking} title="Reading usage at the supplier" unit="eSIMs" />}
        {resending && <TaskCard task={resending} title="Sending e-mails again" unit="orders" />}
        <Card padding="0">
          <EsimIndex
            {...list}
            empty={
              isEmpty && (
                <Empty
                  icon={MobileIcon}
                  title="No eSIMs yet"
                  text="Every eSIM your shop sells appears here. To look up one that your supplier account owns besides, search for its ICCID."
                />
              )
            }
          />
        </Card>
      </BlockStack>
    </Page>
  );
}
