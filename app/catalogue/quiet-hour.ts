import { HOUR, MINUTE } from '../platform/time.ts';

/** From one o'clock at night in the shop; the last of them begin before five. */
const FIRST_MINUTE = 60;
const SPREAD_MINUTES = 240;
const OVER_AT_MINUTE = 360;
/** A night was missed, as the app was not running: then at any hour. */
const TOO_OLD = 36 * HOUR;

/** When a shop's catalogue is read by itself: once a night, each account at a minute of its own. */
export function isNightlyDue({
  accountId,
  timezone,
  lastAt,
  now,
}: {
  accountId: string;
  /** IANA name. */
  timezone: string;
  /** When it was last begun, by itself or by a person. */
  lastAt: Date;
  now: Date;
}): boolean {
  const age = now.getTime() - lastAt.getTime();
  if (age > TOO_OLD) return true;
  const minute = minuteOfDay(now, timezone);
  const isQuiet = minute >= FIRST_MINUTE + ownMinute(accountId) && minute < OVER_AT_MINUTE;
  return isQuiet && age > OVER_AT_MINUTE * MINUTE;
}

/** The same for an account every night, and different accounts are spread evenly. */
function ownMinute(accountId: string): number {
  let hash = 2166136261;
  for (const letter of accountId) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16777619);
  return (hash >>> 0) % SPREAD_MINUTES;
}

function minuteOfDay(now: Date, timezone: string): number {
  const parts = new Map(
    clockIn(timezone)
      .formatToParts(now)
      .map(({ type, value }) => [type, Number(value)]),
  );
  return (parts.get('hour') ?? 0) * 60 + (parts.get('minute') ?? 0);
}

const clocks = new Map<string, Intl.DateTimeFormat>();

// Making one takes longer than all the rest, and many shops ask every half a minute.
function clockIn(timezone: string): Intl.DateTimeFormat {
  const clock =
    clocks.get(timezone) ??
    new Intl.DateTimeFormat('en-GB', {
      ...{ timeZone: timezone, hourCycle: 'h23', hour: 'numeric', minute: 'numeric' },
    });
  clocks.set(timezone, clock);
  return clock;
}
