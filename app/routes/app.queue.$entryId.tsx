import { randomUUID } from 'node:crypto';
import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData, useParams } from '@remix-run/react';
import { Badge, Banner, BlockStack, Button, Card, InlineStack, Layout, Page, Text } from '@shopify/polaris';
import { z } from 'zod';
import { cancellingOf, cancelUnclaimed, decideCancelling } from '../desk/cancel-order.server.ts';
import { chooseEsim, type Chosen, type NotChosen } from '../desk/choose-esim.server.ts';
import type { Ended } from '../desk/deed.ts';
import { revokeAnyway } from '../desk/follow-refund.server.ts';
import { closeDispute } from '../orders/disputes.server.ts';
import { acknowledgeRefund } from '../purchases/close-unit.server.ts';
import {
  adoptOrder,
  buyAgain,
  buyInstead,
  closeAttempt,
  dismissOrder,
  lookAgain,
  sendAnyway,
  type Decided,
} from '../purchases/decide.server.ts';
import { earlierAttempts } from '../purchases/earlier-attempts.server.ts';
import type { Entry } from '../purchases/queue-entry.server.ts';
import { findEntry } from '../purchases/queue.server.ts';
import {
  buyNewEsims,
  closeAll,
  giveAll,
  releaseAll,
  type Outcome,
  type Wait,
} from '../purchases/waits.server.ts';
import { requireShop, type Visit } from '../shopify/auth.server.ts';
import { moneyRefusal } from '../ui/balance/refusal-words.ts';
import { counted, displayFor, type Display } from '../ui/display.ts';
import { notFound, problemBody } from '../ui/edge.server.ts';
import { listOf, parseForm } from '../ui/form.server.ts';
import { useLiveWhile } from '../ui/live.ts';
import type { QueueAnswer } from '../ui/queue/answer.ts';
import type { CancelView } from '../ui/queue/cancel.tsx';
import { EntryCard } from '../ui/queue/entry-card.tsx';
import { Facts } from '../ui/queue/facts.tsx';
import { useDecision } from '../ui/queue/use-decision.ts';
import { earlierView, entryView } from '../ui/queue/view.ts';
import { waitTokens } from '../ui/queue/wait-token.server.ts';
import { reasonText } from '../ui/reason-words.ts';
import { currentTime } from '../platform/time.ts';

export const meta = () => [{ title: 'Needs you' }];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const entry = await findEntry(shop, params['entryId'] ?? '');
  if (!entry) throw notFound();
  const show = displayFor({ locale, timezone: shop.timezone });
  const [cancel, earlier] = await Promise.all([
    entry.kind === 'unclaimed' ? cancelView(shop, entry, show) : null,
    entry.kind === 'held' || entry.attempt ? earlierAttempts(shop, entry) : [],
  ]);
  return json({ ...entryView(entry, show, currentTime()), cancel, earlier: earlierView(earlier, show) });
}

async function cancelView(shop: Visit['shop'], { unclaimed }: Entry, show: Display): Promise<CancelView> {
  const { canCancel, doubt } = await cancellingOf(shop, unclaimed?.id ?? '');
  // Of the next press: made anew with every answer, so that a press that comes twice is one.
  return { canCancel, clickId: randomUUID(), doubt: doubt && { ...doubt, at: show.moment(doubt.at) } };
}

const note = z
  .string()
  .trim()
  .min(1, 'Write a few words, so that others know what was done.')
  .max(500, 'Keep it below 500 characters.');
