import { db, Prisma, utc } from '../platform/db.server.ts';
import type { EuroRates } from './rates.ts';

/** The newest reference rates there are, or those of a day; null before the first. */
export async function euroRates(day?: Date): Promise<EuroRates | null> {
  const asked = day ? Prisma.sql`${utc(day)}::date` : Prisma.sql`(SELECT max(day) FROM "ExchangeRate")`;
  const rows = await db.$queryRaw<{ day: Date; currency: string; perEuro: string }[]>`
    SELECT day, currency, trim_scale("perEuro")::text AS "perEuro" FROM "ExchangeRate" WHERE day = ${asked}`;
  const [first] = rows;
  return first
    ? { day: first.day, perEuro: new Map(rows.map(({ currency, perEuro }) => [currency, perEuro])) }
    : null;
}

/** How the last look for rates went; null before the first. `problem` names what kept us from reading them. */
export async function lastLook(): Promise<{
  lookedAt: Date;
  gotAt: Date | null;
  problem: 'down' | 'unreadable' | null;
} | null> {
  const row = await db.rateLook.findUnique({ where: { id: 1 } });
  // Only fetch.server.ts writes the column, and it writes these words.
  return row && { ...row, problem: row.problem as 'down' | 'unreadable' | null };
}

/** The reference rates of some currencies on every day that has any, between two of them. */
export async function euroRatesBetween({
  from,
  until,
  currencies,
}: {
  from: Date;
  until: Date;
  currencies: string[];
}): Promise<EuroRates[]> {
  const rows = await db.exchangeRate.findMany({
    where: { day: { gte: from, lte: until }, currency: { in: currencies } },
  });
  const days = new Map<number, Map<string, string>>();
  for (const { day, currency, perEuro } of rows) {
    const known = days.get(day.getTime()) ?? new Map<string, string>();
    days.set(day.getTime(), known.set(currency, perEuro.toFixed()));
  }
  return [...days].map(([day, perEuro]) => ({ day: new Date(day), perEuro }));
}
