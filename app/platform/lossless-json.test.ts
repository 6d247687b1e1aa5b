import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseLosslessJson } from './lossless-json.ts';

test('an ICCID that arrives as a number keeps all its digits', () => {
  expect(parseLosslessJson('{"iccid": 8944123456789012345678}')).toEqual({ iccid: '8944123456789012345678' });
});

test('a price keeps the zero it ends with', () => {
  expect(parseLosslessJson('[1.10, -0.005, 2e3]')).toEqual(['1.10', '-0.005', '2e3']);
});

test('words, truth values and a byte order mark come through', () => {
  expect(parseLosslessJson('\uFEFF{"a":true,"b":null,"c":"007"}')).toEqual({ a: true, b: null, c: '007' });
});

test('any run of digits survives', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[1-9]\d{0,40}$/), (digits) => {
      expect(parseLosslessJson(`{"n":${digits}}`)).toEqual({ n: digits });
    }),
  );
});
