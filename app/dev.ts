// What `shopify app dev` runs: builds the app and starts it on the tunnel, and does both again after every change.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, watch } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
// The CLI's variables are there already, and win.
if (existsSync(join(root, '.env'))) process.loadEnvFile(join(root, '.env'));
const environment: NodeJS.ProcessEnv = {
  ...process.env,
  // The CLI calls the tunnel APP_URL, and a .env made for a server may name that server.
  ...(process.env['APP_URL'] && { SHOPIFY_APP_URL: process.env['APP_URL'] }),
  // The CLI says development; the pages are built as they are deployed, and React refuses a mixture.
  NODE_ENV: 'production',
};
const remix = join(createRequire(import.meta.url).resolve('@remix-run/dev/package.json'), '../dist/cli.js');

let running: ChildProcess | null = null;
let isStale = true;
let isBusy = false;
let pause: NodeJS.Timeout | undefined;

for (const folder of ['app', 'prisma/migrations']) {
  watch(join(root, folder), { recursive: true }, (_event, file) => {
    if (file === null || /\.test\.tsx?$/.test(file)) return;
    isStale = true;
    clearTimeout(pause);
    pause = setTimeout(() => void refresh(), 200); // an editor saves in several steps
  });
}
process.once('SIGINT', () => void leave()).once('SIGTERM', () => void leave());
void refresh();

async function refresh() {
  if (isBusy) return;
  isBusy = true;
  while (isStale) {
    isStale = false;
    // What does not build leaves the app running as it was.
    if ((await ended(node([remix, 'vite:build']))) !== 0) continue;
    await stop();
    running = node(['build/server/index.js']);
  }
  isBusy = false;
}

async function leave() {
  isBusy = true;
  await stop();
  process.exit(0);
}

/** Only one process at a time may hold the embedded database. */
async function stop() {
  if (!running) return;
  const end = ended(running);
  running.kill();
  await end;
}

function node(args: string[]): ChildProcess {
  return spawn(process.execPath, args, { cwd: root, env: environment, stdio: 'inherit' });
}

function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((done) => child.once('exit', done));
}
