import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  activationCode,
  androidInstallUrl,
  appleInstallUrl,
  isIccid,
  parseActivationCode,
} from './activation-code.ts';

const parts = { smdpAddress: 'rsp.example.com', matchingId: 'JQ-123456-ABCDEPFX' };
const part = fc.stringMatching(/^[!-#%-~]{1,40}$/);

test('a phone reads the address and the matching ID from one code', () => {
  expect(activationCode(parts)).toBe('LPA:1$rsp.example.com$JQ-123456-ABCDEPFX');
});

test('whatever is written is read back', () => {
  fc.assert(
    fc.property(part, part, (smdpAddress, matchingId) => {
      expect(parseActivationCode(activationCode({ smdpAddress, matchingId }))).toEqual({
        smdpAddress,
        matchingId,
      });
    }),
  );
});

test('a one-tap link carries exactly the code', () => {
  fc.assert(
    fc.property(part, part, (smdpAddress, matchingId) => {
      for (const link of [appleInstallUrl, androidInstallUrl]) {
        const code = new URL(link({ smdpAddress, matchingId })).searchParams.get('carddata');
        expect(code).toBe(activationCode({ smdpAddress, matchingId }));
      }
    }),
  );
  expect(appleInstallUrl(parts)).toBe(
    'https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=LPA%3A1%24rsp.example.com%24JQ-123456-ABCDEPFX',
  );
});

test('an OID and a confirmation code after the matching ID do no harm', () => {
  expect(parseActivationCode(' lpa:1$rsp.example.com$JQ-123456-ABCDEPFX$$1\n')).toEqual(parts);
});

test.each([
  '',
  'LPA:1$',
  'LPA:1$host',
  'LPA:1$$id',
  'LPA:2$host$id',
  'https://example.com',
  'LPA:1$ho st$id',
])('%j is not an activation code', (text) => {
  expect(parseActivationCode(text)).toBeNull();
});

test('a broken part is refused without being repeated', () => {
  const broken = () => activationCode({ ...parts, matchingId: 'SECRET $ID' });
  expect(broken).toThrow(RangeError);
  expect(broken).not.toThrow(/SECRET/);
});

test('an ICCID has a check digit, and one wrong digit shows', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^89\d{16,18}$/),
      fc.nat(17),
      fc.integer({ min: 1, max: 9 }),
      (stem, at, step) => {
        const [iccid] = Array.from('0123456789')
          .map((check) => stem + check)
          .filter(isIccid);
        expect(iccid).toBeDefined();
        const digits = Array.from(iccid ?? '');
        digits[at] = String((Number(digits[at]) + step) % 10);
        expect(isIccid(digits.join(''))).toBe(false);
      },
    ),
  );
});

test.each(['', '8944', '89441000300000000A', '89441000300000000000000'])('%j is not an ICCID', (text) => {
  expect(isIccid(text)).toBe(false);
});
