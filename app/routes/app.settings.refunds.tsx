import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData } from '@remix-run/react';
import { BlockStack, Card, ChoiceList, List, Page, Text } from '@shopify/polaris';
import type { ReactNode } from 'react';
import { z } from 'zod';
import { lastChanges } from '../settings/changes.server.ts';
import {
  chargebackRules,
  refundRules,
  type ChargebackRule,
  type RefundRule,
  type RefundSettings,
} from '../settings/refund-rules.ts';
import { refundSettingsOf, saveRefundSettings } from '../settings/refunds.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { displayFor } from '../ui/display.ts';
import { DraftForm } from '../ui/draft-form.tsx';
import { parseForm } from '../ui/form.server.ts';
import { changesView, SettingsChanges } from '../ui/settings-changes.tsx';
import { SettingsSection } from '../ui/settings-section.tsx';
import { useToastOf } from '../ui/toast.ts';
import { useDraft } from '../ui/use-draft.ts';

export const meta = () => [{ title: 'When an order is refunded' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const [saved, changes] = await Promise.all([refundSettingsOf(shop), lastChanges(shop, 'refunds')]);
  const show = displayFor({ locale, timezone: shop.timezone });
  return json({ saved, changes: changesView(changes, show) });
}

const Form = z.object({
  intent: z.literal('save'),
  refundRule: z.enum(refundRules),
  chargebackRule: z.enum(chargebackRules),
});

export async function action({ request }: ActionFunctionArgs) {
  const { shop, staff } = await requireShop(request);
  const form = await parseForm(request, Form);
  if (form.status === 'invalid') return json({ toast: null }, 422);
  const { refundRule, chargebackRule } = form.input;
  await saveRefundSettings(shop, { refundRule, chargebackRule, by: staff });
  return json({ toast: 'Saved' });
}

const ofRefund: { value: RefundRule; label: string; helpText: string }[] = [
  {
    value: 'revoke',
    label: 'Take an unused eSIM back',
    helpText:
      'The supplier is asked at that moment. If the eSIM is on no phone and the supplier gives something for it, it is revoked, and its price is back in your balance or its bundle in your stock.',
  },
  {
    value: 'ask',
    label: 'Ask me each time',
    helpText: 'Nothing is revoked by itself. Every refunded eSIM waits under Needs you.',
  },
];

const ofChargeback: { value: ChargebackRule; label: string; helpText: string }[] = [
  {
    value: 'ask',
    label: 'Ask me each time',
    helpText:
      'Nothing is revoked by itself, since you may win. The chargeback waits under Needs you, where you can revoke each eSIM.',
  },
  {
    value: 'revoke',
    label: 'Take an unused eSIM back at once',
    helpText:
      'On the same terms as for a refund. If you win, the buyer has paid and has no eSIM: you are told, and can give another one.',
  },
  {
    value: 'leave',
    label: 'Leave the eSIM with the buyer',
    helpText:
      'Nothing is revoked, and nothing waits for you. The chargeback is told on the order’s timeline.',
  },
];

export default function Refunds() {
  const { saved, changes } = useLoaderData<typeof loader>();
  const fetcher = useFetcher<typeof action>();
  useToastOf(fetcher.data);
  return (
    <Page title="When an order is refunded" backAction={{ content: 'Settings', url: '/app/settings' }}>
      <BlockStack gap="600">
        {/* What was saved is the new beginning. */}
        <SettingsForm
          key={JSON.stringify(saved)}
          saved={saved}
          isSaving={fetcher.state !== 'idle'}
          onSave={(draft) => {
            fetcher.submit({ ...draft, intent: 'save' }, { method: 'post' });
          }}
        />
        <SettingsChanges changes={changes} />
      </BlockStack>
    </Page>
  );
}

function SettingsForm({
  saved,
  isSaving,
  onSave,
}: {
  saved: RefundSettings;
  isSaving: boolean;
  onSave: (draft: Record<string, string>) => void;
}) {
  const { draft, discard, choice } = useDraft({ ...saved }, {});
  return (
    <DraftForm saved={saved} draft={draft} isSaving={isSaving} onSave={onSave} onDiscard={discard}>
      <BlockStack gap="600">
        <SettingsSection
          title="Refunds and cancellations"
          description="When an item is refunded, or its order cancelled, in Shopify."
        >
          <Card>
            <BlockStack gap="400">
              <ChoiceList
                title="What becomes of an eSIM that was sent"
                choices={ofRefund}
                {...choice('refundRule')}
              />
              <Always>
                <List.Item>An eSIM that is installed or used is never taken without you.</List.Item>
                <List.Item>When one of several is refunded, the one that is used least is taken.</List.Item>
                <List.Item>A refund of an amount, without an item, takes no eSIM.</List.Item>
                <List.Item>
                  An item that is edited out of the order, without a refund of it, takes no eSIM without you.
                </List.Item>
              </Always>
            </BlockStack>
          </Card>
        </SettingsSection>
        <SettingsSection
          title="Chargebacks"
          description="When the buyer’s bank takes the money back until the case is decided."
        >
          <Card>
            <BlockStack gap="400">
              <ChoiceList
                title="What becomes of the eSIMs of the order"
                choices={ofChargeback}
                {...choice('chargebackRule')}
              />
              <Always>
                <List.Item>An eSIM that is installed or used is never taken without you.</List.Item>
                <List.Item>
                  An inquiry, before any money is taken, takes no eSIM. It waits under Needs you, with what
                  helps you to answer the bank.
                </List.Item>
              </Always>
            </BlockStack>
          </Card>
        </SettingsSection>
      </BlockStack>
    </DraftForm>
  );
}

function Always({ children }: { children: ReactNode }) {
  return (
    <BlockStack gap="200">
      <Text as="h3" variant="headingSm">
        Whatever you choose
      </Text>
      <List>{children}</List>
    </BlockStack>
  );
}
