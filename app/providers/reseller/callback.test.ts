import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCallback, webhookSecret } from './callback.ts';

// Invented: the vendor names the events and shows no body.

const SECRET = webhookSecret({ email: 'shop@example.com', password: 'Password-1' });
const bytes = (text: string) => new TextEncoder().encode(text);
const body = JSON.stringify({
  event_type: 'ESIM_STATUS',
  timestamp: '2025-01-15T10:00:00Z',
  data: { iccid: '8944538532008160222', order_id: 'ord-1', status: 'in_use' },
});
const signature = (encoding: 'hex' | 'base64', key = SECRET) =>
  createHmac('sha256', key).update(body).digest(encoding);
const read = (text: string, headers: Record<string, string> = {}) =>
  readCallback({ rawBody: bytes(text), headers: new Headers(headers) }, SECRET);

test.each<Record<string, string>>([
  { 'x-webhook-signature': `sha256=${signature('hex')}` },
  { 'x-webhook-signature': signature('base64') },
  { 'X-Signature': signature('hex').toUpperCase() },
  { 'x-hub-signature-256': `sha256=${signature('hex')}` },
  { 'x-webhook-secret': SECRET },
])('is proved by %j', (headers) => {
  expect(read(body, headers)).toEqual({
    kind: 'profile-change',
    isSigned: true,
    iccid: '8944538532008160222',
    orderReference: 'ord-1',
    assignment: null,
    country: null,
    profileStatus: 'enabled',
    at: new Date('2025-01-15T10:00:00Z'),
  });
});

test.each<Record<string, string>>([
  {},
  { 'x-webhook-signature': '' },
  { 'x-webhook-secret': '' },
  { 'x-webhook-secret': 'other' },
  { 'x-webhook-signature': signature('hex', 'other') },
  { 'x-webhook-signature': SECRET },
])('is a hint at best with %j', (headers) => {
  expect(read(body, headers)).toMatchObject({ kind: 'profile-change', isSigned: false });
});

test('a signature is of these bytes only', () => {
  expect(read(`${body} `, { 'x-webhook-signature': signature('hex') })).toMatchObject({ isSigned: false });
});

test('an ICCID as a JSON number keeps its digits', () => {
  expect(read('{"event":"esim_status","data":{"iccid":8944538532008160222}}')).toMatchObject({
    ...{ kind: 'profile-change', iccid: '8944538532008160222', profileStatus: 'unknown' },
  });
});

test('an order, and a word that nobody knows', () => {
  expect(read('{"event_type":"ORDER_STATUS","data":{"order_id":7}}')).toMatchObject({
    ...{ kind: 'order-change', iccid: null, profileStatus: null, orderReference: '7' },
  });
  expect(read('{"event_type":"constructor"}')).toMatchObject({ kind: 'unknown', orderReference: null });
});

test('the secret is the account’s and is not its password', () => {
  const other = webhookSecret({ email: 'shop@example.com', password: 'Password-2' });
  expect(
    new Set([SECRET, other, webhookSecret({ email: 'b@example.com', password: 'Password-1' })]).size,
  ).toBe(3);
  expect(SECRET).toMatch(/^[\da-f]{64}$/);
});

test('whatever bytes come, nothing is thrown and nothing is taken for signed', () => {
  const json = fc.json().map(bytes);
  const cut = fc.nat(body.length - 1).map((length) => bytes(body.slice(0, length)));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), json, cut), fc.string(), (rawBody, proof) => {
      const headers = new Headers({ 'x-webhook-signature': proof.replace(/[^\x20-\x7e]/g, '') });
      expect(readCallback({ rawBody, headers }, SECRET)?.isSigned ?? false).toBe(false);
    }),
    { numRuns: 1_000 },
  );
  expect(read('['.repeat(200_000))).toBeNull();
});
