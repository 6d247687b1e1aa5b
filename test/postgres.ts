import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from './free-port.ts';

/** A PostgreSQL for the tests, as `postgresql://…` of its maintenance database, or why there is none. */
export async function openPostgres(): Promise<{ url: string; close: () => void } | { missing: string }> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given) return { url: given, close: () => undefined };
  const bin = findPrograms();
  if (!bin) return { missing: 'no initdb found; install PostgreSQL or set TEST_DATABASE_URL' };
  const asRoot = process.getuid?.() === 0;
  // PostgreSQL refuses to run as root; Debian's package makes the user postgres.
  if (asRoot && spawnSync('id', ['postgres']).status !== 0)
    return { missing: 'running as root, and there is no user postgres' };
  const folder = mkdtempSync(join(tmpdir(), 'esim-postgres-'));
  chmodSync(folder, 0o777);
  const data = join(folder, 'data');
  const port = await freePort();
  const run = (program: string, args: string[]) => {
    const command = [join(bin, program), ...args];
    const [file, ...rest] = asRoot ? ['runuser', '-u', 'postgres', '--', ...command] : command;
    execFileSync(file ?? '', rest, { stdio: 'ignore', cwd: folder });
  };
  run('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale']);
  const options = `-p ${String(port)} -h 127.0.0.1 -k ${folder} -c max_connections=200`;
  run('pg_ctl', ['-D', data, '-o', options, '-l', join(folder, 'log'), '-w', 'start']);
  return {
    url: `postgresql://postgres@127.0.0.1:${String(port)}/postgres`,
    close: () => {
      run('pg_ctl', ['-D', data, '-m', 'fast', '-w', 'stop']);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A database of its own for one world. */
export async function createDatabase(maintenanceUrl: string): Promise<string> {
  const name = `world_${String(process.pid)}_${String(Date.now())}_${Math.random().toString(36).slice(2, 8)}`;
  const client = new pg.Client({ connectionString: maintenanceUrl });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const url = new URL(maintenanceUrl);
  url.pathname = `/${name}`;
  return url.href;
}

function findPrograms(): string | null {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(':'),
  ];
  return (
    folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'pg_ctl'))) ?? null
  );
}
