import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCallback } from './callback.ts';

// Bodies are the examples of the vendor's pages about notifications, and its V2 with a bare number.

const KEY = 'callback-key';
const bytes = (text: string) => new TextEncoder().encode(text);
const signature = (body: Uint8Array | string, encoding: 'base64' | 'hex', key = KEY) =>
  createHmac('sha256', key).update(body).digest(encoding);

function read(body: string, signed: string | null = null) {
  const headers = new Headers(signed === null ? {} : { 'X-Signature-SHA256': signed });
  return readCallback({ rawBody: bytes(body), headers }, KEY);
}

const usage = JSON.stringify({
  iccid: '8944538532008160222',
  alertType: 'Utilisation',
  bundle: {
    id: '123456789',
    name: 'A_BUNDLE_20GB_30D_EU_U',
    description: 'A Bundle, 20GB, 30 Days, EU, Unthrottled',
    initialQuantity: 20000000000,
    remainingQuantity: 19000000000,
    startTime: '2006-01-02T15:04:05Z',
    endTime: '2007-01-02T15:04:05Z',
    reference: '12345-12345-12345-12345-0',
    unlimited: false,
  },
});

describe('the signature', () => {
  test.each(['base64', 'hex'] as const)('in %s proves who called', (encoding) => {
    expect(read(usage, signature(usage, encoding))?.isSigned).toBe(true);
    expect(read(usage, ` ${signature(usage, encoding)} `)?.isSigned).toBe(true);
  });

  test('in capital hex digits is as good', () => {
    expect(read(usage, signature(usage, 'hex').toUpperCase())?.isSigned).toBe(true);
  });

  test('of another key or body, or none, proves nothing, and the call can still be read', () => {
    const others = [
      null,
      '',
      'Zm9v',
      signature(usage, 'base64', 'other'),
      signature(`${usage} `, 'hex'),
      signature(usage, 'base64').toLowerCase(),
    ];
    for (const other of others) expect(read(usage, other)).toMatchObject({ kind: 'usage', isSigned: false });
  });

  test('is of the raw bytes, not of what they say', () => {
    const spaced = usage.replace(':', ' : ');
    expect(read(spaced, signature(usage, 'hex'))).toMatchObject({ isSigned: false });
    expect(read(spaced, signature(spaced, 'hex'))).toMatchObject({ isSigned: true });
  });

  test('one changed byte of a signed body is seen', () => {
    const body = bytes(usage);
    const headers = new Headers({ 'x-signature-sha256': signature(usage, 'base64') });
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = body.map((byte, index) => (index === at ? byte ^ change : byte));
        expect(readCallback({ rawBody: changed, headers }, KEY)?.isSigned ?? false).toBe(false);
      }),
    );
  });
});

