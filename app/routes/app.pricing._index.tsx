import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData } from '@remix-run/react';
import { Banner, BlockStack, Button, Card, InlineStack, Page, Text } from '@shopify/polaris';
import { z } from 'zod';
import { RatesBanner, WaitingChanges } from '../products/price-banners.tsx';
import { settingsForm } from '../products/price-form.ts';
import { PriceHistory } from '../products/price-history.tsx';
import { previewPrices } from '../products/price-preview.server.ts';
import { startRefusals } from '../products/price-words.ts';
import {
  rateNews,
  ruleLines,
  sentHistory,
  sentSettings,
  sentWaiting,
} from '../products/pricing-page.server.ts';
import { PricingSettingsForm } from '../products/pricing-settings.tsx';
import { RuleTable } from '../products/rule-table.tsx';
import { deleteRule, savePricingSettings } from '../products/save-rules.server.ts';
import { decideChanges, startUndoing } from '../products/start-prices.server.ts';
import { fetchRates } from '../rates/fetch.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { newestTask } from '../tasks/queries.server.ts';
import { cancelTask, resumeTask } from '../tasks/start.server.ts';
import { counted, displayFor } from '../ui/display.ts';
import { parseForm } from '../ui/form.server.ts';
import { SettingsSection } from '../ui/settings-section.tsx';
import { TaskCard } from '../ui/task-card.tsx';
import { useToastOf } from '../ui/toast.ts';

