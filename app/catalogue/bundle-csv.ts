import { stringify } from 'csv-stringify/sync';
import { countryName } from './bundle.ts';
import { costPerGigabyte } from './compare.ts';
import { kindNames } from './filter-words.ts';
import { soldAsWords } from './sold-as.ts';
import type { BundleDetails } from './queries.server.ts';

export interface CsvContext {
  /** The viewer's language, in which countries are named. */
  locale: string;
}

/**
 * Bundles as lines of CSV (RFC 4180), with the line of headings and the mark by which spreadsheets know UTF-8 when they are
 * the first. A cell that a spreadsheet would take for a formula begins with an apostrophe.
 */
export function bundleCsv(
  bundles: BundleDetails[],
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

const columns: Record<string, (bundle: BundleDetails, context: CsvContext) => string> = {
  Supplier: ({ supplier }) => supplier,
  Code: ({ code }) => code,
  Description: ({ description }) => description,
  'Kind of destination': ({ kind }) => kindNames[kind],
  Region: ({ region }) => region ?? '',
  Countries: ({ countries }, { locale }) => namesOf(countries, locale),
  'Country codes': ({ countries }) => countries.join(' '),
  'Reached by roaming': ({ roaming }, { locale }) => namesOf(roaming, locale),
  'Data in GB': ({ dataBytes }) => (dataBytes === null ? 'unlimited' : String(Number(dataBytes) / 1e9)),
  'Fair use': ({ fairUse }) => fairUse ?? '',
  Days: ({ days }) => String(days),
  'Validity begins': ({ autostart }) => (autostart ? 'first use' : 'purchase'),
  'Call minutes': ({ allowances }) => amountOf('voice', allowances),
  'Text messages': ({ allowances }) => amountOf('sms', allowances),
  Speeds: ({ speeds }) => speeds.join(', '),
  Groups: ({ groups }) => groups.join(', '),
  Cost: ({ cost }) => cost.amount.toFixed(),
  Currency: ({ cost }) => cost.currency,
  'Cost per GB': (bundle) => costPerGigabyte(bundle)?.toDecimalPlaces(4).toFixed() ?? '',
  'Cost per day': ({ cost, days }) => cost.amount.div(days).toDecimalPlaces(4).toFixed(),
  'In your shop': ({ mappings }) => soldAsWords(mappings).join(' and ') || 'no',
  Withdrawn: ({ withdrawnAt }) => withdrawnAt?.toISOString().slice(0, 10) ?? '',
};

const namesOf = (countries: string[], locale: string) =>
  countries.map((code) => countryName(code, locale)).join(', ');

/** Of several allowances of a kind the sum. */
function amountOf(kind: 'voice' | 'sms', allowances: BundleDetails['allowances']): string {
  const amounts = allowances.filter((each) => each.kind === kind).map(({ amount }) => amount);
  if (amounts.includes(null)) return 'unlimited';
  return amounts.length === 0 ? '' : String(amounts.reduce<number>((sum, amount) => sum + (amount ?? 0), 0));
}
