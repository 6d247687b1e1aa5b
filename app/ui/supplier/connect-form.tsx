import type { useFetcher } from '@remix-run/react';
import { Button, FormLayout, InlineStack, Select, TextField } from '@shopify/polaris';
import { useState } from 'react';
import type { Field } from '../../providers/form.ts';
import { ProblemBanner, problemText, type ProblemBody, type ProblemText } from '../problem.tsx';
import { UnsavedBar } from '../unsaved-bar.tsx';
import type { SupplierAnswer, SupplierRow } from './row.ts';

interface ConnectFormProps {
  supplier: SupplierRow;
  connect: ReturnType<typeof useFetcher<SupplierAnswer>>;
  /** Of the last try of this form. */
  answer: SupplierAnswer | undefined;
  /** Asks for a name of the account. */
  isAnother?: boolean;
  /** Absent where there is nothing to go back to. */
  onCancel?: () => void;
}

/** Asks for what a supplier wants to know, as its schema says. */
export function ConnectForm({ supplier, connect, answer, isAnother = false, onCancel }: ConnectFormProps) {
  const { provider, title, fields, account, formerId } = supplier;
  const entered: Record<string, string> = isAnother ? {} : supplier.entered;
  const [values, setValues] = useState(entered);
  const isSending = connect.state !== 'idle';
  const isDirty = Object.entries(values).some(([name, value]) => value !== (entered[name] ?? ''));
  const accountId = isAnother ? '' : (account?.id ?? formerId ?? '');
  const asked = fields.filter(({ onlyWith }) => !onlyWith || chosen(onlyWith.field) === onlyWith.value);
  const save = () => {
    const sent: Record<string, string> = { ...values };
    for (const field of fields) if (!asked.includes(field)) sent[field.name] = '';
    connect.submit({ ...sent, intent: 'connect', provider, accountId }, { method: 'post' });
  };
  const discard = () => {
    setValues(entered);
    onCancel?.();
  };
  function chosen(name: string): string | undefined {
    return values[name] || fields.find((field) => field.name === name)?.choices?.[0]?.value;
  }
  const change = (name: string) => (value: string) => {
    setValues((before) => ({ ...before, [name]: value }));
  };
  const problem = answer?.problem;
  return (
    <form
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <UnsavedBar isDirty={isDirty} isSaving={isSending} onSave={save} onDiscard={discard} />
      <FormLayout>
        {problem && (
          <ProblemBanner problem={whyNotConnected(problem, supplier)} messages={problem.messages} />
        )}
        {asked.map((field) => (
          <Credential
            key={field.name}
            field={account && !isAnother && isSecret(field) ? keepable(field, account.keyLast4) : field}
            value={values[field.name] ?? ''}
            onChange={change(field.name)}
            error={fieldError(answer, field)}
          />
        ))}
        {isAnother && (
          <TextField
            name="label"
            label="Name"
            autoComplete="off"
            helpText="By which you tell this account from the others."
            value={values['label'] ?? ''}
            onChange={change('label')}
            error={answer?.fields['label'] ?? false}
          />
        )}
        <InlineStack gap="200">
          <Button submit variant="primary" loading={isSending}>
            {account && !isAnother ? 'Save' : `Connect ${title}`}
          </Button>
          {onCancel && <Button onClick={discard}>Cancel</Button>}
        </InlineStack>
      </FormLayout>
    </form>
  );
}

interface CredentialProps {
  field: Field;
  value: string;
  onChange: (value: string) => void;
  error: string | false;
}

function Credential({
  field: { name, label, kind, help, choices, example },
  value,
  onChange,
  error,
}: CredentialProps) {
  if (kind === 'choice')
    return (
      <Select
        name={name}
        label={label}
        options={choices ?? []}
        helpText={help}
        value={value}
        onChange={onChange}
        error={error}
      />
    );
  return (
    <TextField
      name={name}
      label={label}
      type={kind === 'key' || kind === 'password' ? 'password' : 'text'}
      autoComplete="off"
      spellCheck={false}
      helpText={help}
      {...(example !== undefined && { placeholder: example })}
      value={value}
      onChange={onChange}
      error={error}
    />
  );
}

/** The general words, but for what is refused where it is entered. */
function whyNotConnected({ kind, side }: ProblemBody, { title, fields }: SupplierRow): ProblemText {
  const general = problemText(kind, side);
  if (kind !== 'credentials') return general;
  if (fields.some((field) => field.kind === 'password'))
    return {
      title: `${title} did not let the app log in`,
      whatNext:
        'Nothing was changed. Log in on its own page with what you entered here, then enter it again below.',
    };
  return {
    ...general,
    whatNext: `Nothing was changed. Copy the key again from the ${title} portal and enter it below.`,
  };
}

function fieldError(answer: SupplierAnswer | undefined, { name, kind }: Field): string | false {
  if (!answer) return false;
  if (answer.fields[name] !== undefined) return answer.fields[name];
  return isSecret({ kind }) && answer.problem?.kind === 'credentials' ? 'Refused by the supplier.' : false;
}

const isSecret = ({ kind }: Pick<Field, 'kind'>) => kind === 'key' || kind === 'password';

/** A secret that is kept where nothing is entered. */
function keepable(field: Field, keyLast4: string): Field {
  const which = keyLast4 === '' ? 'the one you entered' : `the one that ends in ${keyLast4}`;
  return { ...field, help: `Leave it empty to keep ${which}. ${field.help}` };
}
