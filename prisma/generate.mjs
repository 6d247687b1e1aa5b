// Generates the database client into prisma/client, without a database and without a download.
import { spawnSync } from 'node:child_process';

const { status, stderr } = spawnSync('prisma', ['generate', '--no-hints'], {
  encoding: 'utf8',
  shell: process.platform === 'win32',
  env: { ...process.env, DATABASE_URL: 'postgresql://pglite' },
});
if (status !== 0) console.error(stderr);
process.exit(status ?? 1);
