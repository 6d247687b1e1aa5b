import { expect, test } from 'vitest';
import { dayOf, daysBetween, daysLater, endOfDay, startOfDay, startOfDayOf } from './day.ts';

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

test.each([
  ['2026-11-21', 'UTC', '2026-11-21T00:00:00.000Z', '2026-11-22T00:00:00.000Z'],
  ['2026-11-21', 'Pacific/Kiritimati', '2026-11-20T10:00:00.000Z', '2026-11-21T10:00:00.000Z'],
  ['2026-11-21', 'Pacific/Pago_Pago', '2026-11-21T11:00:00.000Z', '2026-11-22T11:00:00.000Z'],
  ['2026-11-21', 'Asia/Kathmandu', '2026-11-20T18:15:00.000Z', '2026-11-21T18:15:00.000Z'],
  ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
  ['2026-10-25', 'Europe/Berlin', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
])('the day %s in %s lasts from %s to %s', (day, timezone, start, end) => {
  expect(startOfDayOf(day, timezone).toISOString()).toBe(start);
  expect(endOfDay(day, timezone).toISOString()).toBe(end);
  expect(dayOf(startOfDayOf(day, timezone), timezone)).toBe(day);
});

test('days are counted over months and leap years', () => {
  expect(daysLater('2028-02-28', 1)).toBe('2028-02-29');
  expect(daysLater('2026-01-01', -1)).toBe('2025-12-31');
  expect(daysBetween('2026-10-25', '2026-11-21')).toBe(27);
});
