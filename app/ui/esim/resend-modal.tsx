import { Select, Text, TextField } from '@shopify/polaris';
import { useState } from 'react';
import { LANGUAGES, type Language } from '../../platform/language.ts';
import { DeedModal } from './deed-modal.tsx';
import { useDeed } from './use-deed.ts';

const names: Record<Language, string> = {
  en: 'English',
  de: 'German',
  fr: 'French',
  es: 'Spanish',
  ja: 'Japanese',
};

/** Sends the e-mail of the eSIM's order once more, to another address or in another language. */
export function ResendModal({
  esimId,
  order,
}: {
  esimId: string;
  order: { name: string; language: Language; email: string | null };
}) {
  const deed = useDeed(esimId, 'resend');
  const [draft, setDraft] = useState({ email: '', language: '' });
  const put = (name: 'email' | 'language') => (value: string) => {
    setDraft((before) => ({ ...before, [name]: value }));
  };
  const email = draft.email.trim();
  return (
    <DeedModal
      deed={deed}
      label="Send e-mail again"
      title="Send the e-mail again?"
      confirm="Send e-mail"
      isReady={email !== '' || order.email !== null}
      onOpen={() => {
        setDraft({ email: '', language: '' });
      }}
      onConfirm={() => {
        deed.send({ email, language: draft.language });
      }}
    >
      <Text as="p">
        It has the codes of all eSIMs of order {order.name}. Whoever gets it can install them, so send it to
        nobody but the traveller.
      </Text>
      <TextField
        label={order.email === null ? 'E-mail address' : 'Another address (optional)'}
        type="email"
        value={draft.email}
        onChange={put('email')}
        autoComplete="off"
        autoFocus
        helpText={
          order.email === null
            ? 'The order itself stays without an address.'
            : `Left empty, it goes to the buyer: ${order.email}. The order keeps that address.`
        }
        error={deed.fields['email'] ?? false}
      />
      <Select
        label="Language"
        value={draft.language}
        onChange={put('language')}
        options={[
          { value: '', label: `The order’s own: ${names[order.language]}` },
          ...LANGUAGES.filter((language) => language !== order.language).map((language) => ({
            value: language,
            label: names[language],
          })),
        ]}
        error={deed.fields['language'] ?? false}
      />
    </DeedModal>
  );
}
