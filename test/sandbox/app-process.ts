import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root, serverBundle } from '../build.ts';

/** What the process does: HTTP, the jobs, or both. */
export type Role = 'all' | 'web' | 'worker';

export interface AppProcess {
  child: ChildProcess;
  /** Everything it wrote, as text. */
  output: () => string;
  stop: () => Promise<void>;
}

/**
 * Starts the built app as a process of its own and waits until it answers. Throws with its output when it does not.
 * `flags` are Node's.
 */
export async function startApp(
  environment: Record<string, string>,
  { echo, role = 'all', flags = [] }: { echo?: boolean; role?: Role | undefined; flags?: string[] } = {},
): Promise<AppProcess> {
  const hosts = join(root, 'test/sandbox/shopify-hosts.mjs');
  const child = spawn(process.execPath, [...flags, '--import', hosts, serverBundle, role], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', LOG_LEVEL: 'info', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C reaches the whole terminal: the demo stops the app itself, after what uses it.
    detached: true,
  });
  let output = '';
  const keep = (chunk: Buffer) => {
    output += chunk.toString();
    if (echo) process.stderr.write(chunk);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const exited = new Promise<void>((done) =>
    child.once('exit', () => {
      done();
    }),
  );
  const stop = async () => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 28_000);
    await exited;
    clearTimeout(timer);
  };
  const health = `${environment['SHOPIFY_APP_URL'] ?? ''}/healthz`;
  for (let waited = 0; waited < 240_000; waited += 100) {
    if (child.exitCode !== null) throw new Error(`The app did not start:\n${output}`);
    const answer = await fetch(health).catch(() => null);
    if (answer?.ok) return { child, output: () => output, stop };
    await sleep(100);
  }
  await stop();
  throw new Error(`The app did not answer within four minutes:\n${output}`);
}
