import { DAY, HOUR, MINUTE, SECOND } from './time.ts';

/** The instant at which the day of `now` began on a clock in `timezone` (an IANA name). */
export function startOfDay(now: Date, timezone: string): Date {
  const elapsed = sinceMidnight(now, timezone);
  const guess = new Date(now.getTime() - elapsed);
  // The clocks may have been put forward or back since midnight: the guess is then off by that hour.
  const off = sinceMidnight(guess, timezone);
  return new Date(guess.getTime() - (off > DAY / 2 ? off - DAY : off));
}

/** The day of an instant on a clock in `timezone`, ISO 8601. */
export function dayOf(instant: Date, timezone: string): string {
  // Swedes write dates as ISO 8601 does.
  return formatFor('sv-SE', { timeZone: timezone }).format(instant);
}

/** The instant at which an ISO 8601 day begins on a clock in `timezone`. */
export function startOfDayOf(day: string, timezone: string): Date {
  // Noon in the zone is at most 14 hours from noon in UTC, so that one of the three is of the day.
  const noon = Date.parse(`${day}T12:00:00Z`);
  const some = [0, -12, 12].map((hours) => new Date(noon + hours * HOUR));
  const ofDay = some.find((instant) => dayOf(instant, timezone) === day) ?? new Date(noon);
  return startOfDay(ofDay, timezone);
}

/** The instant at which it ends, and the next one begins. */
export const endOfDay = (day: string, timezone: string): Date => startOfDayOf(daysLater(day, 1), timezone);

/** The ISO 8601 day so many days after another, or before it. */
export function daysLater(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY).toISOString().slice(0, 10);
}

/** From one day to another. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY;
}

function sinceMidnight(instant: Date, timezone: string): number {
  const format = formatFor('en-GB', {
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

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making one takes as long as using it a hundred times, and a year has many days. There are few time zones. */
function formatFor(
  locale: string,
  options: Intl.DateTimeFormatOptions & { timeZone: string },
): Intl.DateTimeFormat {
  const key = `${locale} ${options.timeZone}`;
  const known = formats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formats.set(key, known);
  return known;
}
