import { mkdtempSync, rmSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../free-port.ts';
import { createDatabase } from '../postgres.ts';
import { startApp, type AppProcess } from '../sandbox/app-process.ts';
import { appEnvironment, openSandbox } from '../sandbox/sandbox.ts';
import type { World } from '../world.ts';

/** A world whose app is a process of its own: what it uses is not what the sandbox and the measuring use. */
export interface Stage extends World {
  /** Of the app's database; null on the embedded one, which nobody else can open. */
  databaseUrl: string | null;
  /** Resident memory of the app's process, in MB. */
  memory: () => number;
}

export interface StageOptions {
  /** Of a maintenance database, or null for the embedded one. */
  postgresUrl: string | null;
  /** Countries the supplier sells in; all 2,297 bundles when left out. */
  countries?: string[];
}

const PATIENCE_MS = 180_000;

export async function openStage({ postgresUrl, countries }: StageOptions): Promise<Stage> {
  const port = await freePort();
  const appUrl = `http://127.0.0.1:${port}`;
  const sandbox = await openSandbox({ appUrl, requestsPerSecond: 1000, ...(countries && { countries }) });
  const folder = mkdtempSync(join(tmpdir(), 'esim-bench-'));
  const databaseUrl = postgresUrl === null ? null : await createDatabase(postgresUrl);
  const environment = {
    ...appEnvironment(sandbox, { appUrl, port, dataDir: join(folder, 'data') }),
    LOG_LEVEL: 'warn',
    ...(databaseUrl !== null && { DATABASE_URL: databaseUrl }),
  };
  let app: AppProcess | null = null;
  const start = async () => {
    app ??= await startApp(environment);
  };
  const stop = async () => {
    await app?.stop();
    app = null;
  };
  await start();
  return {
    ...sandbox,
    appUrl,
    databaseUrl,
    memory: () =>
      Number(execFileSync('ps', ['-o', 'rss=', '-p', String(app?.child.pid)], { encoding: 'utf8' })) / 1024,
    until,
    mailsTo: (address) => sandbox.resend.mails.filter(({ to }) => to.includes(address)),
    start,
    stop,
    restart: async () => {
      await stop();
      await start();
    },
    end: async () => {
      await stop();
      await sandbox.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Looks often, so that the looking adds little to what is measured. */
async function until(sentence: string, condition: () => boolean | Promise<boolean>) {
  const startedAt = performance.now();
  while (!(await condition())) {
    if (performance.now() - startedAt > PATIENCE_MS)
      throw new Error(`waited ${PATIENCE_MS / 1000} s in vain: ${sentence}`);
    await sleep(10);
  }
}
