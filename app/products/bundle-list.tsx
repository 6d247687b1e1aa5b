import {
  Badge,
  BlockStack,
  Box,
  Button,
  ButtonGroup,
  InlineStack,
  Spinner,
  Text,
  TextField,
} from '@shopify/polaris';
import { ArrowDownIcon, ArrowUpIcon, XIcon } from '@shopify/polaris-icons';
import { useEffect, useRef } from 'react';
import { useBundleSearch, type Choice } from '../ui/bundle-search.ts';
import type { Obstacle } from './first-to-buy.ts';
import { obstacleWords } from './mapping-view.ts';
import { MOST_BUNDLES } from './mapping.ts';

export interface ListedBundle extends Choice {
  obstacle?: Obstacle | null;
  isAbovePrice?: boolean;
}

/** A variant's bundles in the order in which they are tried: reordered, removed and added, by keyboard too. */
export function BundleList({
  bundles,
  error,
  onChange,
}: {
  bundles: ListedBundle[];
  error: string | null;
  onChange: (bundles: ListedBundle[]) => void;
}) {
  const list = useRef<HTMLOListElement>(null);
  // The button that was pressed goes with its bundle; where it ends up disabled, the other arrow takes the focus.
  const pressed = useRef<string | null>(null);
  useEffect(() => {
    if (pressed.current === null) return;
    const [id = '', arrow = ''] = pressed.current.split(' ');
    pressed.current = null;
    const buttons = list.current?.querySelector(`[data-bundle="${id}"]`)?.querySelectorAll('button') ?? [];
    const [up, down] = buttons;
    (arrow === 'up' && up?.disabled === false ? up : down?.disabled === false ? down : up)?.focus();
  }, [bundles]);
  const move = (from: number, to: number) => {
    const moved = bundles[from];
    if (!moved) return;
    pressed.current = `${moved.id} ${to < from ? 'up' : 'down'}`;
    onChange(bundles.filter((each) => each !== moved).toSpliced(to, 0, moved));
  };
  return (
    <BlockStack gap="400">
      {bundles.length > 0 && (
        <ol ref={list} style={{ listStyle: 'none', margin: 0, padding: 0 }}>
          {bundles.map((bundle, at) => (
            <li key={bundle.id} data-bundle={bundle.id}>
              <Box paddingBlock="200" borderBlockEndWidth="025" borderColor="border">
                <InlineStack gap="300" align="space-between" blockAlign="center" wrap={false}>
                  <Named bundle={bundle} position={at + 1} />
                  <ButtonGroup gap="extraTight" noWrap>
                    <Button
                      icon={ArrowUpIcon}
                      variant="tertiary"
                      disabled={at === 0}
                      accessibilityLabel={`Try ${bundle.title} earlier`}
                      onClick={() => {
                        move(at, at - 1);
                      }}
                    />
                    <Button
                      icon={ArrowDownIcon}
                      variant="tertiary"
                      disabled={at === bundles.length - 1}
                      accessibilityLabel={`Try ${bundle.title} later`}
                      onClick={() => {
                        move(at, at + 1);
                      }}
                    />
                    <Button
                      icon={XIcon}
                      variant="tertiary"
                      accessibilityLabel={`Remove ${bundle.title}`}
                      onClick={() => {
                        onChange(bundles.filter((each) => each !== bundle));
                      }}
                    />
                  </ButtonGroup>
                </InlineStack>
              </Box>
            </li>
          ))}
        </ol>
      )}
      {bundles.length < MOST_BUNDLES ? (
        <Adder
          label={
            bundles.length === 0
              ? 'Which bundle does it sell?'
              : 'Add a bundle for when those before cannot be bought'
          }
          error={error}
          listed={bundles.map(({ id }) => id)}
          onAdd={(choice) => {
            onChange([...bundles, choice]);
          }}
        />
      ) : (
        <Text as="p" tone="subdued">
          A list holds {MOST_BUNDLES} bundles at most.
        </Text>
      )}
    </BlockStack>
  );
}

function Named({ bundle, position }: { bundle: ListedBundle; position: number }) {
  const { title, code, cost, obstacle, isAbovePrice } = bundle;
  return (
    <BlockStack gap="050">
      <InlineStack gap="200" blockAlign="center">
        <Text as="span" fontWeight="semibold">
          {position}. {title}
        </Text>
        {obstacle && <Badge tone="warning">{obstacleWords[obstacle]}</Badge>}
        {isAbovePrice === true && <Badge tone="critical">Costs more than the price</Badge>}
      </InlineStack>
      <Text as="span" tone="subdued" variant="bodySm">
        <span style={{ overflowWrap: 'anywhere' }}>{code}</span>, {cost}
      </Text>
    </BlockStack>
  );
}

function Adder({
  label,
  error,
  listed,
  onAdd,
}: {
  label: string;
  error: string | null;
  listed: string[];
  onAdd: (choice: Choice) => void;
}) {
  const { search, setSearch, choices, hasMore, isSearching } = useBundleSearch();
  const offered = (choices ?? []).filter(({ id }) => !listed.includes(id));
  return (
    <BlockStack gap="300">
      <TextField
        label={label}
        placeholder="Search by country, region, data or code"
        type="search"
        autoComplete="off"
        value={search}
        onChange={setSearch}
        clearButton
        onClearButtonClick={() => {
          setSearch('');
        }}
        error={error ?? false}
      />
      {choices === null && <Spinner size="small" accessibilityLabel="Searching" />}
      {choices !== null && offered.length === 0 && (
        <Text as="p" tone="subdued">
          {isSearching ? 'Searching …' : 'No other bundle fits. Try other words.'}
        </Text>
      )}
      {offered.map((choice) => (
        <InlineStack key={choice.id} gap="300" align="space-between" blockAlign="center" wrap={false}>
          <BlockStack gap="050">
            <Text as="span">
              {choice.title}, {choice.cost}
            </Text>
            <Text as="span" tone="subdued" variant="bodySm">
              <span style={{ overflowWrap: 'anywhere' }}>{choice.code}</span>
            </Text>
          </BlockStack>
          <Button
            accessibilityLabel={`Add ${choice.title}, ${choice.code}`}
            onClick={() => {
              onAdd(choice);
            }}
          >
            Add
          </Button>
        </InlineStack>
      ))}
      {hasMore && (
        <Text as="p" tone="subdued">
          There are more. Type to narrow the list.
        </Text>
      )}
    </BlockStack>
  );
}
