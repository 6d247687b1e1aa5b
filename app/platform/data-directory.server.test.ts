import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockDataDirectory } from './data-directory.server.ts';

let folder: string;
const lockFile = (turn = 1) => join(folder, `lock.${String(turn)}`);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'esim-lock-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('a second holder is refused with the pid of the first, and let in after it is gone', () => {
  const first = lockDataDirectory(folder);
  expect(() => lockDataDirectory(folder)).toThrow(`in use by process ${String(process.pid)}`);
  first.release();
  expect(readdirSync(folder)).toEqual([]);
  lockDataDirectory(folder).release();
});

test('the lock of a dead process is taken over', async () => {
  const dead = spawn(process.execPath, ['-e', '']);
  await new Promise((done) => dead.once('exit', done));
  writeFileSync(lockFile(), JSON.stringify({ pid: dead.pid, started: '1' }));
  lockDataDirectory(folder);
  expect(JSON.parse(readFileSync(lockFile(2), 'utf8'))).toMatchObject({ pid: process.pid });
  expect(readdirSync(folder)).toEqual(['lock.2']);
});

test('a pid that another process got after a reboot does not hold the lock', () => {
  writeFileSync(lockFile(), JSON.stringify({ pid: process.pid, started: 'in another life' }));
  lockDataDirectory(folder).release();
});

test('a lock that a crash cut off is taken over, but not while it is being written', () => {
  writeFileSync(lockFile(), '{"pid":');
  utimesSync(lockFile(), new Date(), new Date(Date.now() - 60_000));
  lockDataDirectory(folder).release();
  writeFileSync(lockFile(), '');
  const started = Date.now();
  lockDataDirectory(folder).release();
  expect(Date.now() - started).toBeGreaterThan(1000);
});

test('a lock of a version that knew no turns holds as well', () => {
  writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: process.ppid, started: null }));
  expect(() => lockDataDirectory(folder)).toThrow(`in use by process ${String(process.ppid)}`);
  writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: 2 ** 22 + 1, started: '1' }));
  lockDataDirectory(folder).release();
  expect(readdirSync(folder)).toEqual([]);
});

test('of ten processes that find a stale lock at the same moment, one gets the folder', async () => {
  writeFileSync(lockFile(), JSON.stringify({ pid: 2 ** 22 + 1, started: '1' }));
  const children = Array.from({ length: 10 }, () => contender());
  await Promise.all(children.map(({ says }) => says('ready')));
  for (const { stdin } of children) stdin.write('go');
  const answers = await Promise.all(children.map(({ says }) => says('held', 'is in use by process')));
  // Each lives until all have answered: nobody finds the lock of one who is gone again.
  for (const { stdin } of children) stdin.end();
  await Promise.all(children.map(({ ended }) => ended));
  expect(answers.filter((answer) => answer.endsWith('held'))).toHaveLength(1);
  expect(answers.filter((answer) => answer.includes('is in use by process'))).toHaveLength(9);
});

/** A process that tries to get the folder when it is told something, and ends with its input. */
function contender() {
  const module = join(import.meta.dirname, 'data-directory.server.ts');
  const script = `import(${JSON.stringify(module)}).then(({ lockDataDirectory }) => {
    process.stdin.once('data', () => {
      try { lockDataDirectory(${JSON.stringify(folder)}); process.stdout.write('held'); }
      catch (error) { process.stdout.write(error.message); }
    });
    process.stdout.write('ready');
  })`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  const ended = once(child, 'close');
  const says = (...words: string[]) =>
    new Promise<string>((done) => {
      const look = () => {
        if (words.some((word) => output.includes(word))) done(output);
      };
      child.stdout.on('data', look);
      look();
    });
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  return { stdin: child.stdin, says, ended };
}
