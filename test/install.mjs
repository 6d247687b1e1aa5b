// Runs before `npm run demo` and `npm test`, on whatever Node the machine has: installs what the lock file names, unless
// it is there already, and generates the database client. Plain JavaScript without imports of ours.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';

const stamp = 'node_modules/.installed-lock';
const lock = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  if (!isComplete()) {
    console.log('Installing packages (a minute or two the first time) …');
    run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  }
  writeFileSync(stamp, lock);
}
if (
  !existsSync('prisma/client/client.ts') ||
  statSync('prisma/schema.prisma').mtimeMs > statSync('prisma/client/client.ts').mtimeMs
) {
  run('node_modules/.bin/node', ['prisma/generate.mjs']);
}

/** `npm ci` was run by hand: npm leaves a lock file of its own that names every package it installed. */
function isComplete() {
  if (!existsSync('node_modules/.package-lock.json')) return false;
  const wanted = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
  const present = JSON.parse(readFileSync('node_modules/.package-lock.json', 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional || present[path]?.version === version,
  );
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: {
      ...process.env,
      PATH: `${process.cwd()}/node_modules/.bin${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`,
    },
  });
  if (status !== 0) {
    console.error(error ? String(error) : `${command} ${args.join(' ')} failed.`);
    process.exit(1);
  }
}
