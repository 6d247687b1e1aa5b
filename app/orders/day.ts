import { DAY, HOUR, MINUTE, SECOND } from '../platform/time.ts';

/** The instant at which the day of `now` began on a clock in `timezone` (an IANA name). */
export function startOfDay(now: Date, timezone: string): Date {
  const elapsed = sinceMidnight(now, timezone);
  const guess = new Date(now.getTime() - elapsed);
  // The clocks may have been put forward or back since midnight: the guess is then off by that hour.
  const off = sinceMidnight(guess, timezone);
  return new Date(guess.getTime() - (off > DAY / 2 ? off - DAY : off));
}

function sinceMidnight(instant: Date, timezone: string): number {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hourCycle: 'h23',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const clock =
    (parts.get('hour') ?? 0) * HOUR +
    (parts.get('minute') ?? 0) * MINUTE +
    (parts.get('second') ?? 0) * SECOND;
  return clock + (instant.getTime() % SECOND);
}
