import { stringify } from 'csv-stringify/sync';

/** A column of a file: its heading, and what stands in it. Text that a spreadsheet would take for a formula is disarmed. */
export interface CsvColumn<Row> {
  heading: string;
  text: (row: Row) => string | null;
  /** A decimal with its sign, which a spreadsheet is to take for a number. */
  isFigure?: boolean;
}

/** Rows as lines of CSV (RFC 4180); the first piece has the headings, and the mark by which spreadsheets know UTF-8. */
export function csvPiece<Row>(
  columns: readonly CsvColumn<Row>[],
  rows: readonly Row[],
  { isFirst }: { isFirst: boolean },
): string {
  return stringify(
    rows.map((row) =>
      columns.map(({ text, isFigure = false }) => {
        const value = text(row) ?? '';
        return isFigure && FIGURE.test(value) ? value : disarmed(value);
      }),
    ),
    {
      ...{ header: isFirst, bom: isFirst, columns: columns.map(({ heading }) => heading) },
      record_delimiter: 'windows',
    },
  );
}

const FIGURE = /^-?\d+(\.\d+)?$/;

const disarmed = (text: string) => (/^[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text);
