import {
  Banner,
  BlockStack,
  Button,
  Card,
  FormLayout,
  InlineStack,
  Select,
  Text,
  TextField,
} from '@shopify/polaris';
import { useState } from 'react';
import { DraftForm } from '../ui/draft-form.tsx';
import { scopes, type Method, type Scope } from './price-rule.ts';
import { methodWords, scopeWords } from './price-words.ts';

/** A rule as it is typed. */
export interface RuleDraft {
  id: string | null;
  scope: Scope;
  /** For a bundle its code. */
  scopeValue: string;
  priority: string;
  method: Method['method'];
  percent: string;
  amount: string;
  price: string;
  bands: { upTo: string; percent: string }[];
}

interface Props {
  saved: RuleDraft;
  places: Record<Exclude<Scope, 'everything' | 'bundle'>, { value: string; label: string }[]>;
  currency: string;
  /** What is wrong with a field, by its name. */
  fields: Record<string, string>;
  isSaving: boolean;
  onSave: (fields: [string, string][]) => void;
}

/** What a rule is for, and the price it makes. */
export function RuleForm({ saved, places, currency, fields, isSaving, onSave }: Props) {
  const [draft, setDraft] = useState(saved);
  const change = (part: Partial<RuleDraft>) => {
    setDraft((before) => ({ ...before, ...part }));
  };
  const save = () => {
    onSave(fieldsOf(draft));
  };
  return (
    <DraftForm
      saved={saved}
      draft={draft}
      isSaving={isSaving}
      onSave={save}
      onDiscard={() => {
        setDraft(saved);
      }}
    >
      <BlockStack gap="400">
        {fields[''] !== undefined && <Banner tone="critical" title={fields['']} />}
        <Card>
          <FormLayout>
            <Select
              label="For"
              options={scopes.map((value) => ({ value, label: scopeWords[value] }))}
              value={draft.scope}
              helpText="The most specific rule that fits a bundle decides its price."
              onChange={(value) => {
                const scope = scopes.find((each) => each === value) ?? 'everything';
                change({ scope, scopeValue: '' });
              }}
            />
            <Place draft={draft} places={places} error={fields.scopeValue} onChange={change} />
            <TextField
              label="Priority"
              inputMode="numeric"
              autoComplete="off"
              value={draft.priority}
              error={fields.priority ?? false}
              helpText="Of two rules for the same, the higher one decides; of equal ones, the dearer."
              onChange={(priority) => {
                change({ priority });
              }}
            />
          </FormLayout>
        </Card>
        <Card>
          <FormLayout>
            <Select
              label="Price"
              options={Object.entries(methodWords).map(([value, label]) => ({ value, label }))}
              value={draft.method}
              onChange={(value) => {
                const method = (['percent', 'fixed', 'tiers', 'final'] as const).find(
                  (each) => each === value,
                );
                if (method) change({ method });
              }}
            />
            <MethodFields draft={draft} currency={currency} fields={fields} onChange={change} />
            <Text as="p" tone="subdued">
              The payment fee is added on top, the price is rounded up, and never below your minimum margin.
            </Text>
          </FormLayout>
        </Card>
        {saved.id === null && (
          <InlineStack align="end">
            <Button variant="primary" submit loading={isSaving}>
              Add rule
            </Button>
          </InlineStack>
        )}
      </BlockStack>
    </DraftForm>
  );
}

interface PartProps {
  draft: RuleDraft;
  onChange: (part: Partial<RuleDraft>) => void;
}

function Place({
  draft,
  places,
  error,
  onChange,
}: PartProps & Pick<Props, 'places'> & { error: string | undefined }) {
  const { scope, scopeValue } = draft;
  if (scope === 'everything') return null;
  const put = (value: string) => {
    onChange({ scopeValue: value });
  };
  if (scope === 'bundle')
    return (
      <TextField
        label="Code of the bundle"
        autoComplete="off"
        value={scopeValue}
        error={error ?? false}
        helpText="As the catalogue shows it, letter case too."
        onChange={put}
      />
    );
  const options = places[scope];
  // What is no longer in the catalogue stays chosen until somebody chooses another.
  const isKnown = scopeValue === '' || options.some(({ value }) => value === scopeValue);
  return (
    <Select
      label={scopeWords[scope]}
      options={[...(isKnown ? [] : [{ value: scopeValue, label: scopeValue }]), ...options]}
      placeholder="Choose"
      value={scopeValue}
      error={error ?? false}
      onChange={put}
    />
  );
}

