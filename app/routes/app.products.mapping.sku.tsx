import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher } from '@remix-run/react';
import {
  Banner,
  BlockStack,
  Button,
  Card,
  FormLayout,
  InlineStack,
  Page,
  ProgressBar,
  Text,
  TextField,
} from '@shopify/polaris';
import { useEffect, useState } from 'react';
import { z } from 'zod';
import { bundleTitle } from '../catalogue/bundle.ts';
import { releaseMapped } from '../orders/release.server.ts';
import { mapMatches, matchSkus } from '../products/match-skus.server.ts';
import { MatchTable, type MatchRow } from '../products/match-table.tsx';
import { requireShop } from '../shopify/auth.server.ts';
import { counted, displayFor } from '../ui/display.ts';
import { problemBody } from '../ui/edge.server.ts';
import { listOf, parseForm } from '../ui/form.server.ts';
import { ProblemBanner, problemText } from '../ui/problem.tsx';
import { useToastOf } from '../ui/toast.ts';

export const meta = () => [{ title: 'Match by SKU' }];

export async function loader({ request }: LoaderFunctionArgs) {
  await requireShop(request);
  return json({});
}

const pair = z
  .string()
  .regex(/^\d{1,19}=[\w-]{36}$/)
  .transform((text) => ({
    variantGid: `gid://shopify/ProductVariant/${text.slice(0, text.indexOf('='))}`,
    bundleId: text.slice(text.indexOf('=') + 1),
  }));
const MOST_PAIRS = 2000;
const Intent = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('read'), pattern: z.string().max(200), after: z.string().max(500) }),
  z.object({
    intent: z.literal('map'),
    pair: listOf(pair).pipe(
      z
        .array(z.object({ variantGid: z.string(), bundleId: z.string() }))
        .min(1, 'Choose at least one variant.')
        .max(MOST_PAIRS, `Map ${String(MOST_PAIRS)} variants at once at most.`),
    ),
  }),
]);

export async function action({ request }: ActionFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const form = await parseForm(request, Intent);
  if (form.status === 'invalid') return json(form, 400);
  try {
    const { input } = form;
    switch (input.intent) {
      case 'read': {
        const after = input.after === '' ? null : input.after;
        const result = await matchSkus(shop, { pattern: input.pattern, after });
        if (result.status === 'wrong')
          return json({ status: 'invalid' as const, fields: { pattern: result.sentence } }, 400);
        const show = displayFor({ locale, timezone: shop.timezone });
        return json({
          ...{ status: 'page' as const, pattern: input.pattern, after: input.after },
          ...{ looked: result.looked, next: result.next },
          rows: result.matches.map(({ candidates, variantGid, ...match }): MatchRow => ({
            ...match,
            id: variantGid.split('/').at(-1) ?? '',
            candidates: candidates.map((bundle) => ({
              ...{ id: bundle.id, code: bundle.code },
              label: `${bundleTitle(bundle, show.locale)}, ${show.cost(bundle.cost)} (${bundle.code}, ${bundle.supplier})`,
            })),
          })),
        });
      }
      case 'map': {
        const { mapped, left } = await mapMatches(shop, input.pair);
        const released = await releaseMapped(shop, mapped);
        return json({
          ...{
            status: 'mapped' as const,
            ids: mapped.map((gid) => gid.split('/').at(-1) ?? ''),
            left,
            released,
          },
          toast: `${counted(mapped.length, 'variant')} mapped`,
        });
      }
      default:
        return input satisfies never;
    }
  } catch (error) {
    const problem = problemBody(error);
    if (!problem) throw error;
    return json({ status: 'failed' as const, problem }, 502);
  }
}

