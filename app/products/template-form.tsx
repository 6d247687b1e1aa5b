import {
  BlockStack,
  Box,
  Button,
  Card,
  Checkbox,
  ChoiceList,
  FormLayout,
  InlineGrid,
  InlineStack,
  Layout,
  List,
  Select,
  SkeletonBodyText,
  Text,
  TextField,
} from '@shopify/polaris';
import { useEffect, useState } from 'react';
import { DraftForm } from '../ui/draft-form.tsx';
import { fieldHelp, fieldNames } from './default-templates.ts';
import { ownerNames, ownerQuestion } from './owner-words.ts';
import { textFields, type Templates, type TextField as Field, type Texts } from './template.ts';
import { comparedFields, ownerOf, owners, type Owner } from './written.ts';

/** As the form posts it: lists are words parted by spaces. */
export type TemplateDraft = Templates & {
  language: string;
  status: string;
  pictures: string;
  /** Texts that are the merchant's, or the app's, from the beginning. */
  theirs: string;
  ours: string;
  publications: string;
};

interface Props {
  saved: TemplateDraft;
  languages: { value: string; label: string }[];
  /** The texts a shop begins with, by language. */
  defaults: Record<string, Templates>;
  channels: { id: string; name: string }[];
  /** The first language of the shop's pages; `language` null: the app has no texts in it. */
  first: { name: string; language: string | null } | null;
  /** Places of the catalogue to try the texts on. */
  examples: { destination: string; name: string }[];
  /** What is wrong with a field, by its name. */
  fields: Record<string, string | undefined>;
  preview: Texts | null;
  isSaving: boolean;
  onSave: (draft: TemplateDraft) => void;
  onPreview: (draft: TemplateDraft, example: string) => void;
}

