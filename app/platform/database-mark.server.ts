import { databaseNow, db, isEmbedded } from './db.server.ts';
import { currentTime, DAY, msSince, SECOND } from './time.ts';

/**
 * What tells this PostgreSQL from a copy of it that was put back: the cluster's own number, its timeline (which a
 * recovery to a point in time changes), the database's number (a copied or newly made database has another) and that
 * of one of our tables (a dump that is read in makes new ones).
 */
export async function readMark(): Promise<string> {
  const [row] = await db.$queryRaw<{ database: number; table: number }[]>`
    SELECT d.oid::int8 AS database, '"PurchaseAttempt"'::regclass::oid::int8 AS table
    FROM pg_database d WHERE d.datname = current_database()`;
  return [await readCluster(), row?.database, row?.table].join(' ');
}

/** Whether the database was exchanged for another since its mark was written. The embedded one cannot be, while it runs. */
export async function isAnotherDatabase(): Promise<boolean> {
  if (isEmbedded()) return false;
  const kept = await keptMark();
  return kept !== null && kept !== (await readMark());
}

/** The mark as the database itself holds it; null in one that never had any. */
export async function keptMark(): Promise<string | null> {
  return (await db.databaseMark.findUnique({ where: { id: 1 } }))?.mark ?? null;
}

/** Since when a restored database may have forgotten accounts, too; null when it was not restored in the last month. */
export async function forgottenSince(): Promise<Date | null> {
  const since = (await db.databaseMark.findUnique({ where: { id: 1 } }))?.gapSince ?? null;
  return since !== null && msSince(since) < 30 * DAY ? since : null;
}

/**
 * The newest moment of which the database knows: when a process last wrote that it lives, or anything happened. How
 * long that is ago is counted by the database's own clock. What is newer than `before` does not count.
 */
export async function lastSign(before: Date | null = null): Promise<{ lastKnownAt: Date; silentMs: number }> {
  const [row] = await db.$queryRaw<{ at: Date; silentSeconds: number }[]>`
    -- LEAST and GREATEST pass over null: a new database knows of the bound.
    WITH last AS (
      SELECT LEAST(GREATEST(
        (SELECT max("heartbeatAt") FROM "Instance" WHERE "heartbeatAt" <= bound.at),
        (SELECT max("sentAt") FROM "PurchaseAttempt" WHERE "sentAt" <= bound.at),
        (SELECT max(at) FROM "OrderEvent" WHERE at <= bound.at)
      ), bound.at) AS at FROM (SELECT COALESCE(${before}::timestamp, ${databaseNow}) AS at) bound
    )
    SELECT at, extract(epoch FROM ${databaseNow} - at)::float8 AS "silentSeconds" FROM last`;
  return { lastKnownAt: row?.at ?? currentTime(), silentMs: (row?.silentSeconds ?? 0) * SECOND };
}

async function readCluster(): Promise<string> {
  try {
    const [row] = await db.$queryRaw<{ cluster: string; timeline: number }[]>`
      SELECT system_identifier::text AS cluster, timeline_id::int4 AS timeline
      FROM pg_control_system(), pg_control_checkpoint()`;
    return `${row?.cluster ?? '-'} ${String(row?.timeline ?? '-')}`;
  } catch (error) {
    // 42501: a host that does not let us ask. The numbers of database and table remain; any other failure says nothing.
    if (!(error instanceof Error && error.message.includes('Code: `42501`'))) throw error;
    return '- -';
  }
}
