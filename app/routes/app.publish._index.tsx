import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData, useNavigation, useSearchParams } from '@remix-run/react';
import { Banner, BlockStack, Button, Card, List, Page, Pagination, Text } from '@shopify/polaris';
import { ProductIcon } from '@shopify/polaris-icons';
import { z } from 'zod';
import { isFiltered, readBundleQuery } from '../catalogue/bundle-query.ts';
import { matchingBundleIds } from '../catalogue/queries.server.ts';
import { standIns } from '../products/coverage.ts';
import { planProducts, type Plan, type PlannedProduct } from '../products/plan.server.ts';
import { PlanList, type PlanRow } from '../products/plan-list.tsx';
import { pictureName } from '../products/picture.ts';
import { readPublishQuery } from '../products/publish-query.ts';
import { startPublishing } from '../products/publish.server.ts';
import { refusalWords } from '../products/refusal-words.ts';
import { ShapeChoice } from '../products/shape-choice.tsx';
import { requireShop } from '../shopify/auth.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { newestTask } from '../tasks/queries.server.ts';
import { isFinished } from '../tasks/task.ts';
import { counted, displayFor, type Display } from '../ui/display.ts';
import { Empty } from '../ui/empty.tsx';
import { parseForm } from '../ui/form.server.ts';
import { Inset } from '../ui/inset.tsx';

export const meta = () => [{ title: 'Publish' }];

/** Bundles in one publishing; and products on a page of the preview. */
const MOST_BUNDLES = 10_000;
const PER_PAGE = 20;

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const display = displayFor({ locale, timezone: shop.timezone });
  const parameters = new URL(request.url).searchParams;
  const { shape, alternatives, page } = readPublishQuery(parameters);
  const [bundleIds, newest] = await Promise.all([
    chosen(shop, parameters),
    newestTask(shop, 'products.publish'),
  ]);
  const plan = await planProducts(shop, { shape, alternatives, bundleIds });
  const underway = newest && !isFinished(newest.state) ? newest.id : null;
  const from = (page - 1) * PER_PAGE;
  return json({
    ...{ query: { shape, alternatives, page }, underway, last: newest?.id ?? null, chosen: bundleIds.length },
    tooMany: bundleIds.length >= MOST_BUNDLES,
    summary: summaryOf(plan),
    refusals: refusalsOf(plan),
    complaints: complaintsOf(plan),
    pages: Math.max(1, Math.ceil(plan.products.length / PER_PAGE)),
    rows: plan.products.slice(from, from + PER_PAGE).map((product) => toRow(product, display)),
  });
}

const Intent = z.object({ intent: z.literal('publish') });

export async function action({ request }: ActionFunctionArgs) {
  const { shop, staff } = await requireShop(request);
  const parameters = new URL(request.url).searchParams;
  const form = await parseForm(request, Intent);
  if (form.status === 'invalid') return json(form, 400);
  const bundleIds = await chosen(shop, parameters);
  const started = await startPublishing(shop, { ...readPublishQuery(parameters), bundleIds }, staff);
  if (started.status === 'nothing') return json({ status: 'nothing' as const, toast: null }, 422);
  return redirect(`/app/publish/${started.taskId}${started.isNew ? '' : '?busy=yes'}`);
}

/** By hand, or by the catalogue's filters; nothing at all is not everything. */
async function chosen(shop: Shop, parameters: URLSearchParams): Promise<string[]> {
  const { bundles } = readPublishQuery(parameters);
  if (bundles.length > 0) return bundles;
  const query = readBundleQuery(parameters);
  if (!isFiltered(query) && parameters.get('all') !== 'yes') return [];
  return matchingBundleIds(shop, query, { most: MOST_BUNDLES });
}

function summaryOf({ products, refused }: Plan) {
  const variants = products.flatMap((product) => product.variants);
  const live = products.filter(({ known }) => known?.state === 'live');
  return {
    products: products.length,
    made: products.length - live.length,
    added: variants.filter(({ bundle }) => bundle.priced !== null).length,
    alike: variants.reduce((total, { substitutes }) => total + substitutes.length, 0),
    lesser: variants.flatMap((variant) => standIns(variant)).filter(({ gap }) => gap !== null).length,
    hasPlan: products.some(({ options }) => options.length > 2),
    refused: refused.length,
  };
}

function refusalsOf({ refused }: Plan) {
  const reasons = [...new Set(refused.map(({ reason }) => reason))];
  return reasons.map((reason) => ({
    count: refused.filter((each) => each.reason === reason).length,
    text: refusalWords[reason],
  }));
}

/** What is wrong with the texts: the same few sentences for however many products. */
function complaintsOf({ products }: Plan): string[] {
  const sentences = products.flatMap(({ rendered }) =>
    rendered.status === 'invalid' ? Object.values(rendered.fields) : [],
  );
  return [...new Set(sentences)];
}

function toRow({ key, facts, variants, rendered, known }: PlannedProduct, display: Display): PlanRow {
  const fresh = variants.filter(({ bundle }) => bundle.priced !== null);
  const prices = fresh.flatMap(({ bundle }) => (bundle.priced ? [bundle.priced.price] : []));
  const [least] = prices.toSorted((a, b) => a.amount - b.amount);
  return {
    key,
    title: rendered.status === 'rendered' ? rendered.texts.title : facts.destination,
    picture: `/pictures/${pictureName({ kind: facts.kind, countries: facts.country_codes })}.png`,
    price: least ? display.money(least) : null,
    state:
      known === null ? 'new' : known.state === 'deleted' ? 'deleted' : fresh.length > 0 ? 'grows' : 'same',
    added: fresh.length,
    variants: variants.map(({ values, bundle, substitutes }) => ({
      title: values.length === 0 ? bundle.code : values.join(' / '),
      price: bundle.priced ? display.money(bundle.priced.price) : null,
      cost: bundle.priced ? display.money(bundle.priced.cost) : null,
      code: bundle.code,
      supplier: bundle.supplier,
      substitutes: standIns({ bundle, substitutes }, display.locale).map(({ bundle: each, gap }) => ({
        ...{ name: `${each.supplier} ${each.code}`, gap },
      })),
    })),
  };
}

