import { readFileSync } from 'node:fs';

/**
 * Whether the process still lives. Pids are used again after a reboot, and in a container that starts anew: the same
 * number with another birth is another process. `started` is what `processStart` said; null where it could not.
 */
export function isAlive(pid: number, started: string | null): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  const now = processStart(pid);
  return started === null || now === null || started === now;
}

/** When the process was born, in the kernel's ticks since boot. Null where the system does not say. */
export function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null; // not Linux
  }
}
