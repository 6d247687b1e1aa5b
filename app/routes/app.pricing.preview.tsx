import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData } from '@remix-run/react';
import { Banner, BlockStack, Page } from '@shopify/polaris';
import { useState } from 'react';
import { z } from 'zod';
import { destinationName } from '../catalogue/bundle-words.ts';
import { lookAtPrices } from '../products/look-at-prices.server.ts';
import { RatesBanner } from '../products/price-banners.tsx';
import { previewPrices } from '../products/price-preview.server.ts';
import { startRefusals } from '../products/price-words.ts';
import { PreviewTable } from '../products/preview-table.tsx';
import { PreviewTotals } from '../products/preview-totals.tsx';
import { previewLines, previewTotals } from '../products/preview-lines.ts';
import { fits, readPreviewQuery } from '../products/preview-query.ts';
import { rateNews, ruleLines } from '../products/pricing-page.server.ts';
import { lockPrice } from '../products/save-rules.server.ts';
import { startApplying } from '../products/start-prices.server.ts';
import { standInNotes } from '../products/stand-ins.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { newestTask } from '../tasks/queries.server.ts';
import { cancelTask } from '../tasks/start.server.ts';
import { ConfirmModal } from '../ui/confirm.tsx';
import { counted, displayFor } from '../ui/display.ts';
import { listOf, parseForm } from '../ui/form.server.ts';
import { TaskCard } from '../ui/task-card.tsx';
import { useToastOf } from '../ui/toast.ts';

export const meta = () => [{ title: 'Preview prices' }];

const PER_PAGE = 50;

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const query = readPreviewQuery(new URL(request.url).searchParams);
  const display = displayFor({ locale, timezone: shop.timezone });
  const preview = await previewPrices(shop, locale);
  const shown = preview.rows.filter((row) => fits(row, query));
  const some = shown.slice((query.page - 1) * PER_PAGE, query.page * PER_PAGE);
  const [looked, rules, rates, newest, standIns] = await Promise.all([
    lookAtPrices(shop, some),
    ruleLines(shop, preview, display),
    rateNews(shop, preview, display),
    newestTask(shop, 'prices.apply'),
    standInNotes(shop, preview.scheme, some),
  ]);
  return json({
    ...{ query, version: preview.version, rates, newest, isBlind: looked === null },
    lines: previewLines(looked ?? some, { preview, rules, standIns, display }),
    ...{ total: shown.length, totals: previewTotals(preview, display) },
    destinations: destinationsOf(
      preview.rows.map(({ bundle }) => bundle),
      locale,
    ),
    pages: Math.max(1, Math.ceil(shown.length / PER_PAGE)),
  });
}

function destinationsOf(
  bundles: (Parameters<typeof destinationName>[0] & { destination: string })[],
  locale: string,
) {
  const names = new Map(bundles.map((bundle) => [bundle.destination, destinationName(bundle, locale)]));
  return [...names]
    .filter(([value]) => value !== '')
    .map(([value, label]) => ({ value, label }))
    .sort((a, b) => a.label.localeCompare(b.label, locale));
}

const variantGid = z.string().regex(/^gid:\/\/shopify\/ProductVariant\/\d+$/);
const Intent = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('apply'), version: z.string().max(50), variantGid: listOf(variantGid) }),
  z.object({ intent: z.literal('lock'), variantGid: listOf(variantGid) }),
  z.object({ intent: z.literal('unlock'), variantGid: listOf(variantGid) }),
  z.object({ intent: z.literal('cancel-task'), taskId: z.uuid() }),
]);

export async function action({ request }: ActionFunctionArgs) {
  const { shop, staff } = await requireShop(request);
  const form = await parseForm(request, Intent);
  if (form.status === 'invalid') return json({ ...form, reason: 'This cannot be done.' }, 400);
  const { input } = form;
  switch (input.intent) {
    case 'apply': {
      const chosen = input.variantGid;
      const only = chosen.length > 0 ? chosen : null;
      const request = { version: input.version, only, overwrite: chosen, askedBy: staff };
      const started = await startApplying(shop, request);
      if (started.status === 'refused') return json(refused(startRefusals[started.reason]), 409);
      if (started.status === 'under-way') return json(refused(UNDER_WAY), 409);
      return json(done(`${counted(started.count, 'price')} on the way to Shopify`));
    }
    case 'lock':
    case 'unlock': {
      const isLocked = input.intent === 'lock';
      for (const gid of input.variantGid) await lockPrice(shop, gid, isLocked);
      return json(done(isLocked ? 'Locked: these prices stay' : 'Unlocked'));
    }
    case 'cancel-task':
      await cancelTask(shop, input.taskId);
      return json(done(null));
    default:
      return input satisfies never;
  }
}

const UNDER_WAY =
  'Prices are being changed right now. Wait until that is done, then look at the preview again.';

const done = (toast: string | null) => ({ status: 'done' as const, toast });
const refused = (reason: string) => ({ status: 'refused' as const, reason });

export default function Preview() {
  const data = useLoaderData<typeof loader>();
  const { query, version, lines, total, totals, destinations, pages, rates, newest, isBlind } = data;
  const fetcher = useFetcher<typeof action>();
  useToastOf(fetcher.data);
  const [applying, setApplying] = useState<string[] | null>(null);
  const isBusy = fetcher.state !== 'idle';
  const answer = isBusy ? undefined : fetcher.data;
  const send = (intent: string, variantGids: string[]) => {
    const form = new FormData();
    form.set('intent', intent);
    form.set('version', version);
    for (const gid of variantGids) form.append('variantGid', gid);
    fetcher.submit(form, { method: 'post' });
  };
  return (
    <Page
      title="Preview prices"
      fullWidth
      backAction={{ content: 'Pricing', url: '/app/pricing' }}
      primaryAction={{
        content: `Apply ${counted(totals.toApply, 'price')}`,
        disabled: totals.toApply === 0 || isBusy,
        onAction: () => {
          setApplying([]);
        },
      }}
    >
      <BlockStack gap="400">
        {answer && answer.status !== 'done' && <Banner tone="critical" title={answer.reason} />}
        {rates.isNeeded && <RatesBanner rates={rates} />}
        {isBlind && (
          <Banner tone="warning" title="Shopify does not answer">
            Prices that somebody changed in Shopify are not marked below. They stay all the same.
          </Banner>
        )}
        {newest && <TaskCard task={newest} title="Changing prices" unit="prices" />}
        <PreviewTotals totals={totals} />
        <PreviewTable
          key={version + JSON.stringify(query)}
          lines={lines}
          total={total}
          pages={pages}
          query={query}
          destinations={destinations}
          isBusy={isBusy}
          onApply={setApplying}
          onLock={send}
        />
        <ConfirmModal
          open={applying !== null}
          title="Change prices in Shopify?"
          confirm="Apply"
          onCancel={() => {
            setApplying(null);
          }}
          onConfirm={() => {
            send('apply', applying ?? []);
            setApplying(null);
          }}
        >
          {applying !== null && applying.length > 0
            ? 'The chosen prices are written into Shopify now, also where somebody changed them there.'
            : 'These prices are written into Shopify now. What somebody changed there, and what is locked, stays.'}{' '}
          The last application can be taken back.
        </ConfirmModal>
      </BlockStack>
    </Page>
  );
}
