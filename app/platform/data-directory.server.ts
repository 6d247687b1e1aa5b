import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, processStart } from './process.server.ts';

/**
 * Holds the embedded database's folder for this process. Two processes on one folder lose rows without a word,
 * so a second one is refused with the holder's pid. A lock whose process is gone is taken over.
 */
export function lockDataDirectory(directory: string): { release: () => void } {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'lock');
  const mine = JSON.stringify({ pid: process.pid, started: processStart(process.pid) });
  for (;;) {
    try {
      writeFileSync(file, mine, { flag: 'wx', mode: 0o600 });
      break;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const holder = readHolder(file);
      if (holder && isAlive(holder.pid, holder.started)) throw inUse(directory, holder);
      if (!holder && isBeingWritten(file)) Atomics.wait(pause, 0, 0, 50);
      else removeStale(file, directory);
    }
  }
  return {
    release: () => {
      rmSync(file, { force: true });
    },
  };
}

/** Moves the lock aside and looks at it once more: another process may have taken it over since we looked. */
function removeStale(file: string, directory: string) {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch {
    return; // another process moved it
  }
  const holder = readHolder(aside);
  if (holder && isAlive(holder.pid, holder.started)) {
    renameSync(aside, file);
    throw inUse(directory, holder);
  }
  rmSync(aside, { force: true });
}

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
