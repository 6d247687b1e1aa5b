import { useFetcher } from '@remix-run/react';
import {
  BlockStack,
  Button,
  ChoiceList,
  InlineError,
  InlineStack,
  Spinner,
  Text,
  TextField,
} from '@shopify/polaris';
import { useEffect, useState } from 'react';

/** A bundle as the picker offers it. */
export interface Choice {
  id: string;
  title: string;
  code: string;
  cost: string;
}

/** Another bundle for what waits: found by typing, chosen, and bought at once. */
export function BundlePicker({
  pieces,
  isBusy,
  error,
  onChoose,
  onCancel,
}: {
  pieces: number;
  isBusy: boolean;
  error: string | null;
  onChoose: (bundleId: string) => void;
  onCancel: () => void;
}) {
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState('');
  const { load, data, state } = useFetcher<{ choices: Choice[]; hasMore: boolean }>();
  useEffect(() => {
    // One question when the typing pauses, not one for each letter.
    const pause = setTimeout(
      () => {
        load(`/app/queue/bundles?search=${encodeURIComponent(search)}`);
      },
      search === '' ? 0 : 250,
    );
    return () => {
      clearTimeout(pause);
    };
  }, [search, load]);
  const choices = data?.choices ?? [];
  const bundle = choices.find(({ id }) => id === chosen);
  return (
    <BlockStack gap="300">
      <TextField
        label="Which bundle instead?"
        placeholder="Search by country, region, data or code"
        type="search"
        autoComplete="off"
        autoFocus
        value={search}
        onChange={setSearch}
        clearButton
        onClearButtonClick={() => {
          setSearch('');
        }}
      />
      {data === undefined && <Spinner size="small" accessibilityLabel="Searching" />}
      {data !== undefined && choices.length === 0 && (
        <Text as="p" tone="subdued">
          {state === 'idle' ? 'No bundle fits. Try other words.' : 'Searching …'}
        </Text>
      )}
      {choices.length > 0 && (
        <ChoiceList
          title="Bundles"
          titleHidden
          selected={[chosen]}
          onChange={([id = '']) => {
            setChosen(id);
          }}
          choices={choices.map(({ id, title, code, cost }) => ({
            value: id,
            label: `${title}, ${cost}`,
            helpText: code,
          }))}
        />
      )}
      {data?.hasMore === true && (
        <Text as="p" tone="subdued">
          There are more. Type to narrow the list.
        </Text>
      )}
      {error !== null && <InlineError fieldID="bundle-picker" message={error} />}
      <InlineStack gap="200">
        <Button
          variant="primary"
          disabled={!bundle}
          loading={isBusy}
          onClick={() => {
            onChoose(chosen);
          }}
        >
          {bundle ? `Buy ${String(pieces)} × ${bundle.title}` : 'Buy this bundle'}
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
      </InlineStack>
    </BlockStack>
  );
}
