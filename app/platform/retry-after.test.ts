import { expect, test } from 'vitest';
import { askedToWaitMs, retryAfterMs } from './retry-after.ts';

const now = new Date('2026-11-21T12:00:00Z');

test.each([
  ['3', 3000],
  [' 0 ', 0],
  ['1.5', 1500],
  ['Sat, 21 Nov 2026 12:00:30 GMT', 30_000],
])('%j is a wait', (header, ms) => {
  expect(retryAfterMs(header, now)).toBe(ms);
});

test.each([
  null,
  '',
  '-5',
  'soon',
  '99999999',
  'NaN',
  'Sat, 21 Nov 2026 11:00:00 GMT',
  'Sat, 99 Nov 2026 GMT',
])('%j is ignored', (header) => {
  expect(retryAfterMs(header, now)).toBeNull();
});

test.each([
  ['Sat, 21 Nov 2026 12:07:00 GMT', 'Sat, 21 Nov 2026 12:07:30 GMT', 30_000],
  ['Sat, 21 Nov 2026 11:53:00 GMT', 'Sat, 21 Nov 2026 11:53:30 GMT', 30_000],
  ['Sat, 21 Nov 2026 11:53:00 GMT', '3', 3000],
  ['yesterday', 'Sat, 21 Nov 2026 12:00:30 GMT', 30_000],
])('of an answer of %j a wait until %j is by the same clock', (date, after, ms) => {
  expect(askedToWaitMs(new Headers({ date, 'retry-after': after }), now)).toBe(ms);
});