const bundleId = z.string().min(1, 'Choose a bundle.');
const Intent = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('release'), wait: waitTokens }),
  z.object({ intent: z.literal('top-up'), wait: waitTokens, esimId: z.string().min(1, 'Choose an eSIM.') }),
  z.object({ intent: z.literal('buy-new'), wait: waitTokens }),
  z.object({ intent: z.literal('give'), wait: waitTokens, bundleId }),
  z.object({ intent: z.literal('buy-instead'), seen: listOf(z.string().max(200)), bundleId }),
  z.object({ intent: z.literal('close'), wait: waitTokens, note }),
  z.object({ intent: z.literal('adopt'), orderReference: z.string().min(1).max(200) }),
  z.object({ intent: z.literal('buy-again'), seen: listOf(z.string().max(200)) }),
  z.object({ intent: z.literal('look-again') }),
  z.object({ intent: z.literal('send-anyway') }),
  // Of a dispute one of its eSIMs is named. (Made from what it stands for: no version of a UUID.)
  z.object({ intent: z.literal('revoke-anyway'), unitId: z.guid().optional() }),
  z.object({ intent: z.literal('cancel-order'), clickId: z.uuid() }),
  z.object({ intent: z.literal('decide-cancel'), actionId: z.uuid(), happened: z.enum(['yes', 'no']) }),
]);

export async function action({ request, params }: ActionFunctionArgs) {
  const visit = await requireShop(request);
  const entry = await findEntry(visit.shop, params['entryId'] ?? '');
  if (!entry) throw notFound();
  const form = await parseForm(request, Intent);
  if (form.status === 'invalid')
    return answer({
      status: 'refused',
      sentence: Object.values(form.fields)[0] ?? 'This is not a form of this page.',
    });
  try {
    return answer(await decide(visit, entry, form.input));
  } catch (error) {
    const problem = problemBody(error);
    if (!problem) throw error;
    return answer({ status: 'failed', problem });
  }
}

/** What the person wants, done to the entry as they saw it. Throws `ProviderError` when the supplier cannot be asked. */
async function decide(
  { shop, staff: by }: Visit,
  entry: Entry,
  input: z.output<typeof Intent>,
): Promise<QueueAnswer> {
  const attemptId = entry.attempt?.id ?? '';
  const unitId = entry.units[0]?.id ?? '';
  switch (input.intent) {
    case 'release':
      return told(await releaseAll(shop, ofEntry(entry, input.wait), by), 'will be bought now');
    case 'top-up': {
      // One piece at a time: each may be for another eSIM.
      const [wait] = ofEntry(entry, input.wait);
      return wait ? chosen(await chooseEsim(shop, { ...wait, esimId: input.esimId, by })) : stale;
    }
    case 'buy-new':
      return told(await buyNewEsims(shop, ofEntry(entry, input.wait), by), 'will be bought as new');
    case 'give': {
      const outcome = await giveAll(shop, ofEntry(entry, input.wait), { bundleId: input.bundleId, by });
      if (typeof outcome === 'string') return { status: 'refused', sentence: notGiven[outcome] };
      return told(outcome, 'will be bought as the other bundle');
    }
    case 'buy-instead': {
      const { seen, bundleId } = input;
      const decided = await buyInstead(shop, { attemptId, bundleId, seen, by });
      if (decided.status === 'unknown-bundle' || decided.status === 'other-supplier')
        return { status: 'refused', sentence: notGiven[decided.status] };
      return worded(decided, 'The other bundle is being bought');
    }
    case 'close':
      return close({ shop, by, entry, note: input.note, waits: input.wait });
    case 'adopt':
      return worded(
        await adoptOrder(shop, { attemptId, orderReference: input.orderReference, by }),
        'The eSIM is on its way to the buyer',
      );
    case 'buy-again':
      return worded(await buyAgain(shop, { attemptId, seen: input.seen, by }), 'It is being bought again');
    case 'look-again':
      return worded(await lookAgain(shop, attemptId), 'This is what the supplier lists now');
    case 'send-anyway':
      return worded(await sendAnyway(shop, { unitId, by }), 'The eSIM is on its way to the buyer');
    case 'revoke-anyway':
      return revoked(await revokeAnyway(shop, { unitId: unitOf(entry, input.unitId), by }));
    case 'cancel-order':
      return cancelled(
        await cancelUnclaimed(shop, entry.unclaimed?.id ?? '', { actionId: input.clickId, by }),
      );
    case 'decide-cancel': {
      const decision = { actionId: input.actionId, happened: input.happened === 'yes', by };
      const isDecided = await decideCancelling(shop, entry.unclaimed?.id ?? '', decision);
      return isDecided ? { status: 'done', toast: 'Written down' } : stale;
    }
    default:
      return input satisfies never;
  }
}

