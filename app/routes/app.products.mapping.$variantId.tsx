import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData } from '@remix-run/react';
import {
  Badge,
  Banner,
  BlockStack,
  Card,
  ChoiceList,
  InlineStack,
  Layout,
  Link,
  Page,
  Text,
} from '@shopify/polaris';
import { useState } from 'react';
import { z } from 'zod';
import { releaseUnmappedUnits } from '../orders/release.server.ts';
import { BundleList, type ListedBundle } from '../products/bundle-list.tsx';
import { isStale } from '../products/look.server.ts';
import { choices, choosingOf } from '../products/first-to-buy.ts';
import { findMapping } from '../products/mapping-list.server.ts';
import { mappingRow, variantGidOf, variantIdOf, type MappedBundle } from '../products/mapping-view.ts';
import { mappingKinds, MOST_BUNDLES } from '../products/mapping.ts';
import { refusalWords, shippingHint } from '../products/refusal-words.ts';
import { findShopVariant, saveMapping, unmapVariant } from '../products/save-mapping.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { adminProductUrl } from '../ui/admin-links.ts';
import { ConfirmModal } from '../ui/confirm.tsx';
import { counted, displayFor } from '../ui/display.ts';
import { notFound, orProblemPage } from '../ui/edge.server.ts';
import { listOf, parseForm } from '../ui/form.server.ts';
import { useLook } from '../products/use-look.ts';
import { UnsavedBar } from '../ui/unsaved-bar.tsx';
import { useToastOf } from '../ui/toast.ts';

export const meta = () => [{ title: 'Mapped variant' }];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const variantGid = gidOf(params['variantId']);
  const show = displayFor({ locale, timezone: shop.timezone });
  const mapping = await findMapping(shop, variantGid);
  if (mapping)
    return json({
      ...mappingRow(mapping, show),
      ...{ isMapped: true, isGiftCard: false, productGid: mapping.productGid, locale },
      stale: isStale(mapping.lookedAt) ? [variantGid] : [],
    });
  const variant = await orProblemPage(findShopVariant(shop, variantGid));
  if (!variant) throw notFound();
  const { title, sku, productGid, isGiftCard, price } = variant;
  return json({
    ...{ id: variantIdOf(variantGid), variantGid, title, sku, productGid, isGiftCard, stale: nothingStale },
    locale,
    ...{
      kind: 'esim',
      choosing: choosingOf(''),
      isMapped: false,
      isPublished: false,
      isGone: false,
      bundles: none,
    },
    ...{ price: show.money(price), substitute: null, sellsNothing: false },
  });
}

const none: MappedBundle[] = [];
const nothingStale: string[] = [];

const Intent = z.discriminatedUnion('intent', [
  z.object({
    intent: z.literal('save'),
    kind: z.enum(mappingKinds),
    choosing: z.enum(choices).default('order'),
    bundleId: listOf(z.uuid()).pipe(
      z
        .array(z.string())
        .min(1, 'Add the bundle that is bought when this variant is sold.')
        .max(MOST_BUNDLES, `A list holds ${String(MOST_BUNDLES)} bundles at most.`),
    ),
  }),
  z.object({ intent: z.literal('unmap') }),
]);

export async function action({ request, params }: ActionFunctionArgs) {
  const { shop } = await requireShop(request);
  const variantGid = gidOf(params['variantId']);
  const form = await parseForm(request, Intent);
  if (form.status === 'invalid') return json(form, 400);
  switch (form.input.intent) {
    case 'save': {
      const { kind, choosing, bundleId: bundleIds } = form.input;
      const result = await orProblemPage(saveMapping(shop, { variantGid, bundleIds, kind, choosing }));
      if (result.status === 'refused')
        return json({ status: 'refused' as const, sentence: refusalWords[result.reason] }, 422);
      const released = await releaseUnmappedUnits(shop, variantGid);
      const toast = released > 0 ? `${counted(released, 'waiting eSIM')} will be bought now` : 'Saved';
      return json({ status: 'saved' as const, toast, hint: result.asksForAddress ? shippingHint : null });
    }
    case 'unmap':
      await orProblemPage(unmapVariant(shop, variantGid));
      return redirect('/app/products/mapping');
    default:
      return form.input satisfies never;
  }
}

function gidOf(id = ''): string {
  if (!/^\d{1,19}$/.test(id)) throw notFound();
  return variantGidOf(id);
}

export default function MappedVariant() {
  const variant = useLoaderData<typeof loader>();
  useLook(variant.stale);
  // What was saved is what the form begins with anew.
  return <Editor key={JSON.stringify([variant.kind, variant.choosing, variant.bundles])} variant={variant} />;
}