function MethodFields({ draft, currency, fields, onChange }: PartProps & Pick<Props, 'currency' | 'fields'>) {
  const { method, percent, amount, price } = draft;
  const common = { autoComplete: 'off', inputMode: 'decimal' as const };
  switch (method) {
    case 'percent':
      return (
        <TextField
          {...common}
          label="Added to the cost"
          suffix="%"
          value={percent}
          error={fields.percent ?? false}
          helpText="40 makes 14.00 of a cost of 10.00."
          onChange={(text) => {
            onChange({ percent: text });
          }}
        />
      );
    case 'fixed':
      return (
        <TextField
          {...common}
          label="Added to the cost"
          suffix={currency}
          value={amount}
          error={fields.amount ?? false}
          onChange={(text) => {
            onChange({ amount: text });
          }}
        />
      );
    case 'final':
      return (
        <TextField
          {...common}
          label="The price"
          suffix={currency}
          value={price}
          error={fields.price ?? false}
          helpText="Whatever it costs. Below the floor it is raised, and the preview says so."
          onChange={(text) => {
            onChange({ price: text });
          }}
        />
      );
    case 'tiers':
      return <Bands draft={draft} currency={currency} fields={fields} onChange={onChange} />;
    default:
      return method satisfies never;
  }
}

function Bands({ draft, currency, fields, onChange }: PartProps & Pick<Props, 'currency' | 'fields'>) {
  const { bands } = draft;
  const put = (index: number, part: Partial<RuleDraft['bands'][number]>) => {
    onChange({ bands: bands.map((band, at) => (at === index ? { ...band, ...part } : band)) });
  };
  return (
    <BlockStack gap="300">
      {bands.map((band, index) => {
        const isLast = index === bands.length - 1;
        return (
          <FormLayout.Group key={index} condensed>
            {isLast ? (
              <TextField
                label="Cost above"
                autoComplete="off"
                disabled
                value={bands[index - 1]?.upTo ?? ''}
                suffix={currency}
              />
            ) : (
              <TextField
                label="Cost up to"
                inputMode="decimal"
                autoComplete="off"
                suffix={currency}
                value={band.upTo}
                onChange={(upTo) => {
                  put(index, { upTo });
                }}
              />
            )}
            <TextField
              label="Added"
              inputMode="decimal"
              autoComplete="off"
              suffix="%"
              value={band.percent}
              error={isLast ? (fields.percent ?? false) : false}
              onChange={(percent) => {
                put(index, { percent });
              }}
            />
          </FormLayout.Group>
        );
      })}
      <InlineStack gap="200">
        <Button
          onClick={() => {
            onChange({ bands: [...bands.slice(0, -1), { upTo: '', percent: '' }, ...bands.slice(-1)] });
          }}
        >
          Add a band
        </Button>
        {bands.length > 2 && (
          <Button
            variant="tertiary"
            onClick={() => {
              onChange({ bands: bands.filter((_band, index) => index !== bands.length - 2) });
            }}
          >
            Remove the last band
          </Button>
        )}
      </InlineStack>
    </BlockStack>
  );
}

// Only the fields of the chosen way: the others may hold half a thought.
function fieldsOf({
  scope,
  scopeValue,
  priority,
  method,
  percent,
  amount,
  price,
  bands,
}: RuleDraft): [string, string][] {
  const head: [string, string][] = [
    ['scope', scope],
    ['scopeValue', scopeValue],
    ['priority', priority],
    ['method', method],
  ];
  switch (method) {
    case 'percent':
      return [...head, ['percent', percent]];
    case 'fixed':
      return [...head, ['amount', amount]];
    case 'final':
      return [...head, ['price', price]];
    case 'tiers':
      return [
        ...head,
        ...bands.flatMap((band): [string, string][] => [
          ['upTo', band.upTo],
          ['percent', band.percent],
        ]),
      ];
    default:
      return method satisfies never;
  }
}