export const meta = () => [{ title: 'Pricing' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const display = displayFor({ locale, timezone: shop.timezone });
  const preview = await previewPrices(shop, locale);
  const [rules, saved, waiting, history, newest] = await Promise.all([
    ruleLines(shop, preview, display),
    sentSettings(shop, preview),
    sentWaiting(shop, display),
    sentHistory(shop, display),
    newestTask(shop, 'prices.apply'),
  ]);
  const rates = await rateNews(shop, preview, display);
  const changed = preview.rows.filter(({ change }) => change === 'up' || change === 'down').length;
  return json({
    ...{ rules, saved, waiting, history, rates, currency: shop.currency },
    ...{ sold: preview.rows.length, changed, newest },
  });
}

const Intent = z.discriminatedUnion('intent', [
  z.looseObject({ intent: z.literal('save') }),
  z.object({ intent: z.literal('delete'), ruleId: z.uuid() }),
  z.object({ intent: z.literal('fetch-rates') }),
  z.object({ intent: z.literal('approve'), taskId: z.uuid() }),
  z.object({ intent: z.literal('refuse'), taskId: z.uuid() }),
  z.object({ intent: z.literal('undo'), taskId: z.uuid() }),
  z.object({ intent: z.literal('cancel-task'), taskId: z.uuid() }),
  z.object({ intent: z.literal('resume'), taskId: z.uuid() }),
]);

export async function action({ request }: ActionFunctionArgs) {
  const { shop, staff } = await requireShop(request);
  const form = await parseForm(request.clone(), Intent);
  if (form.status === 'invalid') return json(form, 400);
  const { input } = form;
  switch (input.intent) {
    case 'save': {
      const settings = await parseForm(request, settingsForm(shop.currency));
      if (settings.status === 'invalid') return json(settings, 422);
      await savePricingSettings(shop, settings.input);
      return json(done('Saved. No price changes until you apply it'));
    }
    case 'delete':
      return json(
        done((await deleteRule(shop, input.ruleId)) ? 'Rule deleted' : 'The rule was gone already'),
      );
    case 'fetch-rates': {
      const looked = await fetchRates();
      return json(looked.status === 'got' ? done('Exchange rates are up to date') : refused(LOST_RATES));
    }
    case 'approve':
    case 'refuse': {
      const approve = input.intent === 'approve';
      if (!(await decideChanges(shop, { taskId: input.taskId, approve }))) return json(refused(DECIDED), 409);
      return json(done(approve ? 'The prices are being changed' : 'The prices stay'));
    }
    case 'undo': {
      const started = await startUndoing(shop, { taskId: input.taskId, askedBy: staff });
      if (started.status === 'refused') return json(refused(startRefusals[started.reason]), 409);
      return json(done('The old prices are being put back'));
    }
    case 'cancel-task':
      await cancelTask(shop, input.taskId);
      return json(done(null));
    case 'resume':
      return json((await resumeTask(shop, input.taskId)) ? done('Going on') : refused(DECIDED));
    default:
      return input satisfies never;
  }
}

const LOST_RATES = 'The exchange rates could not be read. The last ones stay; try again in a while.';
const DECIDED = 'Somebody decided this already. Look at the page again.';

const done = (toast: string | null) => ({ status: 'done' as const, toast, fields: {} });
const refused = (reason: string) => ({ status: 'refused' as const, reason, fields: {} });

export default function Pricing() {
  const { rules, saved, waiting, history, rates, currency, sold, changed, newest } =
    useLoaderData<typeof loader>();
  const fetcher = useFetcher<typeof action>();
  useToastOf(fetcher.data);
  const isBusy = fetcher.state !== 'idle';
  const answer = isBusy ? undefined : fetcher.data;
  const isChanging = newest?.state === 'queued' || newest?.state === 'running';
  const send = (fields: Record<string, string>) => {
    fetcher.submit(fields, { method: 'post' });
  };
  return (
    <Page
      title="Pricing"
      primaryAction={{ content: 'Add rule', url: '/app/pricing/rules/new' }}
      secondaryActions={[{ content: 'Preview prices', url: '/app/pricing/preview' }]}
    >
      <BlockStack gap="400">
        {answer?.status === 'refused' && <Banner tone="critical" title={answer.reason} />}
        {rates.isNeeded && <RatesBanner rates={rates} />}
        {waiting && (
          <WaitingChanges
            waiting={waiting}
            isBusy={isBusy}
            onDecide={(intent) => {
              send({ intent, taskId: waiting.id });
            }}
          />
        )}
        {newest && <TaskCard task={newest} title="Changing prices" unit="prices" />}
        {changed > 0 && !isChanging && (
          <Banner
            tone="info"
            title={`${counted(changed, 'price')} in your shop ${changed === 1 ? 'is' : 'are'} not what your rules make`}
            action={{ content: 'Look at them', url: '/app/pricing/preview' }}
          />
        )}
        <RuleTable
          rules={rules}
          isBusy={isBusy}
          onDelete={(ruleId) => {
            send({ intent: 'delete', ruleId });
          }}
        />
        <PricingSettingsForm
          key={JSON.stringify(saved)}
          saved={saved}
          currency={currency}
          rates={rates}
          fields={answer?.status === 'invalid' ? answer.fields : {}}
          isBusy={isBusy}
          onSave={(draft) => {
            send({ ...draft, intent: 'save' });
          }}
          onFetchRates={() => {
            send({ intent: 'fetch-rates' });
          }}
        />
        <BlockStack gap="600">
          <SettingsSection
            title="History"
            description="What was applied, by whom, and what came of it. The last application can be taken back."
          >
            <PriceHistory
              history={history}
              isBusy={isBusy}
              onSend={(intent, taskId) => {
                send({ intent, taskId });
              }}
            />
          </SettingsSection>
          <SettingsSection title="What Shopify does">
            <Card>
              <BlockStack gap="200">
                <Text as="p">
                  Compare-at prices and the prices of your markets in other currencies are left to Shopify:
                  this app writes neither. Shopify converts these prices for each market.
                </Text>
                <InlineStack>
                  <Button url="shopify://admin/settings/markets" target="_top" variant="plain">
                    Markets in Shopify
                  </Button>
                </InlineStack>
                <Text as="p" tone="subdued">
                  {counted(sold, 'variant')} made by this app {sold === 1 ? 'is' : 'are'} priced by these
                  rules. Variants you mapped yourself keep your price.
                </Text>
              </BlockStack>
            </Card>
          </SettingsSection>
        </BlockStack>
      </BlockStack>
    </Page>
  );
}
