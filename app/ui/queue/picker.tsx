import { BlockStack, Button, ChoiceList, InlineError, InlineStack } from '@shopify/polaris';
import { useId, useState, type ReactNode } from 'react';
import { SearchList, type Search } from '../search-list.tsx';

/** What every picker of an entry is given. */
export interface Picking {
  isBusy: boolean;
  /** Why what was chosen is refused. */
  error: string | null;
  onChoose: (id: string) => void;
  onCancel: () => void;
}

interface Props extends Picking {
  label: string;
  placeholder: string;
  helpText?: string | null;
  complaint?: string | null;
  search: Search;
  /** Null before the first answer. */
  offered: { id: string; title: string; label: string; helpText: string }[] | null;
  none: string;
  /** "eSIMs": what a screen reader calls the list. */
  listTitle: string;
  /** Of the button, with the title of what is chosen, or null before. */
  confirm: (title: string | null) => string;
  /** What follows from it, above the button. */
  children?: ReactNode;
}

/** One of many for what waits: found by typing, chosen, and confirmed at once. */
export function Picker(props: Props) {
  const { label, placeholder, helpText = null, complaint = null, search, offered, none } = props;
  const { listTitle, confirm, children, isBusy, error, onChoose, onCancel } = props;
  const [chosen, setChosen] = useState('');
  const errorId = useId();
  const choice = offered?.find(({ id }) => id === chosen);
  return (
    <BlockStack gap="300">
      <SearchList
        {...{ label, placeholder, helpText, search, none }}
        error={complaint}
        autoFocus
        shown={offered?.length ?? null}
      >
        {offered !== null && offered.length > 0 && (
          <ChoiceList
            title={listTitle}
            titleHidden
            selected={[chosen]}
            onChange={([id = '']) => {
              setChosen(id);
            }}
            choices={offered.map((offer) => ({
              ...{ value: offer.id, label: offer.label, helpText: offer.helpText },
            }))}
          />
        )}
      </SearchList>
      {children}
      {error !== null && <InlineError fieldID={errorId} message={error} />}
      <InlineStack gap="200">
        <Button
          variant="primary"
          disabled={!choice}
          loading={isBusy}
          onClick={() => {
            onChoose(chosen);
          }}
        >
          {confirm(choice?.title ?? null)}
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
      </InlineStack>
    </BlockStack>
  );
}
