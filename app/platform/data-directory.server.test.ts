import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockDataDirectory } from './data-directory.server.ts';

let folder: string;
const lockFile = () => join(folder, 'lock');

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
  expect(existsSync(lockFile())).toBe(false);
  lockDataDirectory(folder).release();
});

test('the lock of a dead process is taken over', async () => {
  const dead = spawn(process.execPath, ['-e', '']);
  await new Promise((done) => dead.once('exit', done));
  writeFileSync(lockFile(), JSON.stringify({ pid: dead.pid, started: '1' }));
  lockDataDirectory(folder);
  expect(JSON.parse(readFileSync(lockFile(), 'utf8'))).toMatchObject({ pid: process.pid });
  expect(readdirSync(folder)).toEqual(['lock']);
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

test('of ten processes that find a stale lock at the same moment, one gets the folder', async () => {
  writeFileSync(lockFile(), JSON.stringify({ pid: 2 ** 22 + 1, started: '1' }));
  const module = join(import.meta.dirname, 'data-directory.server.ts');
  const at = Date.now() + 1500;
  const script = `import(${JSON.stringify(module)}).then(({ lockDataDirectory }) => {
    while (Date.now() < ${String(at)});
    try { lockDataDirectory(${JSON.stringify(folder)}); process.stdout.write('held'); setTimeout(() => {}, 1500); }
    catch (error) { process.stdout.write(error.message); }
  })`;
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
      return new Promise<string>((done) =>
        child.once('close', () => {
          done(output);
        }),
      );
    }),
  );
  expect(answers.filter((answer) => answer === 'held')).toHaveLength(1);
  expect(answers.filter((answer) => answer.includes('is in use by process'))).toHaveLength(9);
}, 20_000);
