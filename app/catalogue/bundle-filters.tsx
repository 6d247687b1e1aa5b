import { BlockStack, ChoiceList, InlineStack, Text, TextField, type FilterInterface } from '@shopify/polaris';
import { useEffect, useState } from 'react';
import { soldAs, type BundleQuery } from './bundle-query.ts';
import { filterNames, kindNames, nothing, soldNames, type FilterKey } from './filter-words.ts';

/** What the filters offer. */
export interface FilterChoices {
  countries: Choice[];
  regions: Choice[];
  groups: Choice[];
  speeds: Choice[];
  accounts: Choice[];
}

export interface Choice {
  value: string;
  label: string;
}

type Change = (parts: Partial<BundleQuery>) => void;

/** The filters of the catalogue, for Polaris' `IndexFilters`. What has only one choice is left out. */
export function bundleFilters(query: BundleQuery, choices: FilterChoices, change: Change): FilterInterface[] {
  const filter = (key: FilterKey, markup: FilterInterface['filter'], isPinned = false): FilterInterface => ({
    ...{ key, label: filterNames[key], filter: markup, pinned: isPinned },
    shortcut: true,
  });
  const anyOf = (
    key: 'country' | 'region' | 'group' | 'speed' | 'account',
    offered: Choice[],
    isPinned = false,
  ) => {
    if (offered.length < 2 && query[key].length === 0) return [];
    const markup = (
      <AnyOf
        title={filterNames[key]}
        offered={offered}
        chosen={query[key]}
        onChange={(values) => {
          change({ [key]: values });
        }}
      />
    );
    return [filter(key, markup, isPinned)];
  };
  const oneOf = <Key extends 'unlimited' | 'sold' | 'withdrawn'>(
    key: Key,
    offered: { value: NonNullable<BundleQuery[Key]>; label: string }[],
    isPinned = false,
  ) =>
    filter(
      key,
      <ChoiceList
        title={filterNames[key]}
        titleHidden
        selected={query[key] === null ? [] : [query[key]]}
        choices={offered}
        onChange={([value]) => {
          const chosen = offered.find((choice) => choice.value === value);
          change(chosen ? { [key]: chosen.value } : nothing[key]);
        }}
      />,
      isPinned,
    );
  const yesOrNo = (yes: string, no: string) => [
    { value: 'yes' as const, label: yes },
    { value: 'no' as const, label: no },
  ];
  return [
    ...anyOf('country', choices.countries, true),
    filter(
      'kind',
      <ChoiceList
        title={filterNames.kind}
        titleHidden
        allowMultiple
        selected={query.kind}
        choices={Object.entries(kindNames).map(([value, label]) => ({ value, label }))}
        onChange={(kind: BundleQuery['kind']) => {
          change({ kind });
        }}
      />,
    ),
    ...anyOf('region', choices.regions),
    ...anyOf('group', choices.groups),
    filter(
      'data',
      <Range
        unit="GB"
        digits={3}
        least={query.dataMin}
        most={query.dataMax}
        help="Unlimited is more than any figure."
        onChange={(dataMin, dataMax) => {
          change({ dataMin, dataMax });
        }}
      />,
      true,
    ),
    filter(
      'days',
      <Range
        unit="days"
        digits={0}
        least={query.daysMin === null ? null : String(query.daysMin)}
        most={query.daysMax === null ? null : String(query.daysMax)}
        onChange={(least, most) => {
          change({
            daysMin: least === null ? null : Number(least),
            daysMax: most === null ? null : Number(most),
          });
        }}
      />,
      true,
    ),
    oneOf('unlimited', yesOrNo('Only unlimited', 'Without unlimited')),
    filter(
      'cost',
      <Range
        digits={4}
        least={query.costMin}
        most={query.costMax}
        help="In the supplier's currency."
        onChange={(costMin, costMax) => {
          change({ costMin, costMax });
        }}
      />,
    ),
    ...anyOf('speed', choices.speeds),
    ...anyOf('account', choices.accounts),
    oneOf(
      'sold',
      soldAs.map((value) => ({ value, label: soldNames[value] })),
      true,
    ),
    oneOf('withdrawn', yesOrNo('Only what the supplier withdrew', 'Only what is on sale')),
  ];
}

