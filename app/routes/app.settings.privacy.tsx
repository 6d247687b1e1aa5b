import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Badge, BlockStack, Card, Divider, InlineStack, Link, List, Page, Text } from '@shopify/polaris';
import { LockIcon } from '@shopify/polaris-icons';
import { Fragment } from 'react';
import { listComplianceRequests } from '../compliance/queries.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { displayFor } from '../ui/display.ts';
import { Empty } from '../ui/empty.tsx';
import { privacyText } from '../ui/privacy-words.ts';
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
      due: show.date(dueAt),
      dueIn: show.distance(dueAt, now),
      state:
        closedAt === null ? (dueAt < now ? ('overdue' as const) : ('open' as const)) : ('closed' as const),
    })),
  });
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
                  The app records these requests and shows them here. Acting on them is done by hand for now:
                  do what each one says before its due date.
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
              <List.Item>
                The number, date, prices and language of the order, and Shopify’s id of the customer.
              </List.Item>
              <List.Item>
                The eSIM itself, encrypted, so that the buyer can install it from the order page.
              </List.Item>
              <List.Item>
                When each e-mail was sent, and when an address or an install code was looked at.
              </List.Item>
            </List>
          </BlockStack>
        </Card>
      </BlockStack>
    </Page>
  );
}

type RequestRow = ReturnType<typeof useLoaderData<typeof loader>>['requests'][number];

function Request({ id, topic, customerUrl, received, due, dueIn, state }: RequestRow) {
  const { title, whatNext } = privacyText(topic);
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
      {state !== 'closed' && <Text as="p">{whatNext}</Text>}
      {state !== 'closed' && customerUrl !== null && (
        <Link url={customerUrl} target="_top">
          Open the customer in Shopify
        </Link>
      )}
      <Text as="p" tone="subdued">
        Received {received} · due {due} · request {id.slice(0, 8)}
      </Text>
    </BlockStack>
  );
}
