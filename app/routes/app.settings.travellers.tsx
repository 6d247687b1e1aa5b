import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData, useSearchParams } from '@remix-run/react';
import { BlockStack, Card, ChoiceList, InlineGrid, Page, Select, Text } from '@shopify/polaris';
import { useState } from 'react';
import { z } from 'zod';
import { exampleNotice } from '../notices/example.server.ts';
import { noticeKinds, type NoticeKind } from '../notices/notice.ts';
import { LANGUAGES } from '../platform/language.ts';
import { languageNames } from '../products/template.server.ts';
import { buyerMailsOf, saveBuyerMails } from '../settings/buyer-mails.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { DraftForm } from '../ui/draft-form.tsx';
import { listOf, parseForm } from '../ui/form.server.ts';
import { noticeNames } from '../ui/notice-names.ts';
import { useToastOf } from '../ui/toast.ts';

export const meta = () => [{ title: 'E-mails to travellers' }];

const Kind = z.enum(noticeKinds);

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop } = await requireShop(request);
  const asked = new URL(request.url).searchParams;
  const kind = Kind.catch('data-80').parse(asked.get('mail'));
  const language = z.enum(LANGUAGES).catch('en').parse(asked.get('language'));
  const saved = await buyerMailsOf(shop);
  return json({
    saved: shownFirst.filter((each) => saved.includes(each)),
    example: { kind, language, ...(await exampleNotice(shop, { kind, language })) },
    languages: LANGUAGES.map((value) => ({ value, label: languageNames[value] })),
  });
}

export async function action({ request }: ActionFunctionArgs) {
  const { shop } = await requireShop(request);
  const form = await parseForm(request, z.object({ intent: z.literal('save'), mails: listOf(Kind) }));
  if (form.status === 'invalid') return json({ toast: null }, 422);
  await saveBuyerMails(shop, form.input.mails);
  return json({ toast: 'Saved' });
}

/** In the order of a journey. */
const shownFirst: NoticeKind[] = ['not-installed', 'first-use', 'data-80', 'data-100', 'expires'];

const helpTexts: Record<NoticeKind, string> = {
  'not-installed': 'With a link to install. The supplier is asked once more right before it is sent.',
  'first-use': 'The eSIM is online, and how long it works.',
  'data-80': 'With a link to get more. Not where another bundle waits on the eSIM.',
  'data-100': 'With a link to get more. Not where another bundle waits on the eSIM.',
  expires: 'With the hour it ends, and a link to get more. Not for bundles of one day.',
};

export default function Travellers() {
  const { saved, example, languages } = useLoaderData<typeof loader>();
  const fetcher = useFetcher<typeof action>();
  const [chosen, setChosen] = useState<NoticeKind[] | null>(null);
  useToastOf(fetcher.data);
  const draft = shownFirst.filter((kind) => (chosen ?? saved).includes(kind));
  const save = () => {
    const fields = new FormData();
    fields.append('intent', 'save');
    for (const kind of draft) fields.append('mails', kind);
    fetcher.submit(fields, { method: 'post' });
  };
  return (
    <Page title="E-mails to travellers" backAction={{ content: 'Settings', url: '/app/settings' }}>
      <BlockStack gap="400">
        <DraftForm
          saved={saved}
          draft={draft}
          isSaving={fetcher.state !== 'idle'}
          onSave={save}
          onDiscard={() => {
            setChosen(null);
          }}
        >
          <Card>
            <BlockStack gap="400">
              <ChoiceList
                allowMultiple
                title="Write to travellers after the purchase"
                choices={shownFirst.map((value) => ({
                  value,
                  label: noticeNames[value],
                  helpText: helpTexts[value],
                }))}
                selected={draft}
                onChange={(values) => {
                  setChosen(z.array(Kind).parse(values));
                }}
              />
              <Text as="p" tone="subdued">
                In the buyer’s language, to the address the eSIM was sent to. Each once for an eSIM, at most
                one an hour, never for what is older than a day, and never for eSIMs that were refunded or
                replaced. The e-mail with the eSIM itself is always sent.
              </Text>
            </BlockStack>
          </Card>
        </DraftForm>
        <Example example={example} languages={languages} />
      </BlockStack>
    </Page>
  );
}

interface ExampleProps {
  example: { kind: NoticeKind; language: string; subject: string; html: string };
  languages: { value: string; label: string }[];
}

function Example({ example, languages }: ExampleProps) {
  const [, setAsked] = useSearchParams();
  const ask = (name: 'mail' | 'language') => (value: string) => {
    setAsked(
      (before) => {
        before.set(name, value);
        return before;
      },
      { preventScrollReset: true, replace: true },
    );
  };
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          What a traveller gets
        </Text>
        <InlineGrid columns={{ xs: 1, sm: 2 }} gap="400">
          <Select
            label="E-mail"
            options={shownFirst.map((value) => ({ value, label: noticeNames[value] }))}
            value={example.kind}
            onChange={ask('mail')}
          />
          <Select label="Language" options={languages} value={example.language} onChange={ask('language')} />
        </InlineGrid>
        <Text as="p" fontWeight="semibold">
          {example.subject}
        </Text>
        {/* Our own markup, kept apart from the page: it may do nothing. */}
        <iframe
          title="Example of the e-mail"
          sandbox=""
          srcDoc={example.html}
          style={{ width: '100%', height: '32rem', border: 0 }}
        />
      </BlockStack>
    </Card>
  );
}
