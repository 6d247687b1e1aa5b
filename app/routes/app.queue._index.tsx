import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData, useNavigation, useSearchParams } from '@remix-run/react';
import {
  Badge,
  Banner,
  BlockStack,
  Button,
  Card,
  IndexFilters,
  IndexFiltersMode,
  IndexTable,
  InlineStack,
  Link,
  Page,
  Text,
  useIndexResourceState,
  useSetIndexFiltersMode,
  type IndexTableProps,
} from '@shopify/polaris';
import { CheckCircleIcon } from '@shopify/polaris-icons';
import { useState } from 'react';
import { z } from 'zod';
import { lookAgainAtAll, type LookedAgain } from '../purchases/decide.server.ts';
import { closedUnclaimed, queuePage, queueTabs, type QueueTab } from '../purchases/queue.server.ts';
import { releaseAll, type Outcome } from '../purchases/waits.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { ConfirmModal } from '../ui/confirm.tsx';
import { counted, displayFor } from '../ui/display.ts';
import { Empty } from '../ui/empty.tsx';
import { problemBody } from '../ui/edge.server.ts';
import { listOf, parseForm } from '../ui/form.server.ts';
import { useLiveWhile } from '../ui/live.ts';
import type { QueueAnswer } from '../ui/queue/answer.ts';
import { useDecision } from '../ui/queue/use-decision.ts';
import { entryView } from '../ui/queue/view.ts';
import { waitTokens } from '../ui/queue/wait-token.server.ts';
import { ProblemBanner, problemText } from '../ui/problem.tsx';
import { reasonText, TRY_AGAIN } from '../ui/reason-words.ts';
import { useSearchBox } from '../ui/search-box.ts';
import { TickedTable } from '../ui/ticked-table.tsx';
import { currentTime } from '../platform/time.ts';

const Query = z.object({
  tab: z.enum(queueTabs).catch('all'),
  reason: z.string().max(50).catch(''),
  search: z.string().max(100).catch(''),
  page: z.coerce.number().int().min(1).max(10_000).catch(1),
});

export const meta = () => [{ title: 'Needs you' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const query = Query.parse(Object.fromEntries(new URL(request.url).searchParams));
  const [{ entries, hasNext, counts }, byHand] = await Promise.all([
    queuePage(shop, query),
    query.tab === 'doubt' && query.page === 1 ? closedUnclaimed(shop) : [],
  ]);
  const show = displayFor({ locale, timezone: shop.timezone });
  const now = currentTime();
  return json({
    ...{ ...query, hasNext, counts },
    entries: entries.map((entry) => entryView(entry, show, now)),
    byHand: byHand.map(({ id, bundleCode, quantity, orderedAt, orderReference, total, isOurs, note }) => ({
      ...{ id, orderReference, isOurs, note },
      what: `${String(quantity)} × ${bundleCode}${total ? `, ${show.cost(total)}` : ''}`,
      at: show.moment(orderedAt),
    })),
  });
}

// More than a page shows is no form of ours.
const isSome = ({ length }: unknown[]) => length > 0 && length <= 1000;
const Intent = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('release'), wait: waitTokens.refine(isSome) }),
  z.object({ intent: z.literal('look-again'), attempt: listOf(z.uuid()).refine(isSome) }),
]);

export async function action({ request }: ActionFunctionArgs) {
  const { shop, staff } = await requireShop(request);
  const form = await parseForm(request, Intent);
  if (form.status === 'invalid') {
    const sentence = 'Choose some of the list, then press the button again.';
    return json<QueueAnswer>({ status: 'refused', sentence }, 422);
  }
  switch (form.input.intent) {
    case 'release':
      return released(await releaseAll(shop, form.input.wait, staff));
    case 'look-again':
      return looked(await lookAgainAtAll(shop, form.input.attempt));
    default:
      return form.input satisfies never;
  }
}

