import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData } from '@remix-run/react';
import { SaveBar } from '@shopify/app-bridge-react';
import {
  Banner,
  BlockStack,
  Button,
  Card,
  ChoiceList,
  Layout,
  Page,
  Text,
  TextField,
} from '@shopify/polaris';
import { Decimal } from 'decimal.js';
import { useState } from 'react';
import { z } from 'zod';
import { bundleTitle } from '../catalogue/bundle.ts';
import { bundleQuery } from '../catalogue/bundle-query.ts';
import { findBundles } from '../catalogue/queries.server.ts';
import { countPublished } from '../products/mapping.server.ts';
import { markupPercent, PricePreview } from '../products/price-preview.tsx';
import { changePriceRule, priceRule } from '../products/price-rule.server.ts';
import { isRounding, roundings, type Rounding } from '../products/pricing.ts';
import { outdatedPrices, repricePublished } from '../products/reprice.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { counted } from '../ui/display.ts';
import { orProblemPage } from '../ui/edge.server.ts';
import { parseForm } from '../ui/form.server.ts';
import { useToastOf } from '../ui/toast.ts';
import { after } from '../platform/time.ts';

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const [rule, publishedCount, { products: outdated }, sold] = await Promise.all([
    priceRule(shop),
    countPublished(shop),
    outdatedPrices(shop),
    findBundles(shop, bundleQuery({ sold: 'yes' }), { perPage: 5 }),
  ]);
  const { bundles } =
    sold.bundles.length > 0 ? sold : await findBundles(shop, bundleQuery({}), { perPage: 5 });
  return json({
    ...{ locale, currency: shop.currency, publishedCount, outdatedCount: outdated.length },
    rule: { markupPercent: rule.markupPercent.toString(), rounding: rule.rounding },
    examples: bundles.map((bundle) => ({
      id: bundle.id,
      title: bundleTitle(bundle),
      cost: { amount: bundle.cost.amount.toString(), currency: bundle.cost.currency },
    })),
  });
}

const Intent = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('save'), markupPercent, rounding: z.enum(roundings) }),
  z.object({ intent: z.literal('reprice') }),
]);

// Hosts cut a request off after a minute; what is not done by then is offered again.
const REPRICE_FOR_MS = 20_000;

export async function action({ request }: ActionFunctionArgs) {
  const { shop } = await requireShop(request);
  const form = await parseForm(request, Intent);
  if (form.status === 'invalid') return json(form, 400);
  if (form.input.intent === 'save') {
    await changePriceRule(shop, {
      markupPercent: new Decimal(form.input.markupPercent),
      rounding: form.input.rounding,
    });
  }
  const deadline = after(REPRICE_FOR_MS);
  const { changed, refused } = await orProblemPage(repricePublished(shop, { deadline }));
  const what = form.input.intent === 'save' ? 'Saved. ' : '';
  return json({ status: 'saved' as const, toast: `${what}${counted(changed, 'price')} changed`, refused });
}

export default function Pricing() {
  const { locale, currency, rule, examples, publishedCount, outdatedCount } = useLoaderData<typeof loader>();
  const fetcher = useFetcher<typeof action>();
  useToastOf(fetcher.data);
  const [draft, setDraft] = useState(rule);
  const isChanged =
    Number(draft.markupPercent) !== Number(rule.markupPercent) || draft.rounding !== rule.rounding;
  const isBusy = fetcher.state !== 'idle';
  const answer = fetcher.data;
  const checked = markupPercent.safeParse(draft.markupPercent);
  const markupError = checked.success
    ? answer?.status === 'invalid'
      ? answer.fields.markupPercent
      : undefined
    : checked.error.issues[0]?.message;
  return (
    <Page title="Pricing">
      <SaveBar id="pricing" open={isChanged}>
        <button
          variant="primary"
          disabled={isBusy || !checked.success}
          onClick={() => {
            fetcher.submit({ intent: 'save', ...draft }, { method: 'post' });
          }}
        >
          Save
        </button>
        <button
          disabled={isBusy}
          onClick={() => {
            setDraft(rule);
          }}
        >
          Discard
        </button>
      </SaveBar>
      <BlockStack gap="400">
        <Unfinished
          count={isBusy || isChanged ? 0 : outdatedCount}
          refused={answer?.status === 'saved' ? answer.refused : 0}
          onReprice={() => {
            fetcher.submit({ intent: 'reprice' }, { method: 'post' });
          }}
        />
        <Layout>
          <Layout.AnnotatedSection
            title="How prices are made"
            description={`Your supplier's cost plus a markup, rounded up. Applies to ${counted(publishedCount, 'published product')} and to everything you publish from now on. Products you mapped yourself keep your price.`}
          >
            <Card>
              <BlockStack gap="400">
                <TextField
                  label="Markup"
                  suffix="%"
                  inputMode="decimal"
                  autoComplete="off"
                  value={draft.markupPercent}
                  error={markupError ?? false}
                  helpText="40 makes 14.00 of a cost of 10.00."
                  onChange={(text) => {
                    setDraft({ ...draft, markupPercent: text });
                  }}
                />
                <ChoiceList
                  title="Round prices up to"
                  selected={[draft.rounding]}
                  choices={roundings.map((value) => ({ value, label: ROUNDING_WORDS[value] }))}
                  onChange={([value = '']) => {
                    if (isRounding(value)) setDraft({ ...draft, rounding: value });
                  }}
                />
              </BlockStack>
            </Card>
          </Layout.AnnotatedSection>
          <Layout.AnnotatedSection
            title="What that gives"
            description="Examples from your catalogue. Nothing changes until you save."
          >
            <PricePreview draft={draft} currency={currency} locale={locale} examples={examples} />
          </Layout.AnnotatedSection>
        </Layout>
      </BlockStack>
    </Page>
  );
}

const ROUNDING_WORDS: Record<Rounding, string> = {
  none: 'The smallest coin',
  whole: 'A whole amount, such as 13.00',
  '.99': 'An amount that ends in .99, such as 12.99',
  '.49': 'An amount that ends in .49, such as 12.49',
};

function Unfinished({
  count,
  refused,
  onReprice,
}: {
  count: number;
  refused: number;
  onReprice: () => void;
}) {
  if (count === 0 && refused === 0) return null;
  return (
    <Banner
      tone="warning"
      title={
        count > 0
          ? `${counted(count, 'product')} with an older price`
          : `${counted(refused, 'price')} could not be changed`
      }
    >
      <BlockStack gap="200" inlineAlign="start">
        <Text as="p">
          {count > 0
            ? 'Their price in Shopify is not the one your rule makes. Bring them up to date.'
            : 'These products were deleted in Shopify, or their cost is in another currency. Look at them in the catalogue under "Only what my shop sells".'}
        </Text>
        {count > 0 && <Button onClick={onReprice}>Change these prices</Button>}
      </BlockStack>
    </Banner>
  );
}
