import { BlockStack, Spinner, Text, TextField } from '@shopify/polaris';
import type { ReactNode } from 'react';

export interface Search {
  typed: string;
  setTyped: (typed: string) => void;
  isSearching: boolean;
  hasMore?: boolean;
}

interface Props {
  label: string;
  placeholder: string;
  helpText?: string | null;
  /** Why what is typed cannot be searched for, or what the field misses. */
  error?: string | null;
  autoFocus?: boolean;
  search: Search;
  /** How many are shown; null before the first answer. */
  shown: number | null;
  /** What is said when nothing fits. */
  none: string;
  /** What fits, to choose from. */
  children: ReactNode;
}

/** A field to search in, and below it what fits. */
export function SearchList(props: Props) {
  const { label, placeholder, helpText, error = null, autoFocus = false, search, shown, none } = props;
  const { typed, setTyped, isSearching, hasMore = false } = search;
  return (
    <BlockStack gap="300">
      <TextField
        label={label}
        placeholder={placeholder}
        helpText={helpText}
        type="search"
        autoComplete="off"
        autoFocus={autoFocus}
        value={typed}
        onChange={setTyped}
        error={error ?? false}
        clearButton
        onClearButtonClick={() => {
          setTyped('');
        }}
      />
      {shown === null && error === null && <Spinner size="small" accessibilityLabel="Searching" />}
      {shown === 0 && (
        <Text as="p" tone="subdued">
          {isSearching ? 'Searching …' : none}
        </Text>
      )}
      {props.children}
      {hasMore && (
        <Text as="p" tone="subdued">
          There are more. Type to narrow the list.
        </Text>
      )}
    </BlockStack>
  );
}
