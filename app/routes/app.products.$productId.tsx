import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData } from '@remix-run/react';
import { Banner, BlockStack, Card, InlineGrid, Link, Page, Select, Text } from '@shopify/polaris';
import { useState } from 'react';
import { z } from 'zod';
import { fieldNames } from '../products/default-templates.ts';
import { chooseOwners, ownedTexts, type OwnedText } from '../products/owned-texts.server.ts';
import { ownerNames, ownerQuestion } from '../products/owner-words.ts';
import { refusalText } from '../products/refusal-words.ts';
import { comparedFields, owners, type ComparedField, type Owner } from '../products/written.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { adminProductUrl } from '../ui/admin-links.ts';
import { lowerFirst } from '../ui/display.ts';
import { DraftForm } from '../ui/draft-form.tsx';
import { notFound, orProblemPage } from '../ui/edge.server.ts';
import { parseForm } from '../ui/form.server.ts';
import { Inset } from '../ui/inset.tsx';
import { useToastOf } from '../ui/toast.ts';

export const meta = () => [{ title: 'Whose texts' }];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { shop } = await requireShop(request);
  const product = await orProblemPage(ownedTexts(shop, idOf(params['productId'])));
  if (!product) throw notFound();
  return json({ ...product, texts: product.texts.map(toRow) });
}

const owner = z.union([z.enum(owners), z.literal('')]);
const Choice = z.object({
  ...{ title: owner, description: owner, seoTitle: owner, seoDescription: owner },
  ...{ tags: owner, productType: owner, vendor: owner },
});

export async function action({ request, params }: ActionFunctionArgs) {
  const { shop } = await requireShop(request);
  const productId = idOf(params['productId']);
  const form = await parseForm(request, Choice);
  if (form.status === 'invalid') return json({ refusal: 'This form is of an older page.', toast: null }, 400);
  const outcome = await orProblemPage(chooseOwners(shop, productId, chosen(form.input)));
  if (!outcome) throw notFound();
  return outcome.status === 'refused'
    ? json({ refusal: [refusalText(outcome.reason), ...outcome.messages].join(' '), toast: null }, 422)
    : json({ refusal: null, toast: 'Saved' });
}

function idOf(id = ''): string {
  if (!z.uuid().safeParse(id).success) throw notFound();
  return id;
}

/** What differs from the choice for all products. */
function chosen(input: z.output<typeof Choice>): Partial<Record<ComparedField, Owner>> {
  const own: Partial<Record<ComparedField, Owner>> = {};
  for (const field of comparedFields) {
    const value = input[field];
    if (value !== '') own[field] = value;
  }
  return own;
}

function toRow({ field, now, template, differs, own, ofAll }: OwnedText) {
  const [nowText, templateText] = [plain(now), template && plain(template)];
  return {
    ...{ field, name: fieldNames[field], now: nowText, template: templateText },
    ...{ differs, own: own ?? '', ofAll },
  };
}

/** As a buyer reads it. */
function plain(text: string | string[]): string {
  return Array.isArray(text)
    ? text.toSorted().join(', ')
    : text
        .replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim();
}

export default function ProductTexts() {
  const { title, productGid, texts } = useLoaderData<typeof loader>();
  const saved = Object.fromEntries(texts.map(({ field, own }) => [field, own]));
  return (
    <Page
      title={title}
      subtitle="Whose texts"
      backAction={{ content: 'Products', url: '/app/products' }}
      secondaryActions={[{ content: 'Open in Shopify', url: adminProductUrl(productGid), target: '_top' }]}
    >
      {/* What was saved is the new beginning. */}
      <Editor key={JSON.stringify(saved)} texts={texts} saved={saved} />
    </Page>
  );
}

type Row = ReturnType<typeof toRow>;

function Editor({ texts, saved }: { texts: Row[]; saved: Record<string, string> }) {
  const saving = useFetcher<typeof action>({ key: 'owners' });
  useToastOf(saving.data);
  const [draft, setDraft] = useState(saved);
  const refusal = saving.state === 'idle' ? (saving.data?.refusal ?? null) : null;
  return (
    <DraftForm
      saved={saved}
      draft={draft}
      isSaving={saving.state !== 'idle'}
      onSave={(values) => {
        saving.submit(values, { method: 'post' });
      }}
      onDiscard={() => {
        setDraft(saved);
      }}
    >
      <BlockStack gap="400">
        {refusal !== null && (
          <Banner tone="critical" title="The texts were not written">
            {refusal}
          </Banner>
        )}
        <Inset>
          <Text as="p" tone="subdued">
            This product alone. What holds for all of them is under{' '}
            <Link url="/app/settings/products">Texts and pictures</Link>.
          </Text>
        </Inset>
        {texts.map((row) => (
          <TextCard
            key={row.field}
            row={row}
            value={draft[row.field] ?? ''}
            onChange={(value) => {
              setDraft({ ...draft, [row.field]: value });
            }}
          />
        ))}
      </BlockStack>
    </DraftForm>
  );
}

function TextCard({ row, value, onChange }: { row: Row; value: string; onChange: (value: string) => void }) {
  const { field, name, now, template, differs, ofAll } = row;
  const choices = [
    { value: '', label: 'As for all products' },
    ...owners.map((each) => ({ value: each, label: ownerNames[each] })),
  ];
  const goes = differs && (value === '' ? ofAll : value) === 'ours';
  const asForAll = value === '' ? `That is: ${lowerFirst(ownerNames[ofAll])}.` : '';
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingSm">
          {name}
        </Text>
        <InlineGrid columns={{ xs: 1, md: differs ? 2 : 1 }} gap="400">
          <Words term={differs ? 'In your shop' : 'In your shop, and by your template'} text={now} />
          {differs && <Words term="By your template" text={template ?? ''} />}
        </InlineGrid>
        <Select
          label={ownerQuestion(field)}
          options={choices}
          value={value}
          onChange={onChange}
          helpText={goes ? 'Saving writes the text of your template over what is in your shop.' : asForAll}
        />
      </BlockStack>
    </Card>
  );
}

function Words({ term, text }: { term: string; text: string }) {
  return (
    <div>
      <Text as="p" tone="subdued" variant="bodySm">
        {term}
      </Text>
      <Text as="p" breakWord>
        {text === '' ? '–' : text}
      </Text>
    </div>
  );
}