const notGiven = {
  'unknown-bundle': 'This bundle is not sold any more. Choose another one.',
  'other-supplier': 'This bundle is another supplier’s than the eSIM it should go on. Choose another one.',
};

const notChosen: Record<NotChosen, string> = {
  'top-up': 'The supplier has this eSIM no more, or it was revoked. Choose another one.',
  incompatible: 'The supplier says that the bundle does not go with this eSIM. Choose another one.',
  'bundle-unavailable': 'The supplier does not sell this bundle any more. Link the variant to another one.',
  'unknown-esim': 'This is no eSIM of your shop.',
  'other-supplier':
    'This eSIM is another supplier’s than the bundle that was bought. Choose another eSIM, or add a bundle of its supplier to the variant.',
  unable: 'The supplier of this eSIM tops up none.',
};

function chosen(answer: Chosen): QueueAnswer {
  switch (answer.status) {
    case 'done':
      return { status: 'done', toast: 'The top-up will be bought now' };
    case 'stale':
      return stale;
    case 'refused':
      return { status: 'refused', sentence: `${notChosen[answer.reason]} Nothing was bought.` };
    default:
      return answer satisfies never;
  }
}

function revoked(ended: Ended | null): QueueAnswer {
  switch (ended?.status) {
    case undefined:
    case 'under-way':
      return stale;
    case 'done':
      return { status: 'done', toast: 'The eSIM was revoked' };
    case 'in-doubt':
      return { status: 'done', toast: 'The supplier’s answer was lost: it is looked up by itself' };
    case 'refused': {
      const words = ended.detail === null ? '' : ` It says: ${ended.detail}`;
      return {
        status: 'refused',
        sentence: `The supplier did not revoke the eSIM.${words} Try again later, or leave it.`,
      };
    }
    default:
      return ended satisfies never;
  }
}

function cancelled(ended: Ended | null): QueueAnswer {
  switch (ended?.status) {
    case undefined:
    case 'under-way':
      return stale;
    case 'done':
      return { status: 'done', toast: 'The order was cancelled at the supplier' };
    case 'in-doubt':
      return { status: 'refused', sentence: 'The supplier’s answer was lost, so it may be cancelled.' };
    case 'refused':
      return { status: 'refused', sentence: moneyRefusal(ended.reason, ended.detail) };
    default:
      return ended satisfies never;
  }
}

interface Closing {
  shop: Visit['shop'];
  by: string;
  entry: Entry;
  note: string;
  waits: Wait[];
}

async function close({ shop, by, entry, note, waits }: Closing): Promise<QueueAnswer> {
  switch (entry.kind) {
    case 'held':
    case 'gone':
      return told(await closeAll(shop, ofEntry(entry, waits), { note, by }), 'closed');
    case 'parked':
      return worded(await closeAttempt(shop, { attemptId: entry.attempt?.id ?? '', note, by }), 'Closed');
    case 'refunded':
      return worded(await acknowledgeRefund(shop, { unitId: entry.units[0]?.id ?? '', note, by }), 'Closed');
    case 'unclaimed':
      return worded(await dismissOrder(shop, { id: entry.unclaimed?.id ?? '', note, by }), 'Closed');
    case 'dispute': {
      const isDone = await closeDispute(shop, { disputeId: entry.dispute?.id ?? '', note, by });
      return isDone ? { status: 'done', toast: 'Closed' } : stale;
    }
    case 'doubt':
    case 'refunding':
    case 'done':
      return stale;
    default:
      return entry.kind satisfies never;
  }
}

/** The form may only name what belongs to the entry of the address. */
function ofEntry({ units }: Entry, waits: Wait[]): Wait[] {
  return waits.filter(({ unitId }) => units.some(({ id }) => id === unitId));
}

/** The eSIM that a form names of those of the entry, or the entry's own. */
function unitOf({ units }: Entry, named: string | undefined): string {
  return (named === undefined ? units[0] : units.find(({ id }) => id === named))?.id ?? '';
}

