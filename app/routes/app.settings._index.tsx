import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { BlockStack, Button, Card, InlineGrid, InlineStack, Page, Text } from '@shopify/polaris';
import { listComplianceRequests } from '../compliance/queries.server.ts';
import { mailSender } from '../settings/mail.server.ts';
import { listSuppliers } from '../settings/suppliers.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { counted } from '../ui/display.ts';

export const meta = () => [{ title: 'Settings' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop } = await requireShop(request);
  const [suppliers, requests] = await Promise.all([listSuppliers(shop), listComplianceRequests(shop)]);
  return json({
    connected: suppliers.filter(({ state }) => state !== 'disconnected').map(({ label }) => label),
    openRequests: requests.filter(({ closedAt }) => closedAt === null).length,
    sender: mailSender(shop),
  });
}

export default function Settings() {
  const { connected, openRequests, sender } = useLoaderData<typeof loader>();
  return (
    <Page title="Settings">
      <BlockStack gap="400">
        <Section
          title="Suppliers"
          text={
            connected.length === 0 ? 'No supplier is connected yet.' : `Connected: ${connected.join(', ')}.`
          }
          url="/app/settings/suppliers"
          button={connected.length === 0 ? 'Connect a supplier' : 'Manage suppliers'}
        />
        <Section
          title="Before money moves"
          text="What holds an order back: risk, price, quantity, tests, and how your supplier accounts may be used."
          url="/app/settings/buying"
          button="Choose what is held"
        />
        <Section
          title="When a supplier withdraws a bundle"
          text="What becomes of your products when what they sell cannot be bought any more."
          url="/app/settings/withdrawn"
          button="Choose what happens"
        />
        <Section
          title="When an order is refunded"
          text="What becomes of an eSIM whose buyer gets the money back."
          url="/app/settings/refunds"
          button="Choose what happens"
        />
        <Section
          title="How we watch over your orders"
          text="What finds lost orders and purchases by itself, and what it found last."
          url="/app/settings/watch"
          button="See the last looks"
        />
        <Section
          title="Products"
          text="Language, texts and pictures of the products the app makes, and where they are sold."
          url="/app/settings/products"
          button="Change texts and pictures"
        />
        <Section
          title="Prices"
          text="How much is added to what a bundle costs you."
          url="/app/pricing"
          button="Set prices"
        />
        <Section
          title="E-mails to travellers"
          text="What buyers are written to after the purchase: data used, first use, the end, a reminder to install."
          url="/app/settings/travellers"
          button="Choose e-mails"
        />
        <Section
          title="Privacy"
          text={
            openRequests === 0
              ? 'No privacy request is open.'
              : `${counted(openRequests, 'privacy request')} open.`
          }
          url="/app/settings/privacy"
          button="See privacy requests"
        />
        <Card>
          <BlockStack gap="200">
            <Text as="h2" variant="headingMd">
              E-mails to buyers
            </Text>
            <Text as="p">
              Buyers get their eSIM from {sender.name} ({sender.address}), in the language of their checkout.
            </Text>
            <Text as="p" tone="subdued">
              The name is your shop’s name in Shopify. The address is set by whoever runs this app.
            </Text>
          </BlockStack>
        </Card>
      </BlockStack>
    </Page>
  );
}

function Section({ title, text, url, button }: { title: string; text: string; url: string; button: string }) {
  return (
    <Card>
      <InlineGrid columns={{ xs: '1fr', sm: '1fr auto' }} alignItems="center" gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {title}
          </Text>
          <Text as="p" tone="subdued">
            {text}
          </Text>
        </BlockStack>
        <InlineStack>
          <Button url={url}>{button}</Button>
        </InlineStack>
      </InlineGrid>
    </Card>
  );
}
