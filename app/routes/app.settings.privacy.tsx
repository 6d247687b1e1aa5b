import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData } from '@remix-run/react';
import {
  Badge,
  BlockStack,
  Button,
  Card,
  Divider,
  InlineStack,
  Link,
  List,
  Page,
  Text,
} from '@shopify/polaris';
import { LockIcon } from '@shopify/polaris-icons';
import { Fragment } from 'react';
import { z } from 'zod';
import { closeDataRequest, listComplianceRequests } from '../compliance/queries.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { displayFor } from '../ui/display.ts';
import { notFound } from '../ui/edge.server.ts';
import { parseForm } from '../ui/form.server.ts';
import { Empty } from '../ui/empty.tsx';
import { privacyText } from '../ui/privacy-words.ts';
import { useToastOf } from '../ui/toast.ts';
import { useDownload } from '../ui/use-download.ts';
import { currentTime } from '../platform/time.ts';

export const meta = () => [{ title: 'Privacy' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const show = displayFor({ locale, timezone: shop.timezone });
  const now = currentTime();
  const requests = await listComplianceRequests(shop);
  return json({
    requests: requests.map(({ id, topic, customerId, receivedAt, dueAt, closedAt }) => ({
      id,
      topic,
      customerUrl: customerId === null ? null : `shopify://admin/customers/${customerId}`,
      received: show.date(receivedAt),
      closed: closedAt === null ? null : show.date(closedAt),
      due: show.date(dueAt),
      dueIn: show.distance(dueAt, now),
      state:
        closedAt === null ? (dueAt < now ? ('overdue' as const) : ('open' as const)) : ('closed' as const),
    })),
  });
}

const Form = z.object({ intent: z.literal('close'), requestId: z.string().max(100) });

export async function action({ request }: ActionFunctionArgs) {
  const { shop } = await requireShop(request);
  const form = await parseForm(request, Form);
  if (form.status === 'invalid') return json({ toast: null }, 400);
  if (!(await closeDataRequest(shop, form.input.requestId))) throw notFound();
  return json({ toast: 'Marked as done' });
}

export default function Privacy() {
  const { requests } = useLoaderData<typeof loader>();
  return (
    <Page title="Privacy" backAction={{ content: 'Settings', url: '/app/settings' }}>
      <BlockStack gap="400">
        <Card>
          <BlockStack gap="400">
            <Text as="h2" variant="headingMd">
              Privacy requests
            </Text>
            {requests.length === 0 ? (
              <Empty
                icon={LockIcon}
                title="No privacy requests"
                text="When Shopify passes on a customer’s request to see or erase their data, it appears here with its due date."
              />
            ) : (
              <>
                <Text as="p">
                  What is to be erased the app erases by itself. What a customer asks to see is yours to send:
                  Shopify wants that done before the due date.
                </Text>
                {requests.map((request) => (
                  <Fragment key={request.id}>
                    <Divider />
                    <Request {...request} />
                  </Fragment>
                ))}
              </>
            )}
          </BlockStack>
        </Card>
        <Card>
          <BlockStack gap="200">
            <Text as="h2" variant="headingMd">
              What the app keeps about buyers
            </Text>
            <List>
              <List.Item>The e-mail address of an order with eSIMs, encrypted, to send them.</List.Item>
              <List.Item>The name of the customer, encrypted, so that you find an eSIM by it.</List.Item>
              <List.Item>
                The number, date, prices and language of the order, and Shopify’s id of the customer.
              </List.Item>
              <List.Item>
                The eSIM itself, encrypted, so that the buyer can install it from the order page.
              </List.Item>
              <List.Item>
                What the supplier says of the eSIM: whether it is installed, how much of its data is used, and
                the network and country where it was last seen.
              </List.Item>
              <List.Item>
                When each e-mail was sent, and when an address or an install code was looked at.
              </List.Item>
            </List>
            <Text as="p" tone="subdued">
              When Shopify asks to erase a customer, all of this goes except the number, date and prices of
              the order and what the eSIM cost you. Messages of Shopify and of suppliers are deleted after 90
              days.
            </Text>
          </BlockStack>
        </Card>
      </BlockStack>
    </Page>
  );
}

type RequestRow = ReturnType<typeof useLoaderData<typeof loader>>['requests'][number];

function Request({ id, topic, customerUrl, received, closed, due, dueIn, state }: RequestRow) {
  const { title, whatNext, done } = privacyText(topic);
  return (
    <BlockStack gap="200">
      <InlineStack gap="200" blockAlign="center">
        <Text as="h3" variant="headingSm">
          {title}
        </Text>
        {state === 'overdue' && <Badge tone="critical">Overdue</Badge>}
        {state === 'open' && <Badge tone="warning">{`Due ${dueIn}`}</Badge>}
        {state === 'closed' && <Badge tone="success">Done</Badge>}
      </InlineStack>
      <Text as="p">{state === 'closed' ? done : whatNext}</Text>
      {state !== 'closed' && customerUrl !== null && (
        <Link url={customerUrl} target="_top">
          Open the customer in Shopify
        </Link>
      )}
      {topic === 'customers/data_request' && <CustomerFile id={id} isOpen={state !== 'closed'} />}
      <Text as="p" tone="subdued">
        Received {received} · {closed === null ? `due ${due}` : `done ${closed}`} · request {id.slice(0, 8)}
      </Text>
    </BlockStack>
  );
}

function CustomerFile({ id, isOpen }: { id: string; isOpen: boolean }) {
  const fetcher = useFetcher<typeof action>();
  const { download, isDownloading } = useDownload('/app/settings/privacy/export', 'customer-data.json');
  useToastOf(fetcher.data);
  return (
    <InlineStack gap="200">
      <Button
        loading={isDownloading}
        onClick={() => {
          download(`request=${id}`);
        }}
      >
        Download the file
      </Button>
      {isOpen && (
        <Button
          loading={fetcher.state !== 'idle'}
          onClick={() => {
            fetcher.submit({ intent: 'close', requestId: id }, { method: 'post' });
          }}
        >
          I sent it
        </Button>
      )}
    </InlineStack>
  );
}
