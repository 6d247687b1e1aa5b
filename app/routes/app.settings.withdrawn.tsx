import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Text } from '@shopify/polaris';
import { z } from 'zod';
import { withdrawnRules, type WithdrawnRule } from '../products/withdrawn.ts';
import { saveWithdrawnRule, withdrawnRuleOf } from '../settings/withdrawn.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { parseForm } from '../ui/form.server.ts';
import { RuleChoice } from '../ui/rule-choice.tsx';

export const meta = () => [{ title: 'When a supplier withdraws a bundle' }];

const Rule = z.enum(withdrawnRules);

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop } = await requireShop(request);
  return json({ saved: Rule.catch('out-of-stock').parse(await withdrawnRuleOf(shop)) });
}

export async function action({ request }: ActionFunctionArgs) {
  const { shop } = await requireShop(request);
  const form = await parseForm(request, z.object({ intent: z.literal('save'), rule: Rule }));
  if (form.status === 'invalid') return json({ toast: null }, 422);
  await saveWithdrawnRule(shop, form.input.rule);
  return json({ toast: 'Saved' });
}

const choices: { value: WithdrawnRule; label: string; helpText: string }[] = [
  {
    value: 'out-of-stock',
    label: 'Show it as sold out',
    helpText: 'The product stays, and nobody can buy what the supplier no longer sells.',
  },
  {
    value: 'draft',
    label: 'Hide the product when all of it is withdrawn',
    helpText:
      'Products the app made become drafts once none of their variants can be bought. Until then, and for your own products, variants are shown as sold out.',
  },
  {
    value: 'substitute',
    label: 'Sell the cheapest bundle that gives as much',
    helpText:
      'Same place and supplier, at least the same data and days. It must not cost more than your price guard lets pass; without one that fits, the variant is shown as sold out.',
  },
];

export default function Withdrawn() {
  const { saved } = useLoaderData<typeof loader>();
  return (
    <RuleChoice
      title="When a supplier withdraws a bundle"
      question="What becomes of a variant none of whose bundles is on sale"
      choices={choices}
      saved={saved}
    >
      <Text as="p" tone="subdued">
        When a bundle is back, what the app stopped sells again by itself. What you stopped yourself stays as
        it is.
      </Text>
    </RuleChoice>
  );
}
