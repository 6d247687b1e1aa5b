import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData } from '@remix-run/react';
import { Page } from '@shopify/polaris';
import { z } from 'zod';
import { placesOf } from '../products/places.server.ts';
import { ruleForm } from '../products/price-form.ts';
import { chooseWords } from '../products/price-words.ts';
import { findRule } from '../products/pricing-page.server.ts';
import { RuleForm } from '../products/rule-form.tsx';
import { saveRule } from '../products/save-rules.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { notFound } from '../ui/edge.server.ts';
import { parseForm } from '../ui/form.server.ts';

export const meta = () => [{ title: 'Price rule' }];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const rule = await findRule(shop, idOf(params));
  if (!rule) throw notFound();
  return json({ rule, places: await placesOf(shop, locale), currency: shop.currency });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const { shop } = await requireShop(request);
  const form = await parseForm(request, ruleForm(shop.currency));
  if (form.status === 'invalid') return json({ fields: form.fields }, 422);
  const saved = await saveRule(shop, idOf(params), form.input);
  if (saved.status === 'saved') return redirect('/app/pricing');
  if (saved.reason === 'unknown-rule') throw notFound();
  const { reason } = saved;
  if (reason === 'too-many') return json({ fields: { '': words[reason] } }, 422);
  const { scope } = form.input;
  return json({ fields: { scopeValue: reason === 'no-place' ? chooseWords[scope] : words[reason] } }, 422);
}

const words = {
  'unknown-place': 'There is nothing of this name in your catalogue.',
  'several-bundles': 'Several suppliers have a bundle of this code. Make a rule for their group or country.',
  'too-many': 'You have 1,000 rules. Delete one first.',
};

/** Null for a rule that is to be made. */
function idOf({ ruleId }: { ruleId?: string }): string | null {
  if (ruleId === 'new') return null;
  if (!z.uuid().safeParse(ruleId).success || ruleId === undefined) throw notFound();
  return ruleId;
}

export default function Rule() {
  const { rule, places, currency } = useLoaderData<typeof loader>();
  const fetcher = useFetcher<typeof action>();
  const isNew = rule.id === null;
  return (
    <Page title={isNew ? 'Add rule' : 'Price rule'} backAction={{ content: 'Pricing', url: '/app/pricing' }}>
      <RuleForm
        saved={rule}
        places={places}
        currency={currency}
        fields={fetcher.state === 'idle' ? (fetcher.data?.fields ?? {}) : {}}
        isSaving={fetcher.state !== 'idle'}
        onSave={(fields) => {
          const form = new FormData();
          for (const [name, value] of fields) form.append(name, value);
          fetcher.submit(form, { method: 'post' });
        }}
      />
    </Page>
  );
}
