import { expect, test } from 'vitest';
import { csvPiece } from './csv.ts';

const columns = [
  { heading: 'Note', text: (row: { note: string; amount: string }) => row.note },
  { heading: 'Amount', text: (row: { amount: string }) => row.amount, isFigure: true },
];

test('a file begins with its headings, and a spreadsheet can add up its figures', () => {
  expect(csvPiece(columns, [{ note: 'a, "b"', amount: '-1.5' }], { isFirst: true })).toBe(
    '\uFEFFNote,Amount\r\n"a, ""b""",-1.5\r\n',
  );
  expect(csvPiece(columns, [{ note: '', amount: '2' }], { isFirst: false })).toBe(',2\r\n');
  expect(csvPiece(columns, [], { isFirst: true })).toBe('\uFEFFNote,Amount\r\n');
});

test('what a spreadsheet would take for a formula is disarmed, also in a column of figures', () => {
  for (const text of ['=1+1', '+1', '-cmd', '@x', '\tx', '＝1'])
    expect(csvPiece(columns, [{ note: text, amount: text }], { isFirst: false })).toContain(`'${text}`);
});
