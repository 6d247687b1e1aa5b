import { stringify } from 'csv-stringify/sync';
import type { ListedEsim } from './esim-list.server.ts';
import { destinationLabel, wordsOf } from './esim-words.ts';

export interface CsvContext {
  locale: string;
  /** By the id of the supplier account. */
  accountNames: Map<string, string>;
  /** The supplier's name of each region, by `Bundle.destination`. */
  regions: Map<string, string>;
}

/** eSIMs as lines of CSV, as `catalogue/bundle-csv.ts` writes bundles. No code and no whole ICCID stands in it. */
export function esimCsv(
  esims: ListedEsim[],
  { isFirst, ...context }: CsvContext & { isFirst: boolean },
): string {
  return stringify(
    esims.map((esim) => Object.values(columns).map((cell) => cell(esim, context))),
    {
      ...{ header: isFirst, bom: isFirst, columns: Object.keys(columns) },
      ...{ escape_formulas: true, record_delimiter: 'windows' },
    },
  );
}

const day = (date: Date | null) => date?.toISOString() ?? '';
const gigabytes = (bytes: bigint | null) => (bytes === null ? '' : String(Number(bytes) / 1e9));

const columns: Record<string, (esim: ListedEsim, context: CsvContext) => string> = {
  'ICCID ends in': ({ iccidLast4 }) => iccidLast4,
  State: ({ status }) => wordsOf(status).label,
  Destination: ({ destination }, { regions, locale }) => destinationLabel(destination, regions, locale),
  Bundle: ({ bundleCode }) => bundleCode ?? '',
  Order: ({ order }) => order?.name ?? '',
  Customer: ({ buyer }) => buyer?.name ?? '',
  'E-mail': ({ buyer }) => buyer?.maskedEmail ?? '',
  'Used GB': ({ usedBytes }) => gigabytes(usedBytes),
  'Total GB': ({ totalBytes, isUnlimited }) => (isUnlimited ? 'unlimited' : gigabytes(totalBytes)),
  Bought: ({ createdAt }) => day(createdAt),
  'First use': ({ startedAt }) => day(startedAt),
  Ends: ({ endsAt }) => day(endsAt),
  'As of': ({ lookedAt }) => day(lookedAt),
  Supplier: ({ accountId }, { accountNames }) => accountNames.get(accountId) ?? '',
  'Supplier order': ({ orderReference }) => orderReference,
};
