import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData } from '@remix-run/react';
import { Badge, BlockStack, Button, Card, InlineStack, Page, Text } from '@shopify/polaris';
import { useState } from 'react';
import { z } from 'zod';
import { stuckReceipts, tryAgain, type StuckReceipt } from '../notifications/stuck.server.ts';
import { watchOf, type Look } from '../watch/queries.server.ts';
import { auditNow, reconcileNow, sweepNow } from '../watch/run-now.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { displayFor, type Display } from '../ui/display.ts';
import { notFound } from '../ui/edge.server.ts';
import { parseForm } from '../ui/form.server.ts';
import { useLiveWhile } from '../ui/live.ts';
import { problemText, type ProblemSide } from '../ui/problem.tsx';
import {
  auditFindings,
  messageWords,
  processWords,
  reconcileFindings,
  sweepFindings,
} from '../ui/watch-words.ts';
import { currentTime } from '../platform/time.ts';

export const meta = () => [{ title: 'How we watch over your orders' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const [{ sweep, reconcile, audits, processes }, stuck] = await Promise.all([
    watchOf(shop),
    stuckReceipts(shop),
  ]);
  const show = displayFor({ locale, timezone: shop.timezone });
  const now = currentTime();
  return json({
    sweep: sweep && lookView(sweep, sweepFindings, show, now),
    reconcile: {
      last: reconcile.last && lookView(reconcile.last, reconcileFindings, show, now),
      nightly: reconcile.nightlyAt && show.moment(reconcile.nightlyAt),
    },
    audits: audits.map(({ last, ...account }) => ({
      ...account,
      last: last && lookView(last, auditFindings, show, now),
    })),
    stuck: stuck.map((receipt) => stuckView(receipt, show, now)),
    processes: processes.map(({ id, role, startedAt, heartbeatAt }) => ({
      id,
      what: processWords(role),
      since: show.moment(startedAt),
      sign: show.distance(heartbeatAt, now),
      isSilent: now.getTime() - heartbeatAt.getTime() > SILENT_MS,
    })),
  });
}

// A process says that it lives every five seconds.
const SILENT_MS = 60_000;

function lookView(
  { state, startedAt, finishedAt, findings, problem }: Look,
  words: (findings: Record<string, number>) => string,
  show: Display,
  now: Date,
) {
  return {
    ...{ state, problem },
    // Tells one look from the next.
    startedAt: startedAt.toISOString(),
    at: show.moment(startedAt),
    age: show.distance(finishedAt ?? startedAt, now),
    found: state === 'done' ? words(findings) : null,
  };
}

function stuckView(
  { id, topic, orderGid, receivedAt, attempts, nextAttemptAt, problem }: StuckReceipt,
  show: Display,
  now: Date,
) {
  const number = orderGid?.split('/').at(-1);
  return {
    id,
    what: messageWords(topic),
    // Shopify's admin opens it, whether the app knows the order or not.
    orderUrl: number === undefined ? null : `shopify://admin/orders/${number}`,
    came: show.moment(receivedAt),
    tries: attempts,
    next: show.distance(nextAttemptAt, now),
    // A fault of our own has no name a merchant would know.
    why: problem === null || problem === 'unknown' ? null : problemText(problem, 'shopify').title,
  };
}

const Intent = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('sweep') }),
  z.object({ intent: z.literal('reconcile') }),
  z.object({ intent: z.literal('audit'), accountId: z.string() }),
  z.object({ intent: z.literal('try-again'), receiptId: z.string() }),
]);

export async function action({ request }: ActionFunctionArgs) {
  const { shop } = await requireShop(request);
  const form = await parseForm(request, Intent);
  if (form.status === 'invalid') throw json(form, 400);
  const { input } = form;
  switch (input.intent) {
    case 'sweep':
      await sweepNow();
      break;
    case 'reconcile':
      await reconcileNow(shop);
      break;
    case 'audit':
      if (!(await auditNow(shop, input.accountId))) throw notFound();
      break;
    case 'try-again':
      if (!(await tryAgain(shop, input.receiptId))) throw notFound();
      break;
    default:
      return input satisfies never;
  }
  return json({ status: 'asked' as const });
}

export default function Watch() {
  const { sweep, reconcile, audits, stuck, processes } = useLoaderData<typeof loader>();
  return (
    <Page
      title="How we watch over your orders"
      subtitle="Three looks find by themselves what was lost on the way. They buy nothing."
      backAction={{ content: 'Settings', url: '/app/settings' }}
    >
      <BlockStack gap="400">
        <LookCard
          title="Work that is due"
          text="Every few seconds: what should have gone on and did not, such as a purchase to look up or an e-mail to send, is taken up again."
          last={sweep}
          more={null}
          side="shopify"
          ask={{ intent: 'sweep' }}
        />
        <LookCard
          title="Shopify’s paid orders"
          text="Every ten minutes, and over seven days each night: an order that Shopify never told us of, or that changed since, is read. If Shopify’s messages do not come, they are asked for again."
          last={reconcile.last}
          more={reconcile.nightly === null ? null : `Last look over seven days: ${reconcile.nightly}.`}
          side="shopify"
          ask={{ intent: 'reconcile' }}
        />
        {audits.map(({ accountId, label, isActive, last }) => (
          <LookCard
            key={accountId}
            title={`Orders at ${label}`}
            text="Every hour: what the supplier sold is compared with what your orders have. A lost purchase that is found is delivered; one that belongs to no order is shown to you."
            last={last}
            more={
              isActive
                ? null
                : 'The supplier refused the key, so it cannot be asked. Enter a new one in Settings → Suppliers.'
            }
            side="supplier"
            ask={isActive ? { intent: 'audit', accountId } : null}
          />
        ))}
        {stuck.length > 0 && <StuckCard stuck={stuck} />}
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              Running processes
            </Text>
            {processes.map(({ id, what, since, sign, isSilent }) => (
              <BlockStack key={id} gap="050">
                <InlineStack gap="200" blockAlign="center">
                  <Text as="span">{what}</Text>
                  <Badge {...(isSilent ? { tone: 'warning' } : { tone: 'success' })}>
                    {isSilent ? 'Silent' : 'Running'}
                  </Badge>
                </InlineStack>
                <Text as="span" tone="subdued">
                  since {since}, last sign {sign}
                </Text>
              </BlockStack>
            ))}
          </BlockStack>
        </Card>
      </BlockStack>
    </Page>
  );
}