function released({ done, movedOn }: Outcome) {
  if (done > 0)
    return json<QueueAnswer>({
      status: 'done',
      toast: `${counted(done, 'eSIM')} released${others(movedOn)}`,
    });
  const sentence = `Nothing was released: ${counted(movedOn, 'eSIM')} had moved on before. The list shows how it is now.`;
  return json<QueueAnswer>({ status: 'stale', sentence }, 409);
}

function looked({ done, movedOn, failed }: LookedAgain) {
  const problem = problemBody(failed?.error);
  if (done === 0 && problem) return json<QueueAnswer>({ status: 'failed', problem }, 502);
  if (done === 0) {
    const sentence = `Nothing was looked up: ${counted(movedOn, 'purchase')} had moved on before. The list shows how it is now.`;
    return json<QueueAnswer>({ status: 'stale', sentence }, 409);
  }
  const unasked = failed ? `, of ${String(failed.purchases)} the supplier could not be asked` : '';
  const toast = `${counted(done, 'purchase')} looked up again${others(movedOn)}${unasked}`;
  return json<QueueAnswer>({ status: 'done', toast });
}

const others = (movedOn: number) => (movedOn > 0 ? `, ${String(movedOn)} had moved on` : '');

type Row = ReturnType<typeof useLoaderData<typeof loader>>['entries'][number];

const tabs: { tab: QueueTab; label: string }[] = [
  { tab: 'all', label: 'All' },
  { tab: 'needs', label: 'Needs you' },
  { tab: 'doubt', label: 'Money in doubt' },
  { tab: 'waiting', label: 'Waiting by itself' },
];

export default function Queue() {
  const { entries, counts, byHand, hasNext, tab, reason, search, page } = useLoaderData<typeof loader>();
  const decision = useDecision('/app/queue?index');
  useLiveWhile(decision.busy === null);
  if (counts.all === 0 && byHand.length === 0 && search === '' && tab === 'all') return <NothingWaits />;
  const { answer } = decision;
  return (
    <Page title="Needs you">
      <BlockStack gap="400">
        {answer && 'sentence' in answer && <Banner tone="warning">{answer.sentence}</Banner>}
        {answer?.status === 'failed' && (
          <ProblemBanner
            problem={problemText(answer.problem.kind, answer.problem.side)}
            messages={answer.problem.messages}
          />
        )}
        <Card padding="0">
          <Table
            entries={entries}
            counts={counts}
            query={{ tab, reason, search, page, hasNext }}
            decision={decision}
          />
        </Card>
        {byHand.length > 0 && <ByHand orders={byHand} />}
      </BlockStack>
    </Page>
  );
}

interface TableProps {
  entries: Row[];
  counts: Record<QueueTab, number>;
  query: { tab: QueueTab; reason: string; search: string; page: number; hasNext: boolean };
  decision: ReturnType<typeof useDecision>;
}

function Table({ entries, counts, query: { tab, reason, search, page, hasNext }, decision }: TableProps) {
  const [, setParams] = useSearchParams();
  const isReading = useNavigation().state === 'loading';
  const { mode, setMode } = useSetIndexFiltersMode(
    search === '' ? IndexFiltersMode.Default : IndexFiltersMode.Filtering,
  );
  const go = (changes: Partial<Record<'tab' | 'reason' | 'search' | 'page', string>>) => {
    setParams((before) => changed(before, changes), { preventScrollReset: changes.page === undefined });
  };
  const [typed, setTyped] = useSearchBox(search, (text) => {
    go({ search: text });
  });
  const clear = () => {
    setTyped('');
  };
  return (
    <>
      <IndexFilters
        mode={mode}
        setMode={setMode}
        tabs={tabs.map(({ tab: id, label }) => ({
          id,
          content: label,
          badge: String(counts[id]),
          onAction: () => {
            go({ tab: id, reason: '' });
          },
        }))}
        selected={tabs.findIndex((each) => each.tab === tab)}
        canCreateNewView={false}
        queryValue={typed}
        queryPlaceholder="Search by order number"
        onQueryChange={setTyped}
        onQueryClear={clear}
        cancelAction={{ onAction: clear }}
        filters={[]}
        appliedFilters={
          reason === ''
            ? []
            : [
                {
                  key: 'reason',
                  label: reasonText(reason).short,
                  onRemove: () => {
                    go({ reason: '' });
                  },
                },
              ]
        }
        hideFilters={reason === ''}
        onClearAll={() => {
          setTyped('');
          go({ reason: '' });
        }}
        loading={isReading}
      />
      {/* Another page or question starts with nothing chosen: nobody releases what they do not see. */}
      <Rows
        key={JSON.stringify([tab, reason, search, page])}
        entries={entries}
        isSearch={search !== ''}
        decision={decision}
        {...((page > 1 || hasNext) && {
          pagination: {
            hasPrevious: page > 1,
            hasNext,
            onPrevious: () => {
              go({ page: String(page - 1) });
            },
            onNext: () => {
              go({ page: String(page + 1) });
            },
            label: `Page ${String(page)}`,
            accessibilityLabels: { previous: 'Waits longer', next: 'Waits less long' },
          },
        })}
      />
    </>
  );
}

