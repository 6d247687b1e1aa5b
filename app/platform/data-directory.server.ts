import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, processStart } from './process.server.ts';

/**
 * Holds the embedded database's folder for this process. Two processes on one folder lose rows without a word,
 * so a second one is refused with the holder's pid. A lock whose process is gone is taken over.
 */
export function lockDataDirectory(directory: string): { release: () => void } {
  mkdirSync(directory, { recursive: true });
  for (;;) {
    const mine = join(directory, `lock.${String(1 + latest(deadLocks(directory)))}`);
    try {
      const holder: Holder = { pid: process.pid, started: processStart(process.pid) };
      writeFileSync(mine, JSON.stringify(holder), { flag: 'wx', mode: 0o600 });
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') continue;
      throw error;
    }
    // Nobody removes a lock before its own stands. So of two who took another turn, one at least sees the other here.
    try {
      for (const name of deadLocks(directory, mine)) rmSync(join(directory, name), { force: true });
    } catch (error) {
      rmSync(mine, { force: true });
      throw error;
    }
    return {
      release: () => {
        rmSync(mine, { force: true });
      },
    };
  }
}

/** The locks whose processes are gone, without `mine`. Throws when one is alive. */
function deadLocks(directory: string, mine = ''): string[] {
  return locksIn(directory).filter((name) => {
    const file = join(directory, name);
    if (file === mine) return false;
    while (!readHolder(file) && isBeingWritten(file)) Atomics.wait(pause, 0, 0, 50);
    const holder = readHolder(file);
    if (holder && isAlive(holder.pid, holder.started)) throw inUse(directory, holder);
    return true;
  });
}

/** Each turn of the folder has a file of its own, `lock.1` and on; versions before had a `lock` without a number. */
const locksIn = (directory: string) => readdirSync(directory).filter((name) => /^lock(\.\d+)?$/.test(name));

const latest = (names: string[]) => Math.max(0, ...names.map((name) => Number(name.slice('lock.'.length))));

function inUse(directory: string, { pid }: Holder): Error {
  return new Error(
    `The database in ${directory} is in use by process ${String(pid)}. Stop that process first, or set ` +
      'DATABASE_URL to a PostgreSQL, which many processes can share.',
  );
}

// A lock without a readable holder is either being written this moment, or was cut off by a crash.
function isBeingWritten(file: string): boolean {
  const written = statSync(file, { throwIfNoEntry: false });
  return written !== undefined && Date.now() - written.mtimeMs < 2000;
}

const pause = new Int32Array(new SharedArrayBuffer(4));

interface Holder {
  pid: number;
  started: string | null;
}

function readHolder(file: string): Holder | null {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof parsed !== 'object' || parsed === null || !('pid' in parsed) || typeof parsed.pid !== 'number')
      return null;
    const started = 'started' in parsed && typeof parsed.started === 'string' ? parsed.started : null;
    return { pid: parsed.pid, started };
  } catch {
    return null; // gone, or cut off by a crash while it was written
  }
}