function StuckCard({ stuck }: { stuck: ReturnType<typeof stuckView>[] }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Messages from Shopify that could not be worked on
        </Text>
        <Text as="p" tone="subdued">
          The app failed each time it followed them. None is thrown away: each is tried again every hour, and
          its order may wait meanwhile. If one stays, tell whoever runs this app.
        </Text>
        {stuck.map((message) => (
          <StuckMessage key={message.id} {...message} />
        ))}
      </BlockStack>
    </Card>
  );
}

function StuckMessage({ id, what, orderUrl, came, tries, next, why }: ReturnType<typeof stuckView>) {
  const fetcher = useFetcher<typeof action>();
  const isAsked = fetcher.state !== 'idle';
  useLiveWhile(isAsked);
  return (
    <InlineStack gap="400" align="space-between" blockAlign="center">
      <BlockStack gap="050">
        <Text as="span">
          {what} ({came}){why === null ? '' : `: ${why}`}
        </Text>
        <Text as="span" tone="subdued">
          Tried {tries} times; next {next}.
        </Text>
      </BlockStack>
      <InlineStack gap="200">
        {orderUrl !== null && (
          <Button
            variant="plain"
            url={orderUrl}
            target="_top"
            accessibilityLabel={`Open the order: ${what}, ${came}`}
          >
            Open the order
          </Button>
        )}
        <Button
          loading={isAsked}
          accessibilityLabel={`Try again: ${what}, ${came}`}
          onClick={() => {
            fetcher.submit({ intent: 'try-again', receiptId: id }, { method: 'post' });
          }}
        >
          Try again
        </Button>
      </InlineStack>
    </InlineStack>
  );
}

interface LookCardProps {
  title: string;
  text: string;
  last: {
    state: Look['state'];
    startedAt: string;
    at: string;
    age: string;
    found: string | null;
    problem: string | null;
  } | null;
  more: string | null;
  /** Whose fault a failure is worded as. */
  side: ProblemSide;
  /** What "Run now" posts; null when it cannot run. */
  ask: Record<string, string> | null;
}

function LookCard({ title, text, last, more, side, ask }: LookCardProps) {
  const fetcher = useFetcher<typeof action>();
  // The look that was the last when the button was pressed: it runs until another one has ended.
  const [before, setBefore] = useState<string | null | undefined>();
  const isAsked = before !== undefined && before === (last?.startedAt ?? null);
  const isRunning = fetcher.state !== 'idle' || isAsked || last?.state === 'running';
  useLiveWhile(isRunning);
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack gap="400" align="space-between" blockAlign="center">
          <Text as="h2" variant="headingMd">
            {title}
          </Text>
          {ask && (
            <Button
              loading={isRunning}
              accessibilityLabel={`Run now: ${title}`}
              onClick={() => {
                setBefore(last?.startedAt ?? null);
                fetcher.submit(ask, { method: 'post' });
              }}
            >
              Run now
            </Button>
          )}
        </InlineStack>
        <Text as="p" tone="subdued">
          {text}
        </Text>
        <div aria-live="polite">
          <LastLook last={last} isRunning={isRunning} side={side} />
        </div>
        {more !== null && <Text as="p">{more}</Text>}
      </BlockStack>
    </Card>
  );
}

function LastLook({ last, isRunning, side }: Pick<LookCardProps, 'last' | 'side'> & { isRunning: boolean }) {
  if (isRunning) return <Text as="p">Looking …</Text>;
  if (!last) return <Text as="p">Not looked yet. The first look comes by itself.</Text>;
  switch (last.state) {
    case 'running':
    case 'done':
      return (
        <Text as="p">
          Last look {last.age} ({last.at}). {last.found}
        </Text>
      );
    case 'cut-off':
      return <Text as="p">The last look ({last.at}) was cut off. The next one begins where it did.</Text>;
    case 'failed': {
      const { title, whatNext } = problemText(last.problem ?? '', side);
      return (
        <BlockStack gap="100">
          <InlineStack gap="200" blockAlign="center">
            <Badge tone="warning">Did not work</Badge>
            <Text as="span">
              {title} ({last.at}).
            </Text>
          </InlineStack>
          <Text as="p" tone="subdued">
            {lookAgain(whatNext)}
          </Text>
        </BlockStack>
      );
    }
    default:
      return last.state satisfies never;
  }
}

/** A look buys nothing anyway. */
function lookAgain(whatNext: string): string {
  return `${whatNext.replace(/^Nothing was bought\. /, '')} The next look begins where this one did.`;
}