function Editor({ variant }: { variant: ReturnType<typeof useLoaderData<typeof loader>> }) {
  const saving = useFetcher<typeof action>({ key: `mapping ${variant.id}` });
  useToastOf(saving.data);
  const [kind, setKind] = useState(variant.kind);
  const [choosing, setChoosing] = useState(variant.choosing);
  const [bundles, setBundles] = useState<ListedBundle[]>(variant.bundles);
  const [isAsking, setAsking] = useState(false);
  const idsOf = (list: ListedBundle[]) => list.map(({ id }) => id).join();
  const isDirty =
    kind !== variant.kind || choosing !== variant.choosing || idsOf(bundles) !== idsOf(variant.bundles);
  const answer = saving.state === 'idle' ? saving.data : undefined;
  const save = () => {
    const form = new FormData();
    form.set('intent', 'save');
    form.set('kind', kind);
    form.set('choosing', choosing);
    for (const { id } of bundles) form.append('bundleId', id);
    saving.submit(form, { method: 'post' });
  };
  return (
    <Page
      title={variant.title}
      {...(variant.sku !== null && { subtitle: variant.sku })}
      titleMetadata={
        variant.isMapped ? (
          <Badge tone={variant.isPublished ? 'success' : 'info'}>
            {variant.isPublished ? 'Published by this app' : 'Mapped'}
          </Badge>
        ) : (
          <Badge>Not mapped</Badge>
        )
      }
      backAction={{ content: 'Mapped variants', url: '/app/products/mapping' }}
      {...(variant.isMapped && {
        secondaryActions: [
          {
            content: 'Unmap',
            destructive: true,
            onAction: () => {
              setAsking(true);
            },
          },
        ],
      })}
    >
      <UnsavedBar
        isDirty={isDirty}
        isSaving={saving.state !== 'idle'}
        onSave={save}
        onDiscard={() => {
          setKind(variant.kind);
          setChoosing(variant.choosing);
          setBundles(variant.bundles);
        }}
      />
      <BlockStack gap="400">
        <Banners variant={variant} answer={answer} />
        <Layout>
          <Layout.Section>
            <Card>
              <BlockStack gap="300">
                <BlockStack gap="100">
                  <Text as="h2" variant="headingMd">
                    Bundles
                  </Text>
                  <Text as="p" tone="subdued">
                    A bundle is passed over when its supplier withdrew it, has no balance of yours left,
                    refuses your key or does not answer: then the next is bought. A purchase whose answer was
                    lost never goes to the next.
                  </Text>
                </BlockStack>
                <BundleList
                  bundles={bundles}
                  locale={variant.locale}
                  error={answer?.status === 'invalid' ? (answer.fields['bundleId'] ?? null) : null}
                  onChange={setBundles}
                />
                {bundles.length > 1 && (
                  <ChoiceList
                    title="Which is bought first"
                    selected={[choosing]}
                    onChange={([chosen]) => {
                      setChoosing(choosingOf(chosen ?? ''));
                    }}
                    choices={[
                      { value: 'order', label: 'The first of the list' },
                      {
                        value: 'cost',
                        label: 'The one that costs least now',
                        helpText: 'At the exchange rates of your prices.',
                      },
                      {
                        value: 'stock',
                        label: 'One that is in stock',
                        helpText:
                          'Bundles you own at a supplier already; without any, the first of the list.',
                      },
                    ]}
                  />
                )}
              </BlockStack>
            </Card>
          </Layout.Section>
          <Layout.Section variant="oneThird">
            <BlockStack gap="400">
              <Card>
                <ChoiceList
                  title="What the traveller gets"
                  selected={[kind]}
                  onChange={([chosen]) => {
                    setKind(chosen === 'top-up' ? 'top-up' : 'esim');
                  }}
                  choices={[
                    {
                      value: 'esim',
                      label: 'A new eSIM',
                      helpText: 'Bought and sent when the order is paid.',
                    },
                    {
                      value: 'top-up',
                      label: 'A top-up of an eSIM',
                      helpText:
                        'Put on the eSIM the traveller has, when they buy it by the Add data link of their order page or e-mails. Bought in another way, nothing says which eSIM it is for: then it waits in Needs you until you choose.',
                    },
                  ]}
                />
              </Card>
              <Card>
                <BlockStack gap="200">
                  <Text as="h2" variant="headingSm">
                    In Shopify
                  </Text>
                  <Text as="p">{variant.price === null ? 'Price not known' : `Price ${variant.price}`}</Text>
                  <InlineStack>
                    <Link url={adminProductUrl(variant.productGid)} target="_top">
                      Open the product
                    </Link>
                  </InlineStack>
                </BlockStack>
              </Card>
            </BlockStack>
          </Layout.Section>
        </Layout>
      </BlockStack>
      <ConfirmModal
        open={isAsking}
        title="Unmap this variant?"
        confirm="Unmap"
        tone="critical"
        onCancel={() => {
          setAsking(false);
        }}
        onConfirm={() => {
          setAsking(false);
          saving.submit({ intent: 'unmap' }, { method: 'post' });
        }}
      >
        It stays in your shop. Whoever buys it gets no eSIM until you map it again: the order waits in Needs
        you.
      </ConfirmModal>
    </Page>
  );
}

function Banners({
  variant: { isGone, isGiftCard, isPublished, sellsNothing, substitute },
  answer,
}: {
  variant: ReturnType<typeof useLoaderData<typeof loader>>;
  answer: ReturnType<typeof useFetcher<typeof action>>['data'];
}) {
  return (
    <>
      {answer?.status === 'refused' && <Banner tone="critical" title={answer.sentence} />}
      {answer?.status === 'saved' && answer.hint !== null && (
        <Banner tone="warning" title="Saved, with one thing to change">
          {answer.hint}
        </Banner>
      )}
      {isGone && (
        <Banner tone="critical" title="This variant was deleted in Shopify">
          Nobody can buy it any more. Unmap it, or map the variant you sell instead.
        </Banner>
      )}
      {isGiftCard && <Banner tone="critical" title={refusalWords['gift-card']} />}
      {sellsNothing && !isGone && (
        <Banner tone="critical" title="No bundle of this list can be bought now">
          Orders wait in Needs you. Add a bundle that can be bought, or look after its supplier.
        </Banner>
      )}
      {substitute !== null && (
        <Banner tone="info" title={`Now bought as ${substitute.title}`}>
          {substitute.isCheaper ? 'It costs least now.' : 'The bundles before it cannot be bought.'}
        </Banner>
      )}
      {isPublished && (
        <Banner tone="info">
          This app made the product and its price. When another bundle comes first, the price is yours to
          change.
        </Banner>
      )}
    </>
  );
}