describe('what it is about', () => {
  test('usage, with the bundle as of the call', () => {
    expect(read(usage)).toEqual({
      kind: 'usage',
      isSigned: false,
      iccid: '8944538532008160222',
      assignment: {
        id: '123456789',
        bundle: 'A_BUNDLE_20GB_30D_EU_U',
        state: 'active',
        initialBytes: 20_000_000_000n,
        remainingBytes: 19_000_000_000n,
        assignedAt: null,
        startsAt: new Date('2006-01-02T15:04:05Z'),
        endsAt: new Date('2007-01-02T15:04:05Z'),
        reference: '12345-12345-12345-12345-0',
      },
      country: null,
      profileStatus: null,
      at: null,
    });
    expect(read(usage.replace('19000000000', '0'))?.assignment?.state).toBe('depleted');
    expect(read(usage.replace('false', 'true'))?.assignment).toMatchObject({
      state: 'active',
      remainingBytes: null,
    });
  });

  test('an ICCID as a JSON number keeps its digits', () => {
    const v2 = usage.replace('"8944538532008160222"', '8944538532008160222');
    expect(v2).not.toBe(usage);
    expect(read(v2)?.iccid).toBe('8944538532008160222');
    const digits = fc.stringMatching(/^89\d{16,18}$/);
    fc.assert(
      fc.property(digits, fc.boolean(), (iccid, quoted) => {
        expect(read(`{"iccid":${quoted ? `"${iccid}"` : iccid},"alertType":"FirstUse"}`)?.iccid).toBe(iccid);
      }),
    );
  });

  test.each([
    ['Utilisation', 'usage'],
    ['FirstUse', 'first-use'],
    ['FIRSTATTACHMENT', 'first-attachment'],
    ['CountryChange', 'country-change'],
    ['LowBalance', 'low-balance'],
    ['InsufficientBalance', 'no-balance'],
    ['Topup', 'topped-up'],
    ['AutoTopup', 'topped-up'],
    ['eSIMGoTopup', 'topped-up'],
    ['MSISDNEnabled', 'number-enabled'],
    ['MSISDNDisabled', 'number-disabled'],
    ['SMSFailed', 'sms-failed'],
    ['constructor', 'unknown'],
    ['SomethingNew', 'unknown'],
  ])('%s is %s', (alertType, kind) => {
    expect(read(JSON.stringify({ alertType }))).toMatchObject({ kind, iccid: null, assignment: null });
  });

  test('a change of country names it', () => {
    const body = {
      alertType: 'CountryChange',
      iccid: '8944538532008160222',
      country: { code: 'no', name: 'Norway' },
    };
    expect(read(JSON.stringify(body))?.country).toBe('NO');
    expect(read(JSON.stringify({ ...body, country: { code: 'Norway' } }))?.country).toBeNull();
    expect(read(JSON.stringify({ ...body, country: 'NO' }))?.country).toBeNull();
  });

  test('an eSIM that is going to be deleted, with the day', () => {
    const body = (event: string) =>
      `{"date":"2026-06-22T13:03:31Z","event":"${event}","iccid":"8943108161000670038"}`;
    const at = new Date('2026-06-22T13:03:31Z');
    expect(read(body('esim.deletion_scheduled'))).toMatchObject({ kind: 'deletion-scheduled', at });
    expect(read(body('esim.deleted'))).toMatchObject({ kind: 'deleted', iccid: '8943108161000670038', at });
  });

  test('a change of the profile, by whatever word', () => {
    const iccid = '8944538532008160222';
    for (const word of [{ alertType: 'ProfileStatusChange' }, { event: 'esim.profile' }, {}])
      expect(
        read(JSON.stringify({ iccid, profileStatus: 'Installed', date: 1793541918000, ...word })),
      ).toMatchObject({ kind: 'profile-change', profileStatus: 'installed', at: new Date(1793541918000) });
  });

  test('an ICCID that has lost its digits, or is none, is nobody’s', () => {
    for (const iccid of [
      '8.944538532008160e18',
      '"8944 5385"',
      '""',
      'null',
      '{}',
      '[1]',
      '-8944538532008160222',
    ])
      expect(read(`{"iccid":${iccid},"alertType":"FirstUse"}`)).toMatchObject({
        kind: 'first-use',
        iccid: null,
      });
  });
});

describe('garbage', () => {
  test.each([
    '',
    ' ',
    'null',
    '[]',
    '{}',
    '"Utilisation"',
    '7',
    '{"iccid":"8944538532008160222"}',
    '<html>',
    '{',
  ])('%j is none of the supplier’s', (body) => {
    expect(read(body)).toBeNull();
  });

  test('nested deeper than any stack is refused like any other', () => {
    expect(read('['.repeat(200_000))).toBeNull();
    expect(read(`{"alertType":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)).toBeNull();
  });

  test('whatever bytes come, nothing is thrown and nothing is taken for signed', () => {
    const json = fc.json().map(bytes);
    const mutated = fc
      .array(fc.tuple(fc.nat(usage.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
      .map((changes) => {
        const body = bytes(usage);
        for (const [at, byte] of changes) body[at] = byte;
        return body;
      });
    const cut = fc.nat(usage.length - 1).map((length) => bytes(usage.slice(0, length)));
    const likely = fc
      .record(
        {
          iccid: fc.anything(),
          alertType: fc.anything(),
          event: fc.anything(),
          bundle: fc.anything(),
          country: fc.anything(),
          profileStatus: fc.anything(),
          date: fc.anything(),
        },
        { requiredKeys: [] },
      )
      .map((body) =>
        bytes(JSON.stringify(body, (_key, value: unknown) => (typeof value === 'bigint' ? null : value))),
      );
    const header = fc.option(fc.constantFrom('', 'x', 'aGVsbG8=', '0'.repeat(64)), { nil: null });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), json, mutated, cut, likely), header, (rawBody, signed) => {
        const headers = new Headers(signed === null ? {} : { 'x-signature-sha256': signed });
        const callback = readCallback({ rawBody, headers }, KEY);
        if (callback === null) return;
        expect(callback.isSigned).toBe(false);
        expect(callback.iccid ?? '890000000000000000').toMatch(/^\d{18,22}$/);
      }),
      { numRuns: 2_000 },
    );
  });
});
