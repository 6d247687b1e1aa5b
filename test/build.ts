import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root = join(import.meta.dirname, '..');
export const serverBundle = join(root, 'build/server/index.js');

/** For Node, where a process lives for seconds: the embedded database is used as compiled at first, not optimised. */
export const shortLived = ['--liftoff-only'];

/** For Node's environment: what one process compiled of our modules and others' the next one loads. */
export const compiledOnce = { NODE_COMPILE_CACHE: join(root, '.cache/compiled') };

/**
 * Builds the database client, the app and the extensions where their sources are newer than what was built. Throws with the
 * output.
 */
export function buildWhatIsStale(): void {
  if (isStale(join(root, 'prisma/client/client.ts'), ['prisma/schema.prisma']))
    run('node', ['prisma/generate.mjs']);
  const sources = ['app', 'prisma', 'vite.config.ts', 'package-lock.json'];
  if (isStale(serverBundle, sources)) run('remix', ['vite:build']);
  const made = ['thank-you/dist/thank-you', 'order-status/dist/order-status'];
  const madeForStaff = ['admin-order/dist/admin-order', 'admin-order/dist/admin-order-email'];
  const bundles = [...made, ...madeForStaff].map((path) => join(root, `extensions/${path}.js`));
  const parts = ['thank-you', 'order-status', 'admin-order', 'shared'].map((part) => `extensions/${part}`);
  if (bundles.some((bundle) => isStale(bundle, [...parts, 'shopify.app.toml'])))
    run('node', ['extensions/build.mjs']);
}

/** Whether it is missing, or any of its sources is newer. */
export function isStale(made: string, sources: string[]): boolean {
  if (!existsSync(made)) return true;
  const madeAt = statSync(made).mtimeMs;
  return sources.some((source) => newest(resolve(root, source)) > madeAt);
}

/** What builds write beside the sources: newer than what they built, and no reason to build again. */
const written = ['dist', 'manifest.json', 'client'];

function newest(path: string): number {
  const info = statSync(path);
  if (!info.isDirectory()) return info.mtimeMs;
  const entries = readdirSync(path).filter((name) => !written.includes(name) && !name.startsWith('.'));
  return Math.max(0, ...entries.map((name) => newest(join(path, name))));
}

function run(command: string, args: string[]) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}\n${stderr}`);
}
