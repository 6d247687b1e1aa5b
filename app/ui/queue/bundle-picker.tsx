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
import { useState } from 'react';
import { useBundleSearch } from '../bundle-search.ts';

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
  const [chosen, setChosen] = useState('');
  const { search, setSearch, choices, hasMore, isSearching } = useBundleSearch();
  const bundle = choices?.find(({ id }) => id === chosen);
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
      {choices === null && <Spinner size="small" accessibilityLabel="Searching" />}
      {choices?.length === 0 && (
        <Text as="p" tone="subdued">
          {isSearching ? 'Searching …' : 'No bundle fits. Try other words.'}
        </Text>
      )}
      {choices !== null && choices.length > 0 && (
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
      {hasMore && (
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
