import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root, serverBundle, shortLived } from '../build.ts';
import { createDatabase, openPostgres } from '../postgres.ts';
import { copyPrepared } from '../prepared.ts';
import { startApp } from '../sandbox/app-process.ts';
import { appEnvironment, openSandbox, type Sandbox } from '../sandbox/sandbox.ts';
import { postWebhook } from '../webhook.ts';
import { openShop } from '../shop.ts';
import { until } from '../until.ts';
import { freePort } from '../free-port.ts';
import { scratchFolder } from '../scratch.ts';

let sandbox: Sandbox;
const folder = scratchFolder('start');
const postgres = await openPostgres();

beforeAll(async () => {
  copyPrepared(folder);
  sandbox = await openSandbox({ appUrl: 'http://127.0.0.1:1', countries: ['FR'] });
});
afterAll(async () => {
  await sandbox.close();
  if ('close' in postgres) postgres.close();
  rmSync(folder, { recursive: true, force: true });
});

async function environment(extra: Record<string, string> = {}) {
  const port = await freePort();
  return {
    ...appEnvironment(sandbox, { appUrl: `http://127.0.0.1:${String(port)}`, port, dataDir: folder }),
    ...extra,
  };
}

/** Runs the app until it ends by itself. */
function run(
  settings: Record<string, string>,
  args: string[] = [],
): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [...shortLived, serverBundle, ...args], {
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', ...settings },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  return new Promise((done) =>
    child.once('close', (code) => {
      done({ code, output });
    }),
  );
}

test('a second process on one embedded database is refused with the pid of the first, also after a crash of the first not', async () => {
  const first = await startApp(await environment(), { flags: shortLived });
  const second = await run(await environment());
  expect(second.code).toBe(1);
  expect(second.output).toContain(`is in use by process ${String(first.child.pid)}. Stop that process first`);
  const gone = new Promise((done) => first.child.once('exit', done));
  first.child.kill('SIGKILL');
  await gone;
  const third = await startApp(await environment(), { flags: shortLived });
  await third.stop();
});

test('a database or a journal that cannot be read stops the start and says what to do', async () => {
  const settings = await environment();
  const dataDir = join(folder, 'broken');
  copyPrepared(dataDir);
  const first = await startApp({ ...settings, DATA_DIR: dataDir }, { flags: shortLived });
  await first.stop();
  const journal = join(dataDir, 'purchases.journal');
  const whole = readFileSync(journal, 'utf8');
  writeFileSync(journal, `not a line of ours\n${whole}`);
  const unreadable = await run({ ...settings, DATA_DIR: dataDir });
  expect(unreadable).toMatchObject({ code: 1 });
  expect(unreadable.output).toContain(
    `because ${journal} cannot be read and may name eSIMs that were bought. Put`,
  );
  writeFileSync(journal, whole);
  truncateSync(join(dataDir, 'postgres/global/pg_control'), 0);
  const broken = await run({ ...settings, DATA_DIR: dataDir });
  expect(broken).toMatchObject({ code: 1 });
  expect(broken.output).toContain(
    `because the embedded database in ${join(dataDir, 'postgres')} cannot be read. Put a copy`,
  );
});

test('a key that does not open what the database holds stops the start, and a new one in front of it does not', async () => {
  const dataDir = join(folder, 'keys');
  copyPrepared(dataDir);
  const settings: Record<string, string> = { ...(await environment()), DATA_DIR: dataDir };
  const appUrl = settings['SHOPIFY_APP_URL'] ?? '';
  const app = await startApp(settings, { flags: shortLived });
  await openShop({ ...sandbox, appUrl, until });
  await app.stop();
  const key = (name: string) => Buffer.alloc(32, name).toString('base64');
  const start = (change: Record<string, string>) => run({ ...settings, ...change });

  const replaced = await start({ ENCRYPTION_KEYS: `new:${key('new')}` });
  expect(replaced).toMatchObject({ code: 1 });
  expect(replaced.output).toContain('Put the entry sandbox:… back that was used when it was written');
  const wrong = await start({ ENCRYPTION_KEYS: `sandbox:${key('wrong')}` });
  expect(wrong).toMatchObject({ code: 1 });
  expect(wrong.output).toContain(
    'ENCRYPTION_KEYS does not open what the database holds under the key sandbox',
  );
  const index = await start({ BLIND_INDEX_KEY: key('another') });
  expect(index).toMatchObject({ code: 1 });
  expect(index.output).toContain('BLIND_INDEX_KEY is not the key this database was written with');
  for (const { output } of [replaced, wrong, index]) expect(output).not.toContain('key-of-');

  const rotated = `new:${key('new')},${settings['ENCRYPTION_KEYS'] ?? ''}`;
  const again = await startApp({ ...settings, ENCRYPTION_KEYS: rotated }, { flags: shortLived });
  await again.stop();
});

test('a missing setting stops the start with its name and where to get it', async () => {
  const { code, output } = await run({ ...(await environment()), SHOPIFY_API_SECRET: '' });
  expect(code).toBe(78);
  expect(output).toMatch(/SHOPIFY_API_SECRET is missing: the client secret/);
  expect(output).not.toMatch(/ at .*\.js:\d+/);
});

test.skipIf('missing' in postgres)(
  'four processes that start at once apply each migration once, as Prisma would have',
  async () => {
    const DATABASE_URL = await createDatabase('url' in postgres ? postgres.url : '', { empty: true });
    const settings = await environment({ DATABASE_URL });
    const runs = await Promise.all(Array.from({ length: 4 }, () => run(settings, ['migrate'])));
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    const client = new pg.Client({ connectionString: DATABASE_URL });
    await client.connect();
    const { rows } = await client.query<{ migration_name: string; checksum: string }>(
      'SELECT migration_name, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY 1',
    );
    await client.end();
    const migrations = join(root, 'prisma/migrations');
    const names = readdirSync(migrations)
      .filter((name) => !name.endsWith('.toml'))
      .sort();
    const expected = names.map((name) => ({
      migration_name: name,
      checksum: createHash('sha256')
        .update(readFileSync(join(migrations, name, 'migration.sql')))
        .digest('hex'),
    }));
    expect(rows).toEqual(expected);
  },
);

test.skipIf('missing' in postgres)(
  'while the database is away a webhook is answered 503, so that Shopify sends it again, and 200 when it is back',
  async () => {
    const maintenance = 'url' in postgres ? postgres.url : '';
    const DATABASE_URL = await createDatabase(maintenance);
    const settings = await environment({ DATABASE_URL });
    const appUrl = settings['SHOPIFY_APP_URL'] ?? '';
    const app = await startApp({ ...settings, LOG_LEVEL: 'silent' }, { flags: shortLived });
    const name = new URL(DATABASE_URL).pathname.slice(1);
    const client = new pg.Client({ connectionString: maintenance });
    await client.connect();
    await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    // A connection that is told to end ends when its process has its turn on the machine.
    await until('every connection has ended', async () => {
      const connections = 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1';
      return (await client.query(connections, [name])).rowCount === 0;
    });
    expect(await postWebhook(appUrl, '{"id":1}')).toBe(503);
    expect((await fetch(`${appUrl}/healthz`)).status).toBe(503);
    await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    await client.end();
    expect(await postWebhook(appUrl, '{"id":1}')).toBe(200);
    await until('the app is healthy', async () => (await fetch(`${appUrl}/healthz`)).status === 200);
    await app.stop();
  },
);
