import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface StateFile<State> {
  /** What the file held at start, or the empty state. */
  state: State;
  /** Say that the state changed; it is written a moment later. */
  touch: () => void;
  /** Writes what is not written yet. */
  flush: () => void;
}

const WRITE_DELAY_MS = 200;

/**
 * A server's memory that outlives the process: plain JSON, replaced as a whole by a rename, so a kill in the middle
 * leaves the older file and not half of one. Without a path nothing is kept.
 */
export function openStateFile<State>(path: string | undefined, empty: () => State): StateFile<State> {
  if (path === undefined) return { state: empty(), touch: () => undefined, flush: () => undefined };
  const file = path;

  // The file is this sandbox's own; a stranger's would fail at its first use.
  const state = (read(file) as State | null) ?? empty();
  let timer: NodeJS.Timeout | null = null;

  function flush() {
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    write(file, state);
  }

  return {
    state,
    touch() {
      timer ??= setTimeout(flush, WRITE_DELAY_MS);
    },
    flush,
  };
}

function read(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function write(path: string, state: unknown) {
  mkdirSync(dirname(path), { recursive: true });
  const fresh = `${path}.new`;
  writeFileSync(fresh, JSON.stringify(state));
  renameSync(fresh, path);
}
