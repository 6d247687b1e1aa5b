import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUR, MINUTE } from '../platform/time.ts';
import { isNightlyDue } from './quiet-hour.ts';

const START = Date.UTC(2026, 2, 1);

/** Looks every ten minutes for some days, and begins whenever it is due. */
function begun(accountId: string, timezone: string, lastAt: Date, days: number): Date[] {
  const all: Date[] = [];
  for (let at = START; at < START + days * 24 * HOUR; at += 10 * MINUTE) {
    const now = new Date(at);
    if (isNightlyDue({ accountId, timezone, lastAt: all.at(-1) ?? lastAt, now })) all.push(now);
  }
  return all;
}

const hourIn = (timezone: string, at: Date) =>
  Number(at.toLocaleString('en-GB', { timeZone: timezone, hour: 'numeric', hourCycle: 'h23' }));

test('once a night, in the small hours of the shop, also when the clocks change', () => {
  const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'UTC', 'Asia/Kathmandu');
  fc.assert(
    fc.property(fc.uuid(), zones, (accountId, timezone) => {
      const nights = begun(accountId, timezone, new Date(START - 7 * HOUR), 40);
      expect(nights.length).toBeGreaterThanOrEqual(39);
      expect(nights.length).toBeLessThanOrEqual(41);
      for (const at of nights) expect([1, 2, 3, 4, 5]).toContain(hourIn(timezone, at));
    }),
    { numRuns: 20 },
  );
});

test('what a person began at night is not done again the same night, and a missed night is made up', () => {
  const facts = { accountId: 'a', timezone: 'UTC' };
  const at = (hour: number) => new Date(START + hour * HOUR);
  expect(isNightlyDue({ ...facts, lastAt: at(0.5), now: at(5.5) })).toBe(false);
  expect(isNightlyDue({ ...facts, lastAt: at(-1), now: at(5.9) })).toBe(true);
  expect(isNightlyDue({ ...facts, lastAt: at(-10), now: at(15) })).toBe(false);
  expect(isNightlyDue({ ...facts, lastAt: at(-22), now: at(15) })).toBe(true);
});

test('accounts are spread over the night', () => {
  const hours = Array.from({ length: 400 }, (_, index) => {
    const [first] = begun(`account-${String(index)}`, 'UTC', new Date(START - 7 * HOUR), 1);
    return first ? hourIn('UTC', first) : -1;
  });
  for (const hour of [1, 2, 3, 4]) {
    const share = hours.filter((other) => other === hour).length / hours.length;
    expect(share).toBeGreaterThan(0.15);
  }
});
