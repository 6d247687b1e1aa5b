import { describe, expect, test } from 'vitest';
import { parseLosslessJson } from '../../platform/lossless-json.ts';
import { failureOf, toAssignments, toProfile, toTopUps } from './map.ts';
import * as wire from './wire.ts';

// What an eSIM and a plan look like is published nowhere: the names here are those that are taken, and no true answers.
const now = new Date('2026-11-21T12:00:00Z');
const read = (value: unknown) => parseLosslessJson(JSON.stringify(value));
const plans = (...rows: object[]) => toAssignments(wire.rowsOf(wire.PlanRow, 'plans').parse(read(rows)), now);
const profile = (row: object) =>
  toProfile(wire.OneEsim.parse(read({ iccid: '8944501234567890123', ...row })));

describe('an answer', () => {
  test.each([
    ['bare', [{ iccid: '1' }], null],
    ['wrapped', { status: { code: 200, msg: '' }, response: [{ iccid: '1' }] }, 200],
    ['in data', { data: [{ iccid: '1' }] }, null],
  ])('%s is the same answer', (_how, body, code) => {
    expect(wire.Answer.parse(read(body))).toEqual({ code, value: [{ iccid: '1' }] });
  });

  test('a state of an eSIM is not taken for the wrapping', () => {
    const row = { iccid: '1', status: 'released' };
    expect(wire.Answer.parse(read(row))).toEqual({ code: null, value: row });
  });

  test.each([
    [null, null],
    [0, null],
    [200, null],
    [401, 'credentials'],
    [403, 'credentials'],
    [404, 'rejected'],
    [422, 'rejected'],
    [429, 'rate-limited'],
    [500, 'down'],
  ])('code %s inside a 200 means %s', (code, kind) => {
    expect(failureOf(code)).toBe(kind);
  });

  test('words are no list', () => {
    expect(wire.rowsOf(wire.PlanRow, 'plans').safeParse('none').success).toBe(false);
    expect(wire.rowsOf(wire.PlanRow, 'plans').safeParse({}).success).toBe(false);
  });
});

describe('an eSIM', () => {
  test('its code, whole or in parts', () => {
    const code = { smdpAddress: 'rsp.example.com', matchingId: 'ABC-1' };
    expect(profile({ activation_code: 'LPA:1$rsp.example.com$ABC-1' })).toMatchObject(code);
    expect(profile({ lpa: 'LPA:1$rsp.example.com$ABC-1$1.2.3$1' })).toMatchObject(code);
    expect(profile({ smdp: 'https://rsp.example.com', matching_id: 'ABC-1' })).toMatchObject(code);
    expect(profile({ qr_code: 'https://example.com/qr.png' })).toMatchObject({
      smdpAddress: null,
      matchingId: null,
    });
  });

  test.each([
    ['active', false],
    ['ACTIVE', false],
    ['suspended', true],
    ['inactive', true],
    [undefined, null],
  ])('with the network status %s is suspended: %s', (network_status, isSuspended) => {
    expect(profile({ network_status }).isSuspended).toBe(isSuspended);
  });
});

describe('a plan', () => {
  test.each([
    [{ status: 'Active' }, 'active'],
    [{ status: 'pending' }, 'processing'],
    [{ status: 'inprogress' }, 'processing'],
    [{ order_status: 'pending' }, 'processing'],
    [{ status: 'rejected' }, 'revoked'],
    [{ status: 'hibernating', order_status: 'completed' }, 'unknown'],
    [{ status: 'constructor' }, 'unknown'],
    [{}, 'unknown'],
    [{ status: 'completed' }, 'queued'],
    [{ status: 'completed', started_at: '2026-11-22 00:00:00' }, 'queued'],
    [{ order_status: 'completed', started_at: '2026-11-20 00:00:00' }, 'active'],
    [{ order_status: 'completed', started_at: '2026-11-01', expires_at: '2026-11-08 00:00:00' }, 'expired'],
    [{ order_status: 'completed', started_at: '2026-11-20 00:00:00', data_used: '1000' }, 'depleted'],
  ])('that says %j is %s', (words, state) => {
    expect(plans({ package_id: 'p', data: '1000', ...words })).toMatchObject([{ state }]);
  });

  test.each([
    [{ data: '1000', data_used: '250.5' }, 1_000_000_000n, 749_500_000n],
    [{ amount: 1000, data_remaining: 0 }, 1_000_000_000n, 0n],
    [{ data: '1000', data_used: '2000' }, 1_000_000_000n, 0n],
    [{ data: '1000', data_remaining: '1200' }, 1_000_000_000n, 1_000_000_000n],
    [{ data: '1000', is_unlimited: '1', data_used: '20' }, null, null],
    [{}, null, null],
  ])('with %j has %s bytes, of which %s are left', (quantities, initialBytes, remainingBytes) => {
    expect(plans({ package_id: 'p', ...quantities })).toMatchObject([{ initialBytes, remainingBytes }]);
  });

  test('the newest comes first, and one that cannot be read is left out', () => {
    const rows = [
      { package_id: 'old', created_at: '2026-01-01 00:00:00' },
      { status: 'active' },
      { package_id: 'new', created_at: '2026-02-01 00:00:00' },
    ];
    expect(plans(...rows).map(({ bundle }) => bundle)).toEqual(['new', 'old']);
  });
});

test('a package as the vendor’s start page shows it is a top-up; its price names no currency', () => {
  const packages = [
    {
      id: 'bd9f7f7852381da1ac0c4fa1aa009e8e',
      policy: 'bonbon-mobile-7days-1gb',
      price: '4.50',
      amount: '1000',
      day: '7',
      is_unlimited: '0',
      title: 'France 1000 MiB - 7 Days - airal...',
      data: '1000',
    },
  ];
  expect(toTopUps(wire.rowsOf(wire.TopUpRow, 'topups').parse(read(packages)))).toEqual([
    {
      bundle: 'bd9f7f7852381da1ac0c4fa1aa009e8e',
      description: 'France 1000 MiB - 7 Days - airal...',
      dataBytes: 1_000_000_000n,
      days: 7,
      cost: null,
    },
  ]);
});