/** The texts of products, each with what it makes of a place of the catalogue. */
export function TemplateForm(props: Props) {
  const {
    saved,
    languages,
    defaults,
    channels,
    first,
    examples,
    fields,
    preview,
    isSaving,
    onSave,
    onPreview,
  } = props;
  const [draft, setDraft] = useState(saved);
  const [example, setExample] = useState(examples[0]?.destination ?? '');
  useEffect(() => {
    const pause = setTimeout(() => {
      onPreview(draft, example);
    }, 400);
    return () => {
      clearTimeout(pause);
    };
    // A new `onPreview` comes with every render; only what is typed asks anew.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [draft, example]);
  const owned = { theirs: fieldsIn(draft.theirs), ours: fieldsIn(draft.ours) };
  const put = (changes: Partial<TemplateDraft>) => {
    setDraft((before) => ({ ...before, ...changes }));
  };
  const chooseLanguage = (language: string) => {
    const [before, after] = [defaults[draft.language], defaults[language]];
    if (!before || !after) return;
    // Texts of the merchant's own stay; the usual ones change their language.
    const texts = Object.fromEntries(
      textFields.map((field) => [field, draft[field] === before[field] ? after[field] : draft[field]]),
    );
    put({ ...texts, language });
  };
  return (
    <DraftForm
      saved={saved}
      draft={draft}
      isSaving={isSaving}
      onSave={onSave}
      onDiscard={() => {
        setDraft(saved);
      }}
    >
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            <Card>
              <FormLayout>
                <Select
                  label="Language of your products"
                  options={languages}
                  value={draft.language}
                  onChange={chooseLanguage}
                  helpText="Of the texts below, and of the options buyers choose from."
                />
                {textFields.map((field) => (
                  <TemplateField
                    key={field}
                    field={field}
                    value={draft[field]}
                    usual={defaults[draft.language]?.[field] ?? ''}
                    owner={field === 'handle' ? null : ownerOf(field, owned)}
                    error={fields[field]}
                    onChange={(value) => {
                      put({ [field]: value });
                    }}
                    onOwner={(owner) => {
                      const others = (list: readonly string[]) => list.filter((name) => name !== field);
                      const listed = (list: readonly string[], isIn: boolean) =>
                        (isIn ? [...others(list), field] : others(list)).join(' ');
                      put({
                        theirs: listed(owned.theirs, owner === 'theirs'),
                        ours: listed(owned.ours, owner === 'ours'),
                      });
                    }}
                  />
                ))}
              </FormLayout>
            </Card>
            <Card>
              <BlockStack gap="400">
                <ChoiceList
                  title="A new product is"
                  selected={[draft.status]}
                  onChange={([status = 'ACTIVE']) => {
                    put({ status });
                  }}
                  choices={[
                    { value: 'ACTIVE', label: 'on sale at once' },
                    { value: 'DRAFT', label: 'a draft, for me to look at first' },
                  ]}
                />
                <ChoiceList
                  allowMultiple
                  title="in these sales channels"
                  selected={draft.publications.split(' ')}
                  onChange={(chosen) => {
                    put({ publications: chosen.filter((id) => id !== '').join(' ') });
                  }}
                  choices={channels.map(({ id, name }) => ({ value: id, label: name }))}
                />
                <Text as="p" tone="subdued">
                  With none chosen: the online store. Both count when a product is made; afterwards they are
                  yours.
                </Text>
                <Checkbox
                  label="With a picture"
                  checked={draft.pictures === 'on'}
                  onChange={(checked) => {
                    put({ pictures: checked ? 'on' : '' });
                  }}
                  helpText="A SIM card with the country’s flag, without words. Pictures of yours stay."
                />
              </BlockStack>
            </Card>
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <BlockStack gap="400">
            <Preview
              preview={preview}
              isWrong={Object.keys(fields).length > 0}
              language={languageWords(draft.language, first, languages)}
              examples={examples}
              example={example}
              onExample={setExample}
            />
            <FieldHelp />
          </BlockStack>
        </Layout.Section>
      </Layout>
    </DraftForm>
  );
}

const fieldsIn = (list: string) => comparedFields.filter((field) => list.split(' ').includes(field));

interface FieldProps {
  field: Field;
  value: string;
  usual: string;
  /** Null for what is written once and never compared. */
  owner: Owner | null;
  error: string | undefined;
  onChange: (value: string) => void;
  onOwner: (owner: Owner) => void;
}

function TemplateField({ field, value, usual, owner, error, onChange, onOwner }: FieldProps) {
  const isLong = field === 'description' || field === 'seoDescription';
  return (
    <BlockStack gap="200">
      <TextField
        label={fieldNames[field]}
        name={field}
        value={value}
        onChange={onChange}
        error={error ?? false}
        autoComplete="off"
        monospaced={field === 'description'}
        {...(isLong && { multiline: field === 'description' ? 8 : 2, maxHeight: '24rem' })}
        {...(value !== usual && {
          labelAction: {
            content: 'Use the usual text',
            onAction: () => {
              onChange(usual);
            },
          },
        })}
        {...(field === 'handle' && { helpText: 'Written once: a new address would break links.' })}
        {...(field === 'tags' && { helpText: 'Parted by commas.' })}
      />
      {owner !== null && field !== 'handle' && (
        <Select
          label={ownerQuestion(field)}
          options={owners.map((value) => ({ value, label: ownerNames[value] }))}
          value={owner}
          onChange={(value) => {
            onOwner(owners.find((each) => each === value) ?? 'once-changed');
          }}
          {...(owner === 'ours' && {
            helpText:
              field === 'tags'
                ? 'Tags you added in Shopify go when the product is next published or checked.'
                : 'What you wrote yourself goes when the product is next published or checked.',
          })}
        />
      )}
    </BlockStack>
  );
}

function languageWords(chosen: string, first: Props['first'], languages: Props['languages']): string {
  const name = languages.find(({ value }) => value === chosen)?.label ?? chosen;
  if (first === null) return `In ${name}.`;
  if (first.language === chosen) return `In ${name}, the first language of your online store.`;
  const other = `In ${name}. The first language of your online store is ${first.name}`;
  return first.language === null
    ? `${other}, which the app has no texts in yet: write them in it yourself.`
    : `${other}.`;
}

interface PreviewProps {
  preview: Texts | null;
  /** A field is marked: its text cannot be made. */
  isWrong: boolean;
  /** In which language it is, and why. */
  language: string;
  examples: Props['examples'];
  example: string;
  onExample: (example: string) => void;
}

function Preview({ preview, isWrong, language, examples, example, onExample }: PreviewProps) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingSm">
          Preview
        </Text>
        <Text as="p" tone="subdued">
          {language}
        </Text>
        {examples.length > 0 && (
          <Select
            label="For"
            labelInline
            options={examples.map(({ destination, name }) => ({ value: destination, label: name }))}
            value={example}
            onChange={onExample}
          />
        )}
        {preview === null && isWrong && (
          <Text as="p" tone="subdued">
            Correct what is marked, and it shows here.
          </Text>
        )}
        {preview === null && !isWrong && <SkeletonBodyText lines={6} />}
        {preview !== null && (
          <BlockStack gap="300">
            <Text as="h3" variant="headingMd">
              {preview.title}
            </Text>
            {/* The merchant's own markup; the supplier's words in it are escaped. A frame without scripts keeps it apart. */}
            <iframe
              title="Description"
              sandbox=""
              srcDoc={`<body style="font:14px system-ui;margin:0">${preview.description}</body>`}
              style={{ width: '100%', height: '16rem', border: 0 }}
            />
            <Fact name="Address" value={`/products/${preview.handle}`} />
            <Fact name="Search engines" value={`${preview.seoTitle} – ${preview.seoDescription}`} />
            <Fact name="Tags" value={preview.tags.join(', ')} />
            <Fact name="Type and vendor" value={`${preview.productType}, ${preview.vendor}`} />
          </BlockStack>
        )}
      </BlockStack>
    </Card>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <Text as="p" tone="subdued" variant="bodySm">
        {name}
      </Text>
      <Text as="p" breakWord>
        {value}
      </Text>
    </div>
  );
}

function FieldHelp() {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between">
          <Text as="h2" variant="headingSm">
            Fields you can use
          </Text>
          <Button
            variant="plain"
            ariaExpanded={isOpen}
            onClick={() => {
              setIsOpen(!isOpen);
            }}
          >
            {isOpen ? 'Hide' : 'Show'}
          </Button>
        </InlineStack>
        <Text as="p" tone="subdued">
          {'Texts are Liquid, as in your theme: {{ destination }}, {% if country_count > 1 %}…{% endif %}.'}
        </Text>
        {isOpen && (
          <Box as="div">
            <InlineGrid columns="auto 1fr" gap="200">
              {fieldHelp.map(({ name, means }) => [
                <Text as="span" key={name} fontWeight="semibold">
                  {name}
                </Text>,
                <Text as="span" key={`${name} means`} tone="subdued">
                  {means}
                </Text>,
              ])}
            </InlineGrid>
          </Box>
        )}
        {isOpen && (
          <List>
            <List.Item>{'{{ data | join: ", " }} writes a list.'}</List.Item>
            <List.Item>{'{{ data | first }} and {{ data | last }} are its ends.'}</List.Item>
          </List>
        )}
      </BlockStack>
    </Card>
  );
}
