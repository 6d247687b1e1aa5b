import { stringify } from 'csv-stringify/sync';
import { countryName } from './bundle.ts';
import { costPerGigabyte } from './compare.ts';
import { kindNames } from './filter-words.ts';
import type { ListedBundle } from './queries.server.ts';

export interface CsvContext {
  /** The viewer's language, in which countries are named. */
  locale: string;
  /** By the id of the supplier account. */
  accountNames: Map<string, string>;
}

/**
 * Bundles as lines of CSV (RFC 4180), with the line of headings and the mark by which spreadsheets know UTF-8 when they are
 * the first. A cell that a spreadsheet would take for a formula begins with an apostrophe.
 */
export function bundleCsv(
  bundles: ListedBundle[],
  { isFirst, ...context }: CsvContext & { isFirst: boolean },
): string {
  return stringify(
    bundles.map((bundle) => Object.values(columns).map((cell) => cell(bundle, context))),
    {
      ...{ header: isFirst, bom: isFirst, columns: Object.keys(columns) },
      ...{ escape_formulas: true, record_delimiter: 'windows' },
    },
  );
}

const columns: Record<string, (bundle: ListedBundle, context: CsvContext) => string> = {
  Supplier: ({ accountId }, { accountNames }) => accountNames.get(accountId) ?? '',
  Code: ({ code }) => code,
  Description: ({ description }) => description,
  'Kind of destination': ({ kind }) => kindNames[kind],
  Region: ({ region }) => region ?? '',
  Countries: ({ countries }, { locale }) => countries.map((code) => countryName(code, locale)).join(', '),
  'Country codes': ({ countries }) => countries.join(' '),
  'Data in GB': ({ dataBytes }) => (dataBytes === null ? 'unlimited' : String(Number(dataBytes) / 1e9)),
  Days: ({ days }) => String(days),
  Speeds: ({ speeds }) => speeds.join(', '),
  Groups: ({ groups }) => groups.join(', '),
  Cost: ({ cost }) => cost.amount.toFixed(),
  Currency: ({ cost }) => cost.currency,
  'Cost per GB': (bundle) => costPerGigabyte(bundle)?.toDecimalPlaces(4).toFixed() ?? '',
  'In your shop': ({ mappings }) =>
    mappings.length === 0
      ? 'no'
      : mappings.some(({ origin }) => origin === 'published')
        ? 'published'
        : 'mapped',
  Withdrawn: ({ withdrawnAt }) => withdrawnAt?.toISOString().slice(0, 10) ?? '',
};
