import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseIccid, parseTypedIccid } from './iccid.ts';

const iccid = fc.stringMatching(/^89\d{16,17}$/).map(withCheckDigit);

test.each([
  ['8943108165015003887', 'in eSIM Go’s example of revoking'],
  ['8944538532008160222', 'in eSIM Go’s example of a callback'],
  ['89014103211118510720', 'with 20 digits'],
])('%s is an ICCID (%s)', (digits) => {
  expect(parseIccid(digits)).toBe(digits);
});

test('spaces and the filler of a 19-digit number are let go, and nothing else changes', () => {
  fc.assert(
    fc.property(iccid, fc.nat(19), (digits, at) => {
      expect(parseIccid(digits)).toBe(digits);
      expect(parseIccid(` ${digits.slice(0, at)} ${digits.slice(at)}\n`)).toBe(digits);
      expect(parseIccid(`${digits}F`)).toBe(digits.length === 19 ? digits : null);
    }),
  );
});

test('what a person types may have 20 digits without a check digit, which no code is built from', () => {
  const ofGoHubsExample = '89812003916820447472';
  expect(parseIccid(ofGoHubsExample)).toBeNull();
  expect(parseTypedIccid('8981-2003 9168.2044 7472')).toBe(ofGoHubsExample);
  expect(parseTypedIccid('8943108165015003887F')).toBe('8943108165015003887');
  for (const none of ['8943108165015003886', '898120039168204474720', '98812003916820447472', ''])
    expect(parseTypedIccid(none)).toBeNull();
});

test('one wrong digit shows', () => {
  fc.assert(
    fc.property(iccid, fc.nat(18), fc.integer({ min: 1, max: 9 }), (digits, at, step) => {
      const wrong = String((Number(digits[at]) + step) % 10);
      expect(parseIccid(digits.slice(0, at) + wrong + digits.slice(at + 1))).toBeNull();
    }),
  );
});

test('two neighbours swapped show, save 0 and 9, which Luhn cannot tell apart', () => {
  fc.assert(
    fc.property(iccid, fc.integer({ min: 2, max: 17 }), (digits, at) => {
      const [a = '', b = ''] = digits.slice(at, at + 2);
      fc.pre(a !== b && ![`09`, `90`].includes(a + b));
      expect(parseIccid(digits.slice(0, at) + b + a + digits.slice(at + 2))).toBeNull();
    }),
  );
});

test('most ICCIDs that a JavaScript number rounded show, not all: hence numbers are read as text', () => {
  expect(parseIccid(String(Number('8944538532008160222')))).toBeNull();
  expect(parseIccid(String(Number('8943108165015003887')))).toBe('8943108165015004000');
});

test.each([
  '',
  '8944',
  '894450300000000000',
  '8943108165015003887A',
  '894310816501500388700',
  '9743108165015003882',
  '٨٩٤٣١٠٨١٦٥٠١٥٠٠٣٨٨٧',
])('%j is not an ICCID', (text) => {
  expect(parseIccid(text)).toBeNull();
});

test('whatever arrives, what comes out is 19 or 20 digits or nothing', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\dF ]{15,24}$/)), (text) => {
      expect(parseIccid(text) ?? '8900000000000000000').toMatch(/^89\d{17,18}$/);
    }),
  );
});

/** Found by trying, so that the test does not repeat the sum it checks. */
function withCheckDigit(stem: string): string {
  const [found, ...others] = Array.from('0123456789', (digit) => stem + digit).filter(
    (digits) => parseIccid(digits) !== null,
  );
  if (found === undefined || others.length > 0) throw new Error(`${stem} has not exactly one check digit`);
  return found;
}
