import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { compiledOnce, isStale, root, serverBundle, shortLived } from './build.ts';
import { makeTemplate } from './postgres.ts';
import { appEnvironment } from './sandbox/sandbox.ts';

const cache = join(root, '.cache');
const embedded = join(cache, 'prepared');

/**
 * Makes what worlds copy: an embedded database, and one on this PostgreSQL, on which the built app has run every
 * migration and nothing else. To make one anew takes longer than many a story.
 */
export async function prepareDatabases({ postgresUrl }: { postgresUrl: string | null }): Promise<void> {
  if (isStale(embedded, [serverBundle])) {
    mkdirSync(cache, { recursive: true });
    const made = mkdtempSync(join(cache, 'preparing-'));
    migrate({ DATA_DIR: made });
    rmSync(embedded, { recursive: true, force: true });
    renameSync(made, embedded);
  }
  if (postgresUrl !== null)
    await makeTemplate(postgresUrl, (url) => {
      migrate({ DATABASE_URL: url });
    });
}

/** Puts a copy of the prepared embedded database where the app will look; nothing when none is prepared. */
export function copyPrepared(dataDir: string): void {
  if (!isStale(embedded, [serverBundle]))
    cpSync(join(embedded, 'postgres'), join(dataDir, 'postgres'), { recursive: true });
}

function migrate(database: { DATA_DIR: string } | { DATABASE_URL: string }) {
  const url = 'http://127.0.0.1:1';
  const nowhere = { url, apiUrl: url, feedUrl: url };
  const sides = {
    shopify: nowhere,
    esimGo: nowhere,
    resend: nowhere,
    ecb: nowhere,
    simvox: nowhere,
    goHub: nowhere,
    reseller: nowhere,
  };
  const place = { appUrl: nowhere.url, port: 1, dataDir: '' };
  const { status, stderr } = spawnSync(process.execPath, [...shortLived, serverBundle, 'migrate'], {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...compiledOnce,
      NODE_ENV: 'production',
      PATH: process.env['PATH'] ?? '',
      ...appEnvironment(sides, place),
      ...database,
    },
  });
  if (status !== 0) throw new Error(`no database could be prepared:\n${stderr}`);
}
