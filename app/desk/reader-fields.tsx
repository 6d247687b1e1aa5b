import { FormLayout, Select, TextField } from '@shopify/polaris';

export interface ReaderValues {
  email: string;
  language: string;
}

/** Asks whom the mails of an eSIM go to. */
export function ReaderFields({
  values,
  error,
  onChange,
}: {
  values: ReaderValues;
  error: string | undefined;
  onChange: (values: ReaderValues) => void;
}) {
  return (
    <FormLayout>
      <TextField
        name="email"
        type="email"
        label="E-mail address of its traveller"
        autoComplete="off"
        helpText="Without one its traveller is told nothing, and has no page to look at it."
        value={values.email}
        onChange={(email) => {
          onChange({ ...values, email });
        }}
        error={error ?? false}
      />
      <Select
        name="language"
        label="Language of the e-mails"
        options={languages}
        value={values.language}
        onChange={(language) => {
          onChange({ ...values, language });
        }}
      />
    </FormLayout>
  );
}

const languages = [
  { value: 'en', label: 'English' },
  { value: 'de', label: 'German' },
  { value: 'fr', label: 'French' },
  { value: 'es', label: 'Spanish' },
  { value: 'ja', label: 'Japanese' },
];
