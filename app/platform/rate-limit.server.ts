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
const honestNextAt = (aheadSeconds = 0) => Prisma.sql`(CASE
  WHEN budget."nextAt" > ${databaseNow} + make_interval(secs => ${300 + aheadSeconds}) THEN ${databaseNow} ELSE budget."nextAt" END)`;

/**
 * Waits for this process's turn to call `host`, in one row shared by every process: turns are spaced evenly, which
 * keeps any fixed window of the other side. Throws `BudgetExhausted`, without taking a turn, beyond `mostWaitMs`. With a
 * `burst` so many may come at once after a rest: in any time, that many and what the pace gives. Who allows less than no
 * wait leaves as much of it to others.
 */
export async function takeTurn(
  host: string,
  perSecond: number,
  mostWaitMs: number,
  burst = 1,
): Promise<void> {
  const spacing = Prisma.sql`make_interval(secs => ${1 / perSecond})`;
  // What is ahead of evenly spaced turns, and may be.
  const ahead = (burst - 1) / perSecond;
  const early = Prisma.sql`make_interval(secs => ${ahead})`;
  const next = honestNextAt(ahead);
  // No row comes back when the turn is too far away: nothing was changed then.
  const [turn] = await db.$queryRaw<{ waitMs: number }[]>`
    INSERT INTO "RateBudget" AS budget (host, "nextAt") VALUES (${host}, ${databaseNow} + ${spacing})
    ON CONFLICT (host) DO UPDATE SET "nextAt" = greatest(${next}, ${databaseNow}) + ${spacing}
      WHERE ${next} <= ${databaseNow} + ${early} + make_interval(secs => ${mostWaitMs / 1000})
    RETURNING greatest(0, ceil(extract(epoch from ("nextAt" - ${spacing} - ${early} - ${databaseNow})) * 1000))::int AS "waitMs"`;
  if (!turn)
    throw new BudgetExhausted(host, await timeToNextTurn(host, 1000 * ahead + Math.min(0, mostWaitMs)));
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
    ON CONFLICT (host) DO UPDATE SET "nextAt" = greatest(${honestNextAt()}, excluded."nextAt")`;
}

/**
 * Takes one of `most` in a window that slides, in the same row; 0 when there was one, else the milliseconds until the next
 * is free. For the few requests that another side counts so, such as log-ins.
 */
export async function takeOfWindow(host: string, most: number, windowMs: number): Promise<number> {
  const window = Prisma.sql`make_interval(secs => ${windowMs / 1000})`;
  // What is further ahead was written before the clock was set back.
  const recent = Prisma.sql`(SELECT coalesce(array_agg(at ORDER BY at), '{}') FROM unnest(budget.recent) AS at
    WHERE at BETWEEN ${databaseNow} - ${window} AND ${databaseNow} + ${window})`;
  const taken = await db.$executeRaw`
    INSERT INTO "RateBudget" AS budget (host, "nextAt", recent) VALUES (${host}, ${databaseNow}, ARRAY[${databaseNow}])
    ON CONFLICT (host) DO UPDATE SET recent = ${recent} || ${databaseNow}
      WHERE cardinality(${recent}) < ${most}`;
  if (taken === 1) return 0;
  const [row] = await db.$queryRaw<{ waitMs: number }[]>`
    SELECT greatest(1, ceil(extract(epoch from ((${recent})[cardinality(${recent}) - ${most} + 1]
      + ${window} - ${databaseNow})) * 1000))::int AS "waitMs"
    FROM "RateBudget" AS budget WHERE host = ${host}`;
  return row?.waitMs ?? windowMs;
}

async function timeToNextTurn(host: string, earlyMs: number): Promise<number> {
  const [next] = await db.$queryRaw<{ waitMs: number }[]>`
    SELECT greatest(0, ceil(extract(epoch from ("nextAt" - ${databaseNow})) * 1000 - ${earlyMs}))::int AS "waitMs" FROM "RateBudget" WHERE host = ${host}`;
  return next?.waitMs ?? 0;
}