const stale: QueueAnswer = {
  status: 'stale',
  sentence:
    'This had moved on before you decided: somebody else was faster, or it went on by itself. Nothing was changed. The page shows how it is now.',
};

function told({ done, movedOn }: Outcome, what: string): QueueAnswer {
  if (done === 0) return stale;
  const others = movedOn > 0 ? `, ${String(movedOn)} had moved on` : '';
  return { status: 'done', toast: `${counted(done, 'eSIM')} ${what}${others}` };
}

function worded(decided: Decided, toast: string): QueueAnswer {
  switch (decided.status) {
    case 'done':
      return { status: 'done', toast };
    case 'stale':
      return stale;
    case 'look-again':
      return {
        status: 'look-again',
        sentence: `Nothing was bought: the supplier lists ${counted(decided.evidence.length, 'order')} that may be the lost one. Look below before you decide.`,
      };
    case 'not-that-order':
      return {
        status: 'refused',
        sentence:
          'The supplier does not list this order any more, or another of your orders has it. Nothing was changed.',
      };
    default:
      return decided satisfies never;
  }
}

const statuses: Record<QueueAnswer['status'], number> = {
  done: 200,
  'look-again': 200,
  stale: 409,
  refused: 422,
  failed: 502,
};

function answer(body: QueueAnswer) {
  return json(body, statuses[body.status]);
}

export default function EntryPage() {
  const entry = useLoaderData<typeof loader>();
  const { entryId = '' } = useParams();
  const decision = useDecision(`/app/queue/${entryId}`);
  const { order, kind, title, reason, age, since, paid, bundle, cost } = entry;
  useLiveWhile(decision.busy === null && kind !== 'done');
  const { answer } = decision;
  return (
    <Page
      title={order ? `${order.name}: ${title}` : title}
      subtitle={kind === 'done' ? '' : `Waits since ${since}, ${age}`}
      backAction={{ content: 'Needs you', url: '/app/queue' }}
      titleMetadata={
        <>
          {kind !== 'done' && <Badge tone="warning">{reasonText(reason).short}</Badge>}{' '}
          {order?.isTest === true && reason !== 'test-order' && <Badge>Test order</Badge>}
        </>
      }
    >
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            {answer?.status === 'stale' && <Banner tone="warning">{answer.sentence}</Banner>}
            {kind === 'done' ? (
              <Done orderId={order?.id ?? null} />
            ) : (
              <EntryCard
                key={entryId}
                entry={entry}
                cancel={entry.cancel}
                earlier={entry.earlier}
                decision={decision}
              />
            )}
          </BlockStack>
        </Layout.Section>
        {order && (
          <Layout.Section variant="oneThird">
            <Card>
              <BlockStack gap="400">
                <Text as="h2" variant="headingMd">
                  Order {order.name}
                </Text>
                <Facts
                  facts={[
                    ...(paid === null ? [] : [['Paid', paid] as const]),
                    ...(bundle === null ? [] : [['Bundle', bundle.code] as const]),
                    ...(cost === null ? [] : [['Costs you', cost] as const]),
                    ...(riskWords[order.risk] === undefined
                      ? []
                      : [['Risk', riskWords[order.risk]] as const]),
                  ]}
                />
                <InlineStack gap="200">
                  <Button url={`/app/orders/${order.id}`}>Open the order</Button>
                  <Button url={order.shopifyUrl} target="_top">
                    View in Shopify
                  </Button>
                </InlineStack>
              </BlockStack>
            </Card>
          </Layout.Section>
        )}
      </Layout>
    </Page>
  );
}

/** Shopify's judgement, where it has one. */
const riskWords: Record<string, string> = { low: 'Low', medium: 'Medium', high: 'High' };

function Done({ orderId }: { orderId: string | null }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="p">Nothing waits here any more.</Text>
        <InlineStack gap="200">
          <Button url="/app/queue" variant="primary">
            Back to what needs you
          </Button>
          {orderId !== null && <Button url={`/app/orders/${orderId}`}>Open the order</Button>}
        </InlineStack>
      </BlockStack>
    </Card>
  );
}
