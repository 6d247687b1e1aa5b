import { Badge, BlockStack, Box, Button, ButtonGroup, InlineStack, Text } from '@shopify/polaris';
import { ArrowDownIcon, ArrowUpIcon, XIcon } from '@shopify/polaris-icons';
import { useEffect, useRef } from 'react';
import { useBundleSearch, type Choice } from '../ui/bundle-search.ts';
import { SearchList } from '../ui/search-list.tsx';
import { coverageGap, coverageTodo } from './coverage.ts';
import { obstacleWords } from './mapping-view.ts';
import { MOST_BUNDLES } from './mapping.ts';

export interface ListedBundle extends Choice {
  isAbovePrice?: boolean;
}

/** A variant's bundles in the order in which they are tried: reordered, removed and added, by keyboard too. */
export function BundleList({
  bundles,
  error,
  locale,
  onChange,
}: {
  bundles: ListedBundle[];
  error: string | null;
  /** In which countries are named. */
  locale: string;
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
                  <Named bundle={bundle} position={at + 1} gap={gapOf(bundles, bundle, locale)} />
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

/** What whoever pays for the first of the list would miss; null for the first itself. */
function gapOf([first]: ListedBundle[], bundle: ListedBundle, locale: string): string | null {
  return first && first !== bundle ? coverageGap(first.covers, bundle.covers, locale) : null;
}

function Named({ bundle, position, gap }: { bundle: ListedBundle; position: number; gap: string | null }) {
  const { title, code, supplier, cost, obstacle, isAbovePrice } = bundle;
  return (
    <BlockStack gap="050">
      {/* Else it takes the alignment of the row that it stands in. */}
      <InlineStack gap="200" align="start" blockAlign="center">
        <Text as="span" fontWeight="semibold">
          {position}. {title}
        </Text>
        {obstacle && <Badge tone="warning">{obstacleWords[obstacle]}</Badge>}
        {isAbovePrice === true && <Badge tone="critical">Costs more than the price</Badge>}
        {gap !== null && <Badge tone="warning">Covers less</Badge>}
      </InlineStack>
      <Text as="span" tone="subdued" variant="bodySm">
        <span style={{ overflowWrap: 'anywhere' }}>{code}</span>, {cost}, {supplier}
      </Text>
      {gap !== null && (
        <Text as="p" tone="caution" variant="bodySm">
          Covers less than the first: {gap}. {coverageTodo}
        </Text>
      )}
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
  const { choices, ...search } = useBundleSearch();
  const offered = choices?.filter(({ id }) => !listed.includes(id)) ?? null;
  return (
    <SearchList
      {...{ label, error, search }}
      placeholder="Search by country, region, data or code"
      shown={offered?.length ?? null}
      none="No other bundle fits. Try other words."
    >
      {offered?.map((choice) => (
        <InlineStack key={choice.id} gap="300" align="space-between" blockAlign="center" wrap={false}>
          <BlockStack gap="050">
            <Text as="span">
              {choice.title}, {choice.cost}
            </Text>
            <Text as="span" tone="subdued" variant="bodySm">
              <span style={{ overflowWrap: 'anywhere' }}>{choice.code}</span>, {choice.supplier}
              {choice.obstacle === null ? '' : `. ${obstacleWords[choice.obstacle]}`}
            </Text>
          </BlockStack>
          <Button
            accessibilityLabel={`Add ${choice.title}, ${choice.code} of ${choice.supplier}`}
            onClick={() => {
              onAdd(choice);
            }}
          >
            Add
          </Button>
        </InlineStack>
      ))}
    </SearchList>
  );
}