// A longer list is searched, not read.
const READABLE = 12;

function AnyOf({
  title,
  offered,
  chosen,
  onChange,
}: {
  title: string;
  offered: Choice[];
  chosen: string[];
  onChange: (values: string[]) => void;
}) {
  const [typed, setTyped] = useState('');
  const wanted = typed.trim().toLowerCase();
  // What is chosen stays in sight, also when it is on sale no more.
  const strangers = chosen.filter((value) => !offered.some((choice) => choice.value === value));
  const all = [...strangers.map((value) => ({ value, label: value })), ...offered];
  const fitting = all.filter(
    ({ value, label }) => chosen.includes(value) || label.toLowerCase().includes(wanted),
  );
  return (
    <BlockStack gap="200">
      {offered.length > READABLE && (
        <TextField
          label={`Search ${title.toLowerCase()}`}
          labelHidden
          placeholder="Search"
          autoComplete="off"
          value={typed}
          onChange={setTyped}
        />
      )}
      <div style={{ maxHeight: '16rem', overflowY: 'auto' }}>
        <ChoiceList
          title={title}
          titleHidden
          allowMultiple
          choices={fitting}
          selected={chosen}
          onChange={onChange}
        />
        {fitting.length === 0 && (
          <Text as="p" tone="subdued">
            Nothing is called so.
          </Text>
        )}
      </div>
    </BlockStack>
  );
}

/** Two figures of at most so many digits after the point. What is no figure is said so, and asks for nothing. */
function Range({
  unit,
  digits,
  least,
  most,
  help,
  onChange,
}: {
  unit?: string;
  digits: number;
  least: string | null;
  most: string | null;
  help?: string;
  onChange: (least: string | null, most: string | null) => void;
}) {
  const [typed, setTyped] = useState({ least: least ?? '', most: most ?? '' });
  const [from, to] = [readFigure(typed.least, digits), readFigure(typed.most, digits)];
  const isReadable = from !== undefined && to !== undefined;
  useEffect(() => {
    if (!isReadable || (from === least && to === most)) return;
    // One question when the typing pauses, not one for each figure.
    const pause = setTimeout(() => {
      onChange(from, to);
    }, 400);
    return () => {
      clearTimeout(pause);
    };
  }, [isReadable, from, to, least, most, onChange]);
  const field = (name: 'least' | 'most', label: string, figure: string | null | undefined) => (
    <div style={{ flex: '1 1 0' }}>
      <TextField
        label={label}
        autoComplete="off"
        inputMode={digits === 0 ? 'numeric' : 'decimal'}
        {...(unit !== undefined && { suffix: unit })}
        value={typed[name]}
        {...(figure === undefined && {
          error: digits === 0 ? 'Enter a whole number' : 'Enter a number such as 2.5',
        })}
        onChange={(value) => {
          setTyped({ ...typed, [name]: value });
        }}
      />
    </div>
  );
  return (
    <BlockStack gap="200">
      <InlineStack gap="200" wrap={false}>
        {field('least', 'At least', from)}
        {field('most', 'At most', to)}
      </InlineStack>
      {isReadable && from !== null && to !== null && Number(from) > Number(to) && (
        <Text as="p" tone="caution">
          Nothing is both: the first figure is the larger one.
        </Text>
      )}
      {help !== undefined && (
        <Text as="p" tone="subdued" variant="bodySm">
          {help}
        </Text>
      )}
    </BlockStack>
  );
}

/** A figure as the address has it (`007` is 7), null for none, undefined for what is no figure. A comma is a point. */
function readFigure(typed: string, digits: number): string | null | undefined {
  const text = typed.trim().replace(',', '.');
  if (text === '') return null;
  const fits = digits === 0 ? /^\d{1,4}$/ : new RegExp(`^\\d{1,6}(\\.\\d{1,${String(digits)}})?$`);
  if (!fits.test(text)) return undefined;
  return digits === 0 ? String(Number(text)) : text;
}
