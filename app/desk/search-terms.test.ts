import fc from 'fast-check';
import { expect, test } from 'vitest';
import { searchTerms } from './search-terms.ts';

test.each([
  '8943108165015003887',
  '8943 1081 6501 5003 887',
  '8943-1081-6501-5003-887',
  ' 8943108165015003887F',
])('%j is a whole ICCID', (typed) => {
  expect(searchTerms(typed)).toMatchObject({ iccid: '8943108165015003887', ending: null });
});

test.each([
  ['3887', '3887'],
  ['…3887', '3887'],
  ['** 03 887', '03887'],
])('%j is the end of one', (typed, ending) => {
  expect(searchTerms(typed)).toMatchObject({ ending, iccid: null });
});

test('four digits may be the name of an order too, with or without its #', () => {
  expect(searchTerms('1001').orderNames).toEqual(['1001', '#1001']);
  expect(searchTerms('#1001').orderNames).toContain('#1001');
  expect(searchTerms('eu-1001').orderNames).toContain('EU-1001');
});

test('an address is nothing but an address', () => {
  expect(searchTerms(' Ada@Buyer.example ')).toEqual({
    ...searchTerms(''),
    email: 'Ada@Buyer.example',
  });
});

test('a name is found by its words, whatever their order', () => {
  expect(searchTerms('Lovelace, Ada').nameWords).toEqual(['lovelace', 'ada']);
});

test('a pasted activation code is looked up by its matching ID, and by nothing that is shown', () => {
  expect(searchTerms('LPA:1$rsp.example.com$JQ-123456-ABCDEPFX')).toEqual({
    ...searchTerms(''),
    matchingId: 'JQ-123456-ABCDEPFX',
  });
});

test('whatever is typed, it means something or nothing, and never breaks', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.emailAddress()), (typed) => {
      const { iccid, ending } = searchTerms(typed);
      expect(iccid ?? '000000000000000000').toMatch(/^\d{18,22}$/);
      expect(ending ?? '0000').toMatch(/^\d{4,17}$/);
      expect(JSON.stringify(searchTerms(typed))).not.toContain('\\u0000');
    }),
  );
});
