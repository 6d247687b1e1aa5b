// Generates the database client into prisma/client, without a database and without a download.
import { spawnSync } from 'node:child_process';

const { status } = spawnSync('prisma', ['generate', '--no-hints'], {
  stdio: ['ignore', 'ignore', 'inherit'],
  env: { ...process.env, DATABASE_URL: 'postgresql://pglite' },
});
process.exit(status ?? 1);
