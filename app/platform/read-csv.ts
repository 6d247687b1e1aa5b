import { CsvError, parse } from 'csv-parse/sync';

export interface CsvRow {
  /** Where it begins in the file, from 1: the header is line 1. */
  line: number;
  values: string[];
}

export type CsvFile =
  | { status: 'rows'; header: string[]; rows: CsvRow[] }
  /** For the merchant: what is wrong with the file as a whole. */
  | { status: 'unreadable'; sentences: string[] };

/**
 * Reads a file as spreadsheets write them: with commas, semicolons or tabs, with a byte order mark or without. Cells come
 * without blanks around them and without the apostrophe that kept a spreadsheet from computing them. `ifEmpty` says what to
 * do about a file without anything in it.
 */
export function readCsv(
  text: string,
  { mostLines, mostBytes, ifEmpty }: { mostLines: number; mostBytes: number; ifEmpty: string },
): CsvFile {
  // One kind of line end: a form sends another one than the file had, and the parser miscounts "\r\n" within quotes.
  const content = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  if (content.trim() === '') return unreadable(`The file is empty. ${ifEmpty}`);
  if (new TextEncoder().encode(content).length > mostBytes)
    return unreadable(
      `The file is larger than ${String(mostBytes / 1_000_000)} MB. Split it into several files.`,
    );
  if (/[\0\uFFFD]/.test(content))
    return unreadable('The file is not written in UTF-8. Save it as "CSV UTF-8" in your spreadsheet.');
  const records = recordsOf(content);
  if (!Array.isArray(records)) return records;
  const [header, ...rows] = records;
  if (!header) return unreadable(`The file is empty. ${ifEmpty}`);
  if (rows.length === 0) return unreadable('The file has a header and no lines below it.');
  if (rows.length > mostLines)
    return unreadable(
      `The file has ${String(rows.length)} lines, and ${String(mostLines)} are read at once. Split it.`,
    );
  return { status: 'rows', header: header.values, rows };
}

function recordsOf(content: string): CsvRow[] | CsvFile {
  try {
    // `info` and `raw` tell where a record ends and how many lines it takes.
    const records = parse(content, {
      ...{ delimiter: delimiterOf(content), relax_column_count: true, skip_empty_lines: true },
      ...{ info: true, raw: true, bom: true },
    }) as unknown as { record: string[]; info: { lines: number }; raw: string }[]; // the type knows nothing of `info`
    return records
      .map(({ record, info, raw }) => ({
        line: info.lines - (raw.trim().match(/\n/g)?.length ?? 0),
        values: record.map(plainCell),
      }))
      .filter(({ values }) => values.some((value) => value !== ''));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? `Line ${String(error['lines'])}: ` : '';
    return unreadable(
      `${line}a quotation mark (") is not closed or stands in the middle of a value. Write it twice ("").`,
    );
  }
}

/** The separator that the header uses most. */
function delimiterOf(content: string): string {
  const [header = ''] = content.trimStart().split('\n', 1);
  const count = (separator: string) => header.split(separator).length;
  return [',', ';', '\t'].reduce((best, each) => (count(each) > count(best) ? each : best));
}

// A spreadsheet computes what begins like this, so it is written behind an apostrophe.
export const COMPUTED = /^[=+\-@\t\r']/;
const plainCell = (value: string) => {
  const text = value.trim();
  return text.startsWith("'") && COMPUTED.test(text.slice(1)) ? text.slice(1) : text;
};

function unreadable(...sentences: string[]): CsvFile {
  return { status: 'unreadable', sentences };
}