interface RowsProps {
  entries: Row[];
  isSearch: boolean;
  decision: TableProps['decision'];
  pagination?: Exclude<IndexTableProps['pagination'], undefined>;
}

function Rows({ entries, isSearch, decision, pagination }: RowsProps) {
  const selection = useIndexResourceState(entries);
  const { selectedResources, clearSelection } = selection;
  const [isAsking, setAsking] = useState(false);
  const ticked = entries.filter(({ id }) => selectedResources.includes(id));
  // What loses money is decided one by one, with the loss before one's eyes.
  const chosen = ticked.filter(({ release, loss }) => release !== null && loss === null);
  const left = ticked.length - chosen.length;
  const waits = chosen.flatMap((entry) => entry.waits);
  // Nothing stopped what waits for a supplier: to release it is to try again, as its own page says.
  const isTry = chosen.length > 0 && chosen.every(({ release }) => release === TRY_AGAIN);
  const purchases = ticked.flatMap(({ lookAt }) => lookAt ?? []);
  return (
    <>
      <TickedTable
        resource={{ singular: 'wait', plural: 'waits' }}
        rows={entries}
        selection={selection}
        isBusy={decision.busy !== null}
        headings={[
          { title: 'Order' },
          { title: 'What' },
          { title: 'Why it waits' },
          { title: 'Since' },
          { title: 'Paid', alignment: 'end' },
        ]}
        wide={(entry) => <WideCells entry={entry} />}
        narrow={(entry) => <NarrowCell entry={entry} />}
        empty={
          isSearch
            ? { title: 'Nothing found', description: 'Try another order number, or another tab.' }
            : { title: 'Nothing waits here', description: 'Look under another tab.' }
        }
        bulk={[
          {
            content: isTry ? TRY_AGAIN : 'Release',
            disabled: chosen.length === 0 || decision.busy !== null,
            onAction: () => {
              setAsking(true);
            },
          },
          {
            content: 'Look again',
            disabled: purchases.length === 0 || decision.busy !== null,
            onAction: () => {
              clearSelection();
              decision.decide('look-again', { attempt: purchases });
            },
          },
        ]}
        pagination={pagination}
      />
      <ConfirmModal
        open={isAsking}
        title={
          isTry
            ? `Try again to buy ${counted(waits.length, 'eSIM')}?`
            : `Release ${counted(waits.length, 'eSIM')}?`
        }
        confirm={isTry ? TRY_AGAIN : 'Release'}
        onCancel={() => {
          setAsking(false);
        }}
        onConfirm={() => {
          setAsking(false);
          clearSelection();
          decision.decide('release', { wait: waits });
        }}
      >
        {isTry
          ? 'They are bought from your balance at the supplier, unless what stopped them still does.'
          : 'They are bought from your balance at the supplier. No risk, price or quantity holds them back again, only an empty balance, a refused key or a loss.'}
        {left > 0 &&
          ` ${counted(left, 'other')} you chose ${isTry ? 'cannot be tried again' : 'cannot be released'} here: open each to decide.`}
      </ConfirmModal>
    </>
  );
}

