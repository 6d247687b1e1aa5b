import { randomUUID } from 'node:crypto';
import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Badge, Banner, BlockStack, Button, Card, InlineStack, Link, Page, Text } from '@shopify/polaris';
import { InventoryIcon } from '@shopify/polaris-icons';
import { z } from 'zod';
import { chosenAccount } from '../balance/accounts.server.ts';
import { bundlesOfStock, decideRefund, refundBatch, refundInDoubt, stockOf } from '../desk/stock.server.ts';
import { currentTime, DAY } from '../platform/time.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { BatchRow } from '../ui/balance/batch-row.tsx';
import { endedAnswer, refusal } from '../ui/balance/ended.server.ts';
import type { MoneyAnswer } from '../ui/balance/answer.ts';
import { useMoney } from '../ui/balance/use-money.ts';
import { displayFor } from '../ui/display.ts';
import { notFound, problemBody } from '../ui/edge.server.ts';
import { Empty } from '../ui/empty.tsx';
import { parseForm } from '../ui/form.server.ts';
import { ProblemBanner, problemText } from '../ui/problem.tsx';

export const meta = () => [{ title: 'Stock' }];

/** What expires sooner is marked. */
const SOON_MS = 30 * DAY;

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const { account } = await chosenAccount(shop, new URL(request.url).searchParams.get('account'));
  if (!account) throw notFound();
  const ids = { shopId: shop.id, accountId: account.id };
  const show = displayFor({ locale, timezone: shop.timezone });
  const [listed, doubt] = await Promise.all([listedStock(ids), refundInDoubt(ids)]);
  const bundles =
    'stock' in listed
      ? await bundlesOfStock(
          ids,
          listed.stock.map(({ bundle }) => bundle),
        )
      : [];
  const soon = currentTime().getTime() + SOON_MS;
  return json({
    ...{ accountId: account.id, label: account.label, clickId: randomUUID() },
    problem: 'problem' in listed ? listed.problem : null,
    mayRefund: 'stock' in listed && listed.mayRefund,
    stock:
      'stock' in listed
        ? listed.stock.map(({ bundle, remaining, batches }) => ({
            ...{ code: bundle, remaining },
            bundle: bundles.find(({ code }) => code === bundle) ?? null,
            batches: batches.map(({ id, remaining: left, expiresAt }) => ({
              ...{ id, remaining: left },
              expires: expiresAt ? show.date(expiresAt) : null,
              isSoon: expiresAt !== null && expiresAt.getTime() < soon,
            })),
          }))
        : null,
    doubt: doubt && { ...doubt, at: show.moment(doubt.at) },
  });
}

/** The supplier's stock, or why there is none to show; null for a supplier without any. */
async function listedStock(ids: { shopId: string; accountId: string }) {
  try {
    const answer = await stockOf(ids);
    return answer.status === 'listed' ? answer : {};
  } catch (error) {
    const problem = problemBody(error);
    if (!problem) throw error;
    return { problem };
  }
}

const Form = z.discriminatedUnion('intent', [
  z.object({
    ...{ intent: z.literal('refund'), accountId: z.string().max(64), clickId: z.uuid() },
    ...{ bundle: z.string().min(1).max(200), batchId: z.string().min(1).max(64) },
    quantity: z
      .string()
      .trim()
      .regex(/^\d{1,5}$/, 'Enter how many, as a whole number.')
      .transform(Number)
      .refine((quantity) => quantity >= 1, 'Enter at least 1.'),
  }),
  z.object({
    ...{ intent: z.literal('decide-refund'), accountId: z.string().max(64), actionId: z.uuid() },
    happened: z.enum(['yes', 'no']).transform((word) => word === 'yes'),
  }),
]);