export default function MatchBySku() {
  const reading = useReading();
  const mapping = useFetcher<typeof action>();
  useToastOf(mapping.data);
  const [pattern, setPattern] = useState('{code}');
  const answer = mapping.state === 'idle' ? mapping.data : undefined;
  const mapped = mapping.data?.status === 'mapped' ? mapping.data.ids : [];
  const { rows, looked, isReading, isDone, fieldError, problem } = reading;
  const failure = answer?.status === 'failed' ? answer.problem : problem;
  return (
    <Page
      title="Match by SKU"
      subtitle="Finds the variants whose SKU names a bundle. Nothing is changed before you say so"
      backAction={{ content: 'Mapped variants', url: '/app/products/mapping' }}
    >
      <BlockStack gap="400">
        {failure && (
          <ProblemBanner problem={problemText(failure.kind, failure.side)} messages={failure.messages} />
        )}
        {answer?.status === 'invalid' && (
          <Banner tone="critical" title={Object.values(answer.fields)[0] ?? ''} />
        )}
        {answer?.status === 'mapped' && (
          <Banner
            tone={answer.left > 0 ? 'warning' : 'success'}
            title={`${counted(answer.ids.length, 'variant')} mapped`}
            action={{ content: 'Show mapped variants', url: '/app/products/mapping' }}
          >
            {answer.left > 0 &&
              `${counted(answer.left, 'variant')} left as ${answer.left === 1 ? 'it was' : 'they were'}: mapped by somebody else or deleted meanwhile, or the bundle is not sold any more. `}
            {answer.released > 0 && `${counted(answer.released, 'waiting eSIM')} will be bought now.`}
          </Banner>
        )}
        <Card>
          <form
            noValidate
            onSubmit={(event) => {
              event.preventDefault();
              reading.start(pattern);
            }}
          >
            <FormLayout>
              <TextField
                label="How your SKUs look"
                autoComplete="off"
                maxLength={200}
                value={pattern}
                onChange={setPattern}
                error={fieldError ?? false}
                helpText="{code} is the bundle's own code. Or describe it: ESIM-{country}-{gb}GB-{days}D. There are {code}, {country} (FR, France or a region), {gb} (a number or UL), {mb}, {days}, and {any} for a part that does not matter."
              />
              <InlineStack gap="200">
                <Button submit variant="primary" loading={isReading}>
                  Look through my variants
                </Button>
                {isReading && <Button onClick={reading.stop}>Stop</Button>}
              </InlineStack>
              {(isReading || isDone) && (
                <div role="status">
                  <BlockStack gap="200">
                    {isReading && <ProgressBar size="small" progress={100} />}
                    <Text as="p" tone="subdued">
                      {isReading ? 'Reading … ' : ''}
                      {counted(looked, 'variant')} looked at, {rows.length} with such a SKU.
                    </Text>
                  </BlockStack>
                </div>
              )}
            </FormLayout>
          </form>
        </Card>
        {rows.length > 0 && (
          <MatchTable
            rows={rows.filter(({ id }) => !mapped.includes(id))}
            isBusy={isReading || mapping.state !== 'idle'}
            most={MOST_PAIRS}
            onMap={(pairs) => {
              const form = new FormData();
              form.set('intent', 'map');
              for (const each of pairs) form.append('pair', each);
              mapping.submit(form, { method: 'post' });
            }}
          />
        )}
      </BlockStack>
    </Page>
  );
}

/** Reads the shop's variants page by page, so that a large shop shows how far it is and can be stopped. */
function useReading() {
  const { submit, data, state } = useFetcher<typeof action>();
  const [pages, setPages] = useState<{ rows: MatchRow[]; looked: number; next: string | null }[]>([]);
  const [pattern, setPattern] = useState<string | null>(null);
  const [seen, setSeen] = useState(data);
  if (data !== seen && state === 'idle') {
    setSeen(data);
    if (data?.status === 'page' && pattern !== null) {
      setPages((before) => (data.after === '' ? [data] : [...before, data]));
      if (data.next === null) setPattern(null);
    } else setPattern(null);
  }
  const next = pages.at(-1)?.next ?? null;
  useEffect(() => {
    if (pattern !== null && next !== null && state === 'idle')
      submit({ intent: 'read', pattern, after: next }, { method: 'post' });
    // A page that came is what asks for the next one.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [next, pattern]);
  return {
    rows: pages.flatMap(({ rows }) => rows),
    looked: pages.reduce((sum, { looked }) => sum + looked, 0),
    isReading: pattern !== null,
    isDone: pages.length > 0,
    fieldError: data?.status === 'invalid' ? data.fields['pattern'] : null,
    problem: data?.status === 'failed' ? data.problem : null,
    start: (text: string) => {
      setPages([]);
      setPattern(text);
      submit({ intent: 'read', pattern: text, after: '' }, { method: 'post' });
    },
    stop: () => {
      setPattern(null);
    },
  };
}
