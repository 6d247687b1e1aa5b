import { databaseNow, db, Prisma } from './db.server.ts';
import { sleep } from './time.ts';

/** The budget has no place within the wait that was allowed. Nothing was sent. */
export class BudgetExhausted extends Error {
  readonly waitMs: number;
  constructor(host: string, waitMs: number) {
    super(`no request to ${host} is free for ${String(waitMs)} ms`);
    this.waitMs = waitMs;
  }
}

// Nobody is asked to wait so long: such a time was written before the clock was set back, and means nothing now.
const honestNextAt = Prisma.sql`(CASE WHEN budget."nextAt" > ${databaseNow} + interval '5 minutes'
  THEN ${databaseNow} ELSE budget."nextAt" END)`;

/**
 * Waits for this process's turn to call `host`, in one row shared by every process: turns are spaced evenly, which
 * keeps any fixed window of the other side. Throws `BudgetExhausted`, without taking a turn, beyond `mostWaitMs`.
 */
export async function takeTurn(host: string, perSecond: number, mostWaitMs: number): Promise<void> {
  const spacing = Prisma.sql`make_interval(secs => ${1 / perSecond})`;
  // No row comes back when the turn is too far away: nothing was changed then.
  const [turn] = await db.$queryRaw<{ waitMs: number }[]>`
    INSERT INTO "RateBudget" AS budget (host, "nextAt") VALUES (${host}, ${databaseNow} + ${spacing})
    ON CONFLICT (host) DO UPDATE SET "nextAt" = greatest(${honestNextAt}, ${databaseNow}) + ${spacing}
      WHERE ${honestNextAt} <= ${databaseNow} + make_interval(secs => ${mostWaitMs / 1000})
    RETURNING greatest(0, ceil(extract(epoch from ("nextAt" - ${spacing} - ${databaseNow})) * 1000))::int AS "waitMs"`;
  if (!turn) throw new BudgetExhausted(host, await timeToNextTurn(host));
  if (turn.waitMs > 0) await sleep(turn.waitMs);
}

/**
 * The turn that was taken counted as so many: those behind it move back. Counted from the turn, so that what the answer took
 * and what is done with it are not waited for once more.
 */
export async function countTurn(host: string, turns: number, perSecond: number): Promise<void> {
  await db.$executeRaw`
    UPDATE "RateBudget" SET "nextAt" = "nextAt" + make_interval(secs => ${(turns - 1) / perSecond}) WHERE host = ${host}`;
}

/** The other side asked everyone to wait: no turn before that. */
export async function holdTurns(host: string, forMs: number): Promise<void> {
  await db.$executeRaw`
    INSERT INTO "RateBudget" AS budget (host, "nextAt") VALUES (${host}, ${databaseNow} + make_interval(secs => ${forMs / 1000}))
    ON CONFLICT (host) DO UPDATE SET "nextAt" = greatest(${honestNextAt}, excluded."nextAt")`;
}

async function timeToNextTurn(host: string): Promise<number> {
  const [next] = await db.$queryRaw<{ waitMs: number }[]>`
    SELECT greatest(0, ceil(extract(epoch from ("nextAt" - ${databaseNow})) * 1000))::int AS "waitMs" FROM "RateBudget" WHERE host = ${host}`;
  return next?.waitMs ?? 0;
}
