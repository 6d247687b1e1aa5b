import { json, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useFetcher, useLoaderData } from '@remix-run/react';
import { useAppBridge } from '@shopify/app-bridge-react';
import { Badge, Banner, BlockStack, Box, Layout, Page, Text } from '@shopify/polaris';
import { z } from 'zod';
import { bundleTitle } from '../catalogue/bundle.ts';
import { FactsCard, NetworksCard } from '../catalogue/bundle-cards.tsx';
import { bundleFacts, networksByCountry } from '../catalogue/bundle-facts.ts';
import { findBundle, networksOf } from '../catalogue/queries.server.ts';
import { releaseUnmappedUnits } from '../orders/release.server.ts';
import { bundlePrice } from '../products/bundle-price.server.ts';
import { refusalWords, shippingHint, type RefusalReason } from '../products/refusal-words.ts';
import { mapVariant, unmapVariant } from '../products/save-mapping.server.ts';
import { SoldAs } from '../products/sold-as.tsx';
import { requireShop } from '../shopify/auth.server.ts';
import { counted, displayFor } from '../ui/display.ts';
import { notFound, orProblemPage } from '../ui/edge.server.ts';
import { parseForm } from '../ui/form.server.ts';
import { useToastOf } from '../ui/toast.ts';

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title ?? 'Bundle' }];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const bundle = await findBundle(shop, params.bundleId ?? '');
  if (!bundle) throw notFound();
  const display = displayFor({ locale, timezone: shop.timezone });
  const price = await bundlePrice(shop, bundle, display);
  return json({
    ...{ id: bundle.id, title: bundleTitle(bundle, locale), code: bundle.code, image: bundle.imageUrl },
    facts: [...price.facts, ...bundleFacts(bundle, { locale, cost: display.cost })],
    networks: networksByCountry(await networksOf(shop, bundle), locale),
    compareUrl: `/app/catalogue/compare?${new URLSearchParams({ destination: bundle.destination }).toString()}`,
    obstacle: bundle.withdrawnAt ? refusalWords.withdrawn : price.refused && refusalWords[price.refused],
    isWithdrawn: bundle.withdrawnAt !== null,
    variants: bundle.mappings.map(({ priceMinor, currency, ...variant }) => ({
      ...variant,
      price:
        priceMinor === null || currency === null ? null : display.money({ amount: priceMinor, currency }),
    })),
  });
}

const variantGid = z.string().regex(/^gid:\/\/shopify\/ProductVariant\/\d+$/);
const Intent = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('map'), variantGid }),
  z.object({ intent: z.literal('unmap'), variantGid }),
]);

export async function action({ request, params }: ActionFunctionArgs) {
  const { shop } = await requireShop(request);
  const bundleId = params.bundleId ?? '';
  const form = await parseForm(request, Intent);
  if (form.status === 'invalid') return json(form, 400);
  switch (form.input.intent) {
    case 'map': {
      const result = await orProblemPage(mapVariant(shop, { variantGid: form.input.variantGid, bundleId }));
      if (result.status === 'refused') return json(refused(result.reason));
      const released = await releaseUnmappedUnits(shop, form.input.variantGid);
      const news =
        released > 0 ? `${counted(released, 'waiting eSIM')} will be bought now` : 'Variant mapped';
      return json(done(news, result.asksForAddress ? shippingHint : null));
    }
    case 'unmap':
      await orProblemPage(unmapVariant(shop, form.input.variantGid));
      return json(done('Variant sells no bundle any more'));
    default:
      return form.input satisfies never;
  }
}

const done = (toast: string, hint: string | null = null) => ({ status: 'done' as const, toast, hint });
const refused = (reason: RefusalReason, userMessages: string[] = []) => ({
  status: 'refused' as const,
  messages: [refusalWords[reason], ...userMessages],
});

export default function BundlePage() {
  const bundle = useLoaderData<typeof loader>();
  const fetcher = useFetcher<typeof action>();
  const shopify = useAppBridge();
  useToastOf(fetcher.data);
  const underway = fetcher.state === 'idle' ? null : fetcher.formData?.get('intent');
  const isPublished = bundle.variants.some(({ origin }) => origin === 'published');
  const send = (fields: Record<string, string>) => {
    fetcher.submit(fields, { method: 'post' });
  };
  const chooseVariant = async () => {
    const [chosen] =
      (await shopify.resourcePicker({ type: 'variant', action: 'select', multiple: false })) ?? [];
    if (chosen?.id !== undefined) send({ intent: 'map', variantGid: chosen.id });
  };
  return (
    <Page
      title={bundle.title}
      subtitle={bundle.code}
      titleMetadata={
        bundle.isWithdrawn ? (
          <Badge tone="critical">Withdrawn</Badge>
        ) : isPublished ? (
          <Badge tone="success">Published</Badge>
        ) : null
      }
      backAction={{ content: 'Catalogue', url: '/app/catalogue' }}
      {...(bundle.obstacle === null && {
        primaryAction: {
          content: isPublished ? 'Publish again' : 'Publish as product',
          url: `/app/publish?bundles=${bundle.id}`,
        },
      })}
    >
      <BlockStack gap="400">
        <Answer answer={fetcher.data} obstacle={bundle.obstacle} />
        <Layout>
          <Layout.Section>
            <SoldAs
              variants={bundle.variants}
              canMap={!bundle.isWithdrawn}
              underway={typeof underway === 'string' ? underway : null}
              onMap={() => {
                void chooseVariant();
              }}
              onUnmap={(gid) => {
                send({ intent: 'unmap', variantGid: gid });
              }}
            />
            <Box paddingBlockStart="400">
              <NetworksCard countries={bundle.networks} />
            </Box>
          </Layout.Section>
          <Layout.Section variant="oneThird">
            <FactsCard facts={bundle.facts} image={bundle.image} compareUrl={bundle.compareUrl} />
          </Layout.Section>
        </Layout>
      </BlockStack>
    </Page>
  );
}

function Answer({
  answer,
  obstacle,
}: {
  answer: ReturnType<typeof useFetcher<typeof action>>['data'];
  obstacle: string | null;
}) {
  if (answer?.status === 'refused') {
    return (
      <Banner tone="critical" title="This did not work">
        {answer.messages.map((message) => (
          <Text as="p" key={message}>
            {message}
          </Text>
        ))}
      </Banner>
    );
  }
  if (answer?.status === 'done' && answer.hint !== null)
    return (
      <Banner tone="warning" title="Mapped, with one thing to change">
        {answer.hint}
      </Banner>
    );
  if (obstacle !== null)
    return (
      <Banner tone="warning" title="This bundle cannot be published">
        {obstacle}
      </Banner>
    );
  return null;
}
