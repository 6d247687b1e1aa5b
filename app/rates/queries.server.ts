import { db } from '../platform/db.server.ts';
import type { EuroRates } from './rates.ts';

/** The newest reference rates there are, or those of a day; null before the first. */
export async function euroRates(day?: Date): Promise<EuroRates | null> {
  const found = await db.exchangeRate.findFirst({
    ...(day && { where: { day } }),
    orderBy: { day: 'desc' },
    select: { day: true },
  });
  if (!found) return null;
  const rows = await db.exchangeRate.findMany({ where: { day: found.day } });
  return {
    day: found.day,
    perEuro: new Map(rows.map(({ currency, perEuro }) => [currency, perEuro.toFixed()])),
  };
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
