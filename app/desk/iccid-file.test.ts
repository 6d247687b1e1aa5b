import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MOST_ICCIDS, readIccidFile } from './iccid-file.ts';

const A = '8944500102198304826';
const B = '8943108167000000019';

const linesOf = (text: string) => {
  const file = readIccidFile(text);
  if (file.status === 'unreadable') throw new Error(file.sentences.join());
  return file.lines;
};

test('the column ICCID is read wherever it stands, and a bare list too', () => {
  const wanted = [
    { line: 2, iccid: A, complaint: null, reader: null },
    { line: 3, iccid: B, complaint: null, reader: null },
  ];
  expect(linesOf(`Name;iccid;Note\r\nAda;${A};"x;y"\r\nBob; 8943 1081 6700 0000 019 ;\r\n`)).toEqual(wanted);
  expect(linesOf(`Number\n${A}\n${B}`)).toEqual(wanted);
  expect(linesOf(`\uFEFF${A}\n${B}\n`)).toEqual(wanted.map((each) => ({ ...each, line: each.line - 1 })));
});

test('each line that cannot be read says why', () => {
  const text = ['ICCID', A, A, '8.94451E+18', '8944510000000000000', '12345', `${A.slice(0, -1)}0`].join(
    '\n',
  );
  expect(linesOf(text).map(({ complaint }) => complaint)).toEqual([
    ...[null, 'repeated', 'rounded', 'rounded', 'not-an-iccid', 'not-an-iccid'],
  ]);
});

test('who has them stands beside them, and a line that names nobody rightly is no line', () => {
  const text = [
    'Language,E-mail,ICCID',
    ` DE , ada@example.com ,${A}`,
    `,,${B}`,
    `xx,ada@example.com,${B.slice(0, -1)}`,
    `fr,ada,${A}`,
  ].join('\n');
  expect(linesOf(text)).toEqual([
    { line: 2, iccid: A, complaint: null, reader: { email: 'ada@example.com', locale: 'de' } },
    { line: 3, iccid: B, complaint: null, reader: null },
    { line: 4, iccid: null, complaint: 'not-an-iccid', reader: null },
    { line: 5, iccid: null, complaint: 'repeated', reader: null },
  ]);
  const wrong = linesOf(`ICCID,Email,Language\n${A},ada,\n${A},ada@example.com,xx\n${A},ada@example.com,`);
  expect(wrong.map(({ complaint }) => complaint)).toEqual(['not-an-email', 'not-a-language', null]);
});

test('a file without the column, without a line or with too many is refused as a whole', () => {
  for (const text of ['', 'ICCID\n', 'Name,Order\nAda,1001', `ICCID\n${`${A}\n`.repeat(MOST_ICCIDS + 1)}`])
    expect(readIccidFile(text), text.slice(0, 30)).toMatchObject({ status: 'unreadable' });
});

test('whatever a file holds, it is read or refused, and nothing is taken that is no ICCID', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const file = readIccidFile(`ICCID\n${text}`);
      for (const { iccid } of file.status === 'lines' ? file.lines : [])
        expect(iccid ?? '89'.padEnd(19, '0')).toMatch(/^89\d{17,18}$/);
    }),
  );
});
