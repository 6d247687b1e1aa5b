import { stringify } from 'csv-stringify/sync';
import { COMPUTED, readCsv, type CsvRow } from '../platform/read-csv.ts';
import { MOST_BUNDLES, MOST_BYTES, MOST_LINES } from './mapping.ts';

/** One line of a file of mappings, as it is written there; nothing in it was looked up. */
export interface MappingLine {
  /** Where it begins in the file, from 1: the header is line 1. */
  line: number;
  variantId: string;
  sku: string;
  handle: string;
  /** Values of the product's options, in order. */
  options: string[];
  kind: string;
  /** How it is chosen among the bundles. */
  choosing: string;
  /** In order. `supplier` is empty where the line names none. */
  bundles: { code: string; supplier: string }[];
  /** It has more values than the header has columns. */
  isTooLong: boolean;
}

export type MappingFile =
  | { status: 'lines'; lines: MappingLine[] }
  /** For the merchant: what is wrong with the file as a whole. */
  | { status: 'unreadable'; sentences: string[] };

/** Reads a file of mappings, as spreadsheets write them. */
export function readMappingCsv(text: string): MappingFile {
  const file = readCsv(text, {
    ...{ mostLines: MOST_LINES, mostBytes: MOST_BYTES },
    ifEmpty: 'Download the template to see what belongs in it.',
  });
  if (file.status === 'unreadable') return file;
  const columns = file.header.map(columnOf);
  const wrong = wrongColumns(file.header, columns);
  if (wrong.length > 0) return unreadable(...wrong);
  return { status: 'lines', lines: file.rows.map((row) => lineOf(row, columns)) };
}

// A spreadsheet computes what begins like this, so it is written behind an apostrophe.
const safeCell = (value: string) => (COMPUTED.test(value) ? `'${value}` : value);

type Column =
  | 'product'
  | 'variantId'
  | 'sku'
  | 'handle'
  | 'kind'
  | 'choosing'
  | 'supplier'
  | `option${number}`
  | `bundle${number}`
  | `supplier${number}`;

function columnOf(title: string): Column | null {
  const name = title.toLowerCase().replace(/[\s_-]/g, '');
  const named: Record<string, Column> = {
    ...{ product: 'product', variantid: 'variantId', sku: 'sku', handle: 'handle', kind: 'kind' },
    ...{ chooseby: 'choosing', supplier: 'supplier', bundle: 'bundle1', bundles: 'bundle1' },
  };
  if (Object.hasOwn(named, name)) return named[name] ?? null;
  const [, what, digits] = /^(option|bundle|supplier)([1-9]\d?)$/.exec(name) ?? [];
  const number = Number(digits);
  if (what === 'option') return number <= 3 ? `option${number}` : null;
  if (what === 'bundle' || what === 'supplier') return number <= MOST_BUNDLES ? `${what}${number}` : null;
  return null;
}

function wrongColumns(titles: string[], columns: (Column | null)[]): string[] {
  const unknown = titles.filter((title, at) => columns[at] === null && title !== '');
  const twice = columns.find((column, at) => column !== null && columns.indexOf(column) !== at);
  const has = (column: Column) => columns.includes(column);
  return [
    ...(unknown.length > 0
      ? [
          `No column is called ${unknown
            .slice(0, 5)
            .map((title) => `"${title.slice(0, 40)}"`)
            .join(', ')}. The columns are ` +
            `Variant ID, SKU, Handle, Option 1 to 3, Kind, Choose by, Bundle 1 to ${String(MOST_BUNDLES)} and Supplier 1 to ${String(MOST_BUNDLES)}.`,
        ]
      : []),
    ...(titles.some(
      (title, at) => title === '' && at < titles.length - 1 && titles.slice(at).some((each) => each !== ''),
    )
      ? ['A column has no title. Delete it, or write one above it.']
      : []),
    ...(twice === undefined
      ? []
      : [`The column "${titles[columns.lastIndexOf(twice)] ?? ''}" is there twice.`]),
    ...(has('variantId') || has('sku') || has('handle')
      ? []
      : ['There is no column that names the variants: Variant ID, SKU, or Handle with Option 1 to 3.']),
    ...(has('bundle1') ? [] : ['There is no column "Bundle 1", which holds the code of the bundle to buy.']),
  ];
}

function lineOf({ line, values }: CsvRow, columns: (Column | null)[]): MappingLine {
  const cell = (column: Column) => values[columns.indexOf(column)] ?? '';
  const numbers = Array.from({ length: MOST_BUNDLES }, (_, at) => at + 1);
  return {
    line,
    ...{ variantId: cell('variantId'), sku: cell('sku'), handle: cell('handle'), kind: cell('kind') },
    choosing: cell('choosing'),
    options: withoutEnd([1, 2, 3].map((number) => cell(`option${number}`))),
    bundles: numbers
      .map((number) => ({
        code: cell(`bundle${number}`),
        supplier: cell(`supplier${number}`) || cell('supplier'),
      }))
      .filter(({ code }) => code !== ''),
    isTooLong: values.slice(columns.length).some((value) => value !== ''),
  };
}

function withoutEnd(options: string[]): string[] {
  return options.slice(0, options.findLastIndex((option) => option !== '') + 1);
}

/** A mapping as a file tells it. */
export type MappingEntry = Omit<MappingLine, 'line' | 'isTooLong'> & { product: string };

/**
 * The file that `readMappingCsv` reads the same again. It begins with a byte order mark: without one a spreadsheet takes
 * it for another alphabet.
 */
export function writeMappingCsv(entries: MappingEntry[]): string {
  const most = Math.max(2, ...entries.map(({ bundles }) => bundles.length));
  const numbers = Array.from({ length: most }, (_, at) => at + 1);
  const header = [
    ...['Product', 'Variant ID', 'SKU', 'Handle', 'Option 1', 'Option 2', 'Option 3', 'Kind', 'Choose by'],
    ...numbers.flatMap((number) => [`Bundle ${String(number)}`, `Supplier ${String(number)}`]),
  ];
  const rows = entries.map(({ product, variantId, sku, handle, options, kind, choosing, bundles }) => [
    ...[
      product,
      variantId,
      sku,
      handle,
      options[0] ?? '',
      options[1] ?? '',
      options[2] ?? '',
      kind,
      choosing,
    ],
    ...numbers.flatMap((number) => [bundles[number - 1]?.code ?? '', bundles[number - 1]?.supplier ?? '']),
  ]);
  const cells = [header, ...rows].map((row) => row.map(safeCell));
  // With "\r\n" between lines it would not quote a value that holds one of the two.
  return stringify(cells, { bom: true, record_delimiter: 'windows', quoted_match: /[\r\n]/ });
}

function unreadable(...sentences: string[]): MappingFile {
  return { status: 'unreadable', sentences };
}
