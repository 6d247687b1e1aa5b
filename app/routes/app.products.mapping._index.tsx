import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData, useNavigate, useNavigation, useSearchParams } from '@remix-run/react';
import { useAppBridge } from '@shopify/app-bridge-react';
import { BlockStack, Button, ButtonGroup, Card, Page } from '@shopify/polaris';
import { LinkIcon } from '@shopify/polaris-icons';
import { z } from 'zod';
import { useDownload } from '../ui/use-download.ts';
import { isStale, lookAtMappings } from '../products/look.server.ts';
import { countProblems, listMappings, MAPPINGS_PER_PAGE } from '../products/mapping-list.server.ts';
import { isNarrowed, readMappingQuery } from '../products/mapping-query.ts';
import { MappingTable } from '../products/mapping-table.tsx';
import { mappingRow, variantIdOf } from '../products/mapping-view.ts';
import { unmapVariant } from '../products/save-mapping.server.ts';
import { useLook } from '../products/use-look.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { counted, displayFor } from '../ui/display.ts';
import { orProblemPage, problemBody } from '../ui/edge.server.ts';
import { Empty } from '../ui/empty.tsx';
import { listOf, parseForm } from '../ui/form.server.ts';
import { ProblemBanner, problemText } from '../ui/problem.tsx';
import { useToastOf } from '../ui/toast.ts';

export const meta = () => [{ title: 'Mapped variants' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const query = readMappingQuery(new URL(request.url).searchParams);
  const [{ mappings, total }, problems] = await Promise.all([listMappings(shop, query), countProblems(shop)]);
  const show = displayFor({ locale, timezone: shop.timezone });
  return json({
    ...{ query, total, problems },
    pages: Math.max(1, Math.ceil(total / MAPPINGS_PER_PAGE)),
    rows: mappings.map((mapping) => mappingRow(mapping, show)),
    stale: mappings.filter(({ lookedAt }) => isStale(lookedAt)).map(({ variantGid }) => variantGid),
  });
}

const variantGids = listOf(z.string().regex(/^gid:\/\/shopify\/ProductVariant\/\d+$/)).pipe(
  z.array(z.string()).max(MAPPINGS_PER_PAGE),
);
const Intent = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('look'), variantGid: variantGids }),
  z.object({ intent: z.literal('unmap'), variantGid: variantGids }),
]);

export async function action({ request }: ActionFunctionArgs) {
  const { shop } = await requireShop(request);
  const form = await parseForm(request, Intent);
  if (form.status === 'invalid') return json(form, 400);
  switch (form.input.intent) {
    case 'look':
      try {
        await lookAtMappings(shop, form.input.variantGid);
        return json({ status: 'done' as const });
      } catch (error) {
        const problem = problemBody(error);
        if (!problem) throw error;
        return json({ status: 'failed' as const, problem });
      }
    case 'unmap': {
      const unmapped = await orProblemPage(
        Promise.all(form.input.variantGid.map((gid) => unmapVariant(shop, gid))),
      );
      const count = unmapped.filter(Boolean).length;
      return json({ status: 'done' as const, toast: `${counted(count, 'variant')} unmapped` });
    }
    default:
      return form.input satisfies never;
  }
}

export default function Mapping() {
  const { rows, query, pages, problems, total, stale } = useLoaderData<typeof loader>();
  const [, setParams] = useSearchParams();
  const navigate = useNavigate();
  const isReading = useNavigation().state === 'loading';
  const unmapping = useFetcher<typeof action>();
  const shopify = useAppBridge();
  const exported = useDownload('/app/products/mapping/export', 'mapped-variants.csv');
  useToastOf(unmapping.data);
  const failure = useLook(stale);
  const chooseVariant = async () => {
    const [chosen] =
      (await shopify.resourcePicker({ type: 'variant', action: 'select', multiple: false })) ?? [];
    if (chosen?.id !== undefined) navigate(`/app/products/mapping/${variantIdOf(chosen.id)}`);
  };
  const choose = () => {
    void chooseVariant();
  };
  const isEmpty = total === 0 && !isNarrowed(query);
  return (
    <Page
      title="Mapped variants"
      subtitle="Which bundle is bought when a variant of your shop is sold"
      fullWidth
      backAction={{ content: 'Catalogue', url: '/app/catalogue' }}
      {...(!isEmpty && { primaryAction: { content: 'Map a variant', onAction: choose } })}
      secondaryActions={[
        { content: 'Match by SKU', url: '/app/products/mapping/sku' },
        { content: 'Import CSV', url: '/app/products/mapping/csv' },
        ...(isEmpty
          ? []
          : [
              {
                content: 'Export CSV',
                onAction: () => {
                  exported.download('');
                },
              },
            ]),
      ]}
    >
      <BlockStack gap="400">
        {failure && (
          <ProblemBanner
            problem={problemText(failure.kind, failure.side)}
            messages={['SKUs and prices are those we saw before.']}
          />
        )}
        <Card padding="0">
          {isEmpty ? (
            <NothingYet onChoose={choose} />
          ) : (
            <MappingTable
              rows={rows}
              query={query}
              pages={pages}
              problems={problems}
              isReading={isReading}
              isBusy={unmapping.state !== 'idle'}
              onAsk={(changes) => {
                setParams((before) => changed(before, changes), {
                  preventScrollReset: changes['page'] === undefined,
                });
              }}
              onUnmap={(gids) => {
                const form = new FormData();
                form.set('intent', 'unmap');
                for (const gid of gids) form.append('variantGid', gid);
                unmapping.submit(form, { method: 'post', action: '/app/products/mapping?index' });
              }}
            />
          )}
        </Card>
      </BlockStack>
    </Page>
  );
}

function NothingYet({ onChoose }: { onChoose: () => void }) {
  return (
    <Empty
      icon={LinkIcon}
      title="No variant sells a bundle yet"
      text="Publish bundles from the catalogue as new products, or map variants you have already: whoever buys one gets the bundle's eSIM. With many variants, match them by SKU or import a CSV file."
      action={
        <ButtonGroup>
          <Button variant="primary" onClick={onChoose}>
            Map a variant
          </Button>
          <Button url="/app/catalogue">Open the catalogue</Button>
        </ButtonGroup>
      }
    />
  );
}

/** The address with changes; whatever narrows the list starts it from its first page. */
function changed(before: URLSearchParams, changes: Record<string, string>) {
  const next = new URLSearchParams(before);
  next.delete('page');
  for (const [name, value] of Object.entries(changes)) {
    if (value === '' || (name === 'tab' && value === 'all') || (name === 'page' && value === '1'))
      next.delete(name);
    else next.set(name, value);
  }
  return next;
}
