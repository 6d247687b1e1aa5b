import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { compiledOnce, root, serverBundle, shortLived } from '../build.ts';
import { clockAhead, setClock } from '../clock.ts';
import { freePort } from '../free-port.ts';
import { createDatabase } from '../postgres.ts';
import { copyPrepared } from '../prepared.ts';
import { appEnvironment, openSandbox, type Sandbox } from '../sandbox/sandbox.ts';
import { scratchFolder } from '../scratch.ts';
import { until } from '../until.ts';

export type Role = 'all' | 'web' | 'worker';

/** The app as it is deployed: processes of the built bundle, which may be killed. The other sides live here. */
export interface Machines extends Sandbox {
  appUrl: string;
  /** The folder that holds the embedded database, or the address of the PostgreSQL. */
  database: { dataDir: string } | { url: string };
  /** Resolves when the process says that it has started, or was killed; throws with its last words when it ends by itself. */
  start: (role: Role, settings?: Record<string, string>) => Promise<AppProcess>;
  /** Every process that has not ended. */
  running: () => AppProcess[];
  /** Ends every process at once, without a word. */
  killAll: () => Promise<void>;
  /** Lets time pass for the sandbox, the database, and the processes that start from now on. None may be running. */
  passTime: (minutes: number) => Promise<void>;
  /** Waits until the condition holds; throws with the sentence after so many seconds (240). */
  until: (sentence: string, condition: () => boolean | Promise<boolean>, seconds?: number) => Promise<void>;
  /** What all processes ever wrote. */
  output: () => string;
  end: () => Promise<void>;
}

export interface AppProcess {
  role: Role;
  pid: number;
  /** How it ended; null while it runs. A kill -9 shows as SIGKILL. */
  end: () => { code: number | null; signal: NodeJS.Signals | null } | null;
  /** Resolves when it has ended, however. */
  ended: Promise<void>;
  /** Whether SIGSTOP holds it, by the word of /proc. */
  isStopped: () => boolean;
  signal: (name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' | 'SIGTERM') => void;
}

export interface MachinesOptions {
  /** Of a maintenance database; without it the app runs on the embedded one. */
  postgresUrl: string | null;
  countries: string[];
  /** How long a minute of Shopify's webhook retry schedule lasts. */
  retryScaleMs: number;
}

export async function openMachines({
  postgresUrl,
  countries,
  retryScaleMs,
}: MachinesOptions): Promise<Machines> {
  const port = await freePort();
  const appUrl = `http://127.0.0.1:${port}`;
  const sandbox = await openSandbox({ appUrl, requestsPerSecond: 1000, countries, retryScaleMs });
  const folder = scratchFolder('machines');
  const url = postgresUrl === null ? null : await createDatabase(postgresUrl);
  if (url === null) copyPrepared(join(folder, 'data'));
  const environment: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    ...compiledOnce,
    ...appEnvironment(sandbox, { appUrl, port, dataDir: join(folder, 'data') }),
    LOG_LEVEL: 'debug',
    SWEEP_SECONDS: '1',
    ...(url !== null && { DATABASE_URL: url }),
  };
  const running = new Set<AppProcess>();
  const outputs: string[] = [];
  let minutesAhead = 0;

  const start: Machines['start'] = async (role, settings = {}) => {
    const before = ['test/sandbox/shopify-hosts.mjs', 'test/simulation/processes-clock.ts'];
    const imports = before.flatMap((file) => ['--import', join(root, file)]);
    const child = spawn(process.execPath, [...shortLived, ...imports, serverBundle, role], {
      cwd: root,
      env: { NODE_ENV: 'production', ...environment, CLOCK_AHEAD_MINUTES: String(minutesAhead), ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const place = outputs.push('') - 1;
    const words = () => outputs[place] ?? '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (outputs[place] = words() + chunk.toString()));
    let end: ReturnType<AppProcess['end']> = null;
    const one: AppProcess = {
      role,
      pid: child.pid ?? fail(`a ${role} could not be spawned`),
      end: () => end,
      // After `close`, what it wrote has been read too.
      ended: new Promise((done) =>
        child.once('close', (code, signal) => {
          end = { code, signal };
          running.delete(one);
          done();
        }),
      ),
      isStopped: () => /\) [Tt] /.test(readFileSync(`/proc/${one.pid}/stat`, 'utf8')),
      signal: (name) => child.kill(name),
    };
    running.add(one);
    for (let waited = 0; waited < 240_000; waited += 20) {
      if (words().includes('"msg":"app.started"') || one.end()?.signal === 'SIGKILL') return one;
      if (one.end() !== null) break;
      await sleep(20);
    }
    one.signal('SIGKILL');
    throw new Error(`A ${role} did not start:\n${words().slice(-4000)}`);
  };
  const killAll = async () => {
    const all = [...running];
    for (const one of all) one.signal('SIGKILL');
    await Promise.all(all.map(({ ended }) => ended));
  };
  return {
    ...sandbox,
    appUrl,
    database: url === null ? { dataDir: join(folder, 'data') } : { url },
    start,
    running: () => [...running],
    killAll,
    passTime: async (minutes) => {
      if (running.size > 0) fail('time passes while no process runs');
      setClock(minutes);
      minutesAhead += minutes;
      if (url === null) return;
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query(clockAhead(minutesAhead * 60_000));
      await client.end();
    },
    until,
    output: () => outputs.join(''),
    end: async () => {
      await killAll();
      await sandbox.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function fail(message: string): never {
  throw new Error(message);
}
