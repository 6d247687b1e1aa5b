import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData } from '@remix-run/react';
import {
  Banner,
  BlockStack,
  Card,
  Checkbox,
  ChoiceList,
  FormLayout,
  Page,
  Text,
  TextField,
} from '@shopify/polaris';
import { Decimal } from 'decimal.js';
import { z } from 'zod';
import { regardHeld } from '../orders/regard.server.ts';
import { buyingForm, type BuyingForm } from '../settings/buying-form.ts';
import { lastChanges } from '../settings/changes.server.ts';
import { guardsOf } from '../settings/guards.server.ts';
import { saveBuying } from '../settings/save-buying.server.ts';
import { supplierSettings } from '../settings/supplier-settings.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { counted, displayFor } from '../ui/display.ts';
import { parseForm } from '../ui/form.server.ts';
import { useToastOf } from '../ui/toast.ts';
import { DraftForm } from '../ui/draft-form.tsx';
import { changesView, SettingsChanges } from '../ui/settings-changes.tsx';
import { SettingsSection } from '../ui/settings-section.tsx';
import { useDraft } from '../ui/use-draft.ts';

export const meta = () => [{ title: 'Before money moves' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const [guards, accounts, changes] = await Promise.all([
    guardsOf(shop),
    supplierSettings(shop),
    lastChanges(shop, 'buying'),
  ]);
  const show = displayFor({ locale, timezone: shop.timezone });
  const labels = new Map(accounts.map(({ accountId, label }) => [accountId, label]));
  return json({
    accounts: accounts.map(({ accountId, label, currency }) => ({ accountId, label, currency })),
    saved: buyingForm(guards, accounts),
    changes: changesView(changes, show, labels),
  });
}

const wholeNumber = (least: number, most: number, sentence: string) =>
  z
    .string()
    .trim()
    .regex(/^\d{1,4}$/, sentence)
    .transform(Number)
    .refine((number) => number >= least && number <= most, sentence);
const orEmpty = <Schema extends z.ZodType>(schema: Schema) =>
  z.union([z.literal('').transform(() => null), schema]);
const switched = z.enum(['on', '']).transform((value) => value === 'on');

const MOST = 'Enter a whole number from 1 to 1000, or leave it empty.';
const PERCENT = 'Enter a whole number from 0 to 1000, or leave it empty.';
const RESERVE = 'Enter an amount such as 25 or 25.50.';

const Guards = z.object({
  intent: z.literal('save'),
  riskHold: z.enum(['off', 'high', 'medium']),
  buyDelayMinutes: wholeNumber(0, 60, 'Enter whole minutes from 0 to 60.'),
  mostPerOrder: orEmpty(wholeNumber(1, 1000, MOST)),
  priceGuardPercent: orEmpty(wholeNumber(0, 1000, PERCENT)),
  buyTestOrders: switched,
});

const Account = z.object({
  reserve: z
    .string()
    .trim()
    .regex(/^\d{1,9}(\.\d{1,2})?$/, RESERVE)
    .transform((text) => new Decimal(text)),
  stockFirst: switched,
  rebuy: switched,
});

export async function action({ request }: ActionFunctionArgs) {
  const { shop, staff } = await requireShop(request);
  const accounts = await supplierSettings(shop);
  const form = await parseForm(request, withAccounts(accounts.map(({ accountId }) => accountId)));
  if (form.status === 'invalid') return json({ ...form, toast: null }, 422);
  const { accounts: chosen, guards } = form.input;
  await saveBuying(shop, { guards, accounts: chosen, by: staff });
  const released = await regardHeld(shop, staff);
  const news = released > 0 ? `. ${counted(released, 'waiting eSIM')} will be bought now` : '';
  return json({ status: 'saved' as const, toast: `Saved${news}`, fields: {} });
}

/** The whole form, and all its complaints at once: each account brings its fields, named `<field> <account id>`. */
function withAccounts(ids: string[]) {
  return z.looseObject({}).transform((input, context) => {
    const guards = Guards.safeParse(input);
    for (const { path, message } of guards.error?.issues ?? [])
      context.addIssue({ code: 'custom', path, message });
    const accounts = ids.flatMap((accountId) => {
      const fields = Object.fromEntries(
        Object.keys(Account.shape).map((name) => [name, input[`${name} ${accountId}`]]),
      );
      const parsed = Account.safeParse(fields);
      for (const { path, message } of parsed.error?.issues ?? [])
        context.addIssue({ code: 'custom', path: [`${String(path[0])} ${accountId}`], message });
      if (!parsed.success) return [];
      const { reserve, stockFirst, rebuy } = parsed.data;
      return [{ accountId, reserve, stockFirst, rebuyAfterProof: rebuy }];
    });
    if (!guards.success) return z.NEVER;
    const { riskHold, buyDelayMinutes, mostPerOrder, priceGuardPercent, buyTestOrders } = guards.data;
    return {
      accounts,
      guards: { riskHold, buyDelayMinutes, mostPerOrder, priceGuardPercent, buyTestOrders },
    };
  });
}

export default function Buying() {
  const { saved, accounts, changes } = useLoaderData<typeof loader>();
  const fetcher = useFetcher<typeof action>();
  useToastOf(fetcher.data);
  const fields = fetcher.state === 'idle' && fetcher.data?.status === 'invalid' ? fetcher.data.fields : {};
  return (
    <Page title="Before money moves" backAction={{ content: 'Settings', url: '/app/settings' }}>
      <BlockStack gap="400">
        {fields[''] !== undefined && <Banner tone="critical">{fields['']}</Banner>}
        {/* What was saved is the new beginning. */}
        <SettingsForm
          key={JSON.stringify(saved)}
          saved={saved}
          accounts={accounts}
          fields={fields}
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

interface FormProps {
  saved: BuyingForm;
  accounts: { accountId: string; label: string; currency: string | null }[];
  /** What is wrong with a field, by its name. */
  fields: Record<string, string>;
  isSaving: boolean;
  onSave: (draft: BuyingForm) => void;
}

function SettingsForm({ saved, accounts, fields, isSaving, onSave }: FormProps) {
  const { draft, discard, text, toggle, choice } = useDraft(saved, fields);
  return (
    <DraftForm saved={saved} draft={draft} isSaving={isSaving} onSave={onSave} onDiscard={discard}>
      <BlockStack gap="600">
        <SettingsSection
          title="Orders that look wrong"
          description="What is held waits under Needs you until you release it. An eSIM that was sent cannot be called back."
        >
          <Card>
            <FormLayout>
              <ChoiceList
                title="Hold an order when Shopify sees a risk of fraud"
                {...choice('riskHold')}
                choices={[
                  { value: 'high', label: 'High risk', helpText: 'Where Shopify advises to cancel.' },
                  { value: 'medium', label: 'Medium or high risk' },
                  { value: 'off', label: 'Never' },
                ]}
              />
              <TextField
                {...text('buyDelayMinutes')}
                label="Wait after each payment"
                suffix="minutes"
                inputMode="numeric"
                helpText="Shopify’s judgement often comes some minutes after the payment. 0 buys at once; buyers wait that much longer."
              />
              <TextField
                {...text('mostPerOrder')}
                label="Most eSIMs in one order"
                inputMode="numeric"
                placeholder="No limit"
                helpText="A larger order is held. Leave it empty for no limit."
              />
            </FormLayout>
          </Card>
        </SettingsSection>
        <SettingsSection
          title="Price and tests"
          description="Keeps a supplier’s new price, or a test, from costing you money unseen."
        >
          <Card>
            <FormLayout>
              <TextField
                {...text('priceGuardPercent')}
                label="Hold when the supplier’s price rose by more than"
                suffix="%"
                inputMode="numeric"
                placeholder="Never"
                helpText="The price of the last import is compared with that of the day the product was linked to its bundle. Leave it empty to never hold."
              />
              <Checkbox
                {...toggle('buyTestOrders')}
                label="Buy eSIMs for test orders"
                helpText="Shopify marks them as tests, and nobody paid. Off: the supplier is only asked whether it would sell."
              />
            </FormLayout>
          </Card>
        </SettingsSection>
        {accounts.map(({ accountId, label, currency }) => (
          <SettingsSection
            key={accountId}
            title={label}
            description="How the app may use your account with this supplier."
          >
            <Card>
              <FormLayout>
                <TextField
                  {...text(`reserve ${accountId}`)}
                  label="Keep in the balance"
                  suffix={currency ?? ''}
                  inputMode="decimal"
                  helpText="Nothing is bought that would leave less. What waits goes on by itself after a top-up."
                />
                <Checkbox
                  {...toggle(`stockFirst ${accountId}`)}
                  label="Use bundles I own first"
                  helpText="When your inventory at the supplier holds the bundle, it is used up before another one is ordered."
                />
                <Checkbox
                  {...toggle(`rebuy ${accountId}`)}
                  label="Buy again by itself when a lost purchase is proved absent"
                  helpText={<RebuyHelp />}
                />
              </FormLayout>
            </Card>
          </SettingsSection>
        ))}
      </BlockStack>
    </DraftForm>
  );
}

/** What the proof is worth, said before it is switched on. */
function RebuyHelp() {
  return (
    <BlockStack gap="200">
      <Text as="span">
        When the answer to a purchase is lost, the app looks for it in the supplier’s list of orders. If it
        does not show up, the app leaves it to you. Switched on, it buys once more by itself, but only if
        three things hold: 15 minutes have passed, two looks a minute or more apart found nothing, and your
        balance is to the cent what the listed orders leave of it. It never does so a second time for the same
        eSIM.
      </Text>
      <Text as="span">
        What stays: a supplier that carries out a request later than that, or lists it later, is paid twice.
        The app shows you the second purchase, but cannot undo it. Leave it off unless your supplier has shown
        that it is quick.
      </Text>
    </BlockStack>
  );
}
