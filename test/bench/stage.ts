import { mkdtempSync, rmSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../free-port.ts';
import { createDatabase } from '../postgres.ts';
import { startApp, type AppProcess, type Role } from '../sandbox/app-process.ts';
import { appEnvironment, openSandbox } from '../sandbox/sandbox.ts';
import type { World } from '../world.ts';

/** A world whose app is a process of its own: what it uses is not what the sandbox and the measuring use. */
export interface Stage extends Omit<World, 'lookInto'> {
  /** Of the app's database; null on the embedded one, which nobody else can open. */
  databaseUrl: string | null;
  /** The settings of the app's process. */
  settings: Record<string, string>;
  /** Resident memory of the app's process, in MB. */
  memory: () => number;
  /** Processor time the app's process has used, in seconds. */
  processorTime: () => number;
  /** Resolves when the app's process has ended by itself. Throws after a while. */
  died: () => Promise<void>;
  /** Starts one more process of the app, on the same PostgreSQL; ends with the stage. */
  startAnother: (role?: Role) => Promise<{ appUrl: string }>;
}

export interface StageOptions {
  /** Of a maintenance database, or null for the embedded one. */
  postgresUrl: string | null;
  /** Countries the supplier sells in; all 2,297 bundles when left out. */
  countries?: string[];
  /** How many bundles the supplier sells. */
  bundles?: number;
  /** What the supplier's server takes from one address; so many that it never refuses when left out. */
  requestsPerSecond?: number;
  /** What Resend takes; its documented limit when left out. */
  mailsPerSecond?: number;
  /** For the first process of the app; those after it have none of them. */
  firstSettings?: Record<string, string>;
}

const PATIENCE_MS = 600_000;
/** The flags of the Dockerfile. */
const AS_DEPLOYED = ['--max-semi-space-size=16', '--max-old-space-size=1024'];

export async function openStage({
  postgresUrl,
  countries,
  bundles,
  requestsPerSecond = 1000,
  mailsPerSecond,
  firstSettings = {},
}: StageOptions): Promise<Stage> {
  const port = await freePort();
  const appUrl = `http://127.0.0.1:${port}`;
  const sandbox = await openSandbox({
    appUrl,
    requestsPerSecond,
    ...(mailsPerSecond !== undefined && { mailsPerSecond }),
    ...(countries && { countries }),
    ...(bundles !== undefined && { bundles }),
  });
  const folder = mkdtempSync(join(tmpdir(), 'esim-bench-'));
  const databaseUrl = postgresUrl === null ? null : await createDatabase(postgresUrl);
  const environmentAt = (place: { appUrl: string; port: number }) => ({
    ...appEnvironment(sandbox, { ...place, dataDir: join(folder, 'data') }),
    LOG_LEVEL: 'warn',
    ...(databaseUrl !== null && { DATABASE_URL: databaseUrl }),
  });
  const environment = environmentAt({ appUrl, port });
  let app: AppProcess | null = null;
  const others: AppProcess[] = [];
  const start = async (settings = {}) => {
    app ??= await startApp({ ...environment, ...settings }, { flags: AS_DEPLOYED });
  };
  const stop = async () => {
    await app?.stop();
    app = null;
  };
  await start(firstSettings);
  const mailsTo = (address: string) => sandbox.resend.mails.filter(({ to }) => to.includes(address));
  return {
    ...sandbox,
    appUrl,
    databaseUrl,
    settings: environment,
    memory: () => Number(ask(app, 'rss')) / 1024,
    processorTime: () => Number(ask(app, 'cputimes')),
    died: async () => {
      await until('the process ends', () => app?.child.signalCode !== null);
      app = null;
    },
    startAnother: async (role) => {
      const place = { port: await freePort(), appUrl: '' };
      place.appUrl = `http://127.0.0.1:${place.port}`;
      others.push(await startApp(environmentAt(place), { role, flags: AS_DEPLOYED }));
      return place;
    },
    until,
    mailsTo,
    mailTo: (address) => until(`the e-mail to ${address} arrives`, () => mailsTo(address).length === 1),
    start: () => start(),
    stop,
    restart: async () => {
      await stop();
      await start();
    },
    end: async () => {
      await Promise.all([stop(), ...others.map((other) => other.stop())]);
      await sandbox.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function ask(app: AppProcess | null, what: 'rss' | 'cputimes'): string {
  return execFileSync('ps', ['-o', `${what}=`, '-p', String(app?.child.pid)], { encoding: 'utf8' });
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
