import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { ConstructorOptions } from 'pg-boss';
import { fromPglite } from 'pg-boss';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { Prisma, PrismaClient } from '../../prisma/client/client.ts';
import { config } from './config.server.ts';
import { lockDataDirectory } from './data-directory.server.ts';
import { keepOnDisk } from './durable.server.ts';
import { endJournal, readJournal } from './intent-journal.server.ts';
import { log } from './log.server.ts';
import { applyMigrations } from './migrations.server.ts';
import { SECOND, sleep } from './time.ts';

/** The database. Opened once, before anything else of the app runs. */
export let db: PrismaClient;
export { Prisma };
export type Transaction = Prisma.TransactionClient;

/** The database's clock for raw queries, so that processes whose clocks differ agree: UTC without a zone, as the columns. */
export const databaseNow = Prisma.sql`app_now()`;

/**
 * The same, read once for a whole statement: by what is compared with it PostgreSQL can search an index. The clock itself may
 * have moved on with every row, so that each would have to be compared.
 */
export const databaseNowOnce = Prisma.sql`(SELECT app_now())`;

/** An instant for raw queries: the columns have no zone, so that as text it is UTC whatever the connection's zone is. */
export const utc = (instant: Date): Prisma.Sql => Prisma.sql`${instant.toISOString()}::timestamp`;

/** What pg-boss needs to share the database. Set by `openDatabase`. */
export let queueOptions: ConstructorOptions;

/**
 * One statement past Prisma, which parses and plans each anew, and on connections of its own, behind nobody's
 * transaction: for what happens hundreds of times a second while Shopify waits.
 */
export let runStatement: (
  statement: { name: string; sql: string },
  parameters: unknown[],
) => Promise<Record<string, unknown>[]>;

let close: () => Promise<void>;

/** Embedded (PGlite) without DATABASE_URL, PostgreSQL with it; migrated to the newest schema either way. */
export async function openDatabase(): Promise<void> {
  await (config.DATABASE_URL === undefined ? openEmbedded() : openPostgres(config.DATABASE_URL));
}

export async function closeDatabase(): Promise<void> {
  await db.$disconnect();
  await close();
}

/** Whether the app runs on the embedded database, which loses the last commits when the power goes. */
export function isEmbedded(): boolean {
  return config.DATABASE_URL === undefined;
}

/** True for the database's "this key exists already", which is how a second arrival shows itself. */
export function isDuplicate(error: unknown): boolean {
  if (error instanceof Prisma.PrismaClientKnownRequestError) return error.code === 'P2002';
  // The embedded database's adapter passes PostgreSQL's own code on.
  const cause = error instanceof Error ? error.cause : null;
  return typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === '23505';
}

async function openEmbedded() {
  const lock = lockDataDirectory(config.DATA_DIR);
  const openedAt = new Date();
  const { started } = readJournal(config.DATA_DIR);
  const folder = join(config.DATA_DIR, 'postgres');
  const pglite = await PGlite.create(folder).catch((error: unknown) => {
    throw unreadable(folder, error);
  });
  await applyMigrations({
    script: (sql) => pglite.exec(sql),
    query: async (sql, parameters) => (await pglite.query<Record<string, unknown>>(sql, parameters)).rows,
  });
  db = new PrismaClient({ adapter: embeddedAdapter(pglite), transactionOptions });
  queueOptions = { db: fromPglite(pglite), backend: 'pglite' };
  runStatement = async ({ sql }, parameters) =>
    (await pglite.query<Record<string, unknown>>(sql, parameters)).rows;
  close = async () => {
    await pglite.close();
    // A run that did not stop cleanly may have left files that the disk was never asked to keep.
    keepOnDisk(folder, started.size === 0 ? openedAt : null);
    endJournal();
    lock.release();
  };
}

function unreadable(folder: string, cause: unknown): Error {
  return new Error(
    `The app does not start, because the embedded database in ${folder} cannot be read. Put a copy of that folder ` +
      'back and leave purchases.journal beside it as it is: what the copy has forgotten is then looked up at the ' +
      'supplier before anything is bought.',
    { cause },
  );
}

async function openPostgres(connectionString: string) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await applyMigrations({
      script: (sql) => client.query(sql),
      query: async (sql, parameters) => (await client.query<Record<string, unknown>>(sql, parameters)).rows,
    });
  } finally {
    await client.end();
  }
  const pool = new pg.Pool({ connectionString, max: 10 });
  const statements = new pg.Pool({ connectionString, max: 2 });
  // Prisma listens too, but not before its first query; a lost connection without a listener ends the process.
  for (const each of [pool, statements])
    each.on('error', (error) => {
      log.warn('database.connection-lost', {}, error);
    });
  db = new PrismaClient({ adapter: new PrismaPg(pool), transactionOptions });
  queueOptions = { connectionString, max: 4 };
  runStatement = async ({ name, sql }, values) =>
    (await statements.query<Record<string, unknown>>({ name, text: sql, values })).rows;
  close = async () => {
    // A connection that was lost in the middle of something may never come back to its pool.
    await Promise.race([Promise.all([pool.end(), statements.end()]), sleep(5 * SECOND)]);
  };
}

// The adapter was built against an older copy of Prisma's interface; only the type of one argument differs.
function embeddedAdapter(pglite: PGlite) {
  return new PrismaPGlite(pglite) as unknown as PrismaPg;
}

// On PGlite every transaction waits for the one before it: a burst needs more patience than the default 2 s.
const transactionOptions = { maxWait: 15_000, timeout: 15_000 };