function WideCells({ entry }: { entry: Row }) {
  return (
    <>
      <IndexTable.Cell>
        <EntryLink entry={entry} />
      </IndexTable.Cell>
      <IndexTable.Cell>
        <div style={{ whiteSpace: 'normal', minWidth: '10rem', overflowWrap: 'anywhere' }}>{entry.title}</div>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Why entry={entry} />
      </IndexTable.Cell>
      <IndexTable.Cell>
        <span title={entry.since}>{entry.age}</span>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Text as="span" alignment="end" numeric>
          {entry.paid ?? '–'}
        </Text>
      </IndexTable.Cell>
    </>
  );
}

function NarrowCell({ entry }: { entry: Row }) {
  return (
    <BlockStack gap="100">
      <InlineStack align="space-between">
        <EntryLink entry={entry} />
        <Text as="span" tone="subdued">
          {entry.age}
        </Text>
      </InlineStack>
      <span>{entry.title}</span>
      <Why entry={entry} />
    </BlockStack>
  );
}

function EntryLink({ entry: { id, order } }: { entry: Row }) {
  return (
    <InlineStack gap="200" blockAlign="center">
      <Link url={`/app/queue/${id}`} dataPrimaryLink monochrome removeUnderline>
        <Text as="span" fontWeight="semibold">
          {order?.name ?? 'No order'}
        </Text>
      </Link>
      {order?.isTest === true && <Badge>Test</Badge>}
    </InlineStack>
  );
}

function Why({ entry: { kind, reason, nextLook } }: { entry: Row }) {
  const tone = kind === 'parked' || kind === 'unclaimed' ? 'critical' : kind === 'doubt' ? 'info' : 'warning';
  return (
    <InlineStack gap="200" blockAlign="center">
      <Badge {...(reason !== 'test-order' && reason !== 'delay' && { tone })}>
        {reasonText(reason).short}
      </Badge>
      {nextLook !== null && (
        <Text as="span" tone="subdued">
          next look {nextLook}
        </Text>
      )}
    </InlineStack>
  );
}

function NothingWaits() {
  return (
    <Page title="Needs you">
      <Card>
        <Empty
          icon={CheckCircleIcon}
          title="Nothing waits"
          text="Every paid eSIM was bought and sent, or is on its way. What cannot go on by itself appears here, with the reason and what you can do."
          action={<Button url="/app/settings/watch">How we watch over your orders</Button>}
        />
      </Card>
    </Page>
  );
}

function ByHand({ orders }: { orders: ReturnType<typeof useLoaderData<typeof loader>>['byHand'] }) {
  return (
    <Card>
      <BlockStack gap="300">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            Bought outside the app, or dealt with
          </Text>
          <Text as="p" tone="subdued">
            Purchases the supplier lists that belong to no order here. Nothing needs to be done.
          </Text>
        </BlockStack>
        {orders.map(({ id, what, at, orderReference, isOurs, note }) => (
          <BlockStack key={id} gap="050">
            <InlineStack gap="200" blockAlign="center">
              <span style={{ overflowWrap: 'anywhere' }}>{what}</span>
              {!isOurs && <Badge>Not from this app</Badge>}
            </InlineStack>
            <Text as="span" tone="subdued">
              <span style={{ overflowWrap: 'anywhere' }}>
                {[at, orderReference, note].filter((part) => part !== null).join(' · ')}
              </span>
            </Text>
          </BlockStack>
        ))}
      </BlockStack>
    </Card>
  );
}

/** The address with changes; whatever narrows the list starts it from its first page. */
function changed(before: URLSearchParams, changes: Record<string, string>) {
  const next = new URLSearchParams(before);
  next.delete('page');
  for (const [name, value] of Object.entries(changes)) {
    if (value === '' || (name === 'tab' && value === 'all') || (name === 'page' && value === '1'))
      next.delete(name);
    else next.set(name, value);
  }
  return next;
}
