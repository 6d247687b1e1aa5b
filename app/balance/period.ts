import { dayOf, daysBetween, daysLater } from '../platform/day.ts';

export const periods = ['today', '7', '30', '90', 'custom'] as const;
export type PeriodName = (typeof periods)[number];

/** ISO 8601 days on the shop's clock, both included. */
export interface Period {
  name: PeriodName;
  from: string;
  until: string;
}

const MOST_DAYS = 366;

/** Reads `period`, `from` and `until` of an address. What makes no sense is the last 30 days; of what is too long, the end. */
export function readPeriod(
  parameters: URLSearchParams,
  { now, timezone }: { now: Date; timezone: string },
): Period {
  const today = dayOf(now, timezone);
  const name = periods.find((each) => each === parameters.get('period')) ?? '30';
  if (name === 'today') return { name, from: today, until: today };
  if (name !== 'custom') return { name, from: daysLater(today, 1 - Number(name)), until: today };
  const [from, until] = [parameters.get('from') ?? '', parameters.get('until') ?? ''];
  if (!isDay(from) || !isDay(until) || from > until || from > today)
    return { name, from: daysLater(today, -29), until: today };
  const earliest = daysLater(until, 1 - MOST_DAYS);
  return { name, from: from < earliest ? earliest : from, until };
}

/** The days of a period, the oldest first. */
export function daysOf({ from, until }: Pick<Period, 'from' | 'until'>): string[] {
  return Array.from({ length: daysBetween(from, until) + 1 }, (_, index) => daysLater(from, index));
}

const isDay = (text: string) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
