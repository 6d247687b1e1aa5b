import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readMappingCsv, writeMappingCsv, type MappingEntry } from './mapping-csv.ts';
import { MOST_BUNDLES, MOST_LINES } from './mapping.ts';

// What a shop may hold: anything, but blanks around it, which nobody sees.
const text = fc
  .oneof(fc.string(), fc.constantFrom('=1+1', "'=x", '-5', '@a', 'a;b', 'a,b', 'a"b', 'two\nlines', 'ÄÖ €'))
  .map((value) => value.trim())
  .filter((value) => !/[\0\uFFFD]/.test(value));
const filled = text.filter((value) => value !== '');

const entry: fc.Arbitrary<MappingEntry> = fc.record({
  ...{ product: text, variantId: filled, sku: text, handle: text, kind: fc.constantFrom('eSIM', 'top-up') },
  choosing: fc.constantFrom('', 'order', 'lowest cost', 'stock'),
  options: fc.array(filled, { maxLength: 3 }),
  bundles: fc.array(fc.record({ code: filled, supplier: text }), { minLength: 1, maxLength: MOST_BUNDLES }),
});

/** As it is read: the product's name is for people, and each line has its place in the file. */
const asRead = (entries: MappingEntry[]) =>
  entries.map(({ variantId, sku, handle, options, kind, choosing, bundles }) => ({
    ...{ variantId, sku, handle, options, kind, choosing, bundles },
    ...{ line: expect.any(Number) as number, isTooLong: false },
  }));

test('a file that was written is read as it was, as commas, semicolons or tabs, on Windows and elsewhere', () => {
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 5 }), (entries) => {
      const file = readMappingCsv(writeMappingCsv(entries));
      if (file.status === 'unreadable') throw new Error(file.sentences.join());
      expect(file.lines).toEqual(asRead(entries));
    }),
  );
});

test('lines are counted as an editor counts them, also where a value takes two', () => {
  const file = readMappingCsv('SKU,Bundle 1\r\n\r\n"a\r\nb",x\r\nc,y\r\n');
  expect(file).toMatchObject({
    lines: [
      { line: 3, sku: 'a\nb' },
      { line: 5, sku: 'c' },
    ],
  });
});

test.each([';', '\t'])(
  'a file with other separators, or without a mark at its start, is read too (%j)',
  (separator) => {
    const header = ['sku', 'BUNDLE_1', 'supplier', 'bundle-2'].join(separator);
    const content = `\uFEFF${header}\n${['a, b', 'x', 'eSIM Go', 'y'].join(separator)}\n`;
    const bundles = [
      { code: 'x', supplier: 'eSIM Go' },
      { code: 'y', supplier: 'eSIM Go' },
    ];
    for (const each of [content, content.slice(1)])
      expect(readMappingCsv(each)).toMatchObject({ lines: [{ line: 2, sku: 'a, b', bundles }] });
  },
);

test.each([
  ['', 'empty'],
  ['SKU,Bundle 1\n', 'no lines'],
  ['SKU,Bundel 1\na,b', 'No column is called "Bundel 1"'],
  ['Bundle 1,Kind\nx,eSIM', 'names the variants'],
  ['SKU,SKU,Bundle 1\na,b,c', 'twice'],
  ['SKU,,Bundle 1\na,b,c', 'no title'],
  ['SKU,Bundle 1\n"a,b\nc,d', 'not closed'],
  ['SKU,Bundle 1\nM\uFFFDnchen,x', 'UTF-8'],
  [`SKU,Bundle 1\n${'a,b\n'.repeat(MOST_LINES + 1)}`, '5001 lines'],
  [`SKU,Bundle 1\n${'a'.repeat(1_000_001)},b`, '1 MB'],
])('a file that cannot be read says why (%#)', (content, words) => {
  const file = readMappingCsv(content);
  expect(file.status === 'unreadable' ? file.sentences.join(' ') : 'it was read').toContain(words);
});

test('a line with more values than columns is marked', () => {
  const file = readMappingCsv('SKU,Bundle 1\na,b,c\nd,e,\n');
  expect(file).toMatchObject({ lines: [{ isTooLong: true }, { isTooLong: false }] });
});

test('no text breaks the reader', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string()), (header, lines) => {
      const file = readMappingCsv([`SKU,Bundle 1${header}`, ...lines].join('\n'));
      if (file.status === 'unreadable') expect(file.sentences.length).toBeGreaterThan(0);
    }),
  );
});
