import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData } from '@remix-run/react';
import { Banner, BlockStack, Page } from '@shopify/polaris';
import { z } from 'zod';
import { defaultTemplates } from '../products/default-templates.ts';
import { checkTexts, exampleProducts, previewTexts } from '../products/example.server.ts';
import { TemplateForm, type TemplateDraft } from '../products/template-form.tsx';
import {
  firstLanguage,
  languageNames,
  productTemplate,
  saveProductTemplate,
} from '../products/template.server.ts';
import { comparedFields } from '../products/written.ts';
import { LANGUAGES } from '../platform/language.ts';
import { salesChannels } from '../products/channels.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { orProblemPage } from '../ui/edge.server.ts';
import { parseForm } from '../ui/form.server.ts';
import { useToastOf } from '../ui/toast.ts';

export const meta = () => [{ title: 'Products' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const [template, [channels, first], examples] = await Promise.all([
    productTemplate(shop),
    orProblemPage(Promise.all([salesChannels(shop), firstLanguage(shop)])),
    exampleProducts(shop, locale),
  ]);
  const saved: TemplateDraft = {
    ...template.templates,
    ...{ language: template.language, status: template.status, pictures: template.pictures ? 'on' : '' },
    ...{ theirs: template.theirs.join(' '), ours: template.ours.join(' ') },
    publications: template.publications.join(' '),
  };
  return json({
    ...{ saved, channels, first, examples },
    languages: LANGUAGES.map((value) => ({ value, label: languageNames[value] })),
    defaults: Object.fromEntries(LANGUAGES.map((language) => [language, defaultTemplates(language)])),
  });
}

const longText = z.string().max(20_000, 'This is longer than 20,000 letters.');
const Draft = z.object({
  ...{ title: longText, description: longText, seoTitle: longText, seoDescription: longText },
  ...{ handle: longText, tags: longText, productType: longText, vendor: longText },
  language: z.enum(LANGUAGES),
  status: z.enum(['ACTIVE', 'DRAFT']),
  pictures: z.enum(['on', '']).transform((value) => value === 'on'),
  ...{ theirs: fieldList(), ours: fieldList() },
  publications: z
    .string()
    .transform(words)
    .pipe(z.array(z.string().regex(/^gid:\/\/shopify\/Publication\/\d+$/))),
});
const Intent = z.discriminatedUnion('intent', [
  Draft.extend({ intent: z.literal('save') }),
  Draft.extend({ intent: z.literal('preview'), example: z.string() }),
]);

function fieldList() {
  return z
    .string()
    .transform(words)
    .pipe(z.array(z.enum(comparedFields)));
}

/** A list in one field, its items parted by spaces. */
function words(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}

export async function action({ request }: ActionFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const form = await parseForm(request, Intent);
  if (form.status === 'invalid') return json({ ...form, preview: null, toast: null }, 422);
  const { language, status, pictures, theirs, ours, publications, ...rest } = form.input;
  const { title, description, seoTitle, seoDescription, handle, tags, productType, vendor } = rest;
  const templates = { title, description, seoTitle, seoDescription, handle, tags, productType, vendor };
  const rendered =
    form.input.intent === 'preview'
      ? await previewTexts(shop, { templates, language, example: form.input.example })
      : await checkTexts(shop, { templates, language, locale });
  if (rendered.status === 'invalid')
    return json(
      {
        status: 'invalid' as const,
        fields: sentencesOf(rendered.fields),
        preview: null,
        toast: null,
      },
      422,
    );
  if (form.input.intent === 'preview')
    return json({ status: 'shown' as const, fields: {}, preview: rendered.texts, toast: null });
  await saveProductTemplate(shop, { templates, language, status, pictures, theirs, ours, publications });
  return json({ status: 'saved' as const, fields: {}, preview: rendered.texts, toast: 'Saved' });
}

const sentencesOf = (fields: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])),
  );

export default function ProductSettings() {
  const data = useLoaderData<typeof loader>();
  const saving = useFetcher<typeof action>();
  const preview = useFetcher<typeof action>();
  useToastOf(saving.data);
  const fields = saving.state === 'idle' && saving.data?.status === 'invalid' ? saving.data.fields : {};
  return (
    <Page title="Products" backAction={{ content: 'Settings', url: '/app/settings' }}>
      <BlockStack gap="400">
        {fields[''] !== undefined && <Banner tone="critical">{fields['']}</Banner>}
        {/* What was saved is the new beginning. */}
        <TemplateForm
          key={JSON.stringify(data.saved)}
          {...data}
          fields={{ ...preview.data?.fields, ...fields }}
          preview={preview.data?.preview ?? null}
          isSaving={saving.state !== 'idle'}
          onSave={(draft) => {
            saving.submit({ ...draft, intent: 'save' }, { method: 'post' });
          }}
          onPreview={(draft, example) => {
            preview.submit({ ...draft, example, intent: 'preview' }, { method: 'post' });
          }}
        />
      </BlockStack>
    </Page>
  );
}
