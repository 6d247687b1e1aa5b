import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';

/** One statement past the app; answers its rows. */
export type Query = <Row>(sql: string) => Promise<Row[]>;

/** Looks into a PostgreSQL, while others use it. */
export async function lookIntoPostgres<Answer>(
  url: string,
  look: (query: Query) => Promise<Answer>,
): Promise<Answer> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // Whoever asks knows the columns they named.
    return await look(async <Row>(sql: string) => (await client.query(sql)).rows as Row[]);
  } finally {
    await client.end();
  }
}

/** Looks into an embedded database, which nobody may have open. */
export async function lookIntoEmbedded<Answer>(
  dataDir: string,
  look: (query: Query) => Promise<Answer>,
): Promise<Answer> {
  const embedded = await PGlite.create(join(dataDir, 'postgres'));
  try {
    return await look(async <Row>(sql: string) => (await embedded.query<Row>(sql)).rows);
  } finally {
    await embedded.close();
  }
}