export default function Publish() {
  const {
    query,
    underway,
    chosen: count,
    tooMany,
    summary,
    refusals,
    complaints,
    pages,
    rows,
  } = useLoaderData<typeof loader>();
  const fetcher = useFetcher<typeof action>();
  const { state } = useNavigation();
  const [parameters, setParameters] = useSearchParams();
  const change = (changes: Record<string, string>) => {
    setParameters(
      (before) => {
        const after = new URLSearchParams(before);
        for (const [name, value] of Object.entries(changes)) after.set(name, value);
        return after;
      },
      { replace: true, preventScrollReset: true },
    );
  };
  const back = { content: 'Catalogue', url: '/app/catalogue' };
  if (count === 0) return <NothingChosen back={back} />;
  const canStart = summary.products > 0 && complaints.length === 0 && underway === null;
  return (
    <Page
      title="Publish"
      subtitle={`${counted(count, 'bundle')} chosen`}
      backAction={back}
      primaryAction={{
        content:
          summary.made === summary.products ? `Publish ${counted(summary.products, 'product')}` : 'Publish',
        disabled: !canStart,
        loading: fetcher.state !== 'idle',
        onAction: () => {
          fetcher.submit(
            { intent: 'publish' },
            { method: 'post', action: `/app/publish?index&${parameters.toString()}` },
          );
        },
      }}
    >
      <BlockStack gap="400">
        {underway !== null && (
          <Banner
            tone="info"
            title="Another publishing is under way"
            action={{ content: 'See how far it is', url: `/app/publish/${underway}` }}
          >
            Publish these when it is done, or cancel it.
          </Banner>
        )}
        {fetcher.data?.status === 'nothing' && (
          <Banner tone="critical" title="Nothing was published">
            None of these bundles can be sold now. The reasons are below.
          </Banner>
        )}
        {tooMany && (
          <Banner tone="warning" title="These are more bundles than one publishing takes">
            {`The first ${MOST_BUNDLES.toLocaleString('en')} are shown. Filter the catalogue, and publish the rest afterwards.`}
          </Banner>
        )}
        {complaints.length > 0 && (
          <Banner
            tone="critical"
            title="A text of these products cannot be made"
            action={{ content: 'Change the texts', url: '/app/settings/products' }}
          >
            <Sentences sentences={complaints} />
          </Banner>
        )}
        {refusals.length > 0 && (
          <Banner tone="warning" title={`${counted(summary.refused, 'bundle')} cannot be published`}>
            <Sentences sentences={refusals.map((each) => `${counted(each.count, 'bundle')}: ${each.text}`)} />
          </Banner>
        )}
        {summary.lesser > 0 && (
          <Banner
            tone="warning"
            title={`${counted(summary.lesser, 'bundle')} would stand in for one that covers more`}
          >
            They have the same data and days, and fewer countries. Open the variants below to see which. Let
            buyers choose between them, leave them out, or take them off the list of the variant under
            Products → Mapping.
          </Banner>
        )}
        <ShapeChoice
          shape={query.shape}
          alternatives={query.alternatives}
          alike={summary.alike}
          hasPlan={summary.hasPlan}
          onChange={(changes) => {
            change({ ...changes, page: '1' });
          }}
        />
        <Card padding="0">
          <PlanList rows={rows} heading={headingOf(summary)} isLoading={state === 'loading'} />
        </Card>
        {pages > 1 && (
          <Pagination
            label={`Page ${String(query.page)} of ${String(pages)}`}
            hasPrevious={query.page > 1}
            hasNext={query.page < pages}
            onPrevious={() => {
              change({ page: String(query.page - 1) });
            }}
            onNext={() => {
              change({ page: String(query.page + 1) });
            }}
          />
        )}
        <Inset>
          <Text as="p" tone="subdued">
            Prices come from your rules under Pricing, texts and pictures from Settings → Products. What you
            changed in Shopify stays as it is.
          </Text>
        </Inset>
      </BlockStack>
    </Page>
  );
}

function headingOf({ products, made, added }: { products: number; made: number; added: number }): string {
  const parts = [
    made > 0 ? counted(made, 'new product') : null,
    products > made ? `${counted(products - made, 'product')} you have already` : null,
    `${counted(added, 'variant')} to add`,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

function Sentences({ sentences }: { sentences: string[] }) {
  return (
    <List>
      {sentences.map((sentence) => (
        <List.Item key={sentence}>{sentence}</List.Item>
      ))}
    </List>
  );
}

function NothingChosen({ back }: { back: { content: string; url: string } }) {
  return (
    <Page title="Publish" backAction={back}>
      <Card>
        <Empty
          icon={ProductIcon}
          title="Choose bundles first"
          text="Select bundles in the catalogue, or filter it, and press Publish there."
          action={
            <Button variant="primary" url="/app/catalogue">
              Open the catalogue
            </Button>
          }
        />
      </Card>
    </Page>
  );
}
