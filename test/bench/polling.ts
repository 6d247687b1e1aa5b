import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Owner } from './desk-rows.ts';
import { round } from './measure.ts';
import type { Stage } from './stage.ts';

const DUE = 100_000;
const SECONDS = 60;

/**
 * What reading eSIMs by itself costs when 100,000 of a million are due at once, one in five of them in use: the requests the
 * supplier got, who came first, and how the database found them.
 */
export async function polling(stage: Stage, client: pg.Client, { accountId }: Owner): Promise<void> {
  await client.query(
    `UPDATE "Esim" SET "nextLookAt" = app_now() - interval '1 hour' * random() WHERE id IN
      (SELECT id FROM "Esim" WHERE "accountId" = $1 AND status IN ('new', 'active') LIMIT $2)`,
    [accountId, DUE],
  );
  await client.query('VACUUM ANALYZE "Esim"');
  // What these two ask is not counted: it comes before the first count and after the second.
  const before = await dueOf(client, accountId);
  const scansBefore = await scans(client);
  const asked = stage.esimGo.requests.length;
  const processor = stage.processorTime();
  await sleep(SECONDS * 1000);
  const scansAfter = await scans(client);
  const after = await dueOf(client, accountId);
  const requests = stage.esimGo.requests.slice(asked);
  const read = before.all - after.all;
  const used = stage.processorTime() - processor;
  console.log(
    `\nPolling ${String(DUE)} due eSIMs for ${String(SECONDS)} s: ${String(round(requests.length / SECONDS))} requests a second ` +
      `(at most ${String(busiest(requests.map(({ at }) => at.getTime())))} in any one), ${String(read)} eSIMs read, of them ` +
      `${String(round((100 * (before.active - after.active)) / read))} % in use; ${String(round((1000 * used) / read))} ms of the app's ` +
      `processor each; the table was read from end to end ${String(scansAfter.whole - scansBefore.whole)} times, and ` +
      `${String(round((scansAfter.rows - scansBefore.rows) / read))} rows of the indexes of due eSIMs for each one read.`,
  );
}

async function dueOf(client: pg.Client, accountId: string) {
  const { rows } = await client.query<{ all: number; active: number }>(
    `SELECT count(*)::int AS all, (count(*) FILTER (WHERE status = 'active'))::int AS active FROM "Esim"
     WHERE "accountId" = $1 AND "nextLookAt" <= app_now()`,
    [accountId],
  );
  return rows[0] ?? { all: 0, active: 0 };
}

/** How the table of eSIMs has been read so far, by everybody. */
async function scans(client: pg.Client) {
  await client.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await client.query<{ whole: number; rows: number }>(
    `SELECT (SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'Esim')::int AS whole, sum(idx_tup_read)::int AS rows
     FROM pg_stat_user_indexes WHERE indexrelname IN ('Esim_accountId_nextLookAt_idx', 'Esim_active_accountId_nextLookAt_idx')`,
  );
  return rows[0] ?? { whole: 0, rows: 0 };
}

/** The most of these instants that fall within one second. */
function busiest(instants: number[]): number {
  return Math.max(
    0,
    ...instants.map((from) => instants.filter((instant) => instant >= from && instant < from + 1000).length),
  );
}