export async function action({ request }: ActionFunctionArgs) {
  const { shop, staff: by } = await requireShop(request);
  const form = await parseForm(request, Form);
  if (form.status === 'invalid') return json<MoneyAnswer>(form, 422);
  const { input } = form;
  const { account } = await chosenAccount(shop, input.accountId);
  if (!account || input.accountId === '') throw notFound();
  switch (input.intent) {
    case 'refund': {
      const { bundle, batchId, quantity, clickId: actionId } = input;
      const ended = await refundBatch(shop, account.id, { bundle, batchId, quantity }, { actionId, by });
      return endedAnswer(ended, 'Given back to the supplier');
    }
    case 'decide-refund': {
      const { actionId, happened } = input;
      const isDecided = await decideRefund(shop, account.id, { actionId, happened, by });
      return isDecided
        ? json<MoneyAnswer>({ status: 'done', toast: 'Closed' })
        : refusal('Nothing waits for a decision there any more.');
    }
    default:
      return input satisfies never;
  }
}

export default function Stock() {
  const { accountId, label, stock, problem, mayRefund, doubt, clickId } = useLoaderData<typeof loader>();
  return (
    <Page
      title={`Stock at ${label}`}
      backAction={{ content: 'Balance', url: `/app/balance?account=${accountId}` }}
    >
      <BlockStack gap="400">
        {problem && <ProblemBanner problem={problemText(problem.kind, problem.side)} />}
        {doubt && <Doubt accountId={accountId} doubt={doubt} />}
        {!problem && (stock === null || stock.length === 0) && (
          <Card>
            <Empty
              icon={InventoryIcon}
              title={stock === null ? 'This supplier keeps no stock' : 'No stock'}
              text="Bundles that are paid for and not on an eSIM yet are listed here, such as those that come back from an eSIM that was revoked."
            />
          </Card>
        )}
        {stock?.map(({ code, bundle, remaining, batches }) => (
          <Card key={code}>
            <BlockStack gap="300">
              <InlineStack align="space-between" blockAlign="center" gap="200">
                <BlockStack>
                  <Text as="h2" variant="headingMd">
                    {bundle ? (
                      <Link url={`/app/catalogue/${bundle.id}`} removeUnderline>
                        {bundle.description}
                      </Link>
                    ) : (
                      code
                    )}
                  </Text>
                  <Text as="p" tone="subdued" breakWord>
                    {code}
                  </Text>
                </BlockStack>
                <Badge>{`${String(remaining)} left`}</Badge>
              </InlineStack>
              {batches.map((batch, index) => (
                <BatchRow
                  key={batch.id ?? index}
                  {...{ accountId, code, clickId, batch }}
                  mayRefund={mayRefund && batch.id !== null && doubt === null}
                />
              ))}
            </BlockStack>
          </Card>
        ))}
      </BlockStack>
    </Page>
  );
}

type DoubtData = NonNullable<ReturnType<typeof useLoaderData<typeof loader>>['doubt']>;

function Doubt({ accountId, doubt }: { accountId: string; doubt: DoubtData }) {
  const decision = useMoney('decide-refund');
  const decide = (happened: 'yes' | 'no') => () => {
    decision.send({ accountId, actionId: doubt.id, happened });
  };
  return (
    <Banner tone="critical" title={`${String(doubt.quantity)} × ${doubt.bundle} may have been given back`}>
      <BlockStack gap="200">
        <Text as="p">
          The supplier’s answer of {doubt.at} was lost, and it is not asked again. The batch held {doubt.held}{' '}
          before
          {doubt.heldAfter === null ? '.' : `, and ${String(doubt.heldAfter)} after.`} What came back shows as
          a difference on the balance page.
        </Text>
        {decision.sentence !== null && <Text as="p">{decision.sentence}</Text>}
        <InlineStack gap="200">
          <Button loading={decision.isBusy} onClick={decide('yes')}>
            It was given back
          </Button>
          <Button disabled={decision.isBusy} onClick={decide('no')}>
            It was not
          </Button>
        </InlineStack>
      </BlockStack>
    </Banner>
  );
}
