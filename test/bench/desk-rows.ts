import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import pg from 'pg';
import type { SealedColumns, Wanted } from './desk-seal.ts';

/** The account that the rows are of. */
export interface Owner {
  shopId: string;
  accountId: string;
}

const BATCH = 10_000;

/**
 * Adds so many orders with an eSIM each, numbered from 1, as a shop of some years has them: sealed and indexed with the
 * app's own functions, most of them long used up. The settings of the app whose rows they are must be those of this process.
 */
export async function addRows(client: pg.Client, owner: Owner, count: number): Promise<void> {
  // What the rows refer to is written with them: looking it up, and each index row by row, would take most of the time.
  await client.query('SET session_replication_role = replica');
  const indexes = await takeIndexes(client);
  let next = 1;
  const addBatches = async (thread: Worker) => {
    while (next <= count) {
      const wanted: Wanted = { first: next, last: Math.min(next + BATCH - 1, count) };
      next = wanted.last + 1;
      thread.postMessage(wanted);
      const [columns] = (await once(thread, 'message')) as [SealedColumns]; // what desk-seal posts
      await addColumns(client, owner, columns);
    }
  };
  await onThreads(owner, addBatches);
  for (const index of indexes) await client.query(index);
  await client.query('RESET session_replication_role');
  // As autovacuum does.
  await client.query('VACUUM ANALYZE "Order", "Esim"');
}

/** While the rows of one thread are written, the others seal. */
async function onThreads({ shopId }: Owner, work: (thread: Worker) => Promise<void>): Promise<void> {
  const file = new URL('desk-seal.ts', import.meta.url);
  const threads = Array.from(
    { length: availableParallelism() },
    () => new Worker(file, { workerData: { shopId } }),
  );
  try {
    await Promise.all(threads.map(work));
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

async function addColumns(client: pg.Client, { shopId, accountId }: Owner, rows: SealedColumns) {
  await client.query(ADD_ORDERS, [
    ...[shopId, rows.number, rows.orderId, rows.email, rows.emailHash],
    ...[rows.name, rows.firstNameHash, rows.lastNameHash],
  ]);
  await client.query(ADD_ESIMS, [
    ...[shopId, accountId, rows.number, rows.orderId, rows.esimId, rows.secret],
    ...[rows.iccidHash, rows.iccidLast4, rows.matchingIdHash, rows.reference],
  ]);
}

/** Drops the indexes of the two tables, save those of their keys; answers the statements that make them again. */
async function takeIndexes(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ indexname: string; indexdef: string }>(
    `SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ('Order', 'Esim') AND indexname NOT LIKE '%_pkey'`,
  );
  for (const { indexname } of rows) await client.query(`DROP INDEX "${indexname}"`);
  return rows.map(({ indexdef }) => indexdef);
}

// Arrays as such would be quoted element by element.
const lines = (parameter: number) => `string_to_array($${String(parameter)}, E'\\n')`;

// Spread over a year, in no order.
const boughtAt = `app_now() - interval '365 days' * ((n::bigint * 7919) % 1000003) / 1000003.0`;

const ADD_ORDERS = `
  INSERT INTO "Order" (id, "shopId", "shopifyGid", name, email, "emailHash", "customerName", "nameHashes", currency, "paidAt",
    "mailState", "fulfilState", "createdAt")
  SELECT "orderId", $1, 'gid://shopify/Order/' || (7000000000 + n), '#' || (1000 + n), email, "emailHash", name,
    ARRAY["firstName", "lastName"], 'USD', ${boughtAt}, 'sent', 'done', ${boughtAt}
  FROM unnest(${lines(2)}::int[], ${[3, 4, 5, 6, 7, 8].map(lines).join(', ')})
    AS made (n, "orderId", email, "emailHash", name, "firstName", "lastName")`;

// Of a hundred: ten were never installed, five wait on a phone, ten are in use, and one could not be read.
const ADD_ESIMS = `
  INSERT INTO "Esim" (id, "shopId", "accountId", provider, "orderId", "orderReference", "iccidHash", "iccidLast4",
    "matchingIdHash", secret, "createdAt", "taggedAt", "bundleCode", destination, status, "profileStatus", "usedBytes",
    "totalBytes", "startedAt", "endsAt", "lookedAt", "lookProblem", "nextLookAt")
  SELECT "esimId", $1, $2, 'esim-go', "orderId", reference, "iccidHash", "iccidLast4", "matchingIdHash", secret, "createdAt",
    "createdAt", 'esim_1GB_7D_FR_V2', destination, status, CASE WHEN status = 'new' THEN 'released' ELSE 'installed' END,
    CASE status WHEN 'used-up' THEN 1000000000 WHEN 'new' THEN 0 ELSE (n % 1000) * 1000000 END, 1000000000,
    CASE WHEN status IN ('new', 'installed') THEN NULL ELSE "createdAt" + interval '1 day' END,
    CASE WHEN status = 'new' THEN NULL
      WHEN status IN ('installed', 'active') THEN app_now() + interval '30 days' * ((n::bigint * 104729) % 1000003) / 1000003.0
      ELSE "createdAt" + interval '8 days' END,
    app_now(), CASE WHEN n % 100 = 77 THEN 'down' END,
    CASE WHEN status IN ('new', 'installed', 'active') THEN app_now() + interval '1 day' END
  FROM (
    SELECT *, ${boughtAt} AS "createdAt", (ARRAY['FR', 'DE', 'JP', 'US', 'IT', 'ES', 'GB', 'TH', 'global', 'europe'])[1 + n % 10] AS destination,
      CASE WHEN n / 7 % 100 < 10 THEN 'new' WHEN n / 7 % 100 < 15 THEN 'installed' WHEN n / 7 % 100 < 25 THEN 'active'
        WHEN n / 7 % 100 < 60 THEN 'used-up' WHEN n / 7 % 100 < 95 THEN 'expired' WHEN n / 7 % 100 < 99 THEN 'revoked' ELSE 'gone' END AS status
    FROM unnest(${lines(3)}::int[], ${[4, 5, 6, 7, 8, 9, 10].map(lines).join(', ')})
      AS made (n, "orderId", "esimId", secret, "iccidHash", "iccidLast4", "matchingIdHash", reference)
  ) AS esim`;
