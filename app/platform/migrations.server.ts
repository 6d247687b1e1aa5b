import { createHash, randomUUID } from 'node:crypto';

/** What both drivers can do: run a script of many statements, and one statement with parameters. */
export interface SqlConnection {
  script(sql: string): Promise<unknown>;
  query(sql: string, parameters?: unknown[]): Promise<Record<string, unknown>[]>;
}

const files = import.meta.glob<string>('../../prisma/migrations/*/migration.sql', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/**
 * Applies what `prisma/migrations` holds and the database has not seen, in order, each in one transaction. It keeps
 * Prisma's own table and lock, so `prisma migrate status` and `deploy` agree with it; Prisma's command is not used at
 * start because it would need a second process on the embedded database. Many processes may call it at once.
 */
export async function applyMigrations(connection: SqlConnection): Promise<number> {
  await connection.query('SELECT pg_advisory_lock(72707369)');
  try {
    await connection.script(historyTable);
    const rows = await connection.query(
      'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL',
    );
    const seen = new Set(rows.map((row) => row['migration_name']));
    const due = Object.entries(files)
      .map(([path, sql]) => ({ name: path.split('/').at(-2) ?? path, sql }))
      .filter(({ name }) => !seen.has(name))
      .sort((a, b) => a.name.localeCompare(b.name));
    for (const migration of due) await apply(connection, migration);
    return due.length;
  } finally {
    await connection.query('SELECT pg_advisory_unlock(72707369)');
  }
}

async function apply(connection: SqlConnection, { name, sql }: { name: string; sql: string }) {
  const checksum = createHash('sha256').update(sql).digest('hex');
  await connection.script('BEGIN');
  try {
    await connection.script(sql);
    await connection.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), 1)`,
      [randomUUID(), checksum, name],
    );
    await connection.script('COMMIT');
  } catch (error) {
    await connection.script('ROLLBACK');
    throw new Error(`The migration ${name} could not be applied; nothing of it was kept.`, { cause: error });
  }
}

const historyTable = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;
