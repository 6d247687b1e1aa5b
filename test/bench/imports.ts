import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { openShop, type Merchant } from '../shop.ts';
import { round } from './measure.ts';
import { openStage, type Stage } from './stage.ts';

const SIZES = [5_000, 50_000];
/** What the app allows itself of the supplier's ten a second. */
const PER_SECOND = 8;
/** How many requests the supplier counts for one. */
const COSTS: Record<string, number> = { '/catalogue': 2, '/networks': 2 };

/** A supplier's whole catalogue read for the first time, and read again unchanged, at two sizes; on PostgreSQL only. */
export async function imports(postgresUrl: string | null, sizes = SIZES): Promise<void> {
  if (postgresUrl === null) {
    console.log('Imports are measured on PostgreSQL, where the rows can be counted from outside.');
    return;
  }
  const table: Record<string, Awaited<ReturnType<typeof importing>>> = {};
  for (const bundles of sizes) {
    const stage = await openStage({ postgresUrl, bundles });
    const client = new pg.Client({ connectionString: stage.databaseUrl ?? '' });
    await client.connect();
    try {
      const merchant = await openShop(stage, { imports: false });
      table[`${bundles} bundles, first`] = await importing(stage, client, merchant);
      table[`${bundles} bundles, unchanged`] = await importing(stage, client, merchant);
    } finally {
      await client.end();
      await stage.end();
    }
  }
  console.log(
    `\nImports (seconds; the pace is what the supplier allows, ${PER_SECOND} a second; memory in MB above the moment before)`,
  );
  console.table(table);
}

async function importing(stage: Stage, client: pg.Client, merchant: Merchant) {
  const requestsBefore = stage.esimGo.requests.length;
  const processorBefore = stage.processorTime();
  const memoryBefore = stage.memory();
  const mark = await transactionNow(client);
  await merchant.send('/app/catalogue?index', 'app.catalogue._index', { intent: 'import' });
  let peak = memoryBefore;
  let took = await secondsOfNewest(client);
  for (; took === null; took = await secondsOfNewest(client)) {
    peak = Math.max(peak, stage.memory());
    await sleep(100);
  }
  const requests = stage.esimGo.requests.slice(requestsBefore);
  // The first request waits for nobody; each one after waits for what the one before it counted.
  const pace = requests.slice(0, -1).reduce((sum, { path }) => sum + (COSTS[path] ?? 1), 0) / PER_SECOND;
  return {
    took: round(took),
    pace: round(pace),
    'beyond the pace': Math.round((took - pace) * 100) / 100,
    processor: round(stage.processorTime() - processorBefore),
    memory: Math.round(peak - memoryBefore),
    'rows written': await writtenSince(client, mark),
    requests: requests.length,
  };
}

async function one<Row extends pg.QueryResultRow>(client: pg.Client, sql: string, values: unknown[] = []) {
  const { rows } = await client.query<Row>(sql, values);
  return rows[0];
}

/** How long the newest sync took; null while it goes on. */
async function secondsOfNewest(client: pg.Client): Promise<number | null> {
  const row = await one<{ state: string; seconds: string | null }>(
    client,
    `SELECT state, extract(epoch FROM "finishedAt" - "startedAt") AS seconds FROM "Task"
     WHERE kind = 'catalogue.sync' ORDER BY "createdAt" DESC LIMIT 1`,
  );
  if (row?.state === 'failed') throw new Error('the import failed');
  return row?.seconds == null ? null : Number(row.seconds);
}

async function transactionNow(client: pg.Client): Promise<string> {
  return (await one<{ id: string }>(client, 'SELECT pg_current_xact_id()::text AS id'))?.id ?? '0';
}

/** Rows that a transaction after that one has written: told by PostgreSQL, not by our own counting. */
async function writtenSince(client: pg.Client, mark: string): Promise<number> {
  const row = await one<{ count: string }>(
    client,
    'SELECT count(*) FROM "Bundle" WHERE xmin::text::bigint > $1::bigint',
    [mark],
  );
  return Number(row?.count);
}
