import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData } from '@remix-run/react';
import { Badge, BlockStack, InlineStack, Layout, Page } from '@shopify/polaris';
import { useCallback, useEffect } from 'react';
import { z } from 'zod';
import { changeReader } from '../delivery/traveller.server.ts';
import { readerFields, readerIn } from '../delivery/reader-form.ts';
import { EsimActions } from '../desk/actions.tsx';
import { CodesCard } from '../desk/codes-card.tsx';
import { findEsimPage } from '../desk/esim-page.server.ts';
import { OrderCard, PhoneCard, SupplierCard } from '../desk/facts-cards.tsx';
import { OpenActions } from '../desk/open-actions.tsx';
import { findOffers } from '../desk/offers.server.ts';
import { openActions } from '../desk/open-actions.server.ts';
import { ReaderCard } from '../desk/reader-card.tsx';
import { refreshUsage } from '../desk/refresh-usage.server.ts';
import { regionNames } from '../desk/regions.server.ts';
import { revealToStaff } from '../desk/reveal.server.ts';
import { EsimStatusBadge } from '../desk/status-badge.tsx';
import { ToldCard } from '../desk/told-card.tsx';
import { UsageCard } from '../desk/usage-card.tsx';
import { currentTime } from '../platform/time.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { displayFor } from '../ui/display.ts';
import { notFound } from '../ui/edge.server.ts';
import { deskView } from '../ui/esim/desk-view.ts';
import { esimPageView, problemOf, tooSoonSentence } from '../ui/esim/page-view.ts';
import { RevokeModal } from '../ui/esim/revoke-modal.tsx';
import { parseForm } from '../ui/form.server.ts';
import { useLiveWhile } from '../ui/live.ts';
import { Timeline } from '../ui/order/timeline.tsx';

export const meta = () => [{ title: 'eSIM' }];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const esim = await findEsimPage(shop, params['esimId'] ?? '');
  if (!esim) throw notFound();
  const show = displayFor({ locale, timezone: shop.timezone });
  const regions = await regionNames(shop);
  const [offers, open] = await Promise.all([findOffers(esim), openActions(shop, esim.id)]);
  const now = currentTime();
  return json({
    ...esimPageView(esim, { show, regions, locale, now }),
    desk: deskView(esim, offers, open, { show, now }),
  });
}

const Intent = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('look') }),
  z.object({ intent: z.literal('reveal') }),
  z.object({ intent: z.literal('reader'), ...readerFields }),
]);

export async function action({ request, params }: ActionFunctionArgs) {
  const { shop, staff } = await requireShop(request);
  const esimId = params['esimId'] ?? '';
  const form = await parseForm(request, Intent);
  if (form.status === 'invalid') return json(form, 400);
  const { input } = form;
  switch (input.intent) {
    case 'look': {
      const outcome = await refreshUsage(shop, esimId);
      if (!outcome) throw notFound();
      if (outcome.status === 'looked') return json({ status: 'looked' as const, sentence: null });
      const sentence =
        outcome.status === 'too-soon'
          ? tooSoonSentence(outcome.waitMs)
          : // What stays a problem stands in a banner; that there was no free turn does not stay.
            outcome.reason === 'rate-limited'
            ? (problemOf(outcome.reason)?.title ?? null)
            : null;
      return json({ status: outcome.status, sentence }, outcome.status === 'too-soon' ? 429 : 502);
    }
    case 'reveal': {
      const codes = await revealToStaff(shop, { esimId, by: staff });
      if (!codes) throw notFound();
      return json({ status: 'revealed' as const, codes }, { headers: { 'cache-control': 'no-store' } });
    }
    case 'reader': {
      const reader = readerIn(input);
      if (!(await changeReader({ shopId: shop.id, esimId }, { reader, by: staff }))) throw notFound();
      return json({ status: 'kept' as const, toast: reader ? 'Address saved' : 'Address removed' });
    }
    default:
      return input satisfies never;
  }
}

export default function EsimPage() {
  const esim = useLoaderData<typeof loader>();
  const looking = useFetcher<{ status: string; sentence: string | null }>();
  const { submit } = looking;
  const look = useCallback(() => {
    submit({ intent: 'look' }, { method: 'post' });
  }, [submit]);
  const { id, freshness, desk } = esim;
  const { isStale } = freshness;
  useEffect(() => {
    if (isStale) look();
    // Once for each eSIM that is opened: whoever wants it again presses the button.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [id]);
  useLiveWhile(desk.isBeingReplaced || desk.open.some(({ next }) => next !== 'person'));
  return (
    <Page
      title={esim.title}
      subtitle={`Bought ${esim.bought}`}
      backAction={{ content: 'eSIMs', url: '/app/esims' }}
      titleMetadata={
        <InlineStack gap="100">
          <EsimStatusBadge status={esim.status} />
          {esim.isSuspended && <Badge tone="warning">Kept off the networks</Badge>}
        </InlineStack>
      }
    >
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            <OpenActions esimId={id} open={desk.open} />
            <UsageCard
              bundles={esim.bundles}
              freshness={freshness}
              isReading={looking.state !== 'idle'}
              answer={looking.data?.sentence ?? null}
              onRefresh={look}
              actionsOf={(bundle) =>
                desk.offers.includes('revoke') &&
                (bundle.use === 'waiting' || bundle.use === 'in-use') && (
                  <RevokeModal esimId={id} bundle={bundle} />
                )
              }
            />
            <EsimActions desk={desk} />
            <Timeline events={esim.events} />
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <BlockStack gap="400">
            <PhoneCard {...esim} />
            <OrderCard {...esim} />
            {esim.isSoldElsewhere && (
              <ReaderCard key={`reader-${id}-${esim.reader?.maskedEmail ?? ''}`} reader={esim.reader} />
            )}
            <CodesCard key={id} />
            <SupplierCard {...esim} label={esim.supplier.label} />
            {desk.tellsMore && <ToldCard key={`told-${id}`} esimId={id} supplier={esim.supplier.label} />}
          </BlockStack>
        </Layout.Section>
      </Layout>
    </Page>
  );
}
