import { ChoiceList, type FilterInterface } from '@shopify/polaris';
import { esimStatuses, type EsimStatus } from '../esims/status.ts';
import { concerns, type Concern, type EsimQuery } from './esim-query.ts';
import { concernWords, filterNames, statusWords, type FilterKey } from './esim-words.ts';

export interface FilterChoices {
  destinations: { value: string; label: string }[];
  accounts: { value: string; label: string }[];
}

/** The filters of the list of eSIMs. What has only one choice is left out. */
export function esimFilters(
  query: EsimQuery,
  choices: FilterChoices,
  change: (parts: Partial<EsimQuery>) => void,
): FilterInterface[] {
  const filter = (key: FilterKey, markup: FilterInterface['filter']): FilterInterface => ({
    ...{ key, label: filterNames[key], filter: markup },
    ...{ pinned: true, shortcut: true },
  });
  const anyOf = (key: 'destination' | 'account', offered: { value: string; label: string }[]) =>
    offered.length < 2 && query[key].length === 0
      ? []
      : [
          filter(
            key,
            <div style={{ maxHeight: '16rem', overflowY: 'auto' }}>
              <ChoiceList
                title={filterNames[key]}
                titleHidden
                allowMultiple
                choices={offered}
                selected={query[key]}
                onChange={(values) => {
                  change({ [key]: values });
                }}
              />
            </div>,
          ),
        ];
  return [
    filter(
      'concern',
      <ChoiceList
        title={filterNames.concern}
        titleHidden
        choices={concerns.map((value) => ({ value, label: concernWords[value] }))}
        selected={query.concern === null ? [] : [query.concern]}
        onChange={([value]: Concern[]) => {
          change({ concern: value ?? null });
        }}
      />,
    ),
    filter(
      'status',
      <ChoiceList
        title={filterNames.status}
        titleHidden
        allowMultiple
        choices={esimStatuses.map((value) => ({ value, label: statusWords[value].label }))}
        selected={query.status}
        onChange={(status: EsimStatus[]) => {
          change({ status });
        }}
      />,
    ),
    ...anyOf('destination', choices.destinations),
    ...anyOf('account', choices.accounts),
  ];
}
