import { useFetcher } from '@remix-run/react';
import { BlockStack, Card, ChoiceList, Page } from '@shopify/polaris';
import { useState, type ReactNode } from 'react';
import { useToastOf } from './toast.ts';
import { UnsavedBar } from './unsaved-bar.tsx';

interface Props<Rule extends string> {
  title: string;
  question: string;
  choices: { value: Rule; label: string; helpText: string }[];
  saved: Rule;
  /** What holds whatever is chosen. */
  children: ReactNode;
}

/** A page of settings that asks one question. Sends the answer to its route as `rule`, under the intent `save`. */
export function RuleChoice<Rule extends string>({ title, question, choices, saved, children }: Props<Rule>) {
  const fetcher = useFetcher<{ toast: string | null }>();
  const [chosen, setChosen] = useState<Rule | null>(null);
  useToastOf(fetcher.data);
  const rule = chosen ?? saved;
  const save = () => {
    fetcher.submit({ intent: 'save', rule }, { method: 'post' });
  };
  return (
    <Page title={title} backAction={{ content: 'Settings', url: '/app/settings' }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <UnsavedBar
          isDirty={rule !== saved}
          isSaving={fetcher.state !== 'idle'}
          onSave={save}
          onDiscard={() => {
            setChosen(null);
          }}
        />
        <Card>
          <BlockStack gap="400">
            <ChoiceList
              title={question}
              name="rule"
              choices={choices}
              selected={[rule]}
              onChange={([value]) => {
                setChosen(choices.find((choice) => choice.value === value)?.value ?? null);
              }}
            />
            {children}
          </BlockStack>
        </Card>
      </form>
    </Page>
  );
}
