import { expect, test } from 'vitest';
import { startOfDay } from './day.ts';

test.each([
  ['2026-11-21T10:00:00.250Z', 'UTC', '2026-11-21T00:00:00.000Z'],
  ['2026-11-21T16:00:00Z', 'Asia/Tokyo', '2026-11-21T15:00:00.000Z'],
  ['2026-11-21T02:00:00Z', 'America/New_York', '2026-11-20T05:00:00.000Z'],
  // The clocks went forward an hour at 02:00 and back an hour at 03:00 of these days.
  ['2026-03-29T12:00:00Z', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
  ['2026-10-25T12:00:00Z', 'Europe/Berlin', '2026-10-24T22:00:00.000Z'],
])('the day of %s in %s began at %s', (now, timezone, start) => {
  expect(startOfDay(new Date(now), timezone).toISOString()).toBe(start);
});
