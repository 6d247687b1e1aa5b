import { expect, test } from 'vitest';
import { daysOf, readPeriod } from './period.ts';

const at = { now: new Date('2026-11-21T23:30:00Z'), timezone: 'Asia/Tokyo' };
const read = (search: string) => readPeriod(new URLSearchParams(search), at);

test('a period ends with today on the shop’s clock', () => {
  expect(read('period=today')).toEqual({ name: 'today', from: '2026-11-22', until: '2026-11-22' });
  expect(read('period=7')).toEqual({ name: '7', from: '2026-11-16', until: '2026-11-22' });
  expect(daysOf(read('period=90'))).toHaveLength(90);
});

test('one’s own period is taken where it is one, and else the last 30 days', () => {
  expect(read('period=custom&from=2026-02-27&until=2026-03-02')).toMatchObject({ from: '2026-02-27' });
  for (const wrong of [
    ...['from=2026-03-02&until=2026-03-01', 'from=2026-13-01&until=2026-12-01', 'from=x&until=y', ''],
    ...['from=2027-01-01&until=2027-01-02', 'from=2026-02-30'],
  ])
    expect(daysOf(read(`period=custom&${wrong}`)), wrong).toHaveLength(30);
  // A year with a leap day fits.
  expect(read('period=custom&from=2020-01-01&until=2026-01-01')).toMatchObject({ from: '2025-01-01' });
  expect(read('period=forever')).toMatchObject({ name: '30' });
});
