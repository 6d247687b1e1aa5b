import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { root } from './build.ts';
import { freePort } from './free-port.ts';
import { scratchFolder } from './scratch.ts';

/** A PostgreSQL for the tests, as `postgresql://…` of its maintenance database, or why there is none. */
export async function openPostgres(): Promise<{ url: string; close: () => void } | { missing: string }> {
  const given = process.env['TEST_DATABASE_URL'];
  return given ? { url: given, close: () => undefined } : startPostgres();
}

/** A PostgreSQL of one's own, which others do not use and which may crash. */
export interface OwnPostgres {
  url: string;
  /** Ends it as the loss of its process does, without a word to anybody; started again it recovers from its log. */
  crash: () => Promise<void>;
  /** Resolves when it takes connections again. */
  start: () => Promise<void>;
  close: () => void;
}

export async function startPostgres(): Promise<OwnPostgres | { missing: string }> {
  const bin = findPrograms();
  if (!bin) return { missing: 'no initdb found; install PostgreSQL or set TEST_DATABASE_URL' };
  const asRoot = process.getuid?.() === 0;
  // PostgreSQL refuses to run as root; Debian's package makes the user postgres.
  if (asRoot && spawnSync('id', ['postgres']).status !== 0)
    return { missing: 'running as root, and there is no user postgres' };
  const folder = scratchFolder('postgres');
  chmodSync(folder, 0o777);
  const data = join(folder, 'data');
  const port = await freePort();
  const command = (program: string, args: string[]): [string, string[]] => {
    const whole = [join(bin, program), ...args];
    return asRoot ? ['runuser', ['-u', 'postgres', '--', ...whole]] : [whole[0] ?? '', whole.slice(1)];
  };
  const run = (program: string, args: string[]) => {
    execFileSync(...command(program, args), { stdio: 'ignore', cwd: folder });
  };
  run('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale']);
  // It outlives its processes and not the machine, so nothing has to be on the disk.
  const careless = '-c fsync=off -c full_page_writes=off';
  const options = `-p ${String(port)} -h 127.0.0.1 -k ${folder} -c max_connections=200 ${careless}`;
  const start = ['-D', data, '-o', options, '-l', join(folder, 'log'), '-w', 'start'];
  const stop = (mode: 'fast' | 'immediate') => ['-D', data, '-m', mode, '-w', 'stop'];
  run('pg_ctl', start);
  // The server inherits what pg_ctl has open: with pipes the promise would wait for the server to end.
  const runOn = (args: string[]) =>
    new Promise<void>((done, fail) => {
      const [file, rest] = command('pg_ctl', args);
      spawn(file, rest, { stdio: 'ignore', cwd: folder })
        .once('error', fail)
        .once('exit', (code) => {
          if (code === 0) done();
          else fail(new Error(`pg_ctl ${args.at(-1) ?? ''} ended with ${String(code)}`));
        });
    });
  return {
    url: `postgresql://postgres@127.0.0.1:${String(port)}/postgres`,
    crash: () => runOn(stop('immediate')),
    start: () => runOn(start),
    close: () => {
      run('pg_ctl', stop('fast'));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A database of its own for one world; a copy of the template, where there is one and not `empty` is asked for. */
export async function createDatabase(maintenanceUrl: string, { empty = false } = {}): Promise<string> {
  return asking(maintenanceUrl, async (client) => {
    const isPrepared = !empty && (await hasDatabase(client, templateName()));
    return create(client, maintenanceUrl, isPrepared ? ` TEMPLATE ${templateName()}` : '');
  });
}

/** Makes the database that `createDatabase` copies from then on, unless it is there. `prepare` leaves no connection. */
export async function makeTemplate(maintenanceUrl: string, prepare: (url: string) => void): Promise<void> {
  await asking(maintenanceUrl, async (client) => {
    if (await hasDatabase(client, templateName())) return;
    const url = await create(client, maintenanceUrl);
    prepare(url);
    await client.query(`ALTER DATABASE ${new URL(url).pathname.slice(1)} RENAME TO ${templateName()}`);
  });
}

async function create(client: pg.Client, maintenanceUrl: string, from = ''): Promise<string> {
  const name = `world_${String(process.pid)}_${String(Date.now())}_${Math.random().toString(36).slice(2, 8)}`;
  await client.query(`CREATE DATABASE ${name}${from}`);
  const url = new URL(maintenanceUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function asking<Answer>(url: string, ask: (client: pg.Client) => Promise<Answer>): Promise<Answer> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await ask(client);
  } finally {
    await client.end();
  }
}

async function hasDatabase(client: pg.Client, name: string): Promise<boolean> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  return rowCount === 1;
}

/** Of the migrations as they are: a server that outlives the tests may hold templates of older ones. */
function templateName(): string {
  const folder = join(root, 'prisma/migrations');
  const hash = createHash('sha256');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort())
    if (name.endsWith('.sql')) hash.update(name).update(readFileSync(join(folder, name)));
  return `prepared_${hash.digest('hex').slice(0, 16)}`;
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
