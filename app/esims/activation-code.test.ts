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
const host = fc.domain();
const part = fc.stringMatching(/^[!-#%-~]{1,40}$/);

test('a phone reads the address and the matching ID from one code', () => {
  expect(activationCode(parts)).toBe('LPA:1$rsp.example.com$JQ-123456-ABCDEPFX');
});

test('whatever is written is read back', () => {
  fc.assert(
    fc.property(host, part, (smdpAddress, matchingId) => {
      expect(parseActivationCode(activationCode({ smdpAddress, matchingId }))).toEqual({
        smdpAddress,
        matchingId,
      });
    }),
  );
});

test('a one-tap link carries exactly the code', () => {
  fc.assert(
    fc.property(host, part, (smdpAddress, matchingId) => {
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
  'LPA:1$https://host$id',
])('%j is not an activation code', (text) => {
  expect(parseActivationCode(text)).toBeNull();
});

test.each([
  { smdpAddress: 'https://rsp.example.com' },
  { smdpAddress: 'rsp.example.com/' },
  { smdpAddress: 'rsp.example .com' },
  { smdpAddress: '' },
  { matchingId: 'JQ-123456 ABCDEPFX' },
  { matchingId: ' JQ-123456-ABCDEPFX' },
  { matchingId: 'JQ-123456-ABCD\u00A0PFX' },
  { matchingId: 'JQ$123456' },
  { matchingId: '' },
])('a code is never made of %j', (broken) => {
  expect(() => activationCode({ ...parts, ...broken })).toThrow(RangeError);
});

test('whatever the parts are, a code is refused or reads back as exactly them', () => {
  const anything = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), part, host, fc.webUrl());
  fc.assert(
    fc.property(anything, anything, (smdpAddress, matchingId) => {
      let code: string;
      try {
        code = activationCode({ smdpAddress, matchingId });
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
        return;
      }
      expect(parseActivationCode(code)).toEqual({ smdpAddress, matchingId });
    }),
  );
});

test('a broken part is refused without being repeated', () => {
  const broken = () => activationCode({ ...parts, matchingId: 'SECRET $ID' });
  expect(broken).toThrow(RangeError);
  expect(broken).not.toThrow(/SECRET/);
});

test('an ICCID is taken only as it is written', () => {
  expect(isIccid('8943108165015003887')).toBe(true);
  expect(isIccid(' 8943108165015003887')).toBe(false);
  expect(isIccid('8943108165015003886')).toBe(false);
});
